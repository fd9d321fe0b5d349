//! Files that bring down, or hold up, who listens to them.

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf};

use hexachord_catalog::WorkerCommand;
use hexachord_contracts::{
    Caller,
    catalog::{GetAnalysis, GetWaveform, ListUnmeasurable},
};
use hexachord_fixtures::{Format, Piece};

use super::{all_heard, deaf, measuring};
use crate::house::{House, flac, tags, until};

/// A worker that says that it is ready, waits for a question, notes its process and then does this.
fn worker(house: &House, then: &str) -> PathBuf {
    let (program, asked) = (house.path("worker"), house.path("asked"));
    let script = format!(
        "#!/bin/sh\nprintf '\\000\\000\\000\\000'\nhead -c 4 >/dev/null\necho $$ >>'{}'\n{then}\n",
        asked.display()
    );
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    program
}

/// The processes that were asked.
fn asked(house: &House) -> Vec<String> {
    let asked = fs::read_to_string(house.path("asked")).unwrap_or_default();
    asked.lines().map(str::to_owned).collect()
}

async fn scanned() -> House {
    let house = House::with(&["Music"]).await;
    house.put("Music/1.flac", flac(1), &tags("Guido", "A", 1, "Ut"));
    house.scan().await;
    house
}

#[tokio::test]
async fn what_a_worker_dies_of_is_told_and_not_tried_again_until_it_changes() {
    // A crash, no more memory, no more time.
    for (signal, reason) in [("SEGV", "memory"), ("ABRT", "memory"), ("XCPU", "too long")] {
        let mut house = scanned().await;
        let program = worker(&house, &format!("kill -{signal} $$"));
        house.settings.worker = Some(WorkerCommand { program });
        house.settings.analysis = true;
        house.reopen_as_it_is().await;
        let state = all_heard(&house).await;
        assert_eq!((state.measured, state.failed), (0, 1), "{signal}");
        assert_eq!(asked(&house).len(), 1, "{signal}");
        let listed = house.ask(ListUnmeasurable::default).await.items;
        assert_eq!((listed.len(), listed[0].path.as_str()), (1, "1.flac"));
        assert!(listed[0].reason.contains(reason), "{}", listed[0].reason);
        let track = house.track("Ut").await.id;
        let refused = house.ask_as(Caller::System, || GetWaveform { track }).await.unwrap_err();
        assert!(refused.to_string().contains(reason), "{refused}");
        // A worker that works finds nothing to do, but for other audio.
        house.settings.worker = None;
        house.reopen_as_it_is().await;
        house.put("Music/2.flac", flac(2), &tags("Guido", "A", 2, "Re"));
        house.scan().await;
        let state = until("the other is measured", async || {
            let state = house.ask_once(GetAnalysis {}).await;
            (state.measured == 1 && !state.running).then_some(state)
        });
        assert_eq!(state.await.failed, 1);
        house.put("Music/1.flac", flac(3), &tags("Guido", "A", 1, "Ut"));
        house.scan().await;
        let state = all_heard(&house).await;
        assert_eq!((state.measured, state.failed), (2, 0));
        assert!(house.ask(ListUnmeasurable::default).await.items.is_empty());
    }
}

#[tokio::test]
async fn an_incarnation_that_ends_ends_its_worker_and_the_next_measures_again() {
    let mut house = scanned().await;
    let program = worker(&house, "exec sleep 1000");
    house.settings.worker = Some(WorkerCommand { program });
    house.settings.analysis = true;
    house.reopen_as_it_is().await;
    let process = until("it is asked", async || asked(&house).pop()).await;
    let is_there = || PathBuf::from(format!("/proc/{process}")).exists();
    assert!(is_there() && house.ask_once(GetAnalysis {}).await.running);
    deaf(&mut house).await;
    until("it is gone", async || (!is_there()).then_some(())).await;
    assert_eq!(house.ask(|| GetAnalysis {}).await.waiting, 1, "nothing is held against the file");
    house.settings.worker = None;
    house.settings.analysis = true;
    house.reopen_as_it_is().await;
    assert_eq!(all_heard(&house).await.measured, 1);
}

#[tokio::test]
async fn what_cannot_be_decoded_costs_only_itself() {
    let house = measuring(&["Music"]).await;
    for (number, format) in (1..).zip(Format::ALL) {
        let file = format!("Music/{number}.{}", format.extension());
        house.put(&file, Piece::new(format, 7), &tags("Guido", "A", number, "Ut"));
    }
    house.scan().await;
    let state = all_heard(&house).await;
    assert_eq!(state.measured + state.failed, 9);
    assert!(state.measured >= 6, "{state:?}");
    let listed = house.ask(ListUnmeasurable::default).await.items;
    assert_eq!(listed.len() as u64, state.failed);
    assert!(listed.iter().all(|one| !one.reason.is_empty()));
}
