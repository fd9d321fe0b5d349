//! Pictures in the library's folders: what changed since the last scan, and what they are.

use std::{io, os::unix::ffi::OsStrExt, sync::Arc};

use hexachord_contracts::ids::LibraryId;
use hexachord_storage::{Store, StoreError};

use super::{
    Now, ScannedLibrary, below, is_cancelled,
    known::known_pictures,
    progress::Progress,
    run::Run,
    silence::{NoOutcome, patiently},
};
use crate::{
    artwork::PictureRules,
    read::PictureId,
    store::{Apply, PictureContent, PicturePlace, PictureRow, RULES, rules},
    walk::{Folders, FoundPicture, WalkError, WalkProgress},
};

/// Pictures that are stored in one transaction.
const BATCH: usize = 200;
/// Albums that follow new rules in one transaction.
const ALBUMS: usize = 500;

/// A picture that came or changed, with what was known of it.
pub(super) struct Changed {
    place: PicturePlace,
    size: u64,
    mtime_ns: i64,
    before: Option<PictureRow>,
}

/// What differs from the store in `folders`: those that came or changed, and those that are gone.
pub(super) fn compare(
    store: &Store,
    library: LibraryId,
    folders: &Folders,
    found: &[FoundPicture],
) -> Result<(Vec<Changed>, Vec<PicturePlace>), StoreError> {
    let mut known = known_pictures(store, library, folders)?;
    let mut changed = Vec::new();
    for FoundPicture { relative, size, mtime_ns, beside } in found {
        let key = (*beside, relative.as_os_str().as_bytes().to_vec());
        let before = known.remove(&key);
        let is_known = before.is_some_and(|row| {
            (row.size, row.mtime_ns) == (*size, *mtime_ns) && row.content != PictureContent::Unread
        });
        if !is_known {
            let place = PicturePlace { library, path: key.1, beside: *beside };
            changed.push(Changed { place, size: *size, mtime_ns: *mtime_ns, before });
        }
    }
    let gone = known.into_keys().map(|(beside, path)| PicturePlace { library, path, beside });
    Ok((changed, gone.collect()))
}

/// Reads what came or changed and stores it; why that cannot be done, if so.
pub(super) fn take_in(
    run: &Run<'_>,
    library: &ScannedLibrary,
    changed: Vec<Changed>,
) -> Result<Option<String>, StoreError> {
    let mut changed = changed.into_iter().peekable();
    while changed.peek().is_some() && !is_cancelled(run.stop) {
        let batch: Vec<_> = changed.by_ref().take(BATCH).collect();
        let folder = library.folder.clone();
        let reading = move |progress: &WalkProgress| {
            let wanted = batch.into_iter().take_while(|_| !progress.is_cancelled());
            let read = |picture: Changed| {
                progress.step();
                let path = below(&folder, &picture.place.path);
                let content = PictureId::of_file(&folder, &path);
                (picture, content)
            };
            wanted.map(read).collect::<Vec<_>>()
        };
        let read = match patiently(run, &library.folder, reading, |_| {}) {
            Ok(read) => read,
            Err(NoOutcome::Cancelled) => break,
            Err(NoOutcome::Silent) => {
                return Ok(Some(WalkError::Silent(library.folder.clone()).to_string()));
            }
            Err(NoOutcome::BrokeOff(error)) => {
                return Ok(Some(format!("its pictures cannot be read: {error}")));
            }
        };
        let mut rows = Vec::new();
        for (picture, content) in read {
            let row = picture.row(content, library, run.progress);
            if Some(row) != picture.before {
                rows.push((picture.place, Some(row)));
            }
        }
        write(&run.setup.store, run.now, rows)?;
    }
    Ok(None)
}

impl Changed {
    /// What it is. A picture that cannot be read now is tried again by the next scan.
    fn row(
        &self,
        content: io::Result<Option<PictureId>>,
        library: &ScannedLibrary,
        progress: &Progress,
    ) -> PictureRow {
        let Self { size, mtime_ns, .. } = *self;
        let content = match content {
            Ok(Some(picture)) => PictureContent::Is(picture),
            Ok(None) => {
                progress.warn(self.words(library, "it is no picture, or larger than 32 MiB"));
                PictureContent::Unusable
            }
            Err(error) => {
                let reason = format!("the picture cannot be read: {error}");
                progress.warn(self.words(library, &reason));
                PictureContent::Unread
            }
        };
        PictureRow { size, mtime_ns, content }
    }

    fn words(&self, library: &ScannedLibrary, reason: &str) -> String {
        let path = String::from_utf8_lossy(&self.place.path);
        format!("{path} in the library `{}`: {reason}", library.name)
    }
}

/// Takes pictures away that are gone.
pub(super) fn remove(store: &Store, now: Now, gone: Vec<PicturePlace>) -> Result<(), StoreError> {
    write(store, now, gone.into_iter().map(|place| (place, None)).collect())
}

fn write(
    store: &Store,
    now: Now,
    pictures: Vec<(PicturePlace, Option<PictureRow>)>,
) -> Result<(), StoreError> {
    if pictures.is_empty() {
        return Ok(());
    }
    store.write_blocking(move |write| {
        let mut apply = Apply::new(write, now)?;
        for (place, picture) in &pictures {
            apply.set_picture(place, *picture)?;
        }
        apply.finish().map(drop)
    })
}

/// The rules by which pictures are looked for. Albums follow those that are configured when everything
/// is scanned: until then what is noticed is looked at by those that they follow.
pub(super) fn rules_of(run: &Run<'_>) -> Result<Arc<PictureRules>, StoreError> {
    let Run { setup, task, .. } = *run;
    if task.is_everything() {
        return Ok(Arc::clone(&setup.rules));
    }
    let followed = setup.store.read_blocking(|read| rules(&read.open_table(RULES)?))?;
    Ok(Arc::new(followed.rules))
}

/// Albums choose their pictures by the rules that are configured now.
pub(super) fn follow_rules(run: &Run<'_>) -> Result<(), StoreError> {
    let Run { setup, now, .. } = *run;
    let followed = setup.store.read_blocking(|read| rules(&read.open_table(RULES)?))?;
    if followed.rules == *setup.rules && followed.albums_from.is_none() {
        return Ok(());
    }
    while !is_cancelled(run.stop) {
        let rules = Arc::clone(&setup.rules);
        let done = setup.store.write_blocking(move |write| {
            let mut apply = Apply::new(write, now)?;
            let done = apply.follow_rules(&rules, ALBUMS)?;
            apply.finish()?;
            Ok(done)
        })?;
        if done {
            break;
        }
    }
    Ok(())
}
