//! A move over a copy, with scans in between: the copy becomes the track that it was copied from.

use std::{fs, time::Duration};

use hexachord_contracts::{
    CallError, Caller,
    catalog::{
        AlbumEdit, CatalogChange, CatalogError, CatalogSnapshot, EditOf, FollowCatalog, GetTrack,
        ListEdits, Locate, PutEdits, Track,
    },
    feed::Changes,
    ids::TrackId,
    page::Paging,
};
use hexachord_fixtures::tag;

use crate::house::{House, context, flac, tags};

const ORIGINAL: &str = "Music/a/1.flac";
const COPY: &str = "Other/b/1.flac";

fn copy_file(house: &House, from: &str, to: &str) {
    fs::create_dir_all(house.path(to).parent().unwrap()).unwrap();
    fs::copy(house.path(from), house.path(to)).unwrap();
}

/// A track, and a copy of it that a later scan has found.
async fn copied() -> (House, Track, Track) {
    let house = House::with(&["Music", "Other"]).await;
    for (library, seed) in [("Music", 8), ("Other", 9)] {
        house.put(&format!("{library}/kept.flac"), flac(seed), &tags("Nobody", "Kept", 1, library));
    }
    house.put(ORIGINAL, flac(1), &tags("Guido", "Micrologus", 1, "Ut"));
    house.scan().await;
    let track = house.track("Ut").await;
    copy_file(&house, ORIGINAL, COPY);
    assert_eq!(house.scan().await.added, 1);
    let mut both = house.tracks().await;
    both.retain(|other| other.title == "Ut" && other.id != track.id);
    let copy = both.remove(0);
    assert!(both.is_empty());
    (house, track, copy)
}

#[tokio::test]
async fn the_copy_is_the_track_when_the_original_goes() {
    let (house, track, copy) = copied().await;
    let head = house.ask(|| CatalogSnapshot { after: None, limit: 100 }).await.head;
    house.remove(ORIGINAL);
    let state = house.scan().await;
    assert_eq!((state.added, state.missing), (0, 0), "{state:?}");
    let now = house.track("Ut").await;
    assert_eq!((now.id, now.library), (track.id, house.library("Other").await));
    assert_eq!((now.added_at, now.missing_since), (track.added_at, None));
    let location = house.ask(|| Locate { track: track.id }).await;
    assert_eq!(location.path, house.path(COPY).into_os_string().into_encoded_bytes());
    let gone = house.ask_as(Caller::System, || GetTrack { track: copy.id }).await;
    assert!(matches!(gone.unwrap_err(), CallError::Refused(CatalogError::NotFound { .. })));

    let follow = || FollowCatalog { after: head, limit: 100, wait_ms: 0 };
    let Changes::Page { items, .. } = house.ask(follow).await else { panic!("it goes on") };
    let (from, to, since) = (copy.id, track.id, copy.added_at);
    assert!(items.contains(&CatalogChange::TrackBecame { from, to, since }), "{items:?}");
    assert!(!items.contains(&CatalogChange::TrackGone(copy.id)));
    // Nothing is left of it: its file moves on, and is the track.
    house.rename(COPY, "Music/c/2.flac");
    assert_eq!(house.scan().await.moved, 1);
    assert_eq!(house.track("Ut").await.id, track.id);
    let house = house.fresh().await;
    house.scan().await;
    assert_eq!(house.track("Ut").await.id, track.id);
}

#[tokio::test]
async fn a_copy_with_other_tags_stays_another_track() {
    let (house, track, copy) = copied().await;
    tag(house.path(COPY), &tags("Guido", "Best of", 1, "Ut")).unwrap();
    house.remove(ORIGINAL);
    assert_eq!(house.scan().await.missing, 1);
    assert_eq!(house.track("Ut").await.id, copy.id);
    assert!(house.ask(|| GetTrack { track: track.id }).await.missing_since.is_some());
}

#[tokio::test]
async fn a_copy_that_was_there_for_long_stays_another_track() {
    let (house, _, copy) = copied().await;
    house.resources.clock.advance(Duration::from_hours(25));
    house.remove(ORIGINAL);
    assert_eq!(house.scan().await.missing, 1);
    assert_eq!(house.track("Ut").await.id, copy.id);
}

#[tokio::test]
async fn of_two_copies_none_is_the_track() {
    let (house, track, _) = copied().await;
    copy_file(&house, COPY, "Other/c/1.flac");
    house.scan().await;
    house.remove(ORIGINAL);
    assert_eq!(house.scan().await.missing, 1);
    assert_eq!(house.tracks().await.iter().filter(|other| other.title == "Ut").count(), 2);
    assert!(house.ask(|| GetTrack { track: track.id }).await.missing_since.is_some());
}

#[tokio::test]
async fn a_lost_copy_takes_nothing_from_its_original() {
    let (house, track, copy) = copied().await;
    house.remove(COPY);
    assert_eq!(house.scan().await.missing, 1);
    assert_eq!(house.track("Ut").await.id, track.id);
    assert!(house.ask(|| GetTrack { track: copy.id }).await.missing_since.is_some());
}

#[tokio::test]
async fn a_copy_that_is_made_again_is_a_track_again() {
    let (house, track, first) = copied().await;
    let head = house.ask(|| CatalogSnapshot { after: None, limit: 100 }).await.head;
    house.remove(ORIGINAL);
    house.scan().await;
    house.rename(COPY, ORIGINAL);
    house.scan().await;
    copy_file(&house, ORIGINAL, COPY);
    assert_eq!(house.scan().await.added, 1);
    let again = house.ask(|| GetTrack { track: first.id }).await;
    assert_eq!((again.missing_since, again.library), (None, first.library));
    assert_ne!(again.added_at, first.added_at);
    assert_eq!(house.ask(|| GetTrack { track: track.id }).await.missing_since, None);
    // Whoever was away meanwhile hears of it as a track, and not that it is none.
    let follow = || FollowCatalog { after: head, limit: 100, wait_ms: 0 };
    let Changes::Page { items, .. } = house.ask(follow).await else { panic!("it goes on") };
    let became = |change: &&CatalogChange| matches!(change, CatalogChange::TrackBecame { .. });
    assert_eq!(items.iter().filter(became).count(), 0, "{items:?}");
}

async fn call_album(house: &House, track: TrackId, title: &str) {
    let title = Some(title.to_owned());
    let edit = EditOf::Album(AlbumEdit { tracks: vec![track], title, ..AlbumEdit::default() });
    let call = PutEdits { edits: vec![edit] };
    house.ways[0].client.call(&context(Caller::System), call).await.unwrap();
}

#[tokio::test]
async fn an_edit_of_one_of_them_makes_no_difference() {
    for of_original in [true, false] {
        let (house, track, copy) = copied().await;
        let edited = if of_original { track.id } else { copy.id };
        call_album(&house, edited, "Opera").await;
        house.remove(ORIGINAL);
        assert_eq!(house.scan().await.missing, 0);
        let now = house.track("Ut").await;
        assert_eq!((now.id, &*now.album.title), (track.id, "Opera"));
        let edits = house.ask(|| ListEdits { paging: Paging::first(9) }).await.items;
        let EditOf::Album(edit) = &edits[0].edit else { panic!("it was one of an album") };
        assert_eq!((edits.len(), &*edit.tracks), (1, &[track.id][..]));
        // The copy is another track when it comes again.
        house.rename(COPY, ORIGINAL);
        house.scan().await;
        copy_file(&house, ORIGINAL, COPY);
        house.scan().await;
        let again = house.ask(|| GetTrack { track: copy.id }).await;
        assert_eq!((&*again.album.title, again.missing_since), ("Micrologus", None));
    }
}

#[tokio::test]
async fn the_edit_of_the_track_counts_more_than_that_of_the_copy() {
    let (house, track, copy) = copied().await;
    call_album(&house, track.id, "Opera").await;
    call_album(&house, copy.id, "Copies").await;
    house.remove(ORIGINAL);
    assert_eq!(house.scan().await.missing, 0);
    let now = house.track("Ut").await;
    assert_eq!((now.id, &*now.album.title), (track.id, "Opera"));
}

#[tokio::test]
async fn a_copy_is_not_the_track_while_the_original_cannot_be_read() {
    let (house, track, copy) = copied().await;
    let music = fs::read(house.path(ORIGINAL)).unwrap();
    fs::write(house.path(ORIGINAL), "half of it").unwrap();
    let state = house.scan().await;
    assert_eq!((state.unreadable, state.missing), (1, 1));
    assert_eq!(house.track("Ut").await.id, copy.id);
    fs::write(house.path(ORIGINAL), music).unwrap();
    assert_eq!(house.scan().await.added, 0);
    for (id, library) in [(track.id, track.library), (copy.id, copy.library)] {
        let now = house.ask(|| GetTrack { track: id }).await;
        assert_eq!((now.library, now.missing_since), (library, None));
    }
}
