//! The best ones of one kind.

use std::collections::{BTreeSet, HashMap, HashSet};

use tantivy::DocId;

use crate::rank::{Place, Rank};

/// Where a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) segment: usize,
    pub(crate) document: DocId,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Hit {
    pub(crate) place: Place,
    pub(crate) address: Address,
}

/// The best ones of one kind, each id once.
pub(crate) struct Best {
    limit: usize,
    /// What stood on earlier pages ends here.
    after: Option<Place>,
    /// Ids of earlier pages: an album of several libraries has several places.
    before: HashSet<u64>,
    /// The last of enough places, or one behind all: who is not before it is of no interest.
    last: Place,
    places: BTreeSet<Place>,
    of_id: HashMap<u64, (Place, Address)>,
}

impl Best {
    pub(crate) fn new(limit: usize, after: Option<Place>) -> Self {
        let last = Place { rank: Rank::LAST, id: u64::MAX };
        let (places, of_id) = (BTreeSet::new(), HashMap::new());
        Self { limit, after, before: HashSet::new(), last, places, of_id }
    }

    /// Tiers below are of no interest.
    pub(crate) fn lowest_tier(&self) -> u8 {
        self.last.rank.tier()
    }

    #[inline]
    pub(crate) fn is_beyond(&self, rank: Rank) -> bool {
        self.last.rank < rank
    }

    #[inline]
    pub(crate) fn wants(&self, place: Place) -> bool {
        place < self.last
    }

    /// Notes what stood on earlier pages: of all documents, before the first one is inserted.
    pub(crate) fn note(&mut self, place: Place) {
        if self.is_before(place) {
            self.before.insert(place.id);
        }
    }

    fn is_before(&self, place: Place) -> bool {
        self.after.is_some_and(|after| place <= after)
    }

    /// An album of several libraries stands where its best document stands.
    pub(crate) fn insert(&mut self, place: Place, address: Address) {
        if self.is_before(place) || self.before.contains(&place.id) {
            return;
        }
        match self.of_id.get(&place.id) {
            Some((known, _)) if *known <= place => return,
            Some((known, _)) => {
                self.places.remove(known);
            }
            None => {}
        }
        self.places.insert(place);
        self.of_id.insert(place.id, (place, address));
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

    pub(crate) fn into_hits(self) -> Vec<Hit> {
        let Self { places, of_id, .. } = self;
        let hit = |place: Place| {
            of_id.get(&place.id).map(|(_, address)| Hit { place, address: *address })
        };
        places.into_iter().filter_map(hit).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Address = Address { segment: 0, document: 0 };

    fn places(rows: &[(u128, u64)], limit: usize, after: Option<(u128, u64)>) -> Vec<(u128, u64)> {
        let place = |(rank, id)| Place { rank: Rank(rank), id };
        let mut best = Best::new(limit, after.map(place));
        for row in rows {
            best.note(place(*row));
        }
        for row in rows {
            if best.wants(place(*row)) {
                best.insert(place(*row), HERE);
            }
        }
        best.into_hits().into_iter().map(|hit| (hit.place.rank.0, hit.place.id)).collect()
    }

    #[test]
    fn pages_follow_on_each_other_and_have_each_id_once() {
        // Of id 1 there are three places: only the first counts.
        let mut rows = vec![(1, 1), (9, 1), (30, 1), (2, 5), (2, 3), (7, 2), (8, 4)];
        for _ in 0..rows.len() {
            rows.rotate_left(1);
            let first = places(&rows, 3, None);
            assert_eq!(first, [(1, 1), (2, 3), (2, 5)]);
            assert_eq!(places(&rows, 3, Some(first[2])), [(7, 2), (8, 4)]);
            assert_eq!(places(&rows, 1, Some((2, 3))), [(2, 5)]);
            assert_eq!(places(&rows, 3, Some((8, 4))), []);
        }
    }
}
