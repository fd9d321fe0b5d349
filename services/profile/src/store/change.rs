//! One change of the facts inside a transaction: it writes the tables and tells the feed.

use std::collections::{BTreeMap, BTreeSet};

use hexachord_contracts::{
    LibraryAccess,
    ids::{AccountId, TrackId},
    item::ItemId,
};
use hexachord_storage::{Outbox, Record, StoreError};
use redb::{ReadableTable, WriteTransaction};

use super::{FollowRow, Sight, Subject, projection::sight, record, tables::Tables, totals::Place};
use crate::errors::{Stop, invalid, no_such_item};

/// Work that a follower does in one transaction.
const ENOUGH: usize = 1_000;

/// What the catalog said during a call about items that the projection does not know.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    pub(crate) asked: bool,
    /// Albums and artists that the caller may see.
    pub(crate) seen: BTreeSet<ItemId>,
}

pub(crate) struct Change<'w> {
    write: &'w WriteTransaction,
    pub(super) tables: Tables<'w>,
    known: Known,
    told: BTreeSet<Subject>,
    /// The work done so far: counts of albums and artists that were written, plays and playlists that
    /// were looked through.
    pub(super) work: usize,
    /// Tracks that albums and artists (by kind and id) have gained or lost.
    pub(super) members: BTreeMap<(u8, u64), i64>,
    /// Tracks that playlists count differently now: what they added before, what they add now.
    pub(super) replaced: BTreeMap<TrackId, (Option<Place>, Option<Place>)>,
}

impl<'w> Change<'w> {
    pub(crate) fn begin(write: &'w WriteTransaction, known: Known) -> Result<Self, StoreError> {
        let tables = Tables::open(write)?;
        let (told, members, replaced) = (BTreeSet::new(), BTreeMap::new(), BTreeMap::new());
        Ok(Self { write, tables, known, told, work: 0, members, replaced })
    }

    /// Writes what follows from the change, and the feed.
    pub(crate) fn finish(mut self) -> Result<(), StoreError> {
        self.write_members()?;
        self.measure_playlists()?;
        let entries: Result<Vec<_>, _> = self.told.iter().map(Record::to_bytes).collect();
        Outbox::append(self.write, &entries?)
    }

    /// What a follower has left is better written in another transaction: others wait for this one.
    pub(crate) fn is_enough(&self) -> bool {
        self.work >= ENOUGH
    }

    pub(crate) fn tell(&mut self, subject: Subject) {
        self.told.insert(subject);
    }

    pub(crate) fn followed(&self, feed: &str) -> Result<FollowRow, StoreError> {
        Ok(record(&self.tables.followed, &feed)?.unwrap_or_default())
    }

    pub(crate) fn put_followed(&mut self, feed: &str, row: FollowRow) -> Result<(), StoreError> {
        self.tables.followed.insert(feed, row.to_bytes()?.as_slice())?;
        Ok(())
    }

    /// Stops unless the account is known: a late call of a removed one leaves nothing behind.
    pub(crate) fn require_account(&self, account: AccountId) -> Result<(), Stop> {
        match self.tables.accounts.get(account.0).map_err(StoreError::from)? {
            Some(_) => Ok(()),
            None => Err(Stop::Stranger(account)),
        }
    }

    /// Stops unless the item can be seen with this access.
    pub(crate) fn require_seen(&self, access: &LibraryAccess, item: ItemId) -> Result<(), Stop> {
        match sight(&self.tables.tracks, &self.tables.groups, access, item)? {
            Sight::Seen => Ok(()),
            Sight::Unknown if self.known.seen.contains(&item) => Ok(()),
            Sight::Unknown if !self.known.asked => Err(Stop::Unknown(vec![item])),
            Sight::Hidden | Sight::Unknown => Err(no_such_item(item.kind()).into()),
        }
    }

    /// [`Change::require_seen`] for several items: what is not known is asked for together.
    pub(crate) fn require_all_seen(
        &self,
        access: &LibraryAccess,
        items: &[ItemId],
    ) -> Result<(), Stop> {
        let mut unknown = Vec::new();
        for item in items {
            match self.require_seen(access, *item) {
                Err(Stop::Unknown(items)) => unknown.extend(items),
                other => other?,
            }
        }
        if unknown.is_empty() { Ok(()) } else { Err(Stop::Unknown(unknown)) }
    }

    /// What tracks add to a playlist. Stops at the first one that cannot be seen.
    pub(crate) fn places(
        &self,
        access: &LibraryAccess,
        tracks: &[TrackId],
    ) -> Result<Vec<Place>, Stop> {
        let mut places = Vec::with_capacity(tracks.len());
        let mut hidden = None;
        let mut unknown = Vec::new();
        for (index, id) in tracks.iter().enumerate() {
            match self.track(*id)?.and_then(|row| row.place()) {
                Some(place) if access.allows(place.library) => places.push(place),
                Some(_) => {
                    hidden = Some(index);
                    break;
                }
                None if self.known.asked => {
                    hidden = Some(index);
                    break;
                }
                None => unknown.push(ItemId::Track(*id)),
            }
        }
        if !unknown.is_empty() {
            return Err(Stop::Unknown(unknown));
        }
        match hidden {
            Some(index) => Err(invalid(&format!("tracks[{index}]"), "no such track").into()),
            None => Ok(places),
        }
    }
}
