//! The decades that there is something of.

use std::{collections::BTreeMap, sync::Arc};

use hexachord_contracts::catalog::Decade;
use hexachord_storage::StoreError;
use redb::ReadTransaction;

use super::{Answer, Asked, Counted, Revision, Viewer, albums::shown};
use crate::store::{ALBUMS, LISTS, List, Scope, library_of, list_prefix, year_of_entry};

/// Worked out once a revision: it takes a walk through the years of all albums and tracks.
pub(crate) fn list_decades(
    viewer: Viewer,
    counted: Counted,
) -> impl FnOnce(&ReadTransaction) -> Answer<Vec<Decade>> + use<> {
    move |read: &ReadTransaction| {
        let revision = Revision::read(read, &counted.outbox)?;
        let access = viewer.access().clone();
        let decades =
            counted.remembered.decades.get(access, revision, || walked(read, &viewer), |_| true)?;
        Ok(Ok(Arc::unwrap_or_clone(decades)))
    }
}

fn walked(read: &ReadTransaction, viewer: &Viewer) -> Result<Vec<Decade>, StoreError> {
    let (albums, lists) = (read.open_table(ALBUMS)?, read.open_table(LISTS)?);
    let mut decades: BTreeMap<i32, Decade> = BTreeMap::new();
    let mut count = |key: &[u8], add: fn(&mut Decade)| {
        if let Some(year) = year_of_entry(key) {
            let decade = year.div_euclid(10).saturating_mul(10);
            add(decades.entry(decade).or_insert(Decade { decade, albums: 0, tracks: 0 }));
        }
    };
    let (by_year, all) = (List::AlbumsByYear, Scope::All);
    Asked::whole(&list_prefix(by_year, all)).each(&lists, |key, value| {
        if shown((key, value), (by_year, all), None, &albums, viewer)?.is_some() {
            count(key, |decade| decade.albums += 1);
        }
        Ok(true)
    })?;
    Asked::whole(&list_prefix(List::TracksByYear, all)).each(&lists, |key, value| {
        if viewer.sees(library_of(value)) {
            count(key, |decade| decade.tracks += 1);
        }
        Ok(true)
    })?;
    Ok(decades.into_values().collect())
}
