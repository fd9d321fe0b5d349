//! The store of recommendation: what was followed, how far, and the model. It can be lost.

mod rows;
mod tables;

use std::{
    fs, io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

use hexachord_storage::{Backing, Options, Schema, Store, StoreError};

pub(crate) use rows::{AnnotationRow, ModelRow, TrackRow};
pub(crate) use tables::{Tables, annotations, cursors, model, progress, tracks};

const CACHE_BYTES: usize = 4 * 1024 * 1024;
/// Read at the start only.
const READERS: usize = 1;

/// Opens or makes the store at `path`; one that cannot be read is set aside. Blocks.
pub(crate) fn open(path: &Path) -> Result<Store, StoreError> {
    match open_as_it_is(path) {
        Err(error @ (StoreError::Locked { .. } | StoreError::DiskFull)) => Err(error),
        Err(error) if fs::symlink_metadata(path).is_ok() => {
            set_aside(path, &error)?;
            open_as_it_is(path)
        }
        outcome => outcome,
    }
}

/// Out of the way of a new one, for people to look at. Nothing is lost: all of it is derived.
pub(crate) fn set_aside(path: &Path, error: &StoreError) -> Result<(), StoreError> {
    let aside = damaged(path);
    tracing::warn!(%error, aside = %aside.display(), "the store of recommendation is made anew");
    match fs::remove_file(&aside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    Ok(fs::rename(path, aside)?)
}

fn damaged(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".damaged");
    name.into()
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
