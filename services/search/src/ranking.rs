//! The order of what was found, and the best of each kind.
//!
//! Tiers are strict: the whole name is what was typed; all words are in it; all words are in it or
//! in what it is found by besides; the name begins with what was typed; all words begin words;
//! with one typing mistake; with two. Within a tier: names that begin with what was typed, then how
//! near all words come together, then shorter names, then names by their first letters, then ids.
//! How rare a word is counts for nothing: names are short, and who types one means all of it.
//! Nothing depends on the order in which documents were indexed, so an index that is built anew
//! answers the same.

use std::{
    cell::RefCell,
    collections::{BTreeSet, HashMap},
    io,
    ops::{Bound, Range},
};

use hexachord_contracts::{Caller, LibraryAccess, ids::LibraryId};
use tantivy::DocId;

use crate::{
    error::IndexError,
    matching::{Match, Matches},
    schema::Kind,
    sought::after,
    text::Asked,
    view::{Segment, View},
};

/// Above all nearnesses of words.
const WHOLE: u8 = u8::MAX;

thread_local! {
    static MATCHES: RefCell<Matches> = RefCell::default();
}

/// Better ones are less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    rank: Rank,
    id: u64,
}

/// Everything that a place depends on but the id: tier, whether the name begins with what was
/// typed, sum, and order. Better ones are less. One number is compared without branches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank(u128);

/// The best ones of one kind, each id once.
struct Best {
    limit: usize,
    /// The last of enough places, or one behind all: who is not before it is of no interest.
    last: Place,
    places: BTreeSet<Place>,
    of_id: HashMap<u64, Place>,
}

/// Ids by the number of their kind, best first.
pub(crate) fn best(
    view: &View,
    asked: &Asked,
    caller: &Caller,
    limit: usize,
) -> Result<[Vec<u64>; Kind::COUNT], IndexError> {
    MATCHES.with_borrow_mut(|matches| {
        matches.find(view, asked)?;
        best_of(matches, view, asked, caller, limit)
    })
}

fn best_of(
    matches: &Matches,
    view: &View,
    asked: &Asked,
    caller: &Caller,
    limit: usize,
) -> Result<[Vec<u64>; Kind::COUNT], IndexError> {
    let mut best: [Best; Kind::COUNT] = std::array::from_fn(|_| Best::new(limit));
    let mut first = 0;
    for segment in view.segments.iter() {
        let names = Names::new(segment, &asked.whole)?;
        let documents = first..first + segment.length();
        first = documents.end;
        matches.each(documents, |document, found| {
            let kind = usize::from(segment.kinds[document as usize]);
            let Some(best) = best.get_mut(kind) else { return };
            // Most documents end at one of these looks.
            if best.is_beyond(names.best_possible(found)) {
                return;
            }
            let rank = names.rank(segment, document, found);
            if best.is_beyond(rank) {
                return;
            }
            let place = Place { rank, id: segment.id.get_val(document) };
            let is_seen = || may_see(segment, document, kind, caller);
            if place < best.last && !segment.is_deleted(document) && is_seen() {
                best.insert(place);
            }
        });
    }
    Ok(best.map(Best::into_ids))
}

/// Where the names that are, or begin with, what was typed stand in the sorted names of a segment.
struct Names {
    same: Option<u64>,
    begin: Range<u64>,
}

impl Names {
    fn new(segment: &Segment, whole: &str) -> io::Result<Self> {
        let names = segment.whole.dictionary();
        let from = whole.as_bytes().to_vec();
        let to = after(&from);
        let bounds = names.term_bounds_to_ord(Bound::Included(from), Bound::Excluded(to))?;
        let place = |bound| match bound {
            Bound::Included(place) | Bound::Excluded(place) => place,
            Bound::Unbounded => 0,
        };
        let begin = place(bounds.0)..place(bounds.1);
        Ok(Self { same: names.term_ord(whole)?, begin })
    }

    /// Of any document that comes so near, without a look at it.
    fn best_possible(&self, found: Match) -> Rank {
        let tier = if self.same.is_some() { WHOLE } else { found.least };
        Rank::new(tier, true, found.sum, 0)
    }

    #[inline]
    fn rank(&self, segment: &Segment, document: DocId, found: Match) -> Rank {
        let name = u64::from(segment.names[document as usize]);
        let tier = if self.same == Some(name) { WHOLE } else { found.least };
        let begins = self.begin.contains(&name);
        Rank::new(tier, begins, found.sum, segment.orders[document as usize])
    }
}

impl Rank {
    const LAST: Self = Self(u128::MAX);

    fn new(tier: u8, begins: bool, sum: u8, order: u64) -> Self {
        let worth = u32::from_be_bytes([0, tier, begins.into(), sum]);
        Self(u128::from(!worth) << 64 | u128::from(order))
    }
}

fn may_see(segment: &Segment, document: DocId, kind: usize, caller: &Caller) -> bool {
    let (id, libraries) = match caller {
        Caller::System => return true,
        Caller::Anonymous => return false,
        Caller::Account { id, libraries, .. } => (id, libraries),
    };
    if kind as u64 == Kind::Playlist.number() {
        return segment.public.get_val(document) == 1 || segment.owner.get_val(document) == id.0;
    }
    match libraries {
        LibraryAccess::All => true,
        some @ LibraryAccess::Only(_) => some.allows(LibraryId(segment.library.get_val(document))),
    }
}

impl Best {
    fn new(limit: usize) -> Self {
        let last = Place { rank: Rank::LAST, id: u64::MAX };
        Self { limit, last, places: BTreeSet::new(), of_id: HashMap::new() }
    }

    fn is_beyond(&self, rank: Rank) -> bool {
        self.last.rank < rank
    }

    /// An album of several libraries stands where its best document stands.
    fn insert(&mut self, place: Place) {
        match self.of_id.get(&place.id) {
            Some(known) if *known <= place => return,
            Some(known) => {
                self.places.remove(known);
            }
            None => {}
        }
        self.places.insert(place);
        self.of_id.insert(place.id, place);
        if self.places.len() > self.limit
            && let Some(last) = self.places.pop_last()
        {
            self.of_id.remove(&last.id);
        }
        if self.places.len() == self.limit
            && let Some(last) = self.places.last()
        {
            self.last = *last;
        }
    }

    fn into_ids(self) -> Vec<u64> {
        self.places.into_iter().map(|place| place.id).collect()
    }
}
