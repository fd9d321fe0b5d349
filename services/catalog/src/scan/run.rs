//! One scan from the first folder to the last missing track.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    os::unix::ffi::OsStrExt,
    path::PathBuf,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use hexachord_contracts::{catalog::ScanPhase, ids::LibraryId};
use hexachord_storage::StoreError;

use super::{
    Ended, Now, ScanSetup, artists,
    calm::Doubts,
    compare::{Plan, ToRead},
    gone::{Removed, remove_all, remove_gone},
    held, is_cancelled, pictures,
    progress::Progress,
    reading::{Read, read_all},
    reunite::reunite,
    settle::{ReadFile, Tally, Unsettled, settle},
    survey::{Surveyed, survey},
    task::Task,
};
use crate::{
    store::{place, put_library_row, put_scans},
    walk::WalkProgress,
};

/// Files that are stored in one transaction, unless they come slowly: every transaction costs a wait
/// for the disk, and few write the same pages less often than many.
const BATCH: usize = 2500;
/// Bytes of lyrics that wait with them.
const MOST_LYRICS: usize = 8 * 1024 * 1024;
/// What was read is stored after so long, so that it can be played.
const SOON: Duration = Duration::from_secs(2);
/// How often the log tells how far a long scan is.
const TELL: Duration = Duration::from_secs(10);

/// What all stages of a scan share.
pub(super) struct Run<'r> {
    pub(super) setup: &'r ScanSetup,
    pub(super) task: &'r Task,
    pub(super) now: Now,
    pub(super) stop: &'r WalkProgress,
    pub(super) progress: &'r Progress,
}

impl Run<'_> {
    pub(super) fn path(&self, file: &ToRead) -> PathBuf {
        self.setup.libraries[file.library].folder.join(&file.relative)
    }

    /// Runs the scan to its end; `Err` is a failure of the store.
    pub(super) fn run(&self) -> Result<Ended, StoreError> {
        let mut plan = Plan::default();
        let mut libraries = Vec::new();
        for (place, library) in self.setup.libraries.iter().enumerate() {
            let Some(folders) = self.task.folders(library.id) else { continue };
            match survey(self, place, folders, &mut plan)? {
                Some(surveyed) => libraries.push(surveyed),
                None => return Ok(Ended::Cancelled),
            }
        }
        if self.task.is_everything() {
            artists::take_in(self)?;
            pictures::follow_rules(self)?;
            plan.forget_others(&self.setup.store, &self.setup.libraries)?;
        }
        self.progress.update(|state| {
            state.phase = ScanPhase::Reading;
            state.found = self.stop.found.load(Ordering::Relaxed);
            state.to_read = plan.to_read.len() as u64;
        });
        assert!(!self.setup.failpoints.hit("catalog", "scan"), "a planned failure");

        let unsettled = Unsettled::new(std::mem::take(&mut plan.unsettled));
        let Stored { held, left } = self.read_and_settle(&plan.to_read, &unsettled)?;
        if is_cancelled(self.stop) {
            return Ok(Ended::Cancelled);
        }
        self.store_held(&held, &unsettled, &plan.emptied)?;
        for (library, places) in &left {
            remove_all(self, *library, places)?;
        }
        self.remove_all_gone(plan, &mut libraries)?;
        if is_cancelled(self.stop) {
            return Ok(Ended::Cancelled);
        }
        reunite(self, &unsettled)?;
        if self.task.is_everything() {
            let whole = libraries.iter().filter(|surveyed| surveyed.after.trouble.is_none());
            let whole = whole.map(|surveyed| surveyed.library).collect();
            put_scans(&self.setup.store, whole, self.now)?;
        }
        for surveyed in libraries.iter().filter(|surveyed| surveyed.after != surveyed.before) {
            put_library_row(&self.setup.store, surveyed.library, &surveyed.after)?;
        }
        Ok(Ended::Finished)
    }

    /// Reads what is new and stores what is clear.
    fn read_and_settle(
        &self,
        files: &[ToRead],
        unsettled: &Unsettled,
    ) -> Result<Stored, StoreError> {
        let mut storing = Storing::new(self, unsettled);
        let mut doubts = Doubts::of(self);
        let (mut told_at, of) = (Instant::now(), files.len());
        read_all(self.setup, files, self.stop, |files, looked| {
            self.progress.update(|state| state.read += looked.len() as u64);
            for (file, looked) in files.iter().zip(looked) {
                if let Some(read) = doubts.believe(file, looked) {
                    storing.put(file, read)?;
                }
            }
            storing.store_soon()?;
            if told_at.elapsed() > TELL {
                told_at = Instant::now();
                tracing::info!(read = self.progress.state().read, of, "scanning");
            }
            Ok(())
        })?;
        doubts.settle(unsettled, |file, read| storing.put(file, read))?;
        storing.finish()
    }

    fn store_held(
        &self,
        files: &[Arc<ReadFile>],
        unsettled: &Unsettled,
        emptied: &[LibraryId],
    ) -> Result<(), StoreError> {
        let decided = held::decide(&self.setup.store, files, unsettled, emptied)?;
        let decided: Vec<_> = files.iter().map(Arc::clone).zip(decided).collect();
        for batch in decided.chunks(BATCH) {
            let tally = held::store_decided(&self.setup.store, self.now, batch.to_vec())?;
            self.count(&tally);
        }
        Ok(())
    }

    fn remove_all_gone(&self, plan: Plan, libraries: &mut [Surveyed]) -> Result<(), StoreError> {
        for gone in plan.gone {
            let library = gone.library;
            let removed = remove_gone(self, &gone)?;
            let surveyed = libraries.iter_mut().find(|surveyed| surveyed.library == library);
            let Some(surveyed) = surveyed else { continue };
            if let Removed::None(reason) = removed {
                surveyed.leave_alone(self, reason);
            } else {
                let lost = std::mem::take(&mut surveyed.lost_pictures);
                pictures::remove(&self.setup.store, self.now, lost)?;
            }
        }
        Ok(())
    }

    fn count(&self, tally: &Tally) {
        self.progress.update(|state| {
            state.added += tally.added;
            state.updated += tally.updated;
            state.moved += tally.moved;
            state.missing = (state.missing + tally.missing).saturating_sub(tally.found_again);
            state.unreadable += tally.unreadable;
        });
    }
}

/// What is open when all files are read.
#[derive(Default)]
struct Stored {
    /// What could not be decided yet.
    held: Vec<Arc<ReadFile>>,
    /// Places where nothing is any more although their file is there: it was cut into parts, or is
    /// cut no longer.
    left: BTreeMap<LibraryId, Vec<Vec<u8>>>,
}

/// Files on their way into the store, in batches.
struct Storing<'s> {
    run: &'s Run<'s>,
    unsettled: &'s Unsettled,
    batch: Vec<Arc<ReadFile>>,
    /// Of the batch, in bytes.
    lyrics: usize,
    open: Stored,
    stored_at: Instant,
}

impl<'s> Storing<'s> {
    fn new(run: &'s Run<'s>, unsettled: &'s Unsettled) -> Self {
        let (batch, open) = (Vec::new(), Stored::default());
        Self { run, unsettled, batch, lyrics: 0, open, stored_at: Instant::now() }
    }

    fn put(&mut self, file: &ToRead, read: Read) -> Result<(), StoreError> {
        let library = &self.run.setup.libraries[file.library];
        let tracks = ReadFile::all(file, library, read);
        let path = file.relative.as_os_str().as_bytes();
        let before = file.was.iter().map(|before| place(path, before.part));
        let left = before.filter(|place| tracks.iter().all(|track| track.place != **place));
        let left: Vec<Vec<u8>> = left.map(Cow::into_owned).collect();
        if !left.is_empty() {
            self.open.left.entry(library.id).or_default().extend(left);
        }
        self.lyrics += tracks.iter().map(ReadFile::lyrics_bytes).sum::<usize>();
        self.batch.extend(tracks.into_iter().map(Arc::new));
        if self.batch.len() >= BATCH || self.lyrics >= MOST_LYRICS { self.store() } else { Ok(()) }
    }

    fn store_soon(&mut self) -> Result<(), StoreError> {
        if self.stored_at.elapsed() > SOON { self.store() } else { Ok(()) }
    }

    fn store(&mut self) -> Result<(), StoreError> {
        self.stored_at = Instant::now();
        if self.batch.is_empty() {
            return Ok(());
        }
        let batch = std::mem::take(&mut self.batch);
        self.lyrics = 0;
        let (store, now) = (&self.run.setup.store, self.run.now);
        let (tally, rest) = settle(store, now, batch, self.unsettled)?;
        self.open.held.extend(rest);
        self.run.count(&tally);
        Ok(())
    }

    fn finish(mut self) -> Result<Stored, StoreError> {
        self.store()?;
        Ok(self.open)
    }
}
