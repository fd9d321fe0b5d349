//! The first stage of a scan: what differs in one library, if its folder is to be believed.

use std::{
    path::Path,
    sync::{Arc, atomic::Ordering},
    time::Instant,
};

use hexachord_contracts::ids::LibraryId;
use hexachord_storage::StoreError;

use super::{
    ScannedLibrary,
    compare::{Difference, Plan, bytes, is_unseen},
    is_cancelled,
    known::count_known,
    pictures,
    run::Run,
    silence::{NoOutcome, patiently},
};
use crate::{
    artwork::PictureRules,
    store::{LibraryRow, PicturePlace, Trouble, library_row},
    walk::{Folders, WalkError, WalkProgress, Walked, walk},
};

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
    let rules = pictures::rules_of(run)?;
    let mut walked = walk_library(run, library, &folders, &rules);
    let is_part = !folders.is_everything();
    if is_part && walked.as_ref().is_ok_and(|it| says_too_little(it, &before)) {
        folders = Folders::everything();
        walked = walk_library(run, library, &folders, &rules);
    }
    if let Ok(walked) = &walked {
        run.stop.found.fetch_add(walked.music.len() as u64, Ordering::Relaxed);
    }
    let (after, lost_pictures) = (before.clone(), Vec::new());
    let mut surveyed = Surveyed { library: library.id, before, after, lost_pictures };
    let mut is_silent = matches!(walked, Err(WalkError::Silent(_)));
    let reason = match walked {
        Err(WalkError::Cancelled) => return Ok(None),
        Err(error) => error.to_string(),
        Ok(walked) => match take_in(run, place, &folders, walked, &mut surveyed, plan)? {
            None => return Ok(Some(surveyed)),
            Some(reason) => reason,
        },
    };
    is_silent |= run.setup.hanging.has(&library.folder);
    if let Some(pending) = run.setup.watched.as_ref().filter(|_| is_silent) {
        // Nothing else tells when it answers again.
        pending.look_again(library.id, Path::new(""), Instant::now() + run.setup.patience);
    }
    let known = count_known(&run.setup.store, library.id)?;
    let name = &library.name;
    surveyed.leave_alone(run, format!(
        "{reason}; the library `{name}` ({known} known files) was left as it is until its files are \
         back"
    ));
    Ok(Some(surveyed))
}

/// Can a walk of some folders not be understood without all others?
fn says_too_little(walked: &Walked, before: &LibraryRow) -> bool {
    walked.links || before.device != Some(walked.device) || walked.bare
}

fn walk_library(
    run: &Run<'_>,
    library: &ScannedLibrary,
    folders: &Folders,
    rules: &Arc<PictureRules>,
) -> Result<Walked, WalkError> {
    let folder = &library.folder;
    if let Some(pending) = &run.setup.watched {
        // What happens behind the walk must be noticed.
        let give_up = || is_cancelled(run.stop);
        if !pending.wait_until_watched(library.id, run.setup.patience, give_up) {
            return Err(WalkError::Silent(folder.clone()));
        }
    }
    let walking = {
        let (folder, folders, rules) = (folder.clone(), folders.clone(), Arc::clone(rules));
        move |progress: &WalkProgress| walk(&folder, &folders, &rules, progress)
    };
    let before = run.stop.found.load(Ordering::Relaxed);
    let tell = |progress: &WalkProgress| {
        let found = before + progress.found.load(Ordering::Relaxed);
        run.progress.update(|state| state.found = found);
    };
    match patiently(run, folder, walking, tell) {
        Ok(walked) => walked,
        Err(NoOutcome::Silent) => Err(WalkError::Silent(folder.clone())),
        Err(NoOutcome::Cancelled) => Err(WalkError::Cancelled),
        Err(NoOutcome::BrokeOff(source)) => {
            Err(WalkError::Unreadable { folder: folder.clone(), source })
        }
    }
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
    let (changed, mut lost) = pictures::compare(store, library.id, folders, &walked.pictures)?;
    let is_seen = |path: &[u8]| !walked.unseen.iter().any(|at| is_unseen(path, bytes(at)));
    lost.retain(|picture| is_seen(&picture.path));
    if let Some(pending) = &run.setup.watched {
        let written = pending.being_written(library.id);
        walked.music.retain(|found| !written.contains(&found.relative));
        walked.unseen.extend(written);
    }
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
    if let Some(reason) = pictures::take_in(run, library, changed)? {
        return Ok(Some(reason));
    }
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
