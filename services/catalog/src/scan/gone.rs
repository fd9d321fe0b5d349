//! Files that are no longer there: their tracks become missing, unless too many vanished at once.

use std::sync::Arc;

use hexachord_contracts::ids::LibraryId;
use hexachord_storage::{Store, StoreError};

use super::{Now, ScanSetup, compare::Gone, is_cancelled, progress::Progress};
use crate::{
    store::{Apply, FILES, file_key},
    walk::WalkProgress,
};

/// So many files may always vanish.
const ALWAYS: usize = 20;
/// Files that are removed in one transaction.
const BATCH: usize = 2000;

/// Takes the files away that did not turn up elsewhere. Is the library as it should be now?
pub(super) fn remove_gone(
    setup: &ScanSetup,
    now: Now,
    gone: Gone,
    stop: &WalkProgress,
    progress: &Progress,
) -> Result<bool, StoreError> {
    let (library, name) = (gone.library, gone.name);
    let paths = still_known(&setup.store, library, gone.paths)?;
    #[expect(clippy::cast_precision_loss, reason = "a share needs no more digits")]
    let share = paths.len() as f32 / gone.known.max(1) as f32;
    if !gone.believed && paths.len() > ALWAYS && share > setup.vanish_share {
        progress.update(|state| state.left_alone += 1);
        progress.warn(format!(
            "{} of {} files of the library `{name}` are not there any more; their tracks were left \
             as they are: bring the files back, or remove fewer at a time, or remove the library \
             from the configuration for one scan",
            paths.len(),
            gone.known,
        ));
        return Ok(false);
    }
    for batch in paths.chunks(BATCH) {
        if is_cancelled(stop) {
            break;
        }
        let missing = remove_files(&setup.store, now, library, batch.into())?;
        progress.update(|state| state.missing += missing);
    }
    Ok(true)
}

/// Those that no move has taken away yet.
fn still_known(
    store: &Store,
    library: LibraryId,
    mut paths: Vec<Vec<u8>>,
) -> Result<Vec<Vec<u8>>, StoreError> {
    if paths.is_empty() {
        return Ok(paths);
    }
    store.read_blocking(move |read| {
        let files = read.open_table(FILES)?;
        let mut known = Vec::new();
        for path in paths.drain(..) {
            if files.get(file_key(library, &path).as_slice())?.is_some() {
                known.push(path);
            }
        }
        Ok(known)
    })
}

fn remove_files(
    store: &Store,
    now: Now,
    library: LibraryId,
    paths: Arc<[Vec<u8>]>,
) -> Result<u64, StoreError> {
    store.write_blocking(move |write| {
        let mut apply = Apply::new(write, now)?;
        for path in paths.iter() {
            apply.remove_file(library, path)?;
        }
        apply.finish()
    })
}
