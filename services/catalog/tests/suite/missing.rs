//! Missing is not deleted: files that go and come back, folders that vanish.

use std::fs;

use hexachord_contracts::{
    CallError,
    catalog::{
        CatalogError, GetAlbum, GetArtist, GetTrack, ListAlbums, ListArtists, ListGenres,
        ListLibraries, Locate, ScanPhase, StartScan,
    },
};

use crate::house::{House, flac, tags};

async fn two_albums() -> House {
    let house = House::with(&["Music"]).await;
    house.put("Music/a/1.flac", flac(1), &tags("Guido", "Micrologus", 1, "Ut"));
    house.put("Music/a/2.flac", flac(2), &tags("Guido", "Micrologus", 2, "Re"));
    house.put("Music/b/1.flac", flac(3), &tags("Perotin", "Magnus liber", 1, "Viderunt"));
    house.scan().await;
    house
}

#[tokio::test]
async fn a_missing_track_leaves_every_list_and_comes_back_as_itself() {
    let house = two_albums().await;
    let before = house.tracks().await;
    let lost = house.track("Viderunt").await;
    house.rename("Music/b/1.flac", "aside.flac");
    let state = house.scan().await;
    assert_eq!((state.missing, state.phase), (1, ScanPhase::Finished));

    assert_eq!(house.tracks().await.len(), 2);
    assert_eq!(house.ask(ListAlbums::default).await.items.len(), 1);
    assert_eq!(house.ask(ListArtists::default).await.items.len(), 1);
    assert_eq!(house.ask(ListGenres::default).await.items[0].track_count, 2);
    assert_eq!(house.ask(|| ListLibraries {}).await[0].track_count, 2);
    let kept = house.ask(|| GetTrack { track: lost.id }).await;
    assert_eq!((&kept.title, kept.missing_since.is_some()), (&lost.title, true));
    let located = house.ask_as(hexachord_contracts::Caller::System, || Locate { track: lost.id });
    assert_eq!(located.await.unwrap_err(), CallError::Refused(CatalogError::Missing));
    let album = || GetAlbum { album: lost.album.id };
    assert!(house.ask_as(hexachord_contracts::Caller::System, album).await.is_err());
    let artist = || GetArtist { artist: lost.artists[0].id };
    assert!(house.ask_as(hexachord_contracts::Caller::System, artist).await.is_err());

    house.rename("aside.flac", "Music/b/1.flac");
    let state = house.scan().await;
    assert_eq!((state.added, state.updated), (0, 1));
    let mut after = house.tracks().await;
    for (after, before) in after.iter_mut().zip(&before) {
        after.modified_at = before.modified_at;
    }
    assert_eq!(after, before);
}

#[tokio::test]
async fn an_unmounted_folder_changes_nothing() {
    let house = two_albums().await;
    let before = house.tracks().await;
    for full in [false, true] {
        house.rename("Music", "unmounted");
        let state = house.scan_with(StartScan { full, accept_losses: false }).await;
        assert_eq!((state.phase, state.missing), (ScanPhase::Finished, 0));
        assert!(state.warnings[0].contains("is not there"), "{:?}", state.warnings);
        assert_eq!(house.tracks().await, before);

        fs::create_dir(house.path("Music")).unwrap();
        let state = house.scan_with(StartScan { full, accept_losses: false }).await;
        assert!(state.warnings[0].contains("is empty"), "{:?}", state.warnings);
        assert_eq!(house.tracks().await, before);
        fs::remove_dir(house.path("Music")).unwrap();

        fs::write(house.path("Music"), "a file").unwrap();
        let state = house.scan_with(StartScan { full, accept_losses: false }).await;
        assert!(state.warnings[0].contains("not a folder"), "{:?}", state.warnings);
        assert_eq!(house.tracks().await, before);
        fs::remove_file(house.path("Music")).unwrap();

        house.rename("unmounted", "Music");
        let state = house.scan_with(StartScan { full, accept_losses: false }).await;
        assert_eq!((state.added, state.updated, state.missing), (0, 0, 0));
        assert_eq!((state.warnings.len(), state.read), (0, if full { 3 } else { 0 }));
        assert_eq!(house.tracks().await, before);
    }
}

#[tokio::test]
async fn a_sudden_loss_of_most_files_is_not_believed() {
    let house = House::with(&["Music"]).await;
    for number in 0..40 {
        let title = format!("{number:02}");
        let file = format!("Music/{title}.flac");
        house.put(&file, flac(number), &tags("Guido", "Micrologus", 1, &title));
    }
    house.scan().await;
    for number in 0..21 {
        house.remove(&format!("Music/{number:02}.flac"));
    }
    house.put("Music/new.flac", flac(99), &tags("Guido", "Micrologus", 1, "New"));
    let state = house.scan().await;
    assert_eq!((state.missing, state.added), (0, 1));
    assert!(state.warnings[0].contains("21 of 40"), "{:?}", state.warnings);
    assert_eq!(house.tracks().await.len(), 41);
    // One fewer is believed.
    house.put("Music/00.flac", flac(0), &tags("Guido", "Micrologus", 1, "00"));
    let state = house.scan().await;
    assert_eq!((state.missing, state.warnings.len()), (20, 0));
    assert_eq!(house.tracks().await.len(), 21);
}

#[tokio::test]
async fn a_library_that_is_no_longer_configured_is_missing_and_kept() {
    let mut house = House::with(&["Music", "Other"]).await;
    house.put("Music/1.flac", flac(1), &tags("Guido", "Micrologus", 1, "Ut"));
    for number in 2..32 {
        let title = format!("{number}");
        house.put(&format!("Other/{title}.flac"), flac(number), &tags("Guido", "B", 1, &title));
    }
    house.scan().await;
    let before = house.tracks().await;
    house.reopen(&["Music"]).await;
    assert_eq!(house.scan().await.missing, 30);
    assert_eq!(house.tracks().await.len(), 1);
    house.reopen(&["Music", "Other"]).await;
    house.scan().await;
    let ids = |tracks: &[hexachord_contracts::catalog::Track]| {
        tracks.iter().map(|track| track.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(&house.tracks().await), ids(&before));
}

#[tokio::test]
async fn a_library_under_another_name_keeps_its_tracks() {
    let mut house = two_albums().await;
    let before = house.tracks().await;
    house.rename("Music", "Renamed");
    house.reopen(&["Renamed"]).await;
    let state = house.scan().await;
    assert_eq!((state.moved, state.added, state.missing), (3, 0, 0));
    let after = house.tracks().await;
    assert!(after.iter().map(|track| track.id).eq(before.iter().map(|track| track.id)));
}

#[tokio::test]
async fn a_copy_takes_no_id_of_an_unmounted_library() {
    let house = House::with(&["Music", "Other"]).await;
    house.put("Music/1.flac", flac(1), &tags("Guido", "Micrologus", 1, "Ut"));
    house.scan().await;
    let id = house.track("Ut").await.id;
    house.rename("Music", "unmounted");
    house.put("Other/copy.flac", flac(1), &tags("Guido", "Micrologus", 1, "Ut"));
    let state = house.scan().await;
    assert_eq!((state.added, state.moved), (1, 0));
    house.rename("unmounted", "Music");
    house.scan().await;
    let music = house.library("Music").await;
    let track = house.ask(|| GetTrack { track: id }).await;
    assert_eq!((track.library, track.missing_since), (music, None));
}

#[tokio::test]
async fn copies_take_no_ids_of_a_library_whose_folder_is_empty_for_now() {
    let house = House::with(&["Music", "Other"]).await;
    for number in 1..=3 {
        let tags = tags("Guido", "Micrologus", 1, &format!("{number}"));
        house.put(&format!("Music/{number}.flac"), flac(number), &tags);
    }
    house.scan().await;
    let before = house.tracks().await;
    house.rename("Music", "unmounted");
    fs::create_dir(house.path("Music")).unwrap();
    house.put("Other/copy.flac", flac(1), &tags("Guido", "Micrologus", 1, "Copy"));
    let state = house.scan().await;
    assert_eq!((state.added, state.moved, state.missing), (1, 0, 0));
    fs::remove_dir(house.path("Music")).unwrap();
    house.rename("unmounted", "Music");
    let state = house.scan().await;
    assert_eq!((state.added, state.moved, state.read), (0, 0, 0));
    let mut after = house.tracks().await;
    after.retain(|track| track.title != "Copy");
    assert_eq!(after, before);
}
