//! The best, spread: not too many of an album or an artist in a row.

use std::{cmp::Ordering, collections::BinaryHeap, collections::HashMap};

use hexachord_contracts::ids::{AlbumId, TrackId};

use crate::knowledge::Library;

/// How many tracks are looked at together.
const ROW: usize = 20;
/// In each row, of an album and of an artist at most so many.
pub(crate) const FOR_YOU: Limits = Limits { album: 2, artist: 3 };
pub(crate) const ALIKE: Limits = Limits { album: 3, artist: 10 };
pub(crate) const MIXED: Limits = Limits { album: 3, artist: 4 };
pub(crate) const NEWEST: Limits = Limits { album: 1, artist: 3 };
/// So many are passed over before a row ends early.
const LOOK_AHEAD: usize = 2_000;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    album: u32,
    artist: u32,
}

/// The greater is the better one; of equal scores the one with the lower id.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Candidate {
    pub(crate) score: f32,
    pub(crate) id: TrackId,
    pub(crate) slot: u32,
}

impl Eq for Candidate {}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        self.score.total_cmp(&other.score).then(other.id.cmp(&self.id))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Best first, sorted only as far as they are asked for.
pub(crate) fn best_first(candidates: Vec<Candidate>) -> impl Iterator<Item = Candidate> {
    let mut heap = BinaryHeap::from(candidates);
    std::iter::from_fn(move || heap.pop())
}

/// The first `limit` of what comes best first, as far as the limits of each row allow; who is passed
/// over comes first in the next row. When nothing else is left they come all the same.
/// Scores never rise along the way.
pub(crate) fn spread(
    best_first: impl Iterator<Item = Candidate>,
    library: &Library,
    limits: Limits,
    limit: usize,
) -> Vec<Candidate> {
    let mut rest = best_first.peekable();
    let mut chosen: Vec<Candidate> = Vec::new();
    let mut passed_over: Vec<Candidate> = Vec::new();
    while chosen.len() < limit && !(passed_over.is_empty() && rest.peek().is_none()) {
        let mut row = Row::new(library, limits);
        let before = std::mem::take(&mut passed_over);
        let mut waiting = before.into_iter();
        while row.taken < ROW && chosen.len() < limit && passed_over.len() < LOOK_AHEAD {
            let Some(mut next) = waiting.next().or_else(|| rest.next()) else { break };
            if row.takes(next.slot) {
                let least = chosen.last().map_or(f32::INFINITY, |last| last.score);
                next.score = next.score.min(least);
                chosen.push(next);
            } else {
                passed_over.push(next);
            }
        }
        passed_over.extend(waiting);
    }
    chosen
}

struct Row<'l> {
    library: &'l Library,
    limits: Limits,
    taken: usize,
    albums: HashMap<AlbumId, u32>,
    /// By tag.
    artists: HashMap<usize, u32>,
}

impl<'l> Row<'l> {
    fn new(library: &'l Library, limits: Limits) -> Self {
        Self { library, limits, taken: 0, albums: HashMap::new(), artists: HashMap::new() }
    }

    fn takes(&mut self, slot: u32) -> bool {
        let albums = self.albums.entry(self.library.album(slot)).or_default();
        let artist = self.library.first_artist(slot);
        let of_artist = artist.and_then(|artist| self.artists.get(&artist)).copied().unwrap_or(0);
        if *albums >= self.limits.album || of_artist >= self.limits.artist {
            return false;
        }
        *albums += 1;
        if let Some(artist) = artist {
            *self.artists.entry(artist).or_default() += 1;
        }
        self.taken += 1;
        true
    }
}

#[cfg(test)]
mod tests;
