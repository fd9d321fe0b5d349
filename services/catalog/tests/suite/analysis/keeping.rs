//! How long it is kept, who may see it, and who hears of it.

use hexachord_contracts::{
    CallError, LibraryAccess, Role,
    catalog::{
        CatalogChange, CatalogError, CatalogSnapshot, FollowCatalog, ForgetTracks, Forgotten,
        GetAnalysis, GetTrack, GetWaveform, ListUnmeasurable, StartScan,
    },
    feed::Changes,
};

use super::{all_heard, deaf, is_about, loudness, measuring, write_tone};
use crate::house::{House, account, flac, listener, tags, until};

#[tokio::test]
async fn it_outlasts_a_retag_a_move_and_another_library() {
    let mut house = measuring(&["Music", "Other"]).await;
    write_tone(&house.path("Music/1.wav"), &[(-16.0, 50)], &tags("Guido", "A", 1, "Ut"));
    house.scan().await;
    all_heard(&house).await;
    let before = house.track("Ut").await;
    let waveform = house.ask(|| GetWaveform { track: before.id }).await;
    // Whatever is known from now on was known before.
    deaf(&mut house).await;
    house.rename("Music/1.wav", "Other/b/2.wav");
    hexachord_fixtures::tag(house.path("Other/b/2.wav"), &tags("Guido", "B", 2, "Re")).unwrap();
    house.scan_with(StartScan { full: false, accept_losses: true }).await;
    let after = house.track("Re").await;
    assert_eq!((after.id, after.loudness), (before.id, before.loudness));
    assert_eq!(house.ask(|| GetWaveform { track: after.id }).await, waveform);
    // While its file is away, too.
    house.rename("Other/b/2.wav", "kept.wav");
    house.scan_with(StartScan { full: false, accept_losses: true }).await;
    let missing = house.ask(|| GetTrack { track: after.id }).await;
    assert!(missing.missing_since.is_some());
    assert_eq!(missing.loudness, before.loudness);
    // A copy shares it.
    house.rename("kept.wav", "Other/3.wav");
    std::fs::copy(house.path("Other/3.wav"), house.path("Other/4.wav")).unwrap();
    house.scan().await;
    let state = house.ask(|| GetAnalysis {}).await;
    assert_eq!((state.measured, state.waiting, state.enabled), (2, 0, false));
}

#[tokio::test]
async fn other_audio_is_measured_anew_and_what_is_gone_for_good_is_dropped() {
    let mut house = measuring(&["Music"]).await;
    let path = house.path("Music/1.wav");
    let tagged = tags("Guido", "A", 1, "Ut");
    write_tone(&path, &[(-16.0, 50)], &tagged);
    house.scan().await;
    all_heard(&house).await;
    let first = house.track("Ut").await;
    write_tone(&path, &[(-26.0, 60)], &tagged);
    house.scan().await;
    all_heard(&house).await;
    let second = house.track("Ut").await;
    is_about(loudness(&second).integrated, -26.0, 0.1);
    is_about(second.album_loudness.unwrap().integrated, -26.0, 0.1);
    deaf(&mut house).await;
    if first.id == second.id {
        // Nothing has the first audio any more.
        write_tone(&path, &[(-16.0, 50)], &tagged);
        house.scan().await;
        assert_eq!(house.track("Ut").await.loudness, None);
    } else {
        house.ask(|| ForgetTracks { which: Forgotten::These(vec![first.id]) }).await;
        write_tone(&house.path("Music/2.wav"), &[(-16.0, 50)], &tags("Guido", "A", 2, "Re"));
        house.scan().await;
        assert_eq!(house.track("Re").await.loudness, None);
        assert!(house.track("Ut").await.loudness.is_some());
    }
    assert_eq!(house.ask(|| GetAnalysis {}).await.waiting, 1);
}

#[tokio::test]
async fn the_next_incarnation_goes_on() {
    let mut house = House::with(&["Music"]).await;
    for number in 1..=60_u32 {
        let path = house.path(&format!("Music/{number}.wav"));
        write_tone(&path, &[(-16.0 - f64::from(number) / 10.0, 10)], &tags("G", "A", number, "Ut"));
    }
    house.scan().await;
    let state = house.ask(|| GetAnalysis {}).await;
    assert_eq!((state.enabled, state.waiting, state.measured), (false, 60, 0));
    house.settings.analysis = true;
    house.reopen_as_it_is().await;
    let some = until("some are measured", async || {
        let state = house.ask_once(GetAnalysis {}).await;
        (state.measured > 0).then_some(state.measured)
    });
    let some = some.await;
    // In the middle of it, or at its end: nothing is lost.
    house.reopen_as_it_is().await;
    let state = house.ask_once(GetAnalysis {}).await;
    assert!(state.measured >= some && state.measured + state.waiting == 60, "{state:?}");
    let state = all_heard(&house).await;
    assert_eq!((state.measured, state.failed), (60, 0));
    let track = house.tracks().await[0].id;
    let album = async || house.ask_once(GetTrack { track }).await.album_loudness;
    until("the album is weighed", album).await;
}

#[tokio::test]
async fn only_who_may_see_a_track_sees_how_it_looks() {
    let house = measuring(&["Hers", "His"]).await;
    write_tone(&house.path("Hers/1.wav"), &[(-16.0, 20)], &tags("Guido", "A", 1, "Ut"));
    house.scan().await;
    all_heard(&house).await;
    let (hers, his) = (house.library("Hers").await, house.library("His").await);
    let track = house.track("Ut").await.id;
    let seen = house.ask_as(listener(&[hers]), || GetWaveform { track }).await.unwrap();
    assert_eq!(seen.duration_ms, 2_000);
    let unseen = house.ask_as(listener(&[his]), || GetWaveform { track }).await;
    let not_found = CatalogError::NotFound { what: "track".to_owned() };
    assert!(matches!(unseen, Err(CallError::Refused(error)) if error == not_found));
    let forbidden = |refused: Option<CallError<CatalogError>>| {
        assert!(matches!(refused, Some(CallError::Refused(CatalogError::Forbidden))));
    };
    forbidden(house.ask_as(listener(&[hers]), || GetAnalysis {}).await.err());
    forbidden(house.ask_as(listener(&[hers]), ListUnmeasurable::default).await.err());
    let administrator = || account(Role::Administrator, LibraryAccess::All);
    assert_eq!(house.ask_as(administrator(), || GetAnalysis {}).await.unwrap().measured, 1);
}

#[tokio::test]
async fn who_follows_hears_what_it_sounds_like_and_nothing_else() {
    let mut house = House::with(&["Music"]).await;
    write_tone(&house.path("Music/1.wav"), &[(-16.0, 20)], &tags("Guido", "A", 1, "Ut"));
    house.scan().await;
    let head =
        async |house: &House| house.ask(|| CatalogSnapshot { after: None, limit: 1 }).await.head;
    let before = head(&house).await;
    let track = house.track("Ut").await.id;
    house.settings.analysis = true;
    house.reopen_as_it_is().await;
    assert_eq!(all_heard(&house).await.measured, 1);
    let album = async || house.ask_once(GetTrack { track }).await.album_loudness;
    until("the album is weighed", album).await;
    let changes = house.ask(|| FollowCatalog { after: before, limit: 9, wait_ms: 0 }).await;
    let Changes::Page { items, .. } = changes else { panic!("it is not too old") };
    assert!(
        matches!(&items[..], [CatalogChange::Features { track: of, features: Some(_) }] if *of == track),
        "{items:?}"
    );
}

#[tokio::test]
async fn who_asks_too_early_is_told_why_there_is_nothing() {
    let mut house = House::with(&["Music"]).await;
    house.put("Music/1.flac", flac(1), &tags("Guido", "A", 1, "Ut"));
    house.scan().await;
    let track = house.track("Ut").await;
    assert_eq!((track.loudness, track.album_loudness), (None, None));
    let refusal = async |house: &House| {
        let call = || GetWaveform { track: track.id };
        house.ask_as(hexachord_contracts::Caller::System, call).await.unwrap_err().to_string()
    };
    assert!(refusal(&house).await.contains("configured not to measure"));
    // It waits for a write that never comes.
    let occupied = house.occupy_store();
    house.settings.analysis = true;
    house.reopen_as_it_is().await;
    assert!(refusal(&house).await.contains("not measured yet"));
    occupied.let_go();
    all_heard(&house).await;
    house.ask(|| GetWaveform { track: track.id }).await;
}
