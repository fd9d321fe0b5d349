//! Opening the index, and making a new one where there is none that can be used.

use std::{
    fs, io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use tantivy::{Index, IndexReader, ReloadPolicy, TantivyError};

use crate::{committed::Committed, error::IndexError, schema::Fields, view::View};

/// Without this file there is no index.
const META: &str = "meta.json";

pub(crate) struct Opened {
    pub(crate) index: Index,
    pub(crate) reader: IndexReader,
    pub(crate) fields: Fields,
    pub(crate) view: View,
    /// There was none, or none that could be used.
    pub(crate) is_new: bool,
}

pub(crate) fn is_there(folder: &Path) -> bool {
    folder.join(META).exists()
}

/// Opens the index in `folder`. One that is of another version or damaged is removed with all
/// files of the folder, and a new one is made: nothing is in it that is not told again.
pub(crate) fn open(folder: &Path) -> Result<Opened, IndexError> {
    fs::create_dir_all(folder)?;
    if is_there(folder) {
        // Damage that no checksum covers may also end in a panic.
        match catch_unwind(AssertUnwindSafe(|| open_as_it_is(folder))) {
            Ok(Ok(opened)) => return Ok(opened),
            Ok(Err(error)) => tracing::warn!(%error, "the index is not usable: built anew"),
            Err(_panic) => tracing::warn!("the index cannot be read: built anew"),
        }
    }
    remove_files(folder)?;
    let (_, schema) = Fields::new();
    let index = Index::create_in_dir(folder, schema)?;
    let mut opened = read(index, Committed::default())?;
    opened.is_new = true;
    Ok(opened)
}

fn open_as_it_is(folder: &Path) -> Result<Opened, IndexError> {
    // Read by an index of its own, so that the pages that this touches are let go again.
    let damaged = Index::open_in_dir(folder)?.validate_checksum()?;
    if let Some(file) = damaged.into_iter().next() {
        return Err(unusable(&format!("{} is damaged", file.display())));
    }
    let index = Index::open_in_dir(folder)?;
    let (_, schema) = Fields::new();
    if index.schema() != schema {
        return Err(unusable("it has other fields"));
    }
    let payload = index.load_metas()?.payload;
    // One that was made and never written to says nothing.
    let committed = match payload {
        Some(payload) => Committed::from_payload(&payload),
        None if index.searchable_segment_ids()?.is_empty() => Some(Committed::default()),
        None => None,
    };
    read(index, committed.ok_or_else(|| unusable("it is of another version"))?)
}

fn read(index: Index, committed: Committed) -> Result<Opened, IndexError> {
    let (fields, _) = Fields::new();
    let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    let view = View::new(&reader.searcher(), &fields, committed)?;
    Ok(Opened { index, reader, fields, view, is_new: false })
}

fn unusable(why: &str) -> IndexError {
    TantivyError::InvalidArgument(why.to_owned()).into()
}

/// An index has no folders inside: whatever else lies there is left alone.
fn remove_files(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_type()?.is_dir() {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
