//! What people wrote to each other: the last messages, by the numbers that they were given.

use hexachord_contracts::{
    Timestamp,
    ids::AccountId,
    profile::{ChatMessage, MOST_MESSAGES},
};
use hexachord_storage::{Record, StoreError};
use redb::ReadableTable;
use serde::{Deserialize, Serialize};

use super::{Change, keys::number};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MessageRow {
    pub(crate) account: AccountId,
    pub(crate) written_at: Timestamp,
    pub(crate) text: String,
}

impl Record for MessageRow {
    const VERSION: u8 = 1;
}

impl MessageRow {
    pub(crate) fn message(self, number: u64, username: String) -> ChatMessage {
        let Self { account, written_at, text } = self;
        ChatMessage { number, account, username, written_at, text }
    }
}

pub(crate) fn read_message(key: &[u8]) -> Result<u64, StoreError> {
    number(key, 0)
}

impl Change<'_> {
    /// Adds a message, takes away what is too old, and answers the number of the new one.
    pub(crate) fn add_message(&mut self, row: &MessageRow) -> Result<u64, StoreError> {
        let last = self.tables.messages.last()?.map(|(key, _)| read_message(key.value()));
        let number = last.transpose()?.map_or(1, |last| last.saturating_add(1));
        let key = number.to_be_bytes();
        self.tables.messages.insert(key.as_slice(), row.to_bytes()?.as_slice())?;
        let oldest = number.saturating_sub(MOST_MESSAGES - 1).to_be_bytes();
        self.tables.messages.retain_in(..oldest.as_slice(), |_, _| false)?;
        Ok(number)
    }

    /// Removes the messages of the account; how many there were.
    pub(super) fn remove_messages(&mut self, account: AccountId) -> Result<usize, StoreError> {
        let mut keys = Vec::new();
        for entry in self.tables.messages.iter()? {
            let (key, row) = entry?;
            if MessageRow::from_bytes(row.value())?.account == account {
                keys.push(key.value().to_vec());
            }
        }
        for key in &keys {
            self.tables.messages.remove(key.as_slice())?;
        }
        Ok(keys.len())
    }
}
