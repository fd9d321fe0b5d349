//! What a walk found against what the store knows.

use std::{
    cmp::Ordering,
    collections::{HashMap, HashSet},
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use hexachord_audio::Fingerprint;
use hexachord_contracts::ids::{LibraryId, TrackId};
use hexachord_storage::{Store, StoreError};

use super::{
    ScannedLibrary,
    known::{KnownPart, count_tracks, each_known, each_known_file},
};
use crate::{
    store::{FILES, FileRow, FileState, Stat, place as at},
    walk::{Beside, Folders, Found},
};

/// A file to be read: new, changed, or all of them in a full scan.
#[derive(Debug, Clone)]
pub(super) struct ToRead {
    /// Place in the list of libraries.
    pub(super) library: usize,
    pub(super) relative: PathBuf,
    pub(super) stat: Stat,
    pub(super) beside: Option<Box<Beside>>,
    /// What it held when it was read last; nothing of a new one.
    pub(super) was: Vec<Before>,
}

/// The whole of a file, or a part that a cue sheet cut, when it was read last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Before {
    pub(super) part: Option<u16>,
    pub(super) state: FileState,
}

/// Known files of one library that are not there.
#[derive(Debug)]
pub(super) struct Gone {
    pub(super) library: LibraryId,
    pub(super) name: String,
    pub(super) folder: PathBuf,
    pub(super) places: Vec<Vec<u8>>,
    /// Of how many with a track in the whole library.
    pub(super) known: u64,
    /// There is no music at all in its folder.
    pub(super) is_empty: bool,
    /// Is a sudden loss of most files believed? Where nobody has the library configured.
    pub(super) believed: bool,
}

/// Tracks by their audio.
type ByAudio = HashMap<Fingerprint, HashSet<TrackId>>;

/// What there is to do after the walks.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) to_read: Vec<ToRead>,
    pub(super) gone: Vec<Gone>,
    /// Libraries whose folder is there and empty: they are not mounted, or all of it moved.
    pub(super) emptied: Vec<LibraryId>,
    /// Tracks whose file may have gone elsewhere: it is not at its place, or will be read again.
    pub(super) unsettled: ByAudio,
}

/// What differs in one library, before anyone decides whether to believe it.
#[derive(Debug)]
pub(super) struct Difference {
    to_read: Vec<ToRead>,
    pub(super) gone: Gone,
    unsettled: ByAudio,
    /// Files that are known where it was walked.
    pub(super) known: u64,
    /// Of those, the ones that are at their place with their size.
    pub(super) in_place: u64,
}

impl Difference {
    /// Compares what the walk of `folders` of the library at `place` found; `found` is by path. What
    /// is `unseen` (files and folders that could not be read) is neither there nor gone. `rules` are
    /// those by which tags are understood now.
    pub(super) fn of(
        store: &Store,
        (place, library): (usize, &ScannedLibrary),
        folders: &Folders,
        mut found: Vec<Found>,
        unseen: &[PathBuf],
        rules: u32,
        full: bool,
    ) -> Result<Self, StoreError> {
        if !found.is_sorted_by(|one, other| bytes(&one.relative) <= bytes(&other.relative)) {
            found.sort_by(|one, other| bytes(&one.relative).cmp(bytes(&other.relative)));
        }
        let mut this = Self {
            to_read: Vec::new(),
            gone: Gone::none(library),
            unsettled: HashMap::new(),
            known: 0,
            in_place: 0,
        };
        let mut found = found.into_iter().peekable();
        each_known_file(store, library.id, folders, |path, known| {
            this.known += 1;
            let plays = known.iter().filter(|(_, row)| matches!(row.state, FileState::Plays(..)));
            this.gone.known += plays.count() as u64;
            while let Some(new) = found.next_if(|found| bytes(&found.relative) < path) {
                this.to_read.push(ToRead::new(place, new, rules, Vec::new()));
            }
            let there = found.next_if(|found| bytes(&found.relative).cmp(path) == Ordering::Equal);
            let is_there = |(_, row): &(_, FileRow)| {
                there.as_ref().is_some_and(|there| there.size == row.stat.size)
            };
            this.in_place += u64::from(known.iter().any(is_there));
            match there {
                Some(file)
                    if full
                        || is_between(known)
                        || known.iter().any(|(_, it)| is_changed(&file, rules, it)) =>
                {
                    unsettle(&mut this.unsettled, known);
                    let was =
                        known.iter().map(|(part, row)| Before { part: *part, state: row.state });
                    this.to_read.push(ToRead::new(place, file, rules, was.collect()));
                }
                Some(_unchanged) => {}
                None => {
                    if !unseen.iter().any(|folder| is_unseen(path, bytes(folder))) {
                        unsettle(&mut this.unsettled, known);
                        let places = known.iter().map(|(part, _)| at(path, *part).into_owned());
                        this.gone.places.extend(places);
                    }
                }
            }
        })?;
        this.to_read.extend(found.map(|new| ToRead::new(place, new, rules, Vec::new())));
        if !folders.is_everything() {
            this.gone.known = count_tracks(store, library.id)?;
        }
        Ok(this)
    }
}

impl Plan {
    pub(super) fn take(&mut self, difference: Difference) {
        self.to_read.extend(difference.to_read);
        if difference.gone.is_empty {
            self.emptied.push(difference.gone.library);
        }
        self.gone.push(difference.gone);
        for (audio, tracks) in difference.unsettled {
            self.unsettled.entry(audio).or_default().extend(tracks);
        }
    }

    /// Libraries that are no longer configured: all their files are gone.
    pub(super) fn forget_others(
        &mut self,
        store: &Store,
        libraries: &[ScannedLibrary],
    ) -> Result<(), StoreError> {
        for id in known_libraries(store)? {
            if libraries.iter().any(|configured| configured.id == id) {
                continue;
            }
            let library = ScannedLibrary { id, name: "".into(), folder: PathBuf::new() };
            let mut gone = Gone { believed: true, ..Gone::none(&library) };
            each_known(store, id, &Folders::everything(), |place, file| {
                unsettle(&mut self.unsettled, &[(None, file)]);
                gone.places.push(place.to_vec());
            })?;
            self.gone.push(gone);
        }
        Ok(())
    }
}

impl Gone {
    fn none(library: &ScannedLibrary) -> Self {
        Self {
            library: library.id,
            name: library.name.to_string(),
            folder: library.folder.clone(),
            places: Vec::new(),
            known: 0,
            is_empty: false,
            believed: false,
        }
    }
}

impl ToRead {
    fn new(library: usize, found: Found, rules: u32, was: Vec<Before>) -> Self {
        let stat = stat_of(&found, rules);
        Self { library, relative: found.relative, stat, beside: found.beside, was }
    }
}

fn stat_of(found: &Found, rules: u32) -> Stat {
    Stat {
        size: found.size,
        mtime_ns: found.mtime_ns,
        ctime_ns: found.ctime_ns,
        inode: found.inode,
        beside: found.beside.as_ref().map_or(0, |beside| beside.stamp),
        rules,
    }
}

/// The whole and parts of it: a scan was broken off.
fn is_between(known: &[KnownPart]) -> bool {
    known.len() > 1 && known.iter().any(|(part, _)| part.is_none())
}

/// A file that could not be read is tried again by every scan: the reason may have been a moment of
/// its disk.
fn is_changed(found: &Found, rules: u32, known: &FileRow) -> bool {
    stat_of(found, rules) != known.stat || matches!(known.state, FileState::Unreadable { .. })
}

fn unsettle(unsettled: &mut ByAudio, known: &[KnownPart]) {
    for (_, row) in known {
        if let FileState::Plays(track, audio) = row.state {
            unsettled.entry(audio).or_default().insert(track);
        }
    }
}

pub(super) fn bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_bytes()
}

/// Is `path` what could not be seen, or below it? The empty one is the library's folder itself.
pub(super) fn is_unseen(path: &[u8], folder: &[u8]) -> bool {
    folder.is_empty()
        || path
            .strip_prefix(folder)
            .is_some_and(|rest| rest.first().is_none_or(|byte| *byte == b'/'))
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
mod tests;
