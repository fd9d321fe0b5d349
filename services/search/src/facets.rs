//! Counting the tracks that were found by what they are.

use std::{cmp::Reverse, collections::HashMap, hash::Hash};

use hexachord_contracts::{
    ids::LibraryId,
    search::{DecadeCount, Facets, LibraryCount, TextCount},
};
use tantivy::{DocId, columnar::StrColumn};

use crate::{error::IndexError, query::Number, segment::Segment};

/// Values of one facet.
const MOST: usize = 50;

/// What was counted in all segments so far.
#[derive(Default)]
pub(crate) struct Counting {
    genres: HashMap<String, u64>,
    formats: HashMap<String, u64>,
    decades: HashMap<u64, u64>,
    libraries: HashMap<u64, u64>,
}

/// What is counted in one segment: texts by their places in its sorted lists.
pub(crate) struct SegmentCounts<'a> {
    all: &'a mut Counting,
    segment: &'a Segment,
    genres: Vec<u64>,
    formats: Vec<u64>,
}

impl Counting {
    pub(crate) fn segment<'a>(&'a mut self, segment: &'a Segment) -> SegmentCounts<'a> {
        let none = |texts: &Option<StrColumn>| {
            vec![0; texts.as_ref().map_or(0, |texts| texts.dictionary().num_terms())]
        };
        let (genres, formats) = (none(&segment.genres), none(&segment.codecs));
        SegmentCounts { all: self, segment, genres, formats }
    }

    pub(crate) fn into_facets(self) -> Facets {
        let text = |(value, tracks)| TextCount { value, tracks };
        let decade = |(decade, tracks)| DecadeCount {
            decade: i32::try_from(decade).unwrap_or(i32::MAX),
            tracks,
        };
        let library = |(library, tracks)| LibraryCount { library: LibraryId(library), tracks };
        Facets {
            genres: most(self.genres).map(text).collect(),
            decades: most(self.decades).map(decade).collect(),
            formats: most(self.formats).map(text).collect(),
            libraries: most(self.libraries).map(library).collect(),
        }
    }
}

impl SegmentCounts<'_> {
    pub(crate) fn count(&mut self, document: DocId) {
        let texts =
            [(&self.segment.genres, &mut self.genres), (&self.segment.codecs, &mut self.formats)];
        for (texts, counts) in texts {
            for place in texts.iter().flat_map(|texts| texts.term_ords(document)) {
                if let Some(count) = usize::try_from(place).ok().and_then(|at| counts.get_mut(at)) {
                    *count += 1;
                }
            }
        }
        if let Some(year) = self.segment.number(Number::Year, document) {
            *self.all.decades.entry(year / 10 * 10).or_default() += 1;
        }
        let library = self.segment.library.get_val(document);
        *self.all.libraries.entry(library).or_default() += 1;
    }

    pub(crate) fn finish(self) -> Result<(), IndexError> {
        let texts = [
            (&self.segment.genres, self.genres, &mut self.all.genres),
            (&self.segment.codecs, self.formats, &mut self.all.formats),
        ];
        for (texts, counts, all) in texts {
            let Some(texts) = texts else { continue };
            for (place, count) in (0..).zip(counts).filter(|(_, count)| *count > 0) {
                let mut text = String::new();
                texts.ord_to_str(place, &mut text)?;
                *all.entry(text).or_default() += count;
            }
        }
        Ok(())
    }
}

/// The most first, then in their order.
fn most<K: Ord + Hash>(counts: HashMap<K, u64>) -> impl Iterator<Item = (K, u64)> {
    let mut counts: Vec<_> = counts.into_iter().map(|(key, count)| (Reverse(count), key)).collect();
    counts.sort_unstable();
    counts.into_iter().take(MOST).map(|(Reverse(count), key)| (key, count))
}
