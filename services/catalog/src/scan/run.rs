//! One scan from the first folder to the last missing track.

use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use crossbeam_channel::RecvTimeoutError;
use hexachord_contracts::{catalog::ScanPhase, ids::LibraryId};
use hexachord_storage::StoreError;

use super::{
    Ended, Now, ScanSetup, ScannedLibrary,
    compare::Plan,
    gone::remove_gone,
    held, is_cancelled,
    pictures::{self, PictureChanges},
    progress::Progress,
    reading::read_all,
    reunite::reunite,
    settle::{ReadFile, Tally, Unsettled, settle},
};
use crate::walk::{WalkError, WalkProgress, Walked, walk};

/// Files that are stored in one transaction, unless they come slowly.
const BATCH: usize = 1000;
/// What was read is stored after so long, so that it can be played.
const SOON: Duration = Duration::from_secs(2);
/// How often the log tells how far a long scan is.
const TELL: Duration = Duration::from_secs(10);
/// How often the number of found files is told.
const TICK: Duration = Duration::from_millis(200);
/// Skipped files and folders that are named in warnings, of each library.
const NAMED: usize = 10;

/// Runs a scan to its end; `Err` is a failure of the store.
pub(super) fn run(
    setup: &ScanSetup,
    full: bool,
    now: Now,
    stop: &WalkProgress,
    progress: &Progress,
) -> Result<Ended, StoreError> {
    let mut plan = Plan::default();
    let mut lost_pictures = Vec::new();
    for (place, library) in setup.libraries.iter().enumerate() {
        match walk_library(library, stop, progress) {
            Ok(walked) => {
                let lost =
                    take_in(setup, now, (place, library), walked, full, &mut plan, progress)?;
                lost_pictures.push((library.id, lost));
            }
            Err(WalkError::Cancelled) => return Ok(Ended::Cancelled),
            Err(error) => {
                let known = Plan::leave_alone(&setup.store, library)?;
                warn_left_alone(library, &error.to_string(), known, progress);
            }
        }
    }
    plan.forget_others(&setup.store, &setup.libraries)?;
    progress.update(|state| {
        state.phase = ScanPhase::Reading;
        state.found = stop.found.load(Ordering::Relaxed);
        state.to_read = plan.to_read.len() as u64;
    });
    assert!(!setup.failpoints.hit("catalog", "scan"), "a planned failure");

    let unsettled = Unsettled::new(std::mem::take(&mut plan.unsettled));
    let held = read_and_settle(setup, now, &plan, &unsettled, stop, progress)?;
    if is_cancelled(stop) {
        return Ok(Ended::Cancelled);
    }
    store_held(setup, now, &held, (&unsettled, &plan.emptied), progress)?;
    for gone in plan.gone {
        let library = gone.library;
        if remove_gone(setup, now, gone, stop, progress)?
            && let Some(place) = lost_pictures.iter().position(|(id, _)| *id == library)
        {
            let (_, lost) = lost_pictures.swap_remove(place);
            pictures::write(&setup.store, now, library, lost)?;
        }
    }
    if is_cancelled(stop) {
        return Ok(Ended::Cancelled);
    }
    reunite(&setup.store, now, &unsettled, progress)?;
    Ok(Ended::Finished)
}

/// Walks on a thread of its own, so that this one can tell how far it is.
fn walk_library(
    library: &ScannedLibrary,
    stop: &WalkProgress,
    progress: &Progress,
) -> Result<Walked, WalkError> {
    let (done, result) = crossbeam_channel::bounded(1);
    std::thread::scope(|scope| {
        let walker = std::thread::Builder::new().name("catalog-walk".to_owned());
        let walker = walker.spawn_scoped(scope, move || {
            // The receiver waits for this, and for nothing else.
            drop(done.send(walk(&library.folder, stop)));
        });
        let folder = || library.folder.clone();
        walker.map_err(|source| WalkError::Unreadable { folder: folder(), source })?;
        loop {
            match result.recv_timeout(TICK) {
                Ok(outcome) => return outcome,
                Err(RecvTimeoutError::Timeout) => {
                    progress.update(|state| state.found = stop.found.load(Ordering::Relaxed));
                }
                Err(RecvTimeoutError::Disconnected) => {
                    let source = std::io::Error::other("the walk broke off");
                    return Err(WalkError::Unreadable { folder: folder(), source });
                }
            }
        }
    })
}

/// Adds what a walk found to the plan; returns the pictures that are gone.
fn take_in(
    setup: &ScanSetup,
    now: Now,
    (place, library): (usize, &ScannedLibrary),
    walked: Walked,
    full: bool,
    plan: &mut Plan,
    progress: &Progress,
) -> Result<PictureChanges, StoreError> {
    if walked.music.is_empty() {
        let is_empty = walked.unseen.is_empty();
        let known = if is_empty {
            plan.leave_empty(&setup.store, library)?
        } else {
            Plan::leave_alone(&setup.store, library)?
        };
        if known > 0 {
            let what = if is_empty { "is empty" } else { "cannot be read" };
            let reason = format!("the music folder {} {what}", library.folder.display());
            warn_left_alone(library, &reason, known, progress);
            return Ok(Vec::new());
        }
    }
    for (path, reason) in walked.skipped.iter().take(NAMED) {
        progress.warn(format!("{} in the library `{}`: {reason}", path.display(), library.name));
    }
    if walked.skipped.len() > NAMED {
        let more = walked.skipped.len() - NAMED;
        progress.warn(format!("{more} more were skipped in the library `{}`", library.name));
    }
    let (there, lost) = pictures::compare(&setup.store, library.id, &walked.pictures)?;
    pictures::write(&setup.store, now, library.id, there)?;
    plan.compare(&setup.store, (place, library), walked.music, &walked.unseen, full)?;
    Ok(lost)
}

fn warn_left_alone(library: &ScannedLibrary, reason: &str, known: u64, progress: &Progress) {
    progress.update(|state| state.left_alone += 1);
    progress.warn(format!(
        "{reason}; the library `{}` ({known} known files) was left as it is until its files are back",
        library.name
    ));
}

/// Reads what is new and stores what is clear; the rest is returned.
fn read_and_settle(
    setup: &ScanSetup,
    now: Now,
    plan: &Plan,
    unsettled: &Unsettled,
    stop: &WalkProgress,
    progress: &Progress,
) -> Result<Vec<Arc<ReadFile>>, StoreError> {
    let mut held = Vec::new();
    let mut batch = Vec::new();
    let mut stored_at = Instant::now();
    let mut told_at = Instant::now();
    let mut store_batch = |batch: &mut Vec<Arc<ReadFile>>| -> Result<(), StoreError> {
        let (tally, rest) = settle(&setup.store, now, std::mem::take(batch), unsettled)?;
        held.extend(rest);
        count(&tally, progress);
        Ok(())
    };
    read_all(setup, &plan.to_read, stop, |files, read| {
        progress.update(|state| state.read += read.len() as u64);
        for (file, read) in files.iter().zip(read) {
            let library = &setup.libraries[file.library];
            batch.push(Arc::new(ReadFile::new(file, library, read)));
        }
        if batch.len() >= BATCH || stored_at.elapsed() > SOON {
            store_batch(&mut batch)?;
            stored_at = Instant::now();
        }
        if told_at.elapsed() > TELL {
            told_at = Instant::now();
            tracing::info!(read = progress.state().read, of = plan.to_read.len(), "scanning");
        }
        Ok(())
    })?;
    if !batch.is_empty() {
        store_batch(&mut batch)?;
    }
    Ok(held)
}

fn store_held(
    setup: &ScanSetup,
    now: Now,
    files: &[Arc<ReadFile>],
    (unsettled, emptied): (&Unsettled, &[LibraryId]),
    progress: &Progress,
) -> Result<(), StoreError> {
    let decided = held::decide(&setup.store, files, unsettled, emptied)?;
    let decided: Vec<_> = files.iter().map(Arc::clone).zip(decided).collect();
    for batch in decided.chunks(BATCH) {
        let tally = held::store_decided(&setup.store, now, batch.to_vec())?;
        count(&tally, progress);
    }
    Ok(())
}

fn count(tally: &Tally, progress: &Progress) {
    progress.update(|state| {
        state.added += tally.added;
        state.updated += tally.updated;
        state.moved += tally.moved;
        state.missing = (state.missing + tally.missing).saturating_sub(tally.found_again);
        state.unreadable += tally.unreadable;
    });
}
