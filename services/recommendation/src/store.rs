//! The store of recommendation: what was followed, how far, and the model. It can be lost.

mod rows;
mod tables;

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use hexachord_storage::{Backing, Options, Schema, Store, StoreError};

pub(crate) use rows::{AnnotationRow, FeaturesRow, ModelRow, TrackRow};
pub(crate) use tables::{Tables, annotations, cursors, features, model, progress, tracks};

const CACHE_BYTES: usize = 4 * 1024 * 1024;
/// Read at the start only.
const READERS: usize = 1;

/// Opens or makes the store at `path`; one that cannot be read is made anew. Blocks.
pub(crate) fn open(path: &Path) -> Result<Store, StoreError> {
    match open_as_it_is(path) {
        Err(error @ (StoreError::Locked { .. } | StoreError::DiskFull)) => Err(error),
        Err(error) if fs::symlink_metadata(path).is_ok() => {
            discard(path, &error)?;
            open_as_it_is(path)
        }
        outcome => outcome,
    }
}

/// Nothing is lost, all of it is derived; and kept, it would have rows of accounts that go later.
pub(crate) fn discard(path: &Path, error: &StoreError) -> Result<(), StoreError> {
    tracing::warn!(%error, "the store of recommendation is made anew");
    Ok(fs::remove_file(path)?)
}

fn open_as_it_is(path: &Path) -> Result<Store, StoreError> {
    let options = Options {
        name: "recommendation",
        backing: Backing::File(path.to_owned()),
        schema: Schema::default(),
        cache_bytes: CACHE_BYTES,
        readers: READERS,
    };
    // Damaged pages make redb panic now and then. Nobody follows this store: it has no epoch.
    let opened = catch_unwind(AssertUnwindSafe(|| Store::open(options, 1)));
    opened.unwrap_or_else(|_panic| Err(StoreError::Damaged("it cannot be opened".to_owned())))
}
