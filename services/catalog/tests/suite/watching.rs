//! Watching: what happens in the folders is seen without a scan that was asked for.

use std::{
    fs::{self, File},
    os::unix::fs::symlink,
    path::PathBuf,
};

use hexachord_catalog::Watch;
use hexachord_contracts::{
    catalog::{
        CancelScan, GetScan, GetTracks, ListTracks, Locate, NoticedBy, NoticedChanges, ScanPhase,
        ScanState, StartScan, Track,
    },
    ids::TrackId,
    page::Paging,
};

use crate::covers::png;
use crate::house::{House, flac, tags, until, until_it_ends};

async fn tracks(house: &House) -> Vec<Track> {
    let call = ListTracks { paging: Paging::first(500), ..ListTracks::default() };
    house.ask_once(call).await.items
}

/// The ids when there are so many tracks, by title.
async fn until_there_are(house: &House, count: usize) -> Vec<TrackId> {
    let look = async || Some(tracks(house).await).filter(|tracks| tracks.len() == count);
    let tracks = until(&format!("{count} tracks"), look).await;
    tracks.iter().map(|track| track.id).collect()
}

/// The last look, when it is as wanted.
async fn until_noticed(
    house: &House,
    what: &str,
    is_so: impl Fn(&NoticedChanges) -> bool,
) -> NoticedChanges {
    let look = async || house.ask_once(GetScan::default()).await.noticed.filter(|it| is_so(it));
    until(what, look).await
}

async fn path_of(house: &House, track: TrackId) -> Option<PathBuf> {
    let context = crate::house::context(hexachord_contracts::Caller::System);
    let located = house.ways[0].client.call(&context, Locate { track }).await.ok()?;
    Some(String::from_utf8(located.path).unwrap().into())
}

fn put(house: &House, file: &str, number: u32) {
    let title = format!("{number:02}");
    house.put(file, flac(number.into()), &tags("Guido", "Micrologus", number, &title));
}

#[tokio::test]
async fn what_happens_is_seen_and_covers_no_scan_that_was_asked_for() {
    let house = House::watching(Watch::Auto, &["Music"]).await;
    put(&house, "Music/1.flac", 1);
    until_there_are(&house, 1).await;
    let asked = house.scan().await;
    put(&house, "Music/a/b/c/2.flac", 2);
    let ids = until_there_are(&house, 2).await;
    house.rename("Music/1.flac", "Music/a/renamed.flac");
    until("it moves", async || {
        path_of(&house, ids[0]).await.filter(|path| path.ends_with("a/renamed.flac"))
    })
    .await;
    assert_eq!(until_there_are(&house, 2).await, ids);
    house.remove("Music/a/b/c/2.flac");
    assert_eq!(until_there_are(&house, 1).await, ids[..1]);

    let last = until_noticed(&house, "the last look", |it| it.phase == ScanPhase::Finished).await;
    assert_eq!((last.by, last.missing, last.failure), (NoticedBy::Watch, 1, None));
    let state = house.ask_once(GetScan::default()).await;
    assert!(state.revision > asked.revision);
    let covered = ScanState { noticed: None, revision: 0, ..state };
    assert_eq!(covered, ScanState { noticed: None, revision: 0, ..asked });
}

#[tokio::test]
async fn many_folders_that_appear_at_once_are_all_seen() {
    let house = House::watching(Watch::Auto, &["Music"]).await;
    for number in 0..60 {
        put(&house, &format!("Music/{}/{}/{number}/music.flac", number % 3, number % 5), number);
    }
    until_there_are(&house, 60).await;
    // They are watched, too.
    put(&house, "Music/2/4/59/more.flac", 60);
    until_there_are(&house, 61).await;
}

#[tokio::test]
async fn a_folder_that_moves_within_and_between_libraries_keeps_its_tracks() {
    let house = House::watching(Watch::Auto, &["Music", "Other"]).await;
    put(&house, "Music/stays.flac", 0);
    put(&house, "Other/stays too.flac", 1);
    for number in 2..8 {
        put(&house, &format!("Music/a/{}/{number}.flac", number % 2), number);
    }
    let ids = until_there_are(&house, 8).await;
    house.rename("Music/a", "Music/b/c");
    for (number, id) in ids.iter().enumerate().skip(2) {
        let file = format!("b/c/{}/{number}.flac", number % 2);
        let moved = async || path_of(&house, *id).await.filter(|path| path.ends_with(&file));
        until(&file, moved).await;
    }
    house.rename("Music/b/c", "Other/d");
    let other = house.library("Other").await;
    let look = async || {
        let tracks = tracks(&house).await;
        let moved = tracks.iter().filter(|track| track.library == other).count();
        (moved == 7 && tracks.len() == 8).then_some(tracks)
    };
    let after = until("all are in the other library", look).await;
    assert!(after.iter().map(|track| track.id).eq(ids));
    // The folders are watched where they are now.
    house.remove("Other/d/0/2.flac");
    until_there_are(&house, 7).await;
}

#[tokio::test]
async fn a_folder_that_goes_and_comes_back_brings_its_tracks_back() {
    let house = House::watching(Watch::Auto, &["Music"]).await;
    put(&house, "Music/a/1.flac", 1);
    put(&house, "Music/b/c/2.flac", 2);
    put(&house, "Music/b/3.flac", 3);
    let ids = until_there_are(&house, 3).await;
    let kept: Vec<_> = ["c/2.flac", "3.flac"]
        .map(|file| (file, fs::read(house.path("Music/b").join(file)).unwrap()))
        .into();
    fs::remove_dir_all(house.path("Music/b")).unwrap();
    until_there_are(&house, 1).await;
    let missing = house.ask_once(GetTracks { tracks: ids.clone() }).await;
    assert!(missing[1].as_ref().unwrap().missing_since.is_some());
    for (file, bytes) in kept {
        let path = house.path("Music/b").join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    assert_eq!(until_there_are(&house, 3).await, ids);
}

#[tokio::test]
async fn a_retag_that_keeps_size_and_time_is_seen() {
    let house = House::watching(Watch::Auto, &["Music"]).await;
    put(&house, "Music/1.flac", 1);
    let ids = until_there_are(&house, 1).await;
    let path = house.path("Music/1.flac");
    let before = fs::metadata(&path).unwrap();
    put(&house, "Music/1.flac", 1);
    house.put("Music/1.flac", flac(1), &tags("Guido", "Micrologus", 1, "xx"));
    File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_modified(before.modified().unwrap())
        .unwrap();
    let after = fs::metadata(&path).unwrap();
    assert_eq!(
        (after.len(), after.modified().unwrap()),
        (before.len(), before.modified().unwrap())
    );
    let look = async || tracks(&house).await.pop().filter(|track| track.title == "xx");
    assert_eq!(until("the new title", look).await.id, ids[0]);
}

#[tokio::test]
async fn a_picture_is_seen() {
    let house = House::watching(Watch::Auto, &["Music"]).await;
    put(&house, "Music/a/1.flac", 1);
    until_there_are(&house, 1).await;
    let has_cover = async |wanted| {
        Some(()).filter(|()| wanted).and(tracks(&house).await.pop()?.cover.map(drop))
    };
    assert_eq!(has_cover(true).await, None);
    fs::write(house.path("Music/a/cover.png"), png(8, 1)).unwrap();
    until("a cover", async || has_cover(true).await).await;
    house.remove("Music/a/cover.png");
    until("no cover", async || has_cover(true).await.is_none().then_some(())).await;
}

#[tokio::test]
async fn pipes_and_links_in_circles_hold_nothing_up() {
    let house = House::watching(Watch::Auto, &["Music"]).await;
    let outside = house.path("outside");
    fs::create_dir_all(&outside).unwrap();
    fs::create_dir_all(house.path("Music/a")).unwrap();
    symlink("..", house.path("Music/a/up")).unwrap();
    symlink("loop", house.path("Music/a/loop")).unwrap();
    symlink(&outside, house.path("Music/a/out")).unwrap();
    let pipe = house.path("Music/a/pipe.flac");
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    put(&house, "Music/a/1.flac", 1);
    until_there_are(&house, 1).await;
    let warnings = house.scan().await.warnings;
    let has = |file: &str, words: &str| {
        warnings.iter().any(|warning| warning.starts_with(file) && warning.contains(words))
    };
    assert!(has("a/pipe.flac", "neither a file nor a folder"), "{warnings:?}");
    assert!(has("a/loop", "cannot be followed") && has("a/out", "leads out"), "{warnings:?}");
    put(&house, "Music/a/2.flac", 2);
    until_there_are(&house, 2).await;
    let last = until_noticed(&house, "the last look", |it| it.phase == ScanPhase::Finished).await;
    assert!(last.warnings.iter().any(|warning| warning.contains("pipe.flac")), "{last:?}");
}

#[tokio::test]
async fn a_folder_that_is_unmounted_loses_nothing_and_is_watched_again() {
    let house = House::watching(Watch::Auto, &["Music"]).await;
    put(&house, "Music/a/1.flac", 1);
    put(&house, "Music/2.flac", 2);
    let ids = until_there_are(&house, 2).await;
    house.rename("Music", "away");
    let told = until_noticed(&house, "it is told", |it| it.left_alone == 1).await;
    assert!(told.warnings[0].contains("is not there"), "{told:?}");
    fs::create_dir(house.path("Music")).unwrap();
    let is_empty = |it: &NoticedChanges| it.warnings.iter().any(|it| it.contains("is empty"));
    until_noticed(&house, "it is empty", is_empty).await;
    assert_eq!(until_there_are(&house, 2).await, ids);
    fs::remove_dir(house.path("Music")).unwrap();
    house.rename("away", "Music");
    let is_good = |it: &NoticedChanges| it.left_alone == 0 && it.phase == ScanPhase::Finished;
    until_noticed(&house, "it is back", is_good).await;
    assert_eq!(until_there_are(&house, 2).await, ids);
    put(&house, "Music/a/3.flac", 3);
    assert_eq!(until_there_are(&house, 3).await[..2], ids);
}

#[tokio::test]
async fn the_next_incarnation_sees_what_happened_before_it_watched() {
    let mut house = House::watching(Watch::Auto, &["Music"]).await;
    put(&house, "Music/a/1.flac", 1);
    let ids = until_there_are(&house, 1).await;
    house.reopen(&[]).await;
    put(&house, "Music/b/2.flac", 2);
    house.rename("Music/a", "Music/c");
    house.reopen(&["Music"]).await;
    assert_eq!(until_there_are(&house, 2).await[0], ids[0]);
    put(&house, "Music/b/3.flac", 3);
    until_there_are(&house, 3).await;
}

#[tokio::test]
async fn a_look_gives_way_to_a_scan_and_what_it_looked_at_is_not_lost() {
    let mut house = House::watching(Watch::Auto, &["Music"]).await;
    // One that has something to store, and cannot.
    let is_looking = |it: &NoticedChanges| it.phase == ScanPhase::Reading && it.to_read == 1;
    let occupied = house.occupy_store();
    put(&house, "Music/a/1.flac", 1);
    until_noticed(&house, "a look", is_looking).await;
    let state = house.ask_once(StartScan { full: true, accept_losses: false }).await;
    assert!(state.is_running() && state.full, "it is not swallowed: {state:?}");
    occupied.let_go();
    let state = until_it_ends(&house.ways[0], state).await;
    assert_eq!((state.phase, state.found), (ScanPhase::Finished, 1));
    assert_eq!(tracks(&house).await.len(), 1);

    // The next incarnation goes on with it.
    let occupied = house.occupy_store();
    put(&house, "Music/b/2.flac", 2);
    until_noticed(&house, "a look", is_looking).await;
    house.reopen(&["Music"]).await;
    occupied.let_go();
    until_there_are(&house, 2).await;

    // One that was cancelled is gone on with when something happens again.
    let occupied = house.occupy_store();
    put(&house, "Music/c/3.flac", 3);
    until_noticed(&house, "a look", is_looking).await;
    house.ask_once(CancelScan {}).await;
    occupied.let_go();
    until_noticed(&house, "it is cancelled", |it| it.phase == ScanPhase::Cancelled).await;
    put(&house, "Music/d/4.flac", 4);
    until_there_are(&house, 4).await;
}
