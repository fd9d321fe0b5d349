//! The feed: who starts from the snapshot and follows has what the lists have.

use std::collections::BTreeMap;

use hexachord_contracts::catalog::{Album, Artist, Features, Track};
use hexachord_contracts::{
    CallError, Caller,
    catalog::{
        CatalogChange, CatalogError, CatalogSnapshot, FollowCatalog, ListAlbums, ListArtists,
        ListLibraries,
    },
    feed::{Changes, FeedCursor},
    ids::{AlbumId, ArtistId, LibraryId, TrackId},
    page::Paging,
};
use hexachord_fixtures::tag;

use crate::house::{House, flac, listener, tags};

/// What a follower knows.
#[derive(Debug, Default)]
struct Copy {
    tracks: BTreeMap<TrackId, Track>,
    /// As each library shows them.
    albums: BTreeMap<AlbumId, BTreeMap<LibraryId, Album>>,
    artists: BTreeMap<ArtistId, BTreeMap<LibraryId, Artist>>,
    features: BTreeMap<TrackId, Features>,
}

impl Copy {
    fn apply(&mut self, change: CatalogChange) {
        match change {
            CatalogChange::Track(track) => drop(self.tracks.insert(track.id, *track)),
            CatalogChange::TrackGone(id) | CatalogChange::TrackBecame { from: id, .. } => {
                drop(self.tracks.remove(&id));
                drop(self.features.remove(&id));
            }
            CatalogChange::Album { id, parts } => {
                self.albums.insert(id, parts.into_iter().collect());
            }
            CatalogChange::AlbumGone(id) => drop(self.albums.remove(&id)),
            CatalogChange::Artist { id, parts } => {
                self.artists.insert(id, parts.into_iter().collect());
            }
            CatalogChange::ArtistGone(id) => drop(self.artists.remove(&id)),
            CatalogChange::Features { track, features: Some(features) } => {
                drop(self.features.insert(track, *features));
            }
            CatalogChange::Features { track, features: None } => drop(self.features.remove(&track)),
        }
    }

    async fn snapshot(house: &House) -> (Self, FeedCursor) {
        let mut copy = Self::default();
        let mut after = None;
        loop {
            let page = house.ask(|| CatalogSnapshot { after: after.clone(), limit: 3 }).await;
            assert!(page.items.len() <= 3);
            for change in page.items {
                copy.apply(change);
            }
            if page.next.is_none() {
                return (copy, page.head);
            }
            after = page.next;
        }
    }

    async fn follow(&mut self, house: &House, mut after: FeedCursor) -> FeedCursor {
        loop {
            let changes = house.ask(|| FollowCatalog { after, limit: 2, wait_ms: 0 }).await;
            let Changes::Page { items, cursor } = changes else { panic!("it is not too old") };
            for change in items {
                self.apply(change);
            }
            if cursor == after {
                return after;
            }
            after = cursor;
        }
    }

    async fn assert_is_like(&self, house: &House) {
        let mut tracks = house.tracks().await;
        tracks.sort_by_key(|track| track.id);
        let playing = self.tracks.values().filter(|track| track.missing_since.is_none());
        assert_eq!(playing.cloned().collect::<Vec<_>>(), tracks);
        let everything = || Paging::first(500);
        for library in house.ask(|| ListLibraries {}).await {
            let list = || ListAlbums { paging: everything(), ..ListAlbums::default() };
            let mut albums = house.ask_as(listener(&[library.id]), list).await.unwrap().items;
            albums.sort_by_key(|album| album.id);
            let told = self.albums.values().filter_map(|parts| parts.get(&library.id));
            assert_eq!(told.cloned().collect::<Vec<_>>(), albums);
            let list = || ListArtists { paging: everything(), ..ListArtists::default() };
            let mut artists = house.ask_as(listener(&[library.id]), list).await.unwrap().items;
            artists.sort_by_key(|artist| artist.id);
            let told = self.artists.values().filter_map(|parts| parts.get(&library.id));
            assert_eq!(told.cloned().collect::<Vec<_>>(), artists);
        }
    }
}

#[tokio::test]
async fn a_follower_has_what_the_lists_have() {
    let house = House::with(&["Music", "Other"]).await;
    for number in 0..8_u32 {
        let artist = format!("Artist {}", number % 3);
        let tags = tags(&artist, &format!("Album {}", number % 4), number, &format!("{number}"));
        house.put(&format!("Music/{number}.flac"), flac(number.into()), &tags);
    }
    house.scan().await;
    let (mut copy, head) = Copy::snapshot(&house).await;
    copy.assert_is_like(&house).await;
    assert_eq!(copy.follow(&house, head).await, head);

    house.rename("Music/0.flac", "Other/new/0.flac");
    house.remove("Music/1.flac");
    tag(house.path("Music/2.flac"), &tags("Somebody", "Else", 1, "Retagged")).unwrap();
    house.put("Music/9.flac", flac(9), &tags("Artist 0", "Album 0", 9, "New"));
    house.scan().await;
    let cursor = copy.follow(&house, head).await;
    copy.assert_is_like(&house).await;
    assert_eq!(copy.tracks.values().filter(|track| track.missing_since.is_some()).count(), 1);

    house.put("Music/1.flac", flac(1), &tags("Artist 1", "Album 1", 1, "Back"));
    house.scan().await;
    copy.follow(&house, cursor).await;
    copy.assert_is_like(&house).await;
    // From the very beginning it comes to the same.
    let mut other = Copy::default();
    other.follow(&house, FeedCursor { epoch: cursor.epoch, sequence: 0 }).await;
    other.assert_is_like(&house).await;
    let (again, _) = Copy::snapshot(&house).await;
    assert_eq!(format!("{again:?}"), format!("{other:?}"));
}

#[tokio::test]
async fn a_cursor_of_another_epoch_starts_over() {
    let house = House::with(&["Music"]).await;
    let after = FeedCursor { epoch: 2, sequence: 0 };
    let call = || FollowCatalog { after, limit: 10, wait_ms: 10_000 };
    assert_eq!(house.ask(call).await, Changes::StartOver);
    for text in ["", "x", "AAAA"] {
        let snapshot = || CatalogSnapshot { after: Some(text.into()), limit: 10 };
        let refused = house.ask_as(Caller::System, snapshot).await;
        assert!(matches!(refused, Err(CallError::Refused(CatalogError::Invalid { .. }))));
    }
}
