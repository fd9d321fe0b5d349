//! Scans: their state, what they cannot read, how they stop.

use std::{fs, time::Duration};

use hexachord_catalog::Catalog;
use hexachord_contracts::{
    Caller, Failpoints,
    catalog::{CancelScan, GetScan, GetTrack, ListUnreadable, ScanPhase, StartScan},
    harness::both_ways,
    ids::TrackId,
    page::Paging,
};
use hexachord_fixtures::Tags;
use tokio::time::Instant;

use crate::house::{House, RetiredByGetTrack, context, flac, tags, until_it_ends};

async fn unreadable(house: &House) -> Vec<(String, String)> {
    let page = house.ask(|| ListUnreadable { paging: Paging::first(500) }).await;
    page.items.into_iter().map(|file| (file.path, file.reason)).collect()
}

#[tokio::test]
async fn an_unchanged_library_is_not_read_again() {
    let house = House::with(&["Music"]).await;
    for number in 0..5 {
        let tags = tags("Guido", "Micrologus", 1, &format!("{number}"));
        house.put(&format!("Music/{number}.flac"), flac(number), &tags);
    }
    let state = house.scan().await;
    assert_eq!((state.found, state.to_read, state.read, state.added), (5, 5, 5, 5));
    let commits = house.resources.store.commits();
    let before = *commits.borrow();
    let state = house.scan().await;
    assert_eq!((state.found, state.to_read, state.read), (5, 0, 0));
    assert_eq!(*commits.borrow(), before + 1, "when that was is all that is written");
    let state = house.scan_with(StartScan { full: true, accept_losses: false }).await;
    assert_eq!((state.full, state.read, state.updated, state.added), (true, 5, 0, 0));
}

#[tokio::test]
async fn what_cannot_be_read_is_listed_until_it_can() {
    let house = House::with(&["Music"]).await;
    fs::write(house.path("Music/empty.mp3"), "").unwrap();
    fs::write(house.path("Music/text.flac"), "It is not music. ".repeat(100)).unwrap();
    house.put("Music/good.flac", flac(1), &tags("Guido", "Micrologus", 1, "Ut"));
    let state = house.scan().await;
    assert_eq!((state.unreadable, state.added), (2, 1));
    let listed = unreadable(&house).await;
    assert_eq!((listed[0].0.as_str(), listed[1].0.as_str()), ("empty.mp3", "text.flac"));
    assert!(listed[0].1.contains("empty"), "{listed:?}");
    // They are read again, for the reason may be gone, and stay listed as they were.
    let again = house.scan().await;
    assert_eq!((again.read, again.unreadable), (2, 2));
    assert_eq!(unreadable(&house).await, listed);
    let full = house.scan_with(StartScan { full: true, accept_losses: false }).await;
    assert_eq!((full.unreadable, unreadable(&house).await), (2, listed));

    house.put("Music/text.flac", flac(2), &tags("Guido", "Micrologus", 2, "Re"));
    house.remove("Music/empty.mp3");
    house.scan().await;
    assert_eq!(unreadable(&house).await, []);
    assert_eq!(house.tracks().await.len(), 2);
}

#[tokio::test]
async fn a_damaged_file_makes_its_track_missing_until_it_is_whole() {
    let house = House::with(&["Music"]).await;
    house.put("Music/1.flac", flac(1), &tags("Guido", "Micrologus", 1, "Ut"));
    house.put("Music/2.flac", flac(2), &tags("Guido", "Micrologus", 2, "Re"));
    house.scan().await;
    let id = house.track("Ut").await.id;
    let whole = fs::read(house.path("Music/1.flac")).unwrap();
    fs::write(house.path("Music/1.flac"), "damaged").unwrap();
    let state = house.scan().await;
    assert_eq!((state.unreadable, state.missing), (1, 1));
    assert!(house.ask(|| GetTrack { track: id }).await.missing_since.is_some());
    fs::write(house.path("Music/1.flac"), whole).unwrap();
    house.scan().await;
    assert_eq!(house.track("Ut").await.id, id);
    assert_eq!(unreadable(&house).await, []);
}

#[tokio::test]
async fn a_replacement_that_was_seen_half_written_is_the_same_track() {
    let house = House::with(&["Music"]).await;
    house.put("Music/1.flac", flac(1), &tags("Guido", "Micrologus", 1, "Ut"));
    house.put("Music/2.flac", flac(2), &tags("Guido", "Micrologus", 2, "Re"));
    house.scan().await;
    let (first, second) = (house.track("Ut").await.id, house.track("Re").await.id);
    fs::write(house.path("Music/1.flac"), "half").unwrap();
    fs::write(house.path("Music/2.flac"), "half").unwrap();
    assert_eq!(house.scan().await.missing, 2);
    // A better rip of the first, and something else in the place of the second.
    house.put("Music/1.flac", flac(3), &tags("Guido", "Micrologus", 1, "Ut"));
    house.put("Music/2.flac", flac(4), &tags("Guido", "Micrologus", 3, "Mi"));
    let state = house.scan().await;
    assert_eq!((state.updated, state.added), (1, 1));
    assert_eq!(house.track("Ut").await.id, first);
    assert_ne!(house.track("Mi").await.id, second);
}

#[tokio::test]
async fn a_damaged_file_whose_audio_moved_loses_nothing() {
    let house = House::with(&["Music"]).await;
    house.put("Music/1.flac", flac(1), &tags("Guido", "Micrologus", 1, "Ut"));
    house.scan().await;
    let id = house.track("Ut").await.id;
    house.rename("Music/1.flac", "Music/2.flac");
    fs::write(house.path("Music/1.flac"), "damaged").unwrap();
    let state = house.scan().await;
    assert_eq!((state.moved, state.unreadable, state.missing), (1, 1, 0));
    assert_eq!(house.track("Ut").await.id, id);
    assert_eq!(house.scan().await.moved, 0);
    assert_eq!(house.track("Ut").await.id, id);
}

#[tokio::test]
async fn hostile_tags_are_stored() {
    let house = House::with(&["Music"]).await;
    let many: Vec<String> = (0..200).map(|number| format!("Artist {number}")).collect();
    let hostile = Tags {
        artists: many.clone(),
        genres: many,
        padding_comment: 1_000_000,
        ..tags("", "\u{202e}Album\u{0}", u32::MAX, &"x".repeat(100_000))
    };
    house.put("Music/1.flac", flac(1), &hostile);
    assert_eq!(house.scan().await.added, 1);
    let track = house.tracks().await.remove(0);
    assert!(track.artists.len() <= 100 && track.title.len() <= 1000, "{}", track.artists.len());
}

#[tokio::test]
async fn the_state_grows_and_can_be_waited_for() {
    let house = House::with(&["Music"]).await;
    let idle = house.ask(GetScan::default).await;
    assert_eq!((idle.phase, idle.revision), (ScanPhase::Idle, 0));
    // Another revision than the one of now is answered at once, and the same one after the wait.
    let other = || GetScan { changed_from: Some(99), wait_ms: 20_000 };
    assert_eq!(house.ask(other).await, idle);
    let same = || GetScan { changed_from: Some(0), wait_ms: 1 };
    assert_eq!(house.ask(same).await, idle);
    let state = house.scan().await;
    assert_eq!(state.phase, ScanPhase::Finished);
    assert!(state.revision > 0 && state.started_at.is_some() && state.finished_at.is_some());
}

#[tokio::test]
async fn one_scan_runs_at_a_time_and_can_be_cancelled() {
    let house = House::with(&["Music"]).await;
    for number in 0..40 {
        let tags = tags("Guido", "Micrologus", 1, &format!("{number}"));
        house.put(&format!("Music/{number}.flac"), flac(number), &tags);
    }
    for reached in &house.ways {
        let occupied = house.occupy_store();
        let (client, context) = (&reached.client, || context(Caller::System));
        let first = client.call(&context(), StartScan::default()).await.unwrap();
        let again =
            client.call(&context(), StartScan { full: true, accept_losses: false }).await.unwrap();
        assert!(first.is_running() && again.is_running());
        assert_eq!((again.started_at, again.full), (first.started_at, false));
        let state = client.call(&context(), CancelScan {}).await.unwrap();
        occupied.let_go();
        let state = until_it_ends(reached, state).await;
        assert_eq!(state.phase, ScanPhase::Cancelled, "{}", reached.way);
    }
    // The next one goes on.
    let state = house.scan().await;
    assert_eq!(state.phase, ScanPhase::Finished);
    assert_eq!(house.tracks().await.len(), 40);
}

#[tokio::test]
async fn a_scan_that_breaks_off_says_so_and_the_next_one_works() {
    let house = House::with(&["Music"]).await;
    house.put("Music/1.flac", flac(1), &tags("Guido", "Micrologus", 1, "Ut"));
    let failpoints: &Failpoints = &house.resources.failpoints;
    failpoints.arm("catalog.scan", 1);
    let state = house.scan().await;
    assert_eq!(state.phase, ScanPhase::Failed);
    assert!(state.failure.is_some());
    assert_eq!(house.scan().await.added, 1);
}

#[tokio::test]
async fn another_incarnation_serves_what_was_scanned() {
    let mut house = House::with(&["Music"]).await;
    house.put("Music/1.flac", flac(1), &tags("Guido", "Micrologus", 1, "Ut"));
    house.scan().await;
    house.reopen(&["Music"]).await;
    let state = house.ask_as(Caller::System, GetScan::default).await.unwrap();
    assert_eq!(state.phase, ScanPhase::Idle);
    assert_eq!(house.tracks().await.len(), 1);
    assert_eq!(house.scan().await.read, 0);
}

#[tokio::test]
async fn a_retired_incarnation_answers_who_waits() {
    let house = House::with(&["Music"]).await;
    let catalog = Catalog::new(&house.settings, &house.resources).await.unwrap();
    let [reached, _] = both_ways(RetiredByGetTrack(catalog.into()));
    let context = context(Caller::System);
    let waits = GetScan { changed_from: Some(0), wait_ms: 600_000 };
    let retires = GetTrack { track: TrackId(1) };
    // A paused clock passes when there is nothing to do but wait: not here.
    tokio::time::pause();
    let started = Instant::now();
    let waits = async {
        let state = reached.client.call(&context, waits).await.unwrap();
        (state.phase, started.elapsed())
    };
    let (answer, _) = tokio::join!(waits, reached.client.call(&context, retires));
    assert_eq!(answer, (ScanPhase::Idle, Duration::ZERO), "it waited until its deadline");
}
