//! News that move many counts are written in several transactions, and all of them.

use hexachord_contracts::{
    Timestamp,
    ids::{AccountId, AlbumId, ArtistId, TrackId},
};

use super::*;
use crate::store::{ANNOTATIONS, AnnotationRow, Known, kind_number, open_memory_store, record};

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
        round: 0,
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
