//! The bookmarks of an account, and their order: the latest change first.

use hexachord_contracts::{
    Timestamp,
    ids::{AccountId, TrackId},
    profile::Bookmark,
};
use hexachord_storage::{Record, StoreError};
use redb::ReadableTable;
use serde::{Deserialize, Serialize};

use super::{
    Change,
    keys::{latest_first, number},
    record,
};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BookmarkRow {
    pub(crate) position_ms: u64,
    pub(crate) comment: String,
    pub(crate) created_at: Timestamp,
    pub(crate) changed_at: Timestamp,
}

impl Record for BookmarkRow {
    const VERSION: u8 = 1;
}

impl BookmarkRow {
    pub(crate) fn bookmark(self, track: TrackId) -> Bookmark {
        let Self { position_ms, comment, created_at, changed_at } = self;
        Bookmark { track, position_ms, comment, created_at, changed_at }
    }
}

pub(crate) fn bookmarks_prefix(AccountId(account): AccountId) -> Vec<u8> {
    account.to_be_bytes().to_vec()
}

fn order_key(
    AccountId(account): AccountId,
    changed_at: Timestamp,
    TrackId(track): TrackId,
) -> Vec<u8> {
    [account, latest_first(changed_at), track].map(u64::to_be_bytes).concat()
}

/// The track of a key of the order.
pub(crate) fn read_bookmark(key: &[u8]) -> Result<TrackId, StoreError> {
    number(key, 16).map(TrackId)
}

impl Change<'_> {
    pub(crate) fn bookmark(
        &self,
        account: AccountId,
        track: TrackId,
    ) -> Result<Option<BookmarkRow>, StoreError> {
        record(&self.tables.bookmarks, &(account.0, track.0))
    }

    pub(crate) fn put_bookmark(
        &mut self,
        account: AccountId,
        track: TrackId,
        row: &BookmarkRow,
    ) -> Result<(), StoreError> {
        self.remove_bookmark(account, track)?;
        self.tables.bookmarks.insert((account.0, track.0), row.to_bytes()?.as_slice())?;
        let key = order_key(account, row.changed_at, track);
        self.tables.bookmark_order.insert(key.as_slice(), ())?;
        Ok(())
    }

    /// Was there one?
    pub(crate) fn remove_bookmark(
        &mut self,
        account: AccountId,
        track: TrackId,
    ) -> Result<bool, StoreError> {
        let Some(row) = self.bookmark(account, track)? else { return Ok(false) };
        self.tables.bookmarks.remove((account.0, track.0))?;
        let key = order_key(account, row.changed_at, track);
        self.tables.bookmark_order.remove(key.as_slice())?;
        Ok(true)
    }

    /// `from` is `to` from now on, whose own bookmark counts more.
    pub(super) fn move_bookmark(
        &mut self,
        account: AccountId,
        from: TrackId,
        to: TrackId,
    ) -> Result<(), StoreError> {
        let Some(row) = self.bookmark(account, from)? else { return Ok(()) };
        self.remove_bookmark(account, from)?;
        if self.bookmark(account, to)?.is_none() {
            self.put_bookmark(account, to, &row)?;
        }
        Ok(())
    }

    /// Removes up to so many bookmarks of the account; how many there were.
    pub(super) fn remove_bookmarks(
        &mut self,
        account: AccountId,
        at_once: usize,
    ) -> Result<usize, StoreError> {
        let of_account = (account.0, u64::MIN)..=(account.0, u64::MAX);
        let range = self.tables.bookmarks.range(of_account)?.take(at_once);
        let tracks = range.map(|entry| Ok(TrackId(entry?.0.value().1)));
        let tracks = tracks.collect::<Result<Vec<_>, StoreError>>()?;
        for track in &tracks {
            self.remove_bookmark(account, *track)?;
        }
        Ok(tracks.len())
    }
}
