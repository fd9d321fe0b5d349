//! Files that are no longer there: their tracks become missing, unless too many vanished at once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use hexachord_contracts::ids::LibraryId;
use hexachord_storage::{Store, StoreError};

use super::{Now, compare::Gone, is_cancelled, run::Run};
use crate::store::{Apply, FILES, file_key, path_and_part};

/// So many files may always vanish.
const ALWAYS: u64 = 20;
/// Files that are removed in one transaction.
const BATCH: usize = 2000;

/// A library that is emptied bit by bit within so long vanishes at once, too.
const AT_ONCE: Duration = Duration::from_mins(1);

/// What scans of changes found gone a short while ago; all incarnations share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Losses(Arc<Mutex<HashMap<LibraryId, (Instant, u64)>>>);

impl Losses {
    fn lately(&self, library: LibraryId, now: Instant) -> u64 {
        let lost = self.lock().get(&library).copied();
        lost.map_or(0, |(since, files)| if now - since < AT_ONCE { files } else { 0 })
    }

    fn add(&self, library: LibraryId, files: u64, now: Instant) {
        let lately = self.lately(library, now);
        let mut all = self.lock();
        let lost = all.entry(library).or_insert((now, 0));
        *lost = if lately == 0 { (now, files) } else { (lost.0, lately + files) };
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<LibraryId, (Instant, u64)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What became of the files that are gone.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Removed {
    All,
    /// None of them is believed to be gone, for this reason.
    None(String),
}

/// Takes the files away that did not turn up elsewhere.
pub(super) fn remove_gone(run: &Run<'_>, gone: &Gone) -> Result<Removed, StoreError> {
    let library = gone.library;
    let places = still_known(&run.setup.store, library, &gone.places)?;
    let is_doubted = !gone.believed && !run.task.accepts_losses() && !places.is_empty();
    if is_doubted && let Some(reason) = not_believed(run, gone, &places) {
        return Ok(Removed::None(reason));
    }
    remove_all(run, library, &places)?;
    if !run.task.is_everything() {
        run.setup.losses.add(library, count_files(&places), Instant::now());
    }
    Ok(Removed::All)
}

/// Takes away what is at these places of a library.
pub(super) fn remove_all(
    run: &Run<'_>,
    library: LibraryId,
    places: &[Vec<u8>],
) -> Result<(), StoreError> {
    for batch in places.chunks(BATCH) {
        if is_cancelled(run.stop) {
            break;
        }
        let missing = remove_files(&run.setup.store, run.now, library, batch.into())?;
        run.progress.update(|state| state.missing += missing);
    }
    Ok(())
}

/// Why so many files cannot be gone.
fn not_believed(run: &Run<'_>, gone: &Gone, places: &[Vec<u8>]) -> Option<String> {
    let Gone { name, folder, known, .. } = gone;
    if gone.is_empty {
        return Some(format!(
            "the music folder {} is empty; the library `{name}` ({} known files) was left as it is \
             until its files are back, or until a scan is told to accept losses",
            folder.display(),
            count_files(places),
        ));
    }
    let lately = if run.task.is_everything() {
        0
    } else {
        run.setup.losses.lately(gone.library, Instant::now())
    };
    let lost = count_files(places) + lately;
    let tracks = places.len() as u64 + lately;
    #[expect(clippy::cast_precision_loss, reason = "a share needs no more digits")]
    let share = tracks as f32 / (known + lately).max(1) as f32;
    (lost > ALWAYS && share > run.setup.vanish_share).then(|| {
        format!(
            "{lost} files with {tracks} of {} tracks of the library `{name}` are not there any more; \
             they were left as they are until the files are back, or until a scan is told to accept \
             losses",
            known + lately,
        )
    })
}

/// Parts of one file stand together.
fn count_files(places: &[Vec<u8>]) -> u64 {
    let is_one = |one: &Vec<u8>, next: &Vec<u8>| path_and_part(one).0 == path_and_part(next).0;
    places.chunk_by(is_one).count() as u64
}

/// Those that no move has taken away yet.
fn still_known(
    store: &Store,
    library: LibraryId,
    places: &[Vec<u8>],
) -> Result<Vec<Vec<u8>>, StoreError> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    store.read_blocking(|read| {
        let files = read.open_table(FILES)?;
        let mut known = Vec::new();
        for place in places {
            if files.get(file_key(library, place).as_slice())?.is_some() {
                known.push(place.clone());
            }
        }
        Ok(known)
    })
}

fn remove_files(
    store: &Store,
    now: Now,
    library: LibraryId,
    places: Arc<[Vec<u8>]>,
) -> Result<u64, StoreError> {
    store.write_blocking(move |write| {
        let mut apply = Apply::new(write, now)?;
        for place in places.iter() {
            apply.remove_file(library, place)?;
        }
        apply.finish()
    })
}
