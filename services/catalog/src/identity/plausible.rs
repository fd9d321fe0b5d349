//! Which file of equal audio is which lost track: the most plausible pairs.

use std::collections::HashMap;

use super::matching::{MOST_EXACT, assign};
use crate::store::{TrackRow, folder_and_name};

/// For each of `files` the place of its track in `lost`; both are of one audio, by path.
pub(crate) fn pair(files: &[&TrackRow], lost: &[&TrackRow]) -> Vec<Option<usize>> {
    let mut paired = vec![None; files.len()];
    if files.len().max(lost.len()) > MOST_EXACT {
        pair_unmistakable(files, lost, &mut paired);
    }
    let mut is_free = vec![true; lost.len()];
    for track in paired.iter().flatten() {
        is_free[*track] = false;
    }
    let open: Vec<usize> = (0..files.len()).filter(|file| paired[*file].is_none()).collect();
    let free: Vec<usize> = (0..lost.len()).filter(|track| is_free[*track]).collect();
    let points = |file: usize, track: usize| likeness(files[open[file]], lost[free[track]]);
    for (file, track) in open.iter().zip(assign(open.len(), free.len(), points)) {
        paired[*file] = track.map(|track| free[track]);
    }
    paired
}

/// Points for what `file` and `track` share. Their audio is equal; the tags say most, then the
/// file's own name and its folder (also a folder that was renamed on the way), then the library.
fn likeness(file: &TrackRow, track: &TrackRow) -> i64 {
    let same = |equal: bool, points: i64| if equal { points } else { 0 };
    let (file_folder, file_name) = folder_and_name(&file.path);
    let (track_folder, track_name) = folder_and_name(&track.path);
    same(file.album == track.album, 16)
        + same(file.title == track.title, 12)
        + same(file.artists == track.artists, 8)
        + same(file.track_number == track.track_number, 6)
        + same(file.disc_number == track.disc_number, 2)
        + same(file_name == track_name, 8)
        + same(file_folder == track_folder, 8)
        + same(folder_and_name(file_folder).1 == folder_and_name(track_folder).1, 4)
        + same(file.library == track.library, 3)
}

/// All that a file and its track share after a move without a retag.
#[derive(PartialEq, Eq, Hash)]
struct Looks<'r> {
    tags: (u64, &'r str, Option<u32>, Option<u32>),
    artists: Vec<u64>,
    name: &'r [u8],
}

impl<'r> Looks<'r> {
    fn of(row: &'r TrackRow) -> Self {
        Self {
            tags: (row.album.0, &row.title, row.disc_number, row.track_number),
            artists: row.artists.iter().map(|artist| artist.id.0).collect(),
            name: folder_and_name(&row.path).1,
        }
    }
}

/// In a large group, pairs that look the same when nothing else looks like them.
fn pair_unmistakable(files: &[&TrackRow], lost: &[&TrackRow], paired: &mut [Option<usize>]) {
    let mut looks: HashMap<Looks<'_>, (Vec<usize>, Vec<usize>)> = HashMap::new();
    for (place, file) in files.iter().enumerate() {
        looks.entry(Looks::of(file)).or_default().0.push(place);
    }
    for (place, track) in lost.iter().enumerate() {
        looks.entry(Looks::of(track)).or_default().1.push(place);
    }
    for (files, lost) in looks.into_values() {
        if let ([file], [track]) = (files.as_slice(), lost.as_slice()) {
            paired[*file] = Some(*track);
        }
    }
}
