//! News that move many counts are written in several transactions, and all of them.

use hexachord_contracts::{
    Timestamp,
    ids::{AccountId, AlbumId, ArtistId, PlayId, PlaylistId, TrackId},
};

use super::*;
use crate::store::{
    ANNOTATIONS, AccountRow, AnnotationRow, ENTRIES, Known, PlayRow, PlaylistRow, Totals,
    kind_number, open_memory_store, record, unpack,
};

const TRACKS: u64 = 6;
const LISTENERS: u64 = 125;
/// A track is of an album and of an artist: a retag moves two counts away and two in.
const RETAGS_IN_ONE: u64 = 2;

fn track(group: u64) -> TrackRow {
    TrackRow {
        library: LibraryId(1),
        album: AlbumId(group),
        artists: vec![ArtistId(group)],
        duration_ms: 1,
        gone: false,
        missing: false,
        round: 0,
    }
}

fn list() -> PlaylistRow {
    PlaylistRow {
        owner: AccountId(1),
        name: "list".to_owned(),
        description: String::new(),
        public: false,
        created_at: Timestamp::default(),
        changed_at: Timestamp::default(),
        revision: 1,
        arranged: 1,
        totals: Totals::default(),
    }
}

fn retagged(id: u64) -> CatalogChange {
    let artist = hexachord_contracts::catalog::ArtistRef { id: ArtistId(2), name: String::new() };
    let album = hexachord_contracts::catalog::AlbumRef { id: AlbumId(2), title: String::new() };
    CatalogChange::Track(Box::new(Track {
        id: TrackId(id),
        artists: vec![artist],
        album,
        duration_ms: 1,
        size: 1,
        bitrate_kbps: 1,
        sample_rate: 1,
        channels: 1,
        library: LibraryId(1),
        ..Track::default()
    }))
}

/// A store in which every listener has played every track once.
async fn played() -> Store {
    let store = open_memory_store(1).unwrap();
    let play = store.write(|write| {
        let mut change = Change::begin(write, Known::default())?;
        for id in 1..=TRACKS {
            change.put_track(TrackId(id), &track(1))?;
            for account in 1..=LISTENERS {
                change.count_play(AccountId(account), TrackId(id), Timestamp::default())?;
            }
        }
        change.finish()
    });
    play.await.unwrap();
    store
}

/// Plays that the listeners have of an album and of an artist, all of them the same.
async fn plays(store: &Store, group: u64) -> u64 {
    let items = [ItemId::Album(AlbumId(group)), ItemId::Artist(ArtistId(group))];
    let plays = store.read(move |read| {
        let annotations = read.open_table(ANNOTATIONS)?;
        let mut plays = BTreeSet::new();
        for account in 1..=LISTENERS {
            for item in items {
                let key = (account, kind_number(item.kind()), item.number());
                let row: Option<AnnotationRow> = record(&annotations, &key)?;
                plays.insert(u64::from(row.unwrap_or_default().plays));
            }
        }
        Ok(plays)
    });
    let plays = plays.await.unwrap();
    assert_eq!(plays.len(), 1, "{plays:?}");
    plays.into_iter().next().unwrap()
}

#[tokio::test]
async fn a_retag_of_much_played_tracks() {
    let store = played().await;
    assert_eq!(plays(&store, 1).await, TRACKS);
    let mut follower = Tracks::new(store.clone());
    assert_eq!(follower.cursor().await.unwrap(), None);
    let before = *store.commits().borrow();
    let cursor = FeedCursor { epoch: 1, sequence: TRACKS };
    let items = (1..=TRACKS).map(retagged).collect();
    follower.take(News::Changed { items, cursor, more: false }).await.unwrap();
    assert_eq!(*store.commits().borrow() - before, TRACKS / RETAGS_IN_ONE);
    assert_eq!((plays(&store, 1).await, plays(&store, 2).await), (0, TRACKS));
    assert_eq!(follower.cursor().await.unwrap(), Some(cursor));
}

#[tokio::test]
async fn a_snapshot_without_much_played_tracks() {
    let store = played().await;
    let mut follower = Tracks::new(store.clone());
    assert_eq!(follower.cursor().await.unwrap(), None);
    follower.take(News::StartOver).await.unwrap();
    follower.take(News::Told(vec![retagged(TRACKS)])).await.unwrap();
    assert_eq!(follower.cursor().await.unwrap(), None, "a snapshot that is not complete");
    let before = *store.commits().borrow();
    let cursor = FeedCursor { epoch: 1, sequence: 9 };
    follower.take(News::ToldAll(cursor)).await.unwrap();
    // The tracks that are gone in two writes, then the groups, then the cursor.
    assert_eq!(*store.commits().borrow() - before, 4);
    assert_eq!((plays(&store, 1).await, plays(&store, 2).await), (0, 1));
    assert_eq!(follower.cursor().await.unwrap(), Some(cursor));
}

#[tokio::test]
async fn copies_that_became_tracks_while_there_are_many_playlists_and_plays() {
    const PLAYLISTS: u64 = 400;
    const PLAYS: u64 = 200;
    let store = open_memory_store(1).unwrap();
    let write = store.write(|write| {
        let mut change = Change::begin(write, Known::default())?;
        let name = AccountRow { username: String::new(), round: 0 };
        change.put_account(AccountId(1), &name)?;
        for id in 1..=2 * TRACKS {
            change.put_track(TrackId(id), &track(1))?;
        }
        for id in 0..PLAYLISTS {
            change.put_playlist(PlaylistId(id), &list())?;
            change.put_entries(PlaylistId(id), &[TrackId(1 + id % TRACKS)])?;
        }
        for id in 0..PLAYS {
            let device = String::new();
            let (listened_ms, counted, source) = (1, false, None);
            let row = PlayRow { track: TrackId(1), listened_ms, counted, source, device };
            change.put_play(AccountId(1), PlayId(id), Timestamp::default(), &row)?;
        }
        change.finish()
    });
    write.await.unwrap();
    let mut follower = Tracks::new(store.clone());
    assert_eq!(follower.cursor().await.unwrap(), None);
    let before = *store.commits().borrow();
    let cursor = FeedCursor { epoch: 1, sequence: TRACKS };
    let became = |id| CatalogChange::TrackBecame {
        from: TrackId(id),
        to: TrackId(id + TRACKS),
        since: Timestamp::default(),
    };
    let items = (1..=TRACKS).map(became).collect();
    follower.take(News::Changed { items, cursor, more: false }).await.unwrap();
    // Each looks through all playlists and plays: two are enough for one write.
    assert_eq!(*store.commits().borrow() - before, TRACKS / 2);
    let moved = store.read(|read| {
        let entries = read.open_table(ENTRIES)?;
        let mut moved = BTreeSet::new();
        for id in 0..PLAYLISTS {
            let packed = entries.get(id)?.unwrap();
            moved.extend(unpack(packed.value())?.map(|track| track.0));
        }
        Ok(moved)
    });
    assert_eq!(moved.await.unwrap(), (TRACKS + 1..=2 * TRACKS).collect());
    assert_eq!(follower.cursor().await.unwrap(), Some(cursor));
}
