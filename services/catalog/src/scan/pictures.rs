//! Pictures that stand for their folders: what changed since the last scan.

use std::os::unix::ffi::OsStrExt;

use hexachord_contracts::ids::LibraryId;
use hexachord_storage::{Store, StoreError};

use super::{Now, known::known_pictures};
use crate::{
    store::{Apply, PictureRow},
    walk::{Folders, FoundPicture},
};

/// Pictures by path, with what is new of them; `None`: gone.
pub(super) type PictureChanges = Vec<(Vec<u8>, Option<PictureRow>)>;

/// What differs from the store in `folders`: first those that came or changed, then those that are gone.
pub(super) fn compare(
    store: &Store,
    library: LibraryId,
    folders: &Folders,
    found: &[FoundPicture],
) -> Result<(PictureChanges, PictureChanges), StoreError> {
    let mut known = known_pictures(store, library, folders)?;
    let mut there = Vec::new();
    for picture in found {
        let path = picture.relative.as_os_str().as_bytes();
        let row = PictureRow { size: picture.size, mtime_ns: picture.mtime_ns };
        if known.remove(path) != Some(row) {
            there.push((path.to_vec(), Some(row)));
        }
    }
    Ok((there, known.into_keys().map(|path| (path, None)).collect()))
}

pub(super) fn write(
    store: &Store,
    now: Now,
    library: LibraryId,
    changes: PictureChanges,
) -> Result<(), StoreError> {
    if changes.is_empty() {
        return Ok(());
    }
    store.write_blocking(move |write| {
        let mut apply = Apply::new(write, now)?;
        for (path, picture) in &changes {
            apply.set_picture(library, path, *picture)?;
        }
        apply.finish().map(drop)
    })
}
