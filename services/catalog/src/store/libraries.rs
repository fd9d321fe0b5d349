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
