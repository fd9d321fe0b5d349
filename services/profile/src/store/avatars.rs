//! The picture of an account.

use hexachord_contracts::{
    Timestamp,
    ids::AccountId,
    profile::{Avatar, Picture},
};
use hexachord_storage::{Record, StoreError};
use serde::{Deserialize, Serialize};

use super::Change;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AvatarRow {
    pub(crate) picture: Vec<u8>,
    pub(crate) changed_at: Timestamp,
}

impl Record for AvatarRow {
    const VERSION: u8 = 1;
}

impl AvatarRow {
    pub(crate) fn avatar(self) -> Avatar {
        Avatar { picture: Picture(self.picture), changed_at: self.changed_at }
    }
}

impl Change<'_> {
    pub(crate) fn put_avatar(
        &mut self,
        account: AccountId,
        row: &AvatarRow,
    ) -> Result<(), StoreError> {
        self.tables.avatars.insert(account.0, row.to_bytes()?.as_slice())?;
        Ok(())
    }

    /// Was there one?
    pub(crate) fn remove_avatar(&mut self, account: AccountId) -> Result<bool, StoreError> {
        Ok(self.tables.avatars.remove(account.0)?.is_some())
    }
}
