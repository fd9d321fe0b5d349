//! News of the catalog, into the store and into memory.

use hexachord_contracts::{Contract, catalog::Catalog};
use hexachord_storage::StoreError;
use redb::WriteTransaction;

use super::{CatalogFact, CatalogKey, Memory, News};
use crate::store::Tables;

pub(super) fn write(
    write: &WriteTransaction,
    news: &News<CatalogFact, CatalogKey>,
) -> Result<(), StoreError> {
    let mut tables = Tables::open(write)?;
    for fact in &news.facts {
        match fact {
            CatalogFact::Track(id, row) => tables.put_track(*id, row)?,
            CatalogFact::Features(id, row) => tables.put_features(*id, row.as_ref())?,
            CatalogFact::Gone(id) => tables.remove_track(*id)?,
        }
    }
    if let Some(only) = &news.only {
        tables.retain_tracks(|id| only.contains(&CatalogKey::Track(id)))?;
        tables.retain_features(|id| only.contains(&CatalogKey::Features(id)))?;
    }
    tables.put_cursor(Catalog::NAME, news.cursor)
}

pub(super) fn apply(memory: &mut Memory, news: &News<CatalogFact, CatalogKey>) {
    for fact in &news.facts {
        match fact {
            CatalogFact::Track(id, row) => memory.library.put(*id, row),
            CatalogFact::Features(id, row) => memory.library.put_features(*id, row.as_ref()),
            CatalogFact::Gone(id) => memory.library.remove(*id),
        }
    }
    if let Some(only) = &news.only {
        memory.library.retain(|id| only.contains(&CatalogKey::Track(id)));
        memory.library.retain_features(|id| only.contains(&CatalogKey::Features(id)));
    }
    memory.catalog = news.cursor;
    if !news.facts.is_empty() || news.only.is_some() {
        memory.forget_derived();
    }
}
