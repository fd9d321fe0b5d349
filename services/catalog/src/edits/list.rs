//! The list of edits.

use hexachord_contracts::{
    catalog::{CatalogError, Edit, EditOf, ListEdits},
    ids::EditId,
    page::Page,
};
use hexachord_storage::Record;
use redb::ReadTransaction;

use crate::{
    browse::{Answer, decoded, encoded, invalid, limit_of},
    store::{EDITS, EditRow},
};

/// No page is heavier, so that it stays below the size of a message.
const HEAVIEST: usize = 256 * 1024;
/// Bytes of a track's id, and of an edit without its names.
const OF_A_TRACK: usize = 20;
const OF_AN_EDIT: usize = 200;
/// First byte of the list's cursors.
const MARK: u8 = b'e';

pub(crate) fn list_edits(
    call: &ListEdits,
) -> Result<impl FnOnce(&ReadTransaction) -> Answer<Page<Edit>> + use<>, CatalogError> {
    let limit = limit_of(&call.paging)?;
    let after = call.paging.cursor.as_deref().map(read_cursor).transpose()?;
    Ok(move |read: &ReadTransaction| {
        let mut page = Page { items: Vec::new(), next_cursor: None };
        let mut weight = 0;
        let mut last = 0;
        let first = after.map_or(0, |after| after.saturating_add(1));
        for entry in read.open_table(EDITS)?.range(first..)? {
            let (id, row) = entry?;
            if page.items.len() == limit || weight > HEAVIEST {
                page.next_cursor = Some(encoded(&[&[MARK][..], &u64::to_be_bytes(last)].concat()));
                break;
            }
            let EditRow { made_at, edit } = EditRow::from_bytes(row.value())?;
            weight += weight_of(&edit);
            last = id.value();
            page.items.push(Edit { id: EditId(last), made_at, edit });
        }
        Ok(Ok(page))
    })
}

fn read_cursor(text: &str) -> Result<u64, CatalogError> {
    let read = || {
        let bytes = decoded(text)?;
        let id = bytes.strip_prefix(&[MARK])?.try_into().ok()?;
        Some(u64::from_be_bytes(id))
    };
    read().ok_or_else(|| invalid("cursor", "is not a cursor of this list"))
}

fn weight_of(edit: &EditOf) -> usize {
    let all = |names: &[String]| names.iter().map(String::len).sum::<usize>();
    OF_AN_EDIT
        + match edit {
            EditOf::Artist(edit) => edit.name.len() + all(&edit.becomes),
            EditOf::Genre(edit) => edit.name.len() + all(&edit.becomes),
            EditOf::Album(edit) => {
                let title = edit.title.as_ref().map_or(0, String::len);
                title
                    + all(edit.artists.as_deref().unwrap_or_default())
                    + edit.tracks.len() * OF_A_TRACK
            }
        }
}
