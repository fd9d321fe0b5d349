//! The names of accounts, as authentication tells them.

use hexachord_contracts::{
    ids::{AccountId, PlaylistId},
    profile::PlaylistSort,
};
use hexachord_storage::{Record, StoreError};
use redb::ReadableTable;

use super::{AccountRow, Change, Subject, behind, own_playlists_prefix, record};

impl Change<'_> {
    /// An account, as it is called now; who follows hears of its playlists again.
    pub(crate) fn put_account(
        &mut self,
        id: AccountId,
        row: &AccountRow,
    ) -> Result<(), StoreError> {
        let old: Option<AccountRow> = record(&self.tables.accounts, &id.0)?;
        if old.as_ref() == Some(row) {
            return Ok(());
        }
        self.tables.accounts.insert(id.0, row.to_bytes()?.as_slice())?;
        if old.is_some_and(|old| old.username != row.username) {
            for playlist in self.playlists_of(id)? {
                self.tell(Subject::Playlist(playlist));
            }
        }
        Ok(())
    }

    pub(crate) fn username(&self, id: AccountId) -> Result<String, StoreError> {
        let row: Option<AccountRow> = record(&self.tables.accounts, &id.0)?;
        Ok(row.map(|row| row.username).unwrap_or_default())
    }

    /// Accounts that the snapshot of this round did not tell.
    pub(crate) fn accounts_untold(&self, round: u64) -> Result<Vec<AccountId>, StoreError> {
        let mut untold = Vec::new();
        for entry in self.tables.accounts.iter()? {
            let (id, row) = entry?;
            if AccountRow::from_bytes(row.value())?.round != round {
                untold.push(AccountId(id.value()));
            }
        }
        Ok(untold)
    }

    /// The account's own playlists.
    pub(super) fn playlists_of(&self, owner: AccountId) -> Result<Vec<PlaylistId>, StoreError> {
        let prefix = own_playlists_prefix(owner, PlaylistSort::Name);
        let end = behind(&prefix).unwrap_or_default();
        let rows = self.tables.playlist_order.range(prefix.as_slice()..end.as_slice())?;
        rows.map(|entry| Ok(PlaylistId(entry?.1.value()))).collect()
    }
}
