//! Takes over what listeners did in another program: plays, counts, favourites, ratings.

use std::{
    collections::{BTreeSet, HashSet},
    sync::Arc,
};

use hexachord_contracts::{
    Context, LibraryAccess, Timestamp,
    ids::{AccountId, TrackId},
    item::ItemId,
    profile::{ImportHistory, ImportedFact, ProfileError, Taken},
};

use crate::{
    errors::{Refusable, Stop, invalid},
    plays::{AHEAD, unnamed_play_id},
    service::Profile,
    store::{Change, PlayRow},
    viewer::services_only,
};

const LONGEST_SOURCE: usize = 32;

impl Profile {
    pub(crate) async fn import_history(
        &self,
        call: ImportHistory,
        context: Context,
    ) -> Refusable<Vec<Taken>> {
        services_only(&context)?;
        check_source(&call.source)?;
        check_facts(&call.facts)?;
        let (call, now) = (Arc::new(call), self.clock.now());
        let taken = self.change(&context, move |change| {
            change.require_account(call.account)?;
            let gone = gone(change, &call.facts)?;
            let mut import = Import { change, call: &call, now };
            let take = |fact: &ImportedFact| {
                if gone.contains(&item(fact)) { Ok(Taken::Gone) } else { import.take(fact) }
            };
            call.facts.iter().map(take).collect()
        });
        taken.await.map_err(no_such_account)
    }
}

/// An account that is not known has not signed in: here it was named.
pub(crate) fn no_such_account(error: ProfileError) -> ProfileError {
    match error {
        ProfileError::Forbidden => ProfileError::NotFound { what: "account".to_owned() },
        other => other,
    }
}

pub(crate) fn check_source(source: &str) -> Refusable<()> {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if (1..=LONGEST_SOURCE).contains(&source.len()) && source.bytes().all(is_plain) {
        return Ok(());
    }
    Err(invalid("source", format!("must have 1 to {LONGEST_SOURCE} of a to z, 0 to 9 and -")))
}

fn check_facts(facts: &[ImportedFact]) -> Refusable<()> {
    if facts.len() > ImportHistory::MOST {
        return Err(invalid("facts", format!("are more than {}", ImportHistory::MOST)));
    }
    for (index, fact) in facts.iter().enumerate() {
        match fact {
            ImportedFact::Rating { rating, .. } if !(1..=5).contains(rating) => {
                return Err(invalid(&format!("facts[{index}].rating.rating"), "must be 1 to 5"));
            }
            ImportedFact::Plays { plays: 0, .. } => {
                return Err(invalid(&format!("facts[{index}].plays.plays"), "must be at least 1"));
            }
            _ => {}
        }
    }
    Ok(())
}

fn item(fact: &ImportedFact) -> ItemId {
    match fact {
        ImportedFact::Play { track, .. } | ImportedFact::Plays { track, .. } => {
            ItemId::Track(*track)
        }
        ImportedFact::Favourite { item, .. } | ImportedFact::Rating { item, .. } => *item,
    }
}

/// Items that the catalog does not know. Stops when it has to be asked first.
fn gone(change: &Change<'_>, facts: &[ImportedFact]) -> Result<HashSet<ItemId>, Stop> {
    let (mut unknown, mut gone) = (Vec::new(), HashSet::new());
    for item in facts.iter().map(item).collect::<BTreeSet<_>>() {
        match change.require_seen(&LibraryAccess::All, item) {
            Ok(()) => {}
            Err(Stop::Unknown(items)) => unknown.extend(items),
            Err(Stop::Refused(_)) => {
                gone.insert(item);
            }
            Err(stop) => return Err(stop),
        }
    }
    if unknown.is_empty() { Ok(gone) } else { Err(Stop::Unknown(unknown)) }
}

/// An import under way in one transaction.
struct Import<'i, 'w> {
    change: &'i mut Change<'w>,
    call: &'i ImportHistory,
    now: Timestamp,
}

impl Import<'_, '_> {
    fn take(&mut self, fact: &ImportedFact) -> Result<Taken, Stop> {
        match fact {
            ImportedFact::Play { track, started_at } => self.play(*track, *started_at),
            ImportedFact::Plays { track, plays, last_played_at } => {
                self.plays(*track, *plays, *last_played_at)
            }
            ImportedFact::Favourite { item, since } => self.favourite(*item, *since),
            ImportedFact::Rating { item, rating } => self.rating(*item, *rating),
        }
    }

    fn account(&self) -> AccountId {
        self.call.account
    }

    fn is_ahead(&self, time: Timestamp) -> bool {
        time > self.now.plus(AHEAD)
    }

    /// How long it was heard is not known: as long as it lasts.
    fn play(&mut self, track: TrackId, started_at: Timestamp) -> Result<Taken, Stop> {
        if self.is_ahead(started_at) {
            return Ok(Taken::Ahead);
        }
        let id = unnamed_play_id(self.account(), track, started_at);
        if self.change.play(self.account(), id)?.is_some() {
            return Ok(Taken::Known);
        }
        if !self.call.dry_run {
            let listened_ms = self.change.track(track)?.map_or(0, |row| row.duration_ms);
            let device = self.call.source.clone();
            let row = PlayRow { track, listened_ms, counted: true, source: None, device };
            self.change.put_play(self.account(), id, started_at, &row)?;
            self.change.count_play(self.account(), track, started_at)?;
        }
        Ok(Taken::New)
    }

    fn plays(&mut self, track: TrackId, plays: u32, last: Timestamp) -> Result<Taken, Stop> {
        if self.is_ahead(last) {
            return Ok(Taken::Ahead);
        }
        let item = ItemId::Track(track);
        let told = self.change.imported(self.account(), item, &self.call.source)?;
        if (told.plays, told.last_played_at) == (plays, Some(last)) {
            return Ok(Taken::Known);
        }
        if !self.call.dry_run {
            self.change.count_plays(self.account(), track, (told.plays, plays), last)?;
            let mut now = told;
            (now.plays, now.last_played_at) = (plays, Some(last));
            self.change.put_imported(self.account(), item, &self.call.source, now)?;
        }
        Ok(if told.plays == 0 { Taken::New } else { Taken::Changed })
    }

    fn favourite(&mut self, item: ItemId, since: Option<Timestamp>) -> Result<Taken, Stop> {
        let since = since.unwrap_or(self.now);
        if self.is_ahead(since) {
            return Ok(Taken::Ahead);
        }
        let mut told = self.change.imported(self.account(), item, &self.call.source)?;
        let mut row = self.change.annotation(self.account(), item)?;
        let taken = match (row.favourite_since, told.favourite) {
            (Some(_), _) => Taken::Known,
            (None, true) => Taken::Kept,
            (None, false) => Taken::New,
        };
        if !self.call.dry_run {
            if taken == Taken::New {
                row.favourite_since = Some(since);
                self.change.put_annotation(self.account(), item, row)?;
            }
            told.favourite = true;
            self.change.put_imported(self.account(), item, &self.call.source, told)?;
        }
        Ok(taken)
    }

    fn rating(&mut self, item: ItemId, rating: u8) -> Result<Taken, Stop> {
        let mut told = self.change.imported(self.account(), item, &self.call.source)?;
        let mut row = self.change.annotation(self.account(), item)?;
        let taken = match (row.rating, told.rating) {
            (Some(own), _) if own == rating => Taken::Known,
            // The source says nothing new, so the listener has changed it here.
            (_, Some(before)) if before == rating => Taken::Kept,
            (None, None) => Taken::New,
            (own, before) if own == before => Taken::Changed,
            _ => Taken::Kept,
        };
        if !self.call.dry_run {
            if matches!(taken, Taken::New | Taken::Changed) {
                row.rating = Some(rating);
                self.change.put_annotation(self.account(), item, row)?;
            }
            told.rating = Some(rating);
            self.change.put_imported(self.account(), item, &self.call.source, told)?;
        }
        Ok(taken)
    }
}
