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
    cmp::Reverse,
    collections::{BTreeSet, HashMap},
    io,
    ops::{Bound, RangeBounds},
};

use hexachord_contracts::{Caller, LibraryAccess, ids::LibraryId};
use tantivy::DocId;

use crate::{
    error::IndexError,
    matching::{Match, after, matches},
    schema::Kind,
    text::Asked,
    view::{Segment, View},
};

/// Above all nearnesses of words.
const WHOLE: u8 = u8::MAX;

/// Better ones are less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    tier: Reverse<u8>,
    begins: Reverse<bool>,
    sum: Reverse<u8>,
    order: u64,
    id: u64,
}

/// The best ones of one kind, each id once.
struct Best {
    limit: usize,
    /// The last of enough places: who is not before it is of no interest.
    last: Option<Place>,
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
    let mut best: [Best; Kind::COUNT] = std::array::from_fn(|_| Best::new(limit));
    for (segment, matches) in view.segments.iter().zip(matches(view, asked)?) {
        let names = Names::new(segment, &asked.whole)?;
        for (document, found) in (0..).zip(matches) {
            if found.least == 0 || segment.is_deleted(document) {
                continue;
            }
            let kind = usize::try_from(segment.kind.get_val(document)).unwrap_or(usize::MAX);
            let Some(best) = best.get_mut(kind) else { continue };
            // Most documents end at one of these looks, without one at all of their columns.
            let mut place = names.best_possible(found);
            if best.is_beyond(place) {
                continue;
            }
            names.compare(segment, document, found, &mut place);
            if best.is_beyond(place) {
                continue;
            }
            place.order = segment.order.get_val(document);
            place.id = segment.id.get_val(document);
            if !best.is_beyond(place) && may_see(segment, document, kind, caller) {
                best.insert(place);
            }
        }
    }
    Ok(best.map(Best::into_ids))
}

/// Where the names that are, or begin with, what was typed stand in the sorted names of a segment.
struct Names {
    same: Option<u64>,
    begin: (Bound<u64>, Bound<u64>),
}

impl Names {
    fn new(segment: &Segment, whole: &str) -> io::Result<Self> {
        let names = segment.whole.dictionary();
        let from = whole.as_bytes().to_vec();
        let to = after(&from);
        let begin = names.term_bounds_to_ord(Bound::Included(from), Bound::Excluded(to))?;
        Ok(Self { same: names.term_ord(whole)?, begin })
    }

    fn best_possible(&self, found: Match) -> Place {
        let tier = if self.same.is_some() { WHOLE } else { found.least };
        let begins = Reverse(true);
        Place { tier: Reverse(tier), begins, sum: Reverse(found.sum), order: 0, id: 0 }
    }

    /// Corrects what was only possible.
    fn compare(&self, segment: &Segment, document: DocId, found: Match, place: &mut Place) {
        let name = segment.whole.ords().first(document);
        if name.is_none() || name != self.same {
            place.tier = Reverse(found.least);
        }
        place.begins = Reverse(name.is_some_and(|name| self.begin.contains(&name)));
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
        Self { limit, last: None, places: BTreeSet::new(), of_id: HashMap::new() }
    }

    fn is_beyond(&self, place: Place) -> bool {
        self.last.is_some_and(|last| last <= place)
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
        if self.places.len() == self.limit {
            self.last = self.places.last().copied();
        }
    }

    fn into_ids(self) -> Vec<u64> {
        self.places.into_iter().map(|place| place.id).collect()
    }
}
