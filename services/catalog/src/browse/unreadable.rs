//! The list of files that could not be read.

use hexachord_contracts::{
    catalog::{CatalogError, ListUnreadable, UnreadableFile},
    ids::LibraryId,
    page::Page,
};
use hexachord_storage::Record;
use redb::ReadTransaction;

use super::{Answer, Asked};
use crate::store::{UNREADABLE, UnreadableRow, library_of, path_of};

pub(crate) fn list_unreadable(
    call: &ListUnreadable,
) -> Result<impl FnOnce(&ReadTransaction) -> Answer<Page<UnreadableFile>> + use<>, CatalogError> {
    let asked = Asked::new(1, &[], false, &call.paging)?;
    Ok(move |read: &ReadTransaction| {
        let page = asked.read(&read.open_table(UNREADABLE)?, |key, value| {
            let row = UnreadableRow::from_bytes(value)?;
            let library: LibraryId = library_of(key);
            let path = String::from_utf8_lossy(path_of(key)).into_owned();
            Ok(Some(UnreadableFile { library, path, reason: row.reason, seen_at: row.seen_at }))
        })?;
        Ok(Ok(page))
    })
}
