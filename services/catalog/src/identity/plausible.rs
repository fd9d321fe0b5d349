//! Which file of equal audio is which lost track: the most plausible pairs.

use std::{collections::HashMap, hash::Hash};

use super::matching::{MOST_EXACT, assign};
use crate::store::{Stat, TrackRow, folder_and_name};

/// A file that was read, or a track as it was where it was last.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate<'r> {
    pub(crate) row: &'r TrackRow,
    /// `None`: the track has been missing since an earlier scan.
    pub(crate) stat: Option<Stat>,
}

/// For each of `files` the place of its track in `lost`; both are of one audio, by path.
pub(crate) fn pair(files: &[Candidate<'_>], lost: &[Candidate<'_>]) -> Vec<Option<usize>> {
    let mut pairs = Pairs::new(files, lost);
    pairs.take_alike(|candidate| SameFile::of(*candidate));
    pairs.take_alike(|candidate| Some(SamePlace::of(candidate.row)));
    if files.len().max(lost.len()) > MOST_EXACT {
        pairs.take_alike(|candidate| Some(SameName::of(candidate.row)));
    }
    let (open, free) = (pairs.open(), pairs.free());
    let points = |file: usize, track: usize| likeness(files[open[file]].row, lost[free[track]].row);
    for (file, track) in open.iter().zip(assign(open.len(), free.len(), points)) {
        pairs.of_files[*file] = track.map(|track| free[track]);
    }
    pairs.of_files
}

/// Points for what `file` and `track` share. Their audio is equal; the tags say most, then the
/// file's own name and its folder (also a folder that was renamed on the way), where a part of a file
/// begins, then the library. A
/// track that was there until now is likelier than one that has been missing for long.
fn likeness(file: &TrackRow, track: &TrackRow) -> i64 {
    let same = |equal: bool, points: i64| if equal { points } else { 0 };
    let (file_folder, file_name) = folder_and_name(&file.path);
    let (track_folder, track_name) = folder_and_name(&track.path);
    same(file.album == track.album, 16)
        + same(file.title == track.title, 12)
        + same(track.missing_since.is_none(), 10)
        + same(file.artists == track.artists, 8)
        + same(file.track_number == track.track_number, 6)
        + same(begins(file).is_some() && begins(file) == begins(track), 7)
        + same(file.disc_number == track.disc_number, 2)
        + same(file_name == track_name, 8)
        + same(file_folder == track_folder, 8)
        + same(folder_and_name(file_folder).1 == folder_and_name(track_folder).1, 4)
        + same(file.library == track.library, 3)
}

/// Where in its file a part begins.
fn begins(row: &TrackRow) -> Option<u64> {
    row.part.map(|part| part.start_us)
}

/// What is decided so far.
struct Pairs<'c> {
    files: &'c [Candidate<'c>],
    lost: &'c [Candidate<'c>],
    of_files: Vec<Option<usize>>,
}

impl<'c> Pairs<'c> {
    fn new(files: &'c [Candidate<'c>], lost: &'c [Candidate<'c>]) -> Self {
        Self { files, lost, of_files: vec![None; files.len()] }
    }

    /// Files without a track.
    fn open(&self) -> Vec<usize> {
        (0..self.files.len()).filter(|file| self.of_files[*file].is_none()).collect()
    }

    /// Tracks without a file.
    fn free(&self) -> Vec<usize> {
        let mut is_free = vec![true; self.lost.len()];
        for track in self.of_files.iter().flatten() {
            is_free[*track] = false;
        }
        (0..self.lost.len()).filter(|track| is_free[*track]).collect()
    }

    /// Pairs a file and a track that look the same when nothing else looks like them.
    fn take_alike<K: Hash + Eq>(&mut self, look: impl Fn(&'c Candidate<'c>) -> Option<K>) {
        let mut looks: HashMap<K, (Vec<usize>, Vec<usize>)> = HashMap::new();
        for file in self.open() {
            if let Some(look) = look(&self.files[file]) {
                looks.entry(look).or_default().0.push(file);
            }
        }
        for track in self.free() {
            if let Some(look) = look(&self.lost[track]) {
                looks.entry(look).or_default().1.push(track);
            }
        }
        for (files, lost) in looks.into_values() {
            if let ([file], [track]) = (files.as_slice(), lost.as_slice()) {
                self.of_files[*file] = Some(*track);
            }
        }
    }
}

/// The tags that tell equal audio apart.
#[derive(PartialEq, Eq, Hash)]
struct SameTags<'r> {
    words: (u64, &'r str, Option<u32>, Option<u32>),
    artists: Vec<u64>,
}

impl<'r> SameTags<'r> {
    fn of(row: &'r TrackRow) -> Self {
        Self {
            words: (row.album.0, &row.title, row.disc_number, row.track_number),
            artists: row.artists.iter().map(|artist| artist.id.0).collect(),
        }
    }
}

/// What a rename leaves: nobody wrote into the file. Inodes are used again, so one alone says little.
#[derive(PartialEq, Eq, Hash)]
struct SameFile<'r>((u64, u64, i64), SameTags<'r>);

impl<'r> SameFile<'r> {
    fn of(candidate: Candidate<'r>) -> Option<Self> {
        let Stat { inode, size, mtime_ns, .. } = candidate.stat?;
        Some(Self((inode, size, mtime_ns), SameTags::of(candidate.row)))
    }
}

/// A file that is back as it was.
#[derive(PartialEq, Eq, Hash)]
struct SamePlace<'r>((u64, &'r [u8]), SameTags<'r>);

impl<'r> SamePlace<'r> {
    fn of(row: &'r TrackRow) -> Self {
        Self((row.library.0, &row.path), SameTags::of(row))
    }
}

/// All that a file and its track share after a move without a retag.
#[derive(PartialEq, Eq, Hash)]
struct SameName<'r>(&'r [u8], SameTags<'r>);

impl<'r> SameName<'r> {
    fn of(row: &'r TrackRow) -> Self {
        Self(folder_and_name(&row.path).1, SameTags::of(row))
    }
}
