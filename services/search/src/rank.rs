//! Where a document stands among those that were found.
//!
//! Tiers are strict: the whole name is what was typed; all words are in it; all words are in it or
//! in what it is found by besides; all words begin words; the name begins so when its words are
//! joined; all words are in it in Latin letters; with a typing mistake; with two; what is sung. Within
//! a tier: names that begin with what was typed, then how near all words come together, then what is
//! loved and played more, then what was typed with its articles, then shorter names, then names by
//! their first letters, then ids. How rare a word is counts for nothing: names are short, and who
//! types one means all of it. Nothing depends on the order in which documents were indexed, so an
//! index that is built anew answers the same.

use tantivy::DocId;

use crate::{matching::Match, names::Names, segment::Segment};

/// Better ones are less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Place {
    pub(crate) rank: Rank,
    pub(crate) id: u64,
}

/// Everything that a place depends on but the id: tier, whether the name begins with what was
/// typed, sum, boost, whether it has the articles that were typed, and order. Better ones are less. One number is compared without branches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Rank(pub(crate) u128);

impl Rank {
    pub(crate) const LAST: Self = Self(u128::MAX);

    fn new(tier: u8, begins: bool, sum: u8, boost: u8, in_full: bool, order: u64) -> Self {
        let last = u8::from(in_full);
        let worth = u64::from_be_bytes([0, 0, 0, tier, begins.into(), sum, boost, last]);
        Self(u128::from(!worth) << 64 | u128::from(order))
    }

    /// Of any document that comes so near, without a look at it.
    #[inline]
    pub(crate) fn best_possible(found: Match, boost: u8) -> Self {
        Self::new(found.least, true, found.sum, boost, true, 0)
    }

    #[inline]
    pub(crate) fn of(
        segment: &Segment,
        names: &Names,
        document: DocId,
        found: Match,
        boost: u8,
    ) -> Self {
        let name = segment.names[document as usize];
        let begins = names.begin_has(name);
        let in_full = names.is_same_in_full(name, segment.kind(document).articles);
        Self::new(found.least, begins, found.sum, boost, in_full, segment.orders[document as usize])
    }

    pub(crate) fn tier(self) -> u8 {
        let [_, _, _, tier, ..] = self.0.to_be_bytes();
        !tier
    }
}
