//! The plays of an account.

use hexachord_contracts::{
    Timestamp,
    ids::{AccountId, PlayId},
};
use hexachord_storage::{Record, StoreError};
use redb::ReadableTable;

use super::{
    Change, PlayRow,
    keys::{play_key, read_play},
};

impl Change<'_> {
    /// When it started, and what was told of it.
    pub(crate) fn play(
        &self,
        account: AccountId,
        id: PlayId,
    ) -> Result<Option<(Timestamp, PlayRow)>, StoreError> {
        let started_at = self.tables.play_starts.get((account.0, id.0))?;
        let Some(started_at) = started_at.map(|at| Timestamp::from_millis(at.value())) else {
            return Ok(None);
        };
        let key = play_key(account, started_at, id);
        let row = self.tables.plays.get(key.as_slice())?;
        row.map(|row| Ok((started_at, PlayRow::from_bytes(row.value())?))).transpose()
    }

    /// The plays that started then, both times among them.
    pub(crate) fn plays_between(
        &self,
        account: AccountId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<(PlayId, Timestamp, PlayRow)>, StoreError> {
        // The latest come first.
        let first = play_key(account, to, PlayId(u64::MIN));
        let last = play_key(account, from, PlayId(u64::MAX));
        let range = self.tables.plays.range(first.as_slice()..=last.as_slice())?;
        range
            .map(|entry| {
                let (key, row) = entry?;
                let (started_at, id) = read_play(key.value())?;
                Ok((id, started_at, PlayRow::from_bytes(row.value())?))
            })
            .collect()
    }

    /// A new play, or more of one that started then.
    pub(crate) fn put_play(
        &mut self,
        account: AccountId,
        id: PlayId,
        started_at: Timestamp,
        row: &PlayRow,
    ) -> Result<(), StoreError> {
        let key = play_key(account, started_at, id);
        self.tables.play_starts.insert((account.0, id.0), started_at.as_millis())?;
        self.tables.plays.insert(key.as_slice(), row.to_bytes()?.as_slice())?;
        Ok(())
    }
}
