//! What a walk found against what the store knows.

use std::{
    cmp::Ordering,
    collections::{HashMap, HashSet},
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use hexachord_audio::Fingerprint;
use hexachord_contracts::ids::{LibraryId, TrackId};
use hexachord_storage::{Record, Store, StoreError};

use super::ScannedLibrary;
use crate::{
    store::{FILES, FileRow, FileState, Stat, library_prefix, path_of},
    walk::Found,
};

/// A file to be read: new, changed, or all of them in a full scan.
#[derive(Debug)]
pub(super) struct ToRead {
    /// Place in the list of libraries.
    pub(super) library: usize,
    pub(super) relative: PathBuf,
    pub(super) stat: Stat,
    /// What it was when it was read last.
    pub(super) was: Option<FileState>,
}

/// Known files of one library that are not there.
#[derive(Debug)]
pub(super) struct Gone {
    pub(super) library: LibraryId,
    pub(super) name: String,
    pub(super) paths: Vec<Vec<u8>>,
    /// Of how many with a track.
    pub(super) known: u64,
    /// Is a sudden loss of most files believed? Only where nobody has the library configured.
    pub(super) believed: bool,
}

/// What there is to do after the walk.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) to_read: Vec<ToRead>,
    pub(super) gone: Vec<Gone>,
    /// Tracks whose file may have gone elsewhere: it is not at its place, or will be read again.
    pub(super) unsettled: HashMap<Fingerprint, HashSet<TrackId>>,
}

impl Plan {
    /// Compares what the walk of the library at `place` found; `found` is by path. What
    /// is `unseen` (files and folders that could not be read) is neither there nor gone.
    pub(super) fn compare(
        &mut self,
        store: &Store,
        (place, library): (usize, &ScannedLibrary),
        mut found: Vec<Found>,
        unseen: &[PathBuf],
        full: bool,
    ) -> Result<(), StoreError> {
        if !found.is_sorted_by(|one, other| bytes(&one.relative) <= bytes(&other.relative)) {
            found.sort_by(|one, other| bytes(&one.relative).cmp(bytes(&other.relative)));
        }
        let mut gone = Gone::none(library.id, &library.name);
        let mut found = found.into_iter().peekable();
        each_known(store, library.id, |path, known| {
            gone.known += u64::from(matches!(known.state, FileState::Plays(..)));
            while let Some(new) = found.next_if(|found| bytes(&found.relative) < path) {
                self.to_read.push(ToRead::new(place, new, None));
            }
            let there = found.next_if(|found| bytes(&found.relative).cmp(path) == Ordering::Equal);
            match there {
                Some(file) if full || is_changed(&file, &known) => {
                    unsettle(&mut self.unsettled, &known);
                    self.to_read.push(ToRead::new(place, file, Some(known.state)));
                }
                Some(_unchanged) => {}
                None => {
                    if !unseen.iter().any(|folder| is_unseen(path, bytes(folder))) {
                        unsettle(&mut self.unsettled, &known);
                        gone.paths.push(path.to_vec());
                    }
                }
            }
        })?;
        self.to_read.extend(found.map(|new| ToRead::new(place, new, None)));
        self.gone.push(gone);
        Ok(())
    }

    /// The library's folder is there and empty: its tracks stay, unless their audio turns up
    /// elsewhere. How many there are.
    pub(super) fn leave_empty(
        &mut self,
        store: &Store,
        library: &ScannedLibrary,
    ) -> Result<u64, StoreError> {
        let mut known = 0;
        each_known(store, library.id, |_, file| {
            known += 1;
            unsettle(&mut self.unsettled, &file);
        })?;
        Ok(known)
    }

    /// The library cannot be walked: its tracks stay, and no copy elsewhere takes their ids. How many
    /// there are.
    pub(super) fn leave_alone(store: &Store, library: &ScannedLibrary) -> Result<u64, StoreError> {
        let mut known = 0;
        each_known(store, library.id, |_, _| known += 1)?;
        Ok(known)
    }

    /// Libraries that are no longer configured: all their files are gone.
    pub(super) fn forget_others(
        &mut self,
        store: &Store,
        libraries: &[ScannedLibrary],
    ) -> Result<(), StoreError> {
        for library in known_libraries(store)? {
            if libraries.iter().any(|configured| configured.id == library) {
                continue;
            }
            let mut gone = Gone { believed: true, ..Gone::none(library, "") };
            each_known(store, library, |path, file| {
                unsettle(&mut self.unsettled, &file);
                gone.paths.push(path.to_vec());
            })?;
            self.gone.push(gone);
        }
        Ok(())
    }
}

impl Gone {
    fn none(library: LibraryId, name: &str) -> Self {
        Self { library, name: name.to_owned(), paths: Vec::new(), known: 0, believed: false }
    }
}

impl ToRead {
    fn new(library: usize, found: Found, was: Option<FileState>) -> Self {
        let stat = stat_of(&found);
        Self { library, relative: found.relative, stat, was }
    }
}

fn stat_of(found: &Found) -> Stat {
    Stat {
        size: found.size,
        mtime_ns: found.mtime_ns,
        ctime_ns: found.ctime_ns,
        inode: found.inode,
        beside: 0,
    }
}

/// A file that could not be read is tried again by every scan: the reason may have been a moment of
/// its disk.
fn is_changed(found: &Found, known: &FileRow) -> bool {
    stat_of(found) != known.stat || matches!(known.state, FileState::Unreadable { .. })
}

fn unsettle(unsettled: &mut HashMap<Fingerprint, HashSet<TrackId>>, file: &FileRow) {
    if let FileState::Plays(track, audio) = file.state {
        unsettled.entry(audio).or_default().insert(track);
    }
}

fn bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_bytes()
}

/// Is `path` what could not be seen, or below it? The empty one is the library's folder itself.
fn is_unseen(path: &[u8], folder: &[u8]) -> bool {
    folder.is_empty()
        || path
            .strip_prefix(folder)
            .is_some_and(|rest| rest.first().is_none_or(|byte| *byte == b'/'))
}

/// Every known file of the library, by path.
fn each_known(
    store: &Store,
    library: LibraryId,
    mut file: impl FnMut(&[u8], FileRow),
) -> Result<(), StoreError> {
    let prefix = library_prefix(library);
    store.read_blocking(|read| {
        for row in read.open_table(FILES)?.range(&prefix[..]..)? {
            let (key, row) = row?;
            if !key.value().starts_with(&prefix) {
                break;
            }
            file(path_of(key.value()), FileRow::from_bytes(row.value())?);
        }
        Ok(())
    })
}

/// Libraries with known files, each found by one seek.
fn known_libraries(store: &Store) -> Result<Vec<LibraryId>, StoreError> {
    store.read_blocking(|read| {
        let files = read.open_table(FILES)?;
        let mut libraries = Vec::new();
        let mut from = Some(0_u64);
        while let Some(next) = from {
            let first = files.range(&next.to_be_bytes()[..]..)?.next().transpose()?;
            let found = first.and_then(|(key, _)| key.value().first_chunk::<8>().copied());
            let found = found.map(u64::from_be_bytes);
            libraries.extend(found.map(LibraryId));
            from = found.and_then(|library| library.checked_add(1));
        }
        Ok(libraries)
    })
}

#[cfg(test)]
mod tests {
    use hexachord_storage::Backing;

    use super::*;
    use crate::store::{FileRow, file_key, open};

    fn library() -> ScannedLibrary {
        ScannedLibrary { id: LibraryId(7), name: "Music".into(), folder: PathBuf::from("/music") }
    }

    fn stat(size: u64) -> Stat {
        Stat { size, mtime_ns: 1, ctime_ns: 2, inode: 3, beside: 0 }
    }

    fn found(path: &str, size: u64) -> Found {
        let relative = PathBuf::from(path);
        Found { relative, size, mtime_ns: 1, ctime_ns: 2, inode: 3, device: 4 }
    }

    /// A store that knows these files, each of ten bytes and a track of its own.
    fn store_of(paths: &'static [&'static str]) -> Store {
        let store = open(Backing::Memory, 1).unwrap();
        let write = move |write: &redb::WriteTransaction| {
            let mut files = write.open_table(FILES)?;
            for (number, path) in (0_u8..).zip(paths) {
                let state = FileState::Plays(TrackId(number.into()), Fingerprint([number; 16]));
                let row = FileRow { stat: stat(10), state };
                let key = file_key(LibraryId(7), path.as_bytes());
                files.insert(key.as_slice(), row.to_bytes()?.as_slice())?;
            }
            Ok(())
        };
        store.write_blocking(write).unwrap();
        store
    }

    fn compare(store: &Store, walked: Vec<Found>, unseen: &[&str], full: bool) -> Plan {
        let unseen: Vec<PathBuf> = unseen.iter().map(PathBuf::from).collect();
        let mut plan = Plan::default();
        plan.compare(store, (0, &library()), walked, &unseen, full).unwrap();
        plan
    }

    fn to_read(plan: &Plan) -> Vec<(&str, bool)> {
        let name = |file: &'_ ToRead| file.was.is_some();
        plan.to_read.iter().map(|f| (f.relative.to_str().unwrap(), name(f))).collect()
    }

    #[test]
    fn new_changed_gone_and_unchanged_are_told_apart() {
        let store = store_of(&["a b/x", "a/x", "c", "d"]);
        // The walk may come in another order than that of the bytes.
        let walked = vec![found("a/x", 10), found("a b/x", 11), found("b", 1), found("d", 10)];
        let plan = compare(&store, walked, &[], false);
        assert_eq!(to_read(&plan), [("a b/x", true), ("b", false)]);
        assert_eq!((&plan.gone[0].paths, plan.gone[0].known), (&vec![b"c".to_vec()], 4));
        let unsettled: HashSet<TrackId> = plan.unsettled.into_values().flatten().collect();
        assert_eq!(unsettled, HashSet::from([TrackId(0), TrackId(2)]));
    }

    #[test]
    fn a_full_scan_reads_everything() {
        let store = store_of(&["a", "b"]);
        let plan = compare(&store, vec![found("a", 10), found("b", 10)], &[], true);
        assert_eq!(to_read(&plan), [("a", true), ("b", true)]);
    }

    #[test]
    fn what_lies_in_a_folder_that_cannot_be_read_is_not_gone() {
        let store = store_of(&["closed/a", "closed too", "open/b"]);
        let plan = compare(&store, Vec::new(), &["closed"], false);
        assert_eq!(plan.gone[0].paths, [b"closed too".to_vec(), b"open/b".to_vec()]);
    }

    #[test]
    fn a_file_or_a_whole_library_that_cannot_be_seen_is_not_gone() {
        let store = store_of(&["a", "ab", "b/c"]);
        let plan = compare(&store, Vec::new(), &["a"], false);
        assert_eq!(plan.gone[0].paths, [b"ab".to_vec(), b"b/c".to_vec()]);
        assert_eq!(plan.unsettled.len(), 2);
        let plan = compare(&store, vec![found("a", 10)], &[""], false);
        assert!(plan.gone[0].paths.is_empty() && plan.unsettled.is_empty());
    }

    #[test]
    fn a_library_that_is_no_longer_configured_is_gone() {
        let store = store_of(&["a", "b"]);
        let mut plan = Plan::default();
        plan.forget_others(&store, &[library()]).unwrap();
        assert!(plan.gone.is_empty());
        plan.forget_others(&store, &[]).unwrap();
        assert_eq!((plan.gone[0].paths.len(), plan.gone[0].believed), (2, true));
    }
}
