//! The first stage of a scan: what differs in one library, if its folder is to be believed.

use std::{
    io,
    os::unix::ffi::OsStrExt,
    path::Path,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use crossbeam_channel::RecvTimeoutError;
use hexachord_contracts::ids::LibraryId;
use hexachord_storage::StoreError;

use super::{
    ScannedLibrary,
    compare::{Difference, Plan, bytes, is_unseen},
    is_cancelled,
    known::count_known,
    pictures,
    run::Run,
};
use crate::{
    artwork::PictureRules,
    store::{LibraryRow, PicturePlace, Trouble, library_row},
    walk::{Folders, WalkError, Walked, is_hidden, walk},
};

/// How often the number of found files is told.
const TICK: Duration = Duration::from_millis(200);
/// Skipped files and folders that are named in warnings, of each library.
const NAMED: usize = 10;

/// One library after its walk.
pub(super) struct Surveyed {
    pub(super) library: LibraryId,
    pub(super) before: LibraryRow,
    /// What is kept of it, unless too much of it is gone.
    pub(super) after: LibraryRow,
    pub(super) lost_pictures: Vec<PicturePlace>,
}

impl Surveyed {
    /// The library is left as it is, which is told.
    pub(super) fn leave_alone(&mut self, run: &Run<'_>, reason: String) {
        run.progress.update(|state| state.left_alone += 1);
        let trouble = self.before.trouble.as_ref();
        let is_known = trouble.is_some_and(|trouble| trouble.text == reason);
        if is_known && !run.task.is_everything() {
            run.progress.remind(reason.clone());
        } else {
            run.progress.warn(reason.clone());
        }
        let since = trouble.map_or(run.now, |trouble| trouble.since);
        let trouble = Some(Trouble { text: reason, since });
        self.after = LibraryRow { trouble, ..self.before.clone() };
        self.lost_pictures.clear();
    }
}

/// Walks the library at `place` where it is asked for, and adds what differs to the plan. `None` when
/// it was cancelled.
pub(super) fn survey(
    run: &Run<'_>,
    place: usize,
    mut folders: Folders,
    plan: &mut Plan,
) -> Result<Option<Surveyed>, StoreError> {
    let library = &run.setup.libraries[place];
    let before = run.setup.store.read_blocking(|read| library_row(read, library.id))?;
    // Only a look at everything tells whether it is as it should be again.
    if before.trouble.is_some() || before.links {
        folders = Folders::everything();
    }
    if let Some(pending) = &run.setup.watched {
        // What happens behind the walk must be noticed.
        pending.wait_until_watched(library.id, || is_cancelled(run.stop));
    }
    let seen_before = run.stop.found.load(Ordering::Relaxed);
    let rules = pictures::rules_of(run)?;
    let mut walked = walk_library(run, library, &folders, &rules);
    let is_part = !folders.is_everything();
    if is_part && walked.as_ref().is_ok_and(|it| says_too_little(it, &before, library)) {
        folders = Folders::everything();
        run.stop.found.store(seen_before, Ordering::Relaxed);
        walked = walk_library(run, library, &folders, &rules);
    }
    let (after, lost_pictures) = (before.clone(), Vec::new());
    let mut surveyed = Surveyed { library: library.id, before, after, lost_pictures };
    let reason = match walked {
        Err(WalkError::Cancelled) => return Ok(None),
        Err(error) => error.to_string(),
        Ok(walked) => match take_in(run, place, &folders, walked, &mut surveyed, plan)? {
            None => return Ok(Some(surveyed)),
            Some(reason) => reason,
        },
    };
    let known = count_known(&run.setup.store, library.id)?;
    let name = &library.name;
    surveyed.leave_alone(run, format!(
        "{reason}; the library `{name}` ({known} known files) was left as it is until its files are \
         back"
    ));
    Ok(Some(surveyed))
}

/// Can a walk of some folders not be understood without all others?
fn says_too_little(walked: &Walked, before: &LibraryRow, library: &ScannedLibrary) -> bool {
    walked.links || before.device != Some(walked.device) || is_bare(&library.folder)
}

/// Is there nothing at all in the folder? It may be where a disk was mounted.
fn is_bare(folder: &Path) -> bool {
    let entries = folder.read_dir().map(Iterator::flatten);
    entries.is_ok_and(|mut entries| entries.all(|entry| is_hidden(entry.file_name().as_bytes())))
}

/// Walks on a thread of its own, so that this one can tell how far it is.
fn walk_library(
    run: &Run<'_>,
    library: &ScannedLibrary,
    folders: &Folders,
    rules: &Arc<PictureRules>,
) -> Result<Walked, WalkError> {
    let (done, result) = crossbeam_channel::bounded(1);
    let tell = || {
        let found = run.stop.found.load(Ordering::Relaxed);
        run.progress.update(|state| state.found = found);
    };
    let stop = run.stop;
    std::thread::scope(|scope| {
        let walker = std::thread::Builder::new().name("catalog-walk".to_owned());
        let walker = walker.spawn_scoped(scope, move || {
            // The receiver waits for this, and for nothing else.
            drop(done.send(walk(&library.folder, folders, rules, stop)));
        });
        let folder = || library.folder.clone();
        walker.map_err(|source| WalkError::Unreadable { folder: folder(), source })?;
        loop {
            match result.recv_timeout(TICK) {
                Ok(outcome) => return outcome,
                Err(RecvTimeoutError::Timeout) => tell(),
                Err(RecvTimeoutError::Disconnected) => {
                    let source = io::Error::other("the walk broke off");
                    return Err(WalkError::Unreadable { folder: folder(), source });
                }
            }
        }
    })
}

/// Adds what a walk found to the plan, unless there is a reason to leave the library alone.
fn take_in(
    run: &Run<'_>,
    place: usize,
    folders: &Folders,
    mut walked: Walked,
    surveyed: &mut Surveyed,
    plan: &mut Plan,
) -> Result<Option<String>, StoreError> {
    let library = &run.setup.libraries[place];
    let store = &run.setup.store;
    let is_empty = folders.is_everything() && walked.music.is_empty();
    if is_empty && !walked.unseen.is_empty() && count_known(store, library.id)? > 0 {
        return Ok(Some(format!("the music folder {} cannot be read", library.folder.display())));
    }
    if let Some(pending) = &run.setup.watched {
        let written = pending.being_written(library.id);
        walked.music.retain(|found| !written.contains(&found.relative));
        walked.unseen.extend(written);
    }
    let (changed, mut lost) = pictures::compare(store, library.id, folders, &walked.pictures)?;
    let is_seen = |path: &[u8]| !walked.unseen.iter().any(|at| is_unseen(path, bytes(at)));
    lost.retain(|picture| is_seen(&picture.path));
    let mut difference = Difference::of(
        store,
        (place, library),
        folders,
        std::mem::take(&mut walked.music),
        &walked.unseen,
        run.setup.splitter.rules(),
        run.task.is_full(),
    )?;
    difference.gone.is_empty = is_empty;
    let before = &surveyed.before;
    if is_another_disk(before.device, walked.device, &difference)
        && !is_empty
        && !run.task.accepts_losses()
    {
        let Difference { known, in_place, .. } = difference;
        return Ok(Some(format!(
            "the music folder {} is on another disk than before, with {in_place} of {known} files at \
             their places (a scan that is told to accept losses takes it as it is)",
            library.folder.display(),
        )));
    }
    if folders.is_everything() {
        let Walked { device, links, .. } = walked;
        surveyed.after = LibraryRow { device: Some(device), links, trouble: None };
    }
    tell_skipped(run, library, &walked);
    pictures::take_in(run, library, changed)?;
    surveyed.lost_pictures = lost;
    plan.take(difference);
    Ok(None)
}

/// A disk may get another number whenever it is mounted. It is the same, or a copy of it, when at least
/// half of the files are where they were.
fn is_another_disk(before: Option<u64>, now: u64, difference: &Difference) -> bool {
    before.is_some_and(|before| before != now) && difference.in_place * 2 < difference.known
}

fn tell_skipped(run: &Run<'_>, library: &ScannedLibrary, walked: &Walked) {
    let name = &library.name;
    let tell = |warning| {
        // Looks at what was noticed come often.
        if run.task.is_everything() {
            run.progress.warn(warning);
        } else {
            run.progress.remind(warning);
        }
    };
    for (path, reason) in walked.skipped.iter().take(NAMED) {
        tell(format!("{} in the library `{name}`: {reason}", path.display()));
    }
    if walked.skipped.len() > NAMED {
        let more = walked.skipped.len() - NAMED;
        tell(format!("{more} more were skipped in the library `{name}`"));
    }
}
