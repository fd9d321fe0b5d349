//! The files and pictures that the store knows in some folders of a library.

use std::{collections::BTreeMap, os::unix::ffi::OsStrExt};

use hexachord_contracts::ids::LibraryId;
use hexachord_storage::{Record, Store, StoreError};
use redb::{ReadOnlyTable, ReadTransaction};

use crate::{
    store::{
        COUNTS, FILES, FileRow, PICTURES, PictureRow, TRACK_PICTURES, file_key, library_prefix,
        path_and_part, path_of, picture_path,
    },
    walk::{Depth, Folders},
};

type Table = ReadOnlyTable<&'static [u8], &'static [u8]>;

/// Gives every known file in `folders`, and every part of one, to `file`, by its place.
pub(super) fn each_known(
    store: &Store,
    library: LibraryId,
    folders: &Folders,
    mut file: impl FnMut(&[u8], FileRow),
) -> Result<(), StoreError> {
    store.read_blocking(|read| {
        let files = read.open_table(FILES)?;
        if folders.is_everything() {
            return each_below(&files, &library_prefix(library), |key, row| {
                file(path_of(key), FileRow::from_bytes(row)?);
                Ok(())
            });
        }
        // Folders interlock: a deep one may lie in one that is not.
        let mut known = BTreeMap::new();
        for (folder, depth) in folders.iter() {
            let prefix = below(library, folder.as_os_str().as_bytes());
            let take = |key: &[u8], row: &[u8]| {
                known.insert(path_of(key).to_vec(), FileRow::from_bytes(row)?);
                Ok(())
            };
            match depth {
                Depth::Deep => each_below(&files, &prefix, take)?,
                Depth::Shallow => each_directly_below(&files, &prefix, take)?,
            }
        }
        for (path, row) in known {
            file(&path, row);
        }
        Ok(())
    })
}

/// The whole of a file (`None`) or a part of it, by its number.
pub(super) type KnownPart = (Option<u16>, FileRow);

/// Gives every known file in `folders` with all its parts to `file`, by path.
pub(super) fn each_known_file(
    store: &Store,
    library: LibraryId,
    folders: &Folders,
    mut file: impl FnMut(&[u8], &[KnownPart]),
) -> Result<(), StoreError> {
    let (mut known, mut parts) = (Vec::new(), Vec::new());
    each_known(store, library, folders, |place, row| {
        let (path, part) = path_and_part(place);
        if !parts.is_empty() && known != path {
            file(&known, &parts);
            parts.clear();
        }
        if parts.is_empty() {
            known.clear();
            known.extend_from_slice(path);
        }
        parts.push((part, row));
    })?;
    if !parts.is_empty() {
        file(&known, &parts);
    }
    Ok(())
}

/// How many files of a library are known.
pub(super) fn count_known(store: &Store, library: LibraryId) -> Result<u64, StoreError> {
    let mut known = 0;
    each_known_file(store, library, &Folders::everything(), |_, _| known += 1)?;
    Ok(known)
}

/// How many tracks of a library are not missing, without counting them.
pub(super) fn count_tracks(store: &Store, library: LibraryId) -> Result<u64, StoreError> {
    store.read_blocking(|read| {
        let counts = read.open_table(COUNTS)?;
        Ok(counts.get(library.0)?.map_or(0, |count| count.value()))
    })
}

/// Known pictures in `folders`, by whether they lie beside a track, and by path.
pub(super) fn known_pictures(
    store: &Store,
    library: LibraryId,
    folders: &Folders,
) -> Result<BTreeMap<(bool, Vec<u8>), PictureRow>, StoreError> {
    store.read_blocking(|read: &ReadTransaction| {
        let mut known = BTreeMap::new();
        for (beside, table) in [(false, PICTURES), (true, TRACK_PICTURES)] {
            let pictures = read.open_table(table)?;
            each_picture(&pictures, library, folders, |path, row| {
                known.insert((beside, path), row);
            })?;
        }
        Ok(known)
    })
}

fn each_picture(
    pictures: &Table,
    library: LibraryId,
    folders: &Folders,
    mut picture: impl FnMut(Vec<u8>, PictureRow),
) -> Result<(), StoreError> {
    let mut take = |key: &[u8], row: &[u8]| {
        picture(picture_path(path_of(key)), PictureRow::from_bytes(row)?);
        Ok(())
    };
    if folders.is_everything() {
        return each_below(pictures, &library_prefix(library), &mut take);
    }
    for (folder, depth) in folders.iter() {
        let folder = folder.as_os_str().as_bytes();
        // A folder's own pictures stand behind a NUL.
        each_below(pictures, &[&file_key(library, folder)[..], &[0]].concat(), &mut take)?;
        if depth == Depth::Deep {
            each_below(pictures, &below(library, folder), &mut take)?;
        }
    }
    Ok(())
}

/// What the keys of all that lies below a folder begin with.
fn below(library: LibraryId, folder: &[u8]) -> Vec<u8> {
    let mut prefix = file_key(library, folder);
    if !folder.is_empty() {
        prefix.push(b'/');
    }
    prefix
}

fn each_below(
    table: &Table,
    prefix: &[u8],
    mut take: impl FnMut(&[u8], &[u8]) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    for row in table.range(prefix..)? {
        let (key, row) = row?;
        if !key.value().starts_with(prefix) {
            break;
        }
        take(key.value(), row.value())?;
    }
    Ok(())
}

/// Jumps over sub-folders, whatever they hold.
fn each_directly_below(
    table: &Table,
    prefix: &[u8],
    mut take: impl FnMut(&[u8], &[u8]) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut from = Some(prefix.to_vec());
    while let Some(start) = from.take() {
        for row in table.range(start.as_slice()..)? {
            let (key, row) = row?;
            let Some(rest) = key.value().strip_prefix(prefix) else { break };
            if let Some(slash) = rest.iter().position(|byte| *byte == b'/') {
                let behind = [prefix, &rest[..slash], &[b'/' + 1]].concat();
                from = Some(behind);
                break;
            }
            take(key.value(), row.value())?;
        }
    }
    Ok(())
}
