//! Losses that are not believed, until somebody says that they are to be.

use std::fs;

use hexachord_contracts::catalog::{ScanPhase, StartScan};

use crate::house::{House, flac, tags};

const ACCEPT: fn() -> StartScan = || StartScan { accept_losses: true, full: false };

async fn forty() -> House {
    let house = House::with(&["Music"]).await;
    for number in 0..40 {
        let title = format!("{number:02}");
        house.put(&format!("Music/{title}.flac"), flac(number), &tags("Guido", "B", 1, &title));
    }
    house.scan().await;
    house
}

#[tokio::test]
async fn a_sudden_loss_is_believed_once_when_it_is_accepted() {
    let house = forty().await;
    for number in 0..30 {
        house.remove(&format!("Music/{number:02}.flac"));
    }
    let state = house.scan().await;
    assert_eq!((state.left_alone, state.missing, state.accept_losses), (1, 0, false));
    assert!(state.warnings[0].contains("until a scan is told to accept losses"), "{state:?}");
    let state = house.scan_with(ACCEPT()).await;
    assert_eq!((state.left_alone, state.missing, state.accept_losses), (0, 30, true));
    assert_eq!((house.tracks().await.len(), state.warnings.len()), (10, 0));
    // Only that once.
    for number in 0..30 {
        house.put(&format!("Music/{number:02}.flac"), flac(number), &tags("Guido", "B", 1, "x"));
    }
    house.scan().await;
    for number in 0..30 {
        house.remove(&format!("Music/{number:02}.flac"));
    }
    assert_eq!(house.scan().await.left_alone, 1);
}

#[tokio::test]
async fn an_empty_folder_is_believed_when_it_is_accepted() {
    let house = forty().await;
    fs::remove_dir_all(house.path("Music")).unwrap();
    // Not one that is not there.
    let state = house.scan_with(ACCEPT()).await;
    assert_eq!((state.phase, state.left_alone, state.missing), (ScanPhase::Finished, 1, 0));
    fs::create_dir(house.path("Music")).unwrap();
    let state = house.scan().await;
    assert_eq!((state.left_alone, state.missing), (1, 0));
    assert!(state.warnings[0].contains("is empty"), "{state:?}");
    let state = house.scan_with(ACCEPT()).await;
    assert_eq!((state.left_alone, state.missing, house.tracks().await.len()), (0, 40, 0));
    assert_eq!(house.scan().await.left_alone, 0);
}

#[tokio::test]
async fn a_library_whose_files_all_moved_away_is_empty_and_nothing_is_wrong() {
    let house = House::with(&["Music", "Other"]).await;
    house.put("Music/1.flac", flac(1), &tags("Guido", "B", 1, "Ut"));
    house.scan().await;
    house.rename("Music/1.flac", "Other/1.flac");
    let state = house.scan().await;
    assert_eq!((state.moved, state.left_alone, state.warnings.len()), (1, 0, 0));
}
