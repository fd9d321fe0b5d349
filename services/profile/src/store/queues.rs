//! The queue of an account.

use hexachord_contracts::{
    Timestamp,
    ids::{AccountId, TrackId},
};
use hexachord_storage::{Record, StoreError};
use serde::{Deserialize, Serialize};

use super::{Change, record};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct QueueRow {
    pub(crate) tracks: Vec<TrackId>,
    pub(crate) current: u32,
    pub(crate) position_ms: u64,
    pub(crate) changed_at: Timestamp,
    pub(crate) changed_by: String,
}

impl Record for QueueRow {
    const VERSION: u8 = 1;
}

impl Change<'_> {
    pub(crate) fn put_queue(
        &mut self,
        account: AccountId,
        row: &QueueRow,
    ) -> Result<(), StoreError> {
        self.tables.queues.insert(account.0, row.to_bytes()?.as_slice())?;
        Ok(())
    }

    /// Was there one?
    pub(crate) fn remove_queue(&mut self, account: AccountId) -> Result<bool, StoreError> {
        Ok(self.tables.queues.remove(account.0)?.is_some())
    }

    /// `from` is `to` from now on.
    pub(super) fn move_in_queue(
        &mut self,
        account: AccountId,
        from: TrackId,
        to: TrackId,
    ) -> Result<(), StoreError> {
        let row: Option<QueueRow> = record(&self.tables.queues, &account.0)?;
        let Some(mut row) = row.filter(|row| row.tracks.contains(&from)) else { return Ok(()) };
        for track in row.tracks.iter_mut().filter(|track| **track == from) {
            *track = to;
        }
        self.put_queue(account, &row)
    }
}
