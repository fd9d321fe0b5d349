//! The list of missing tracks.

use hexachord_contracts::{
    catalog::{CatalogError, ListMissing, MissingTrack},
    ids::TrackId,
    page::Page,
};
use redb::ReadTransaction;

use super::{Answer, Asked, Tracks, Viewer};
use crate::store::{LISTS, List, Scope, last_id, library_of, list_prefix};

pub(crate) fn list_missing(
    call: &ListMissing,
    viewer: Viewer,
) -> Result<impl FnOnce(&ReadTransaction) -> Answer<Page<MissingTrack>> + use<>, CatalogError> {
    let prefix = list_prefix(List::MissingBySince, Scope::All);
    let asked = Asked::new(0, &prefix, false, &call.paging)?;
    Ok(move |read: &ReadTransaction| {
        let mut tracks = Tracks::open(read, viewer.clone())?;
        let page = asked.read(&read.open_table(LISTS)?, |key, value| {
            if !viewer.sees(library_of(value)) {
                return Ok(None);
            }
            let id = TrackId(last_id(key));
            let row = tracks.row(id)?;
            let path = row.map(|row| String::from_utf8_lossy(&row.path).into_owned());
            Ok(tracks.get(id)?.zip(path).map(|(track, path)| MissingTrack { track, path }))
        })?;
        Ok(Ok(page))
    })
}
