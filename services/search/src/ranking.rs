//! Finding: what matches, may be seen and passes all tests, and the best of it.

use std::{cell::RefCell, io, sync::Arc};

use hexachord_contracts::{
    Caller, LibraryAccess,
    ids::{AccountId, LibraryId},
    search::Facets,
};
use tantivy::DocId;

use crate::{
    best::{Address, Best, Hit},
    error::IndexError,
    facets::Counting,
    matching::{Match, Matches, Scope},
    names::Names,
    query::Query,
    rank::{Place, Rank},
    schema::Kind,
    segment::Segment,
    taste::{Liking, Taste},
    view::View,
};

thread_local! {
    static MATCHES: RefCell<Matches> = RefCell::default();
}

/// What is looked for, by whom, and how much of it.
pub(crate) struct Search<'a> {
    pub(crate) query: &'a Query,
    pub(crate) scope: Scope,
    pub(crate) caller: &'a Caller,
    pub(crate) account: Option<AccountId>,
    pub(crate) taste: &'a Taste,
    pub(crate) liking: &'a Liking,
    /// Of each kind.
    pub(crate) limit: usize,
    pub(crate) only: Option<Kind>,
    pub(crate) after: Option<Place>,
    pub(crate) facets: bool,
}

/// By the number of their kind, best first.
pub(crate) struct Results {
    pub(crate) hits: [Vec<Hit>; Kind::COUNT],
    pub(crate) facets: Option<Facets>,
}

impl Search<'_> {
    pub(crate) fn run(&self, view: &View) -> Result<Results, IndexError> {
        let whole = self.query.asked.as_ref().map(|asked| asked.whole.clone()).unwrap_or_default();
        let names = |segment: &Arc<Segment>| Names::new(segment, &whole);
        let names: Vec<Names> = view.segments.iter().map(names).collect::<io::Result<_>>()?;
        MATCHES.with_borrow_mut(|matches| {
            matches.find(view, self.query, &names, self.scope)?;
            self.best_of(matches, view, &names)
        })
    }

    fn best_of(
        &self,
        matches: &Matches,
        view: &View,
        names: &[Names],
    ) -> Result<Results, IndexError> {
        let boosts = |segment: &Arc<Segment>| segment.boosts(self.account, self.liking, self.taste);
        let boosts: Vec<Arc<[u8]>> = view.segments.iter().map(boosts).collect::<io::Result<_>>()?;
        let looks = |kind| self.query.kinds.has(kind) && self.only.is_none_or(|only| only == kind);
        let looks = Kind::ALL.map(looks);
        let mut best = looks.map(|looks| looks.then(|| Best::new(self.limit, self.after)));
        let mut counting = self.facets.then(Counting::default);
        if self.after.is_some() && self.only != Some(Kind::Track) {
            self.note_earlier_pages(matches, view, names, &boosts, &mut best);
        }
        let mut lowest_tiers = [0; Kind::COUNT];
        let mut first = 0;
        let segments = view.segments.iter().zip(names).zip(&boosts);
        for (number, ((segment, names), boosts)) in segments.enumerate() {
            let documents = first..first + segment.length();
            first = documents.end;
            let boosts: &[u8] = boosts;
            let mut counts = counting.as_mut().map(|counting| counting.segment(segment));
            matches.each(documents, |document, found| {
                let kind = segment.kind(document).kind;
                if kind == Kind::Track.number()
                    && let Some(counts) = &mut counts
                    && self.accepts(segment, document, kind)
                    && looks[usize::from(kind)]
                {
                    counts.count(document);
                }
                let kind_number = usize::from(kind);
                // Most documents end at one of these looks.
                if found.least < lowest_tiers[kind_number] {
                    return;
                }
                let Some(best) = &mut best[kind_number] else { return };
                let boost = boosts.get(document as usize).copied().unwrap_or(0);
                if best.is_beyond(Rank::best_possible(found, boost)) {
                    return;
                }
                let rank = Rank::of(segment, names, document, found, boost);
                if best.is_beyond(rank) {
                    return;
                }
                let place = Place { rank, id: segment.id.get_val(document) };
                if best.wants(place) && self.accepts(segment, document, kind) {
                    best.insert(place, Address { segment: number, document });
                    lowest_tiers[kind_number] = best.lowest_tier();
                }
            });
            if let Some(counts) = counts {
                counts.finish()?;
            }
        }
        let hits = best.map(|best| best.map(Best::into_hits).unwrap_or_default());
        Ok(Results { hits, facets: counting.map(Counting::into_facets) })
    }

    fn note_earlier_pages(
        &self,
        matches: &Matches,
        view: &View,
        names: &[Names],
        boosts: &[Arc<[u8]>],
        best: &mut [Option<Best>; Kind::COUNT],
    ) {
        let mut first = 0;
        for ((segment, names), boosts) in view.segments.iter().zip(names).zip(boosts) {
            let documents = first..first + segment.length();
            first = documents.end;
            let boosts: &[u8] = boosts;
            matches.each(documents, |document, found: Match| {
                let kind = segment.kind(document).kind;
                let Some(Some(best)) = best.get_mut(usize::from(kind)) else { return };
                let boost = boosts.get(document as usize).copied().unwrap_or(0);
                let rank = Rank::of(segment, names, document, found, boost);
                if self.accepts(segment, document, kind) {
                    best.note(Place { rank, id: segment.id.get_val(document) });
                }
            });
        }
    }

    /// It is there, the caller may see it, and it passes all tests.
    fn accepts(&self, segment: &Segment, document: DocId, kind: u8) -> bool {
        !segment.is_deleted(document)
            && may_see(segment, document, kind, self.caller)
            && self
                .query
                .tests
                .iter()
                .all(|test| test.passes(segment, document, kind, &self.liking.own))
    }
}

fn may_see(segment: &Segment, document: DocId, kind: u8, caller: &Caller) -> bool {
    let (id, libraries) = match caller {
        Caller::System => return true,
        Caller::Anonymous => return false,
        Caller::Account { id, libraries, .. } => (id, libraries),
    };
    if kind == Kind::Playlist.number() {
        return segment.public.get_val(document) == 1 || segment.owner.get_val(document) == id.0;
    }
    match libraries {
        LibraryAccess::All => true,
        some @ LibraryAccess::Only(_) => some.allows(LibraryId(segment.library.get_val(document))),
    }
}
