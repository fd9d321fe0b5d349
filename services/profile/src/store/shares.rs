//! Shares: by their ids, by their secrets, and those of each account, the newest first.

use hexachord_contracts::{
    Timestamp,
    ids::{AccountId, PlaylistId, ShareId, TrackId},
    item::ItemId,
};
use hexachord_storage::{Record, StoreError};
use redb::{ReadTransaction, ReadableTable};
use serde::{Deserialize, Serialize};

use super::{
    Change, behind,
    keys::{latest_first, number},
    record,
    tables::{SHARE_SECRETS, SHARES},
};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ShareRow {
    pub(crate) owner: AccountId,
    /// Kept as it is, for its owner is told the address again.
    pub(crate) secret: u128,
    pub(crate) items: Vec<ItemId>,
    pub(crate) playlists: Vec<PlaylistId>,
    pub(crate) description: String,
    pub(crate) created_at: Timestamp,
    pub(crate) changed_at: Timestamp,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) visits: u64,
    pub(crate) last_visited_at: Option<Timestamp>,
}

impl Record for ShareRow {
    const VERSION: u8 = 1;
}

impl ShareRow {
    fn order_key(&self, ShareId(id): ShareId) -> Vec<u8> {
        [self.owner.0, latest_first(self.created_at), id].map(u64::to_be_bytes).concat()
    }
}

pub(crate) fn shares_prefix(AccountId(owner): AccountId) -> Vec<u8> {
    owner.to_be_bytes().to_vec()
}

/// The share of a key of the order.
pub(crate) fn read_share(key: &[u8]) -> Result<ShareId, StoreError> {
    number(key, 16).map(ShareId)
}

/// The share with this secret.
pub(crate) fn share_of(
    read: &ReadTransaction,
    secret: u128,
) -> Result<Option<(ShareId, ShareRow)>, StoreError> {
    let id = read.open_table(SHARE_SECRETS)?.get(secret)?.map(|id| id.value());
    let Some(id) = id else { return Ok(None) };
    let row = record(&read.open_table(SHARES)?, &id)?;
    Ok(row.map(|row| (ShareId(id), row)))
}

impl Change<'_> {
    pub(crate) fn share(&self, id: ShareId) -> Result<Option<ShareRow>, StoreError> {
        record(&self.tables.shares, &id.0)
    }

    /// A new or changed share; its owner, its secret and its beginning stay.
    pub(crate) fn put_share(&mut self, id: ShareId, row: &ShareRow) -> Result<(), StoreError> {
        self.tables.shares.insert(id.0, row.to_bytes()?.as_slice())?;
        self.tables.share_secrets.insert(row.secret, id.0)?;
        self.tables.share_order.insert(row.order_key(id).as_slice(), ())?;
        Ok(())
    }

    pub(crate) fn remove_share(&mut self, id: ShareId, row: &ShareRow) -> Result<(), StoreError> {
        self.tables.shares.remove(id.0)?;
        self.tables.share_secrets.remove(row.secret)?;
        self.tables.share_order.remove(row.order_key(id).as_slice())?;
        Ok(())
    }

    /// `from` is `to` from now on.
    pub(super) fn move_in_shares(&mut self, from: TrackId, to: TrackId) -> Result<(), StoreError> {
        let (from, to) = (ItemId::Track(from), ItemId::Track(to));
        let mut moved = Vec::new();
        for entry in self.tables.shares.iter()? {
            let (id, row) = entry?;
            self.work += 1;
            let row = ShareRow::from_bytes(row.value())?;
            if row.items.contains(&from) {
                moved.push((ShareId(id.value()), row));
            }
        }
        for (id, mut row) in moved {
            for item in row.items.iter_mut().filter(|item| **item == from) {
                *item = to;
            }
            self.put_share(id, &row)?;
        }
        Ok(())
    }

    /// Removes up to so many shares of the account; how many there were.
    pub(super) fn remove_shares(
        &mut self,
        account: AccountId,
        at_once: usize,
    ) -> Result<usize, StoreError> {
        let prefix = shares_prefix(account);
        let end = behind(&prefix).unwrap_or_else(|| vec![u8::MAX; prefix.len() + 1]);
        let range = self.tables.share_order.range(prefix.as_slice()..end.as_slice())?;
        let ids = range.take(at_once).map(|entry| read_share(entry?.0.value()));
        let ids = ids.collect::<Result<Vec<_>, StoreError>>()?;
        for id in &ids {
            if let Some(row) = self.share(*id)? {
                self.remove_share(*id, &row)?;
            }
        }
        Ok(ids.len())
    }
}
