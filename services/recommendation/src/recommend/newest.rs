//! For somebody of whom nothing is known yet: what is new in the library.

use std::{cmp::Reverse, collections::HashMap};

use hexachord_contracts::recommendation::{Reason, Recommended};

use super::Question;
use crate::spread::{Candidate, NEWEST, best_first, spread};

/// Among so many of the newest tracks they are chosen.
const LOOKED_AT: usize = 5_000;

impl Question<'_> {
    /// The newest additions, spread over albums.
    pub(super) fn newest(&self, limit: usize) -> Vec<Recommended> {
        let library = &self.memory.library;
        let mut slots: Vec<u32> = self.open().collect();
        let newer = |slot: &u32| (Reverse(library.added(*slot)), library.id(*slot));
        if slots.len() > LOOKED_AT {
            slots.select_nth_unstable_by_key(LOOKED_AT, newer);
            slots.truncate(LOOKED_AT);
        }
        slots.sort_unstable_by_key(newer);
        let heard = self.tracks.iter().map(|(slot, row)| (*slot, row.heard(self.now)));
        let heard: HashMap<u32, f32> = heard.collect();
        #[expect(clippy::cast_precision_loss, reason = "some thousands")]
        let candidate = |(rank, slot): (usize, u32)| {
            let down = heard.get(&slot).copied().unwrap_or(0.0);
            let score = 1.0 - rank as f32 / LOOKED_AT as f32 - down;
            Candidate { score, id: library.id(slot), slot }
        };
        let candidates = slots.into_iter().enumerate().map(candidate).collect();
        let recommended = |one: Candidate| Recommended {
            track: one.id,
            score: one.score,
            reason: Reason::NewInLibrary,
        };
        spread(best_first(candidates), library, NEWEST, limit)
            .into_iter()
            .map(recommended)
            .collect()
    }
}
