//! Whose boost changed last, so that not all boosts are made anew.

use std::collections::VecDeque;

use hexachord_contracts::item::ItemId;

/// Changes that are remembered. To make all boosts anew costs as much as to look so many items up
/// among a hundred thousand documents.
const MOST: usize = 256;

/// Counted changes, and what the last of them are of.
#[derive(Debug, Clone, Default)]
pub(super) struct Changes {
    generation: u64,
    last: VecDeque<ItemId>,
}

impl Changes {
    /// Grows with every change.
    pub(super) fn generation(&self) -> u64 {
        self.generation
    }

    pub(super) fn add(&mut self, item: ItemId) {
        if self.last.len() == MOST {
            self.last.pop_front();
        }
        self.last.push_back(item);
        self.generation += 1;
    }

    /// What changed after `generation`; `None` when that is not remembered.
    pub(super) fn since(&self, generation: u64) -> Option<impl Iterator<Item = ItemId>> {
        let count = usize::try_from(self.generation.checked_sub(generation)?).ok()?;
        let known = self.last.len().checked_sub(count)?;
        Some(self.last.iter().skip(known).copied())
    }

    /// No generation of `before` comes again, and nothing is said of what changed since one.
    pub(super) fn go_on_from(&mut self, before: &Self) {
        self.generation += before.generation + 1;
    }
}

#[cfg(test)]
mod tests {
    use hexachord_contracts::ids::TrackId;

    use super::*;

    fn since(changes: &Changes, generation: u64) -> Option<Vec<u64>> {
        Some(changes.since(generation)?.map(ItemId::number).collect())
    }

    #[test]
    fn what_changed_is_told_or_that_it_is_not_known() {
        let mut changes = Changes::default();
        assert_eq!(since(&changes, 0), Some(vec![]));
        for number in 0..MOST as u64 + 2 {
            changes.add(ItemId::Track(TrackId(number)));
        }
        let now = changes.generation();
        assert_eq!(since(&changes, now), Some(vec![]));
        assert_eq!(since(&changes, now - 2), Some(vec![now - 2, now - 1]));
        assert_eq!(since(&changes, 2).map(|items| items.len()), Some(MOST));
        assert_eq!(since(&changes, 1), None, "too long ago");
        assert_eq!(since(&changes, now + 1), None, "of another time");
        let mut told = Changes::default();
        for number in 0..MOST as u64 {
            told.add(ItemId::Track(TrackId(number)));
        }
        told.go_on_from(&changes);
        assert_eq!(since(&told, now), None, "what was told anew may be anything");
        assert_eq!(since(&told, now + 1).map(|items| items.len()), Some(MOST));
    }
}
