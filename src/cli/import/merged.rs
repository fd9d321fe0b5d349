//! Facts of one account, each once: several tracks of the other program may be one track here, and
//! several of its users one account.

use std::{collections::HashMap, hash::Hash};

use hexachord_contracts::{ItemId, Timestamp, ids::TrackId, profile::ImportedFact};

use super::{
    foreign::{Fact, Foreign, Kind},
    matches::{Matches, NO_TRACK},
    report::Report,
};

/// A fact as it is told, and what it came from.
pub(super) struct Merged {
    pub(super) fact: ImportedFact,
    pub(super) kind: Kind,
    /// Of the first one, for people.
    pub(super) who: String,
    pub(super) what: String,
    /// So many of the other program are this one.
    pub(super) count: u64,
}

#[derive(PartialEq, Eq, Hash)]
enum Key {
    Play(TrackId, Timestamp),
    Plays(TrackId),
    Favourite(ItemId),
    Rating(ItemId),
}

#[derive(Default)]
pub(super) struct AllMerged {
    pub(super) facts: Vec<Merged>,
    places: HashMap<Key, usize>,
}

impl AllMerged {
    /// Adds what a user did, as far as it is about something that is here.
    pub(super) fn add(
        &mut self,
        who: &str,
        facts: &[Fact],
        (foreign, matches): (&Foreign, &Matches),
        report: &mut Report,
    ) {
        for fact in facts {
            report.found(fact.kind(), 1);
            let (what, told) = match fact {
                Fact::Play { track, at } => {
                    let told = matches
                        .of(*track)
                        .map(|found| ImportedFact::Play { track: found.track.id, started_at: *at });
                    (foreign.things.track_label(*track), told.ok_or(NO_TRACK))
                }
                Fact::Plays { track, plays, last } => {
                    let told = matches.of(*track).map(|found| ImportedFact::Plays {
                        track: found.track.id,
                        plays: *plays,
                        last_played_at: *last,
                    });
                    (foreign.things.track_label(*track), told.ok_or(NO_TRACK))
                }
                Fact::Favourite { thing, since } => {
                    let item = matches.item(foreign, *thing);
                    let told = item.map(|item| ImportedFact::Favourite { item, since: *since });
                    (foreign.things.label(*thing), told)
                }
                Fact::Rating { thing, rating } => {
                    let item = matches.item(foreign, *thing);
                    let told = item.map(|item| ImportedFact::Rating { item, rating: *rating });
                    (foreign.things.label(*thing), told)
                }
                Fact::Lost { what, reason, .. } => (what.clone(), Err(*reason)),
            };
            match told {
                Ok(told) => self.merge(told, fact.kind(), who, what),
                Err(reason) => report.missed(fact.kind(), who, &what, reason, 1),
            }
        }
    }

    fn merge(&mut self, fact: ImportedFact, kind: Kind, who: &str, what: String) {
        let key = match &fact {
            ImportedFact::Play { track, started_at } => Key::Play(*track, *started_at),
            ImportedFact::Plays { track, .. } => Key::Plays(*track),
            ImportedFact::Favourite { item, .. } => Key::Favourite(*item),
            ImportedFact::Rating { item, .. } => Key::Rating(*item),
        };
        let Some(place) = self.places.get(&key) else {
            self.places.insert(key, self.facts.len());
            self.facts.push(Merged { fact, kind, who: who.to_owned(), what, count: 1 });
            return;
        };
        let merged = &mut self.facts[*place];
        merged.count += 1;
        match (&mut merged.fact, fact) {
            (
                ImportedFact::Plays { plays, last_played_at, .. },
                ImportedFact::Plays { plays: more, last_played_at: last, .. },
            ) => {
                *plays = plays.saturating_add(more);
                *last_played_at = last.max(*last_played_at);
            }
            (
                ImportedFact::Favourite { since, .. },
                ImportedFact::Favourite { since: other, .. },
            ) => {
                *since = [*since, other].into_iter().flatten().min();
            }
            (ImportedFact::Rating { rating, .. }, ImportedFact::Rating { rating: other, .. }) => {
                *rating = other.max(*rating);
            }
            _ => {}
        }
    }
}
