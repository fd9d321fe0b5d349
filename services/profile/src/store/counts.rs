//! Plays that counted: of each track, and so of its album and its artists.
//!
//! For each album and artist of an account there is a row for each track that was played, ordered
//! by the last play. So an album knows its last play exactly, also when a track leaves it.

use hexachord_contracts::{
    Timestamp,
    ids::{AccountId, TrackId},
    item::ItemId,
};
use hexachord_storage::StoreError;
use redb::ReadableTable;

use super::{
    AnnotationRow, Change,
    keys::{kind_number, latest_first, read_latest_first},
};

/// The plays of one track by one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tally {
    plays: u32,
    last: Option<Timestamp>,
}

impl Tally {
    pub(super) fn of(row: &AnnotationRow) -> Self {
        Self { plays: row.plays, last: row.last_played_at }
    }
}

impl Change<'_> {
    /// One more play of the track counts.
    pub(crate) fn count_play(
        &mut self,
        account: AccountId,
        track: TrackId,
        started_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.count_plays(account, track, (0, 1), started_at)
    }

    /// So many plays of the track count in place of so many others; the last one started then, or
    /// later.
    pub(crate) fn count_plays(
        &mut self,
        account: AccountId,
        track: TrackId,
        (fewer, more): (u32, u32),
        last: Timestamp,
    ) -> Result<(), StoreError> {
        let item = ItemId::Track(track);
        let mut row = self.annotation(account, item)?;
        let before = Tally::of(&row);
        row.plays = row.plays.saturating_sub(fewer).saturating_add(more);
        row.last_played_at = row.last_played_at.max(Some(last));
        let after = Tally::of(&row);
        self.put_annotation(account, item, row)?;
        self.tables.listeners.insert((track.0, account.0), ())?;
        let groups = self.track(track)?.map(|row| row.groups()).unwrap_or_default();
        for group in groups {
            self.recount(account, group, track, Some(before), Some(after))?;
        }
        Ok(())
    }

    /// The track is of other albums and artists now: the counts of all who played it move along.
    pub(super) fn move_counts(
        &mut self,
        track: TrackId,
        from: &[ItemId],
        to: &[ItemId],
    ) -> Result<(), StoreError> {
        let of_track = (track.0, u64::MIN)..=(track.0, u64::MAX);
        let listeners = self.tables.listeners.range(of_track)?;
        let listeners: Result<Vec<_>, StoreError> =
            listeners.map(|entry| Ok(AccountId(entry?.0.value().1))).collect();
        for account in listeners? {
            let tally = Tally::of(&self.annotation(account, ItemId::Track(track))?);
            for group in from.iter().filter(|group| !to.contains(group)) {
                self.recount(account, *group, track, Some(tally), None)?;
            }
            for group in to.iter().filter(|group| !from.contains(group)) {
                self.recount(account, *group, track, None, Some(tally))?;
            }
        }
        Ok(())
    }

    /// What the track adds to an album or an artist is another tally; `None`: it is not of it.
    pub(super) fn recount(
        &mut self,
        account: AccountId,
        group: ItemId,
        track: TrackId,
        before: Option<Tally>,
        after: Option<Tally>,
    ) -> Result<(), StoreError> {
        self.work += 1;
        let (kind, id) = (kind_number(group.kind()), group.number());
        let key = |last| (account.0, kind, id, latest_first(last), track.0);
        let plays = |tally: Option<Tally>| tally.map_or(0, |tally| tally.plays);
        if let Some(last) = before.and_then(|tally| tally.last) {
            self.tables.played.remove(key(last))?;
        }
        if let Some(last) = after.and_then(|tally| tally.last) {
            self.tables.played.insert(key(last), ())?;
        }
        let of_group =
            (account.0, kind, id, u64::MIN, u64::MIN)..=(account.0, kind, id, u64::MAX, u64::MAX);
        let last = self.tables.played.range(of_group)?.next().transpose()?;
        let last = last.map(|(key, _)| read_latest_first(key.value().3));
        let mut row = self.annotation(account, group)?;
        row.plays = row.plays.saturating_sub(plays(before)).saturating_add(plays(after));
        row.last_played_at = last;
        self.put_annotation(account, group, row)
    }
}

#[cfg(test)]
mod tests;
