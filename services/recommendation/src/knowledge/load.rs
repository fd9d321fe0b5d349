//! Memory from the store.

use std::panic::{AssertUnwindSafe, catch_unwind};

use hexachord_contracts::{Contract, catalog::Catalog, profile::Profile};
use hexachord_storage::{Store, StoreError};

use super::{Memory, Model};
use crate::{resources::Shared, store};

/// Everything that the store holds; one that cannot be read is made anew. Blocks.
pub(super) fn load(shared: &Shared) -> Result<Memory, StoreError> {
    match read(&shared.store()) {
        Err(error @ (StoreError::Damaged(_) | StoreError::Failed(_))) => {
            shared.renew_store(&error)?;
            read(&shared.store())
        }
        outcome => outcome,
    }
}

fn read(store: &Store) -> Result<Memory, StoreError> {
    let read = || {
        store.read_blocking(|read| {
            let mut memory = Memory::default();
            store::tracks(read, |id, row| memory.library.put(id, &row))?;
            store::features(read, |id, row| memory.library.put_features(id, Some(&row)))?;
            store::annotations(read, |account, item, row| {
                memory.listeners.put(account, item, Some(row));
            })?;
            memory.catalog = store::cursors(read, Catalog::NAME)?;
            memory.profile = store::cursors(read, Profile::NAME)?;
            memory.progress = store::progress(read)?;
            memory.model = store::model(read)?.map(Model::new);
            Ok(memory)
        })
    };
    // Damaged pages make redb panic now and then.
    let panicked = |_| Err(StoreError::Damaged("a page cannot be read".to_owned()));
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(panicked)
}
