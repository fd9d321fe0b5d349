//! Where the names that are, or begin with, what was typed stand in the sorted names of a segment.

use std::{
    io,
    ops::{Bound, Range},
};

use crate::{segment::Segment, sought::after, text::Whole};

/// Shorter begins say nothing that words do not: half of all names would be raised.
const SHORTEST_BEGIN: usize = 3;

pub(crate) struct Names {
    same: Range<u32>,
    begin: Range<u32>,
    /// Those of `begin`, unless it is too short.
    raised: Range<u32>,
    /// How many articles were typed.
    articles: u8,
}

impl Names {
    pub(crate) fn new(segment: &Segment, whole: &Whole) -> io::Result<Self> {
        let names = segment.whole.dictionary();
        let from = whole.letters.as_bytes().to_vec();
        if from.is_empty() {
            return Ok(Self { same: 0..0, begin: 0..0, raised: 0..0, articles: 0 });
        }
        let to = after(&from);
        let bounds = names.term_bounds_to_ord(Bound::Included(from), Bound::Excluded(to))?;
        let place = |bound| match bound {
            Bound::Included(place) | Bound::Excluded(place) => number(place),
            Bound::Unbounded => 0,
        };
        let start = place(bounds.0);
        let begin = start..place(bounds.1).max(start);
        let same = names.term_ord(whole.letters.as_bytes())?.map(number);
        let same = same.map_or(0..0, |same| same..same + 1);
        let is_long = whole.letters.chars().nth(SHORTEST_BEGIN - 1).is_some();
        let raised = if is_long { begin.clone() } else { 0..0 };
        Ok(Self { same, begin, raised, articles: whole.articles })
    }

    /// No name is what was typed or begins so.
    pub(crate) fn is_empty(&self) -> bool {
        self.begin.is_empty()
    }

    #[inline]
    pub(crate) fn begin_has(&self, name: u32) -> bool {
        is_in(&self.begin, name)
    }

    #[inline]
    pub(crate) fn raise(&self, name: u32) -> bool {
        is_in(&self.raised, name)
    }

    #[inline]
    pub(crate) fn is_same(&self, name: u32) -> bool {
        is_in(&self.same, name)
    }

    /// It is what was typed, with as many articles.
    #[inline]
    pub(crate) fn is_same_in_full(&self, name: u32, articles: u8) -> bool {
        self.is_same(name) && self.articles == articles
    }
}

/// By one comparison instead of two.
#[inline]
fn is_in(range: &Range<u32>, name: u32) -> bool {
    name.wrapping_sub(range.start) < range.end - range.start
}

/// Segments have fewer names than that.
fn number(place: u64) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX - 1)
}
