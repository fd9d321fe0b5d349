//! Pictures in the library's folders: what changed since the last scan, and what they are.

use std::{collections::BTreeMap, os::unix::ffi::OsStrExt, sync::Arc};

use hexachord_contracts::ids::LibraryId;
use hexachord_storage::{Record, Store, StoreError};

use super::{Now, ScanSetup, ScannedLibrary, below, is_cancelled, progress::Progress};
use crate::{
    read::PictureId,
    store::{
        Apply, PICTURES, PictureContent, PicturePlace, PictureRow, RULES, TRACK_PICTURES,
        library_prefix, path_of, picture_path, rules,
    },
    walk::{FoundPicture, WalkProgress},
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

/// What differs from the store: those that came or changed, and those that are gone.
pub(super) fn compare(
    store: &Store,
    library: LibraryId,
    found: &[FoundPicture],
) -> Result<(Vec<Changed>, Vec<PicturePlace>), StoreError> {
    let mut known = known_pictures(store, library)?;
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

fn known_pictures(
    store: &Store,
    library: LibraryId,
) -> Result<BTreeMap<(bool, Vec<u8>), PictureRow>, StoreError> {
    let prefix = library_prefix(library);
    store.read_blocking(|read| {
        let mut known = BTreeMap::new();
        for (beside, table) in [(false, PICTURES), (true, TRACK_PICTURES)] {
            for row in read.open_table(table)?.range(&prefix[..]..)? {
                let (key, row) = row?;
                if !key.value().starts_with(&prefix) {
                    break;
                }
                let path = picture_path(path_of(key.value()));
                known.insert((beside, path), PictureRow::from_bytes(row.value())?);
            }
        }
        Ok(known)
    })
}

/// Reads what came or changed and stores it.
pub(super) fn take_in(
    setup: &ScanSetup,
    now: Now,
    library: &ScannedLibrary,
    changed: Vec<Changed>,
    stop: &WalkProgress,
    progress: &Progress,
) -> Result<(), StoreError> {
    let mut changed = changed.into_iter().peekable();
    while changed.peek().is_some() && !is_cancelled(stop) {
        let mut batch = Vec::new();
        for picture in changed.by_ref().take(BATCH) {
            if is_cancelled(stop) {
                break;
            }
            let row = picture.read(library, progress);
            if Some(row) != picture.before {
                batch.push((picture.place, Some(row)));
            }
        }
        write(&setup.store, now, batch)?;
    }
    Ok(())
}

impl Changed {
    /// What it is. A picture that cannot be read now is tried again by the next scan.
    fn read(&self, library: &ScannedLibrary, progress: &Progress) -> PictureRow {
        let Self { size, mtime_ns, .. } = *self;
        let path = below(&library.folder, &self.place.path);
        let content = match PictureId::of_file(&library.folder, &path) {
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

/// Albums choose their pictures by the rules that are configured now.
pub(super) fn follow_rules(
    setup: &ScanSetup,
    now: Now,
    stop: &WalkProgress,
) -> Result<(), StoreError> {
    let followed = setup.store.read_blocking(|read| rules(&read.open_table(RULES)?))?;
    if followed.rules == *setup.rules && followed.albums_from.is_none() {
        return Ok(());
    }
    while !is_cancelled(stop) {
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
