//! The store of authentication: its file, its tables, and changes to them.

mod change;
mod rows;
mod tables;

use std::path::Path;

use hexachord_storage::{Backing, Options, Schema, Store, StoreError};

pub(crate) use change::{Change, Effect, Stop};
pub(crate) use rows::{AccountRow, DeviceKeyRow, InviteRow, SessionRow};
pub(crate) use tables::{accounts_after, find_account, load};

use hexachord_contracts::authentication::AuthenticationError;

const CACHE_BYTES: usize = 4 * 1024 * 1024;
/// Nearly everything is answered from memory.
const READERS: usize = 1;

/// Opens or makes the store at `path`. Blocks. `fresh_epoch` names the feed of a new store.
pub fn open_store(path: &Path, fresh_epoch: u64) -> Result<Store, StoreError> {
    open(Backing::File(path.to_owned()), fresh_epoch)
}

/// A store without a file, for tests.
pub fn open_memory_store(fresh_epoch: u64) -> Result<Store, StoreError> {
    open(Backing::Memory, fresh_epoch)
}

fn open(backing: Backing, fresh_epoch: u64) -> Result<Store, StoreError> {
    let options = Options {
        name: "authentication",
        backing,
        schema: Schema::default(),
        cache_bytes: CACHE_BYTES,
        readers: READERS,
    };
    Store::open(options, fresh_epoch)
}

/// What a caller hears of a store that failed.
pub(crate) fn refusal(error: StoreError) -> AuthenticationError {
    match error {
        StoreError::DiskFull => AuthenticationError::DiskFull,
        StoreError::Busy => AuthenticationError::Busy,
        other => AuthenticationError::Storage(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_and_a_full_queue_are_told_apart_from_the_rest() {
        assert_eq!(refusal(StoreError::DiskFull), AuthenticationError::DiskFull);
        assert_eq!(refusal(StoreError::Busy), AuthenticationError::Busy);
        let damaged = refusal(StoreError::Damaged("AccountRow: empty".to_owned()));
        assert!(
            matches!(damaged, AuthenticationError::Storage(text) if text.contains("AccountRow"))
        );
    }
}
