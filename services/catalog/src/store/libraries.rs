//! What is kept of each library beside its files.

use hexachord_contracts::{Timestamp, ids::LibraryId};
use hexachord_storage::{Record, Store, StoreError};
use redb::{ReadTransaction, TableDefinition, WriteTransaction};
use serde::{Deserialize, Serialize};

use super::{ById, record};

/// Library → [`LibraryRow`].
pub(crate) const LIBRARIES: ById = TableDefinition::new("libraries");

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LibraryRow {
    /// The disk that its folder was on; none before its first scan.
    pub(crate) device: Option<u64>,
    /// Do links lead to what is only seen through them?
    pub(crate) links: bool,
    /// Why its last scan left it as it was.
    pub(crate) trouble: Option<Trouble>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Trouble {
    /// A sentence for administrators.
    pub(crate) text: String,
    pub(crate) since: Timestamp,
}

impl Record for LibraryRow {
    const VERSION: u8 = 1;
}

/// Library → [`AddedLibrary`].
pub(crate) const ADDED_LIBRARIES: ById = TableDefinition::new("added_libraries");
/// Library → [`ScanRow`].
pub(crate) const LIBRARY_SCANS: ById = TableDefinition::new("library_scans");

/// A library that an administrator added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AddedLibrary {
    pub(crate) name: String,
    /// Absolute.
    pub(crate) path: String,
    pub(crate) added_at: Timestamp,
}

impl Record for AddedLibrary {
    const VERSION: u8 = 1;
}

/// The last scan of all libraries that saw this one whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ScanRow {
    pub(crate) at: Timestamp,
}

impl Record for ScanRow {
    const VERSION: u8 = 1;
}

pub(super) fn make_more_tables(write: &WriteTransaction) -> Result<(), StoreError> {
    write.open_table(ADDED_LIBRARIES)?;
    write.open_table(LIBRARY_SCANS)?;
    Ok(())
}

pub(super) fn make_table(write: &WriteTransaction) -> Result<(), StoreError> {
    write.open_table(LIBRARIES)?;
    Ok(())
}

/// Nothing is kept of a library that was never scanned.
pub(crate) fn library_row(
    read: &ReadTransaction,
    library: LibraryId,
) -> Result<LibraryRow, StoreError> {
    Ok(record(&read.open_table(LIBRARIES)?, library.0)?.unwrap_or_default())
}

pub(crate) fn added_libraries(
    read: &ReadTransaction,
) -> Result<Vec<(LibraryId, AddedLibrary)>, StoreError> {
    let added = read.open_table(ADDED_LIBRARIES)?;
    let mut libraries = Vec::new();
    for entry in added.range::<u64>(..)? {
        let (id, row) = entry?;
        libraries.push((LibraryId(id.value()), AddedLibrary::from_bytes(row.value())?));
    }
    Ok(libraries)
}

/// These were seen whole. Blocks.
pub(crate) fn put_scans(
    store: &Store,
    libraries: Vec<LibraryId>,
    at: Timestamp,
) -> Result<(), StoreError> {
    let bytes = ScanRow { at }.to_bytes()?;
    store.write_blocking(move |write| {
        let mut scans = write.open_table(LIBRARY_SCANS)?;
        for library in &libraries {
            scans.insert(library.0, bytes.as_slice())?;
        }
        Ok(())
    })
}

/// Blocks.
pub(crate) fn put_library_row(
    store: &Store,
    library: LibraryId,
    row: &LibraryRow,
) -> Result<(), StoreError> {
    let bytes = row.to_bytes()?;
    store.write_blocking(move |write| {
        write.open_table(LIBRARIES)?.insert(library.0, bytes.as_slice())?;
        Ok(())
    })
}
