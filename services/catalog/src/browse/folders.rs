//! Folders: what lies in one, read from the table of files, which is in the order of their paths.
//!
//! A page costs one step for each file that lies in the folder itself and one seek for each
//! sub-folder, however much lies below: the table is in the order of the bytes, and the page is in the
//! order of names as people sort them, so all names of this one folder are looked at. As many are kept
//! as the page has rows.

use std::{collections::BTreeMap, ops::Bound};

use hexachord_contracts::{
    catalog::{CatalogError, FolderId, FolderItem, FolderPage, FolderRef, ListFolder},
    ids::TrackId,
};
use hexachord_storage::{Record, StoreError};
use redb::{ReadOnlyTable, ReadTransaction};

use super::{
    Answer, Tracks, Viewer, behind,
    cursor::{decoded, encoded},
    invalid, limit_of, not_found,
};
use crate::{
    identity::sort_text,
    store::{FILES, FileRow, FileState, file_key, folder_and_name},
};

/// Lists a folder of the library called `library`.
pub(crate) fn list_folder(
    call: ListFolder,
    viewer: Viewer,
    library: String,
) -> Result<impl FnOnce(&ReadTransaction) -> Answer<FolderPage> + use<>, CatalogError> {
    let limit = limit_of(&call.paging)?;
    let folder = call.folder;
    let after = call.paging.cursor.as_deref().map(|text| Place::from_cursor(text, &folder));
    let after = after.transpose()?;
    Ok(move |read: &ReadTransaction| {
        let mut level = Level::new(&folder, after, limit + 1);
        level.read(&read.open_table(FILES)?)?;
        if level.is_empty && !folder.path.is_empty() {
            return Ok(Err(not_found("folder")));
        }
        let mut found = level.first.into_iter().peekable();
        let mut tracks = Tracks::open(read, viewer)?;
        let (mut items, mut last) = (Vec::new(), None);
        for (place, track) in found.by_ref().take(limit) {
            items.extend(match track {
                None => Some(FolderItem::Folder(below(&folder, &place.name))),
                Some(id) => tracks.get(id)?.map(|track| FolderItem::Track(Box::new(track))),
            });
            last = Some(place);
        }
        let last = last.filter(|_| found.peek().is_some());
        let next_cursor = last.map(|place| place.to_cursor(&folder));
        let (above, name) = (above(&folder, &library), name_of(&folder, &library));
        Ok(Ok(FolderPage { id: folder, name, above, items, next_cursor }))
    })
}

/// Where something stands in its folder: folders first, then tracks, by name.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    is_track: bool,
    sort: String,
    name: Vec<u8>,
}

impl Place {
    fn new(is_track: bool, name: &[u8]) -> Self {
        let sort = sort_text(&String::from_utf8_lossy(name), false);
        Self { is_track, sort, name: name.to_vec() }
    }

    fn to_cursor(&self, folder: &FolderId) -> String {
        encoded(&[&mark(folder)[..], &[u8::from(self.is_track)], &self.name].concat())
    }

    fn from_cursor(text: &str, folder: &FolderId) -> Result<Self, CatalogError> {
        let read = || {
            let bytes = decoded(text)?;
            let (kind, name) = bytes.strip_prefix(&mark(folder))?.split_first()?;
            (*kind <= 1).then(|| Self::new(*kind == 1, name))
        };
        read().ok_or_else(|| invalid("cursor", "is not a cursor of this folder"))
    }
}

/// Tells the cursors of folders apart.
fn mark(folder: &FolderId) -> [u8; 8] {
    let hash = *blake3::hash(&file_key(folder.library, &folder.path)).as_bytes();
    hash.first_chunk().copied().unwrap_or_default()
}

/// What lies in one folder and plays, or has something below it that does.
struct Level {
    /// Of the keys of everything below.
    prefix: Vec<u8>,
    after: Option<Place>,
    /// How many are kept.
    most: usize,
    /// The first ones behind `after`; a folder has no track.
    first: BTreeMap<Place, Option<TrackId>>,
    is_empty: bool,
}

impl Level {
    fn new(folder: &FolderId, after: Option<Place>, most: usize) -> Self {
        let mut prefix = file_key(folder.library, &folder.path);
        if !folder.path.is_empty() {
            prefix.push(b'/');
        }
        Self { prefix, after, most, first: BTreeMap::new(), is_empty: true }
    }

    fn read(&mut self, files: &Files) -> Result<(), StoreError> {
        let mut from = Some(self.prefix.clone());
        while let Some(start) = from.take() {
            for file in range(files, &start, &self.prefix)? {
                let (key, row) = file?;
                let Some(rest) = key.value().strip_prefix(self.prefix.as_slice()) else { break };
                let plays = track_of(row.value())?;
                if let Some(end) = rest.iter().position(|byte| *byte == b'/') {
                    let everything = &key.value()[..=self.prefix.len() + end];
                    if plays.is_some() || any_plays(files, everything)? {
                        self.offer(Place::new(false, &rest[..end]), None);
                    }
                    from = behind(everything);
                    break;
                }
                if let Some(track) = plays {
                    self.offer(Place::new(true, rest), Some(track));
                }
            }
        }
        Ok(())
    }

    fn offer(&mut self, place: Place, track: Option<TrackId>) {
        self.is_empty = false;
        if self.after.as_ref().is_none_or(|after| *after < place) {
            self.first.insert(place, track);
            if self.first.len() > self.most {
                self.first.pop_last();
            }
        }
    }
}

type Files = ReadOnlyTable<&'static [u8], &'static [u8]>;

/// The files from `start` on, up to the last one with `prefix`.
fn range<'t>(
    files: &'t Files,
    start: &[u8],
    prefix: &[u8],
) -> Result<redb::Range<'t, &'static [u8], &'static [u8]>, StoreError> {
    let end = behind(prefix);
    let end = end.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
    Ok(files.range::<&[u8]>((Bound::Included(start), end))?)
}

fn track_of(file: &[u8]) -> Result<Option<TrackId>, StoreError> {
    Ok(match FileRow::from_bytes(file)?.state {
        FileState::Plays(track, _) => Some(track),
        FileState::Unreadable { .. } => None,
    })
}

/// Usually the first file says it: only unreadable ones are passed over.
fn any_plays(files: &Files, prefix: &[u8]) -> Result<bool, StoreError> {
    for file in range(files, prefix, prefix)? {
        if track_of(file?.1.value())?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn below(folder: &FolderId, name: &[u8]) -> FolderRef {
    let separator: &[u8] = if folder.path.is_empty() { b"" } else { b"/" };
    let path = [&folder.path, separator, name].concat();
    let id = FolderId { library: folder.library, path };
    FolderRef { id, name: String::from_utf8_lossy(name).into_owned() }
}

fn name_of(folder: &FolderId, library: &str) -> String {
    if folder.path.is_empty() {
        return library.to_owned();
    }
    String::from_utf8_lossy(folder_and_name(&folder.path).1).into_owned()
}

/// The folders above, from the library down.
fn above(folder: &FolderId, library: &str) -> Vec<FolderRef> {
    let mut above = Vec::new();
    let mut path = folder.path.as_slice();
    while !path.is_empty() {
        path = folder_and_name(path).0;
        let id = FolderId { library: folder.library, path: path.to_vec() };
        above.push(FolderRef { name: name_of(&id, library), id });
    }
    above.reverse();
    above
}
