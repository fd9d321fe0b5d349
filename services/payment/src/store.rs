//! The store of payment: its file, its tables, and changes to them.

mod book;
mod change;
mod life;
mod read;
mod removal;
mod rows;
mod tables;

use std::path::Path;

use hexachord_contracts::payment::PaymentError;
use hexachord_storage::{Backing, Options, Schema, Store, StoreError};

use tables::Tables;

pub(crate) use change::{Change, Effect, Stop};
pub(crate) use read::{
    balances, followed_to, last_look, ledger, live_subscription, load, payments, subscriptions,
};
pub(crate) use rows::{PaymentRow, PlanRow, SubscriptionRow};

const CACHE_BYTES: usize = 4 * 1024 * 1024;
/// What is asked with every request is answered from memory.
const READERS: usize = 1;

/// Opens or makes the store at `path`. Blocks. `fresh_epoch` names a new store.
pub fn open_store(path: &Path, fresh_epoch: u64) -> Result<Store, StoreError> {
    open(Backing::File(path.to_owned()), fresh_epoch)
}

/// A store without a file, for tests.
pub fn open_memory_store(fresh_epoch: u64) -> Result<Store, StoreError> {
    open(Backing::Memory, fresh_epoch)
}

fn open(backing: Backing, fresh_epoch: u64) -> Result<Store, StoreError> {
    let options = Options {
        name: "payment",
        backing,
        schema: Schema::default(),
        cache_bytes: CACHE_BYTES,
        readers: READERS,
    };
    let store = Store::open(options, fresh_epoch)?;
    store.ensure_tables("plans", |write| Tables::open(write).map(drop))?;
    Ok(store)
}

/// What a caller hears of a store that failed.
pub(crate) fn refusal(error: StoreError) -> PaymentError {
    match error {
        StoreError::DiskFull => PaymentError::DiskFull,
        StoreError::Busy => PaymentError::Busy,
        other => PaymentError::Storage(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_and_a_full_queue_are_told_apart_from_the_rest() {
        assert_eq!(refusal(StoreError::DiskFull), PaymentError::DiskFull);
        assert_eq!(refusal(StoreError::Busy), PaymentError::Busy);
        let damaged = refusal(StoreError::Damaged("PlanRow: empty".to_owned()));
        assert!(matches!(damaged, PaymentError::Storage(text) if text.contains("PlanRow")));
    }
}
