//! Lists that tell how many rows they have and of which revision they are.

use std::sync::Arc;

use hexachord_contracts::{
    catalog::{Letters, Years},
    page::{Page, Window},
};
use hexachord_storage::{Outbox, StoreError};
use redb::{ReadTransaction, ReadableTable};

use super::{
    Asked, Viewer,
    positions::{ListKey, Positions, Remembered},
    revision::Revision,
};
use crate::store::PREFIX;

/// What counting needs: cheap to clone.
#[derive(Clone)]
pub(crate) struct Counted {
    pub(crate) outbox: Arc<Outbox>,
    pub(crate) remembered: Arc<Remembered>,
}

/// A list as it is in one transaction.
pub(super) struct CountedNow<'c> {
    remembered: &'c Remembered,
    pub(super) revision: Revision,
    key: ListKey,
}

impl Counted {
    /// The list that is asked for, as somebody sees it.
    pub(super) fn of(
        &self,
        read: &ReadTransaction,
        asked: &Asked,
        years: Option<Years>,
        viewer: &Viewer,
    ) -> Result<CountedNow<'_>, StoreError> {
        let (remembered, key) = (&*self.remembered, asked.key(years, viewer.access().clone()));
        Ok(CountedNow { remembered, revision: Revision::read(read, &self.outbox)?, key })
    }
}

impl CountedNow<'_> {
    /// Where its rows stand, which `work_out` finds out where nobody asked since they changed.
    pub(super) fn positions(
        &self,
        work_out: impl FnOnce() -> Result<Positions, StoreError>,
    ) -> Result<Arc<Positions>, StoreError> {
        let key = self.key.clone();
        self.remembered.positions.get(key, self.revision, work_out, Positions::was_a_long_walk)
    }

    /// The rows of the list in this other order, which stands in the table.
    pub(super) fn total_of(
        &self,
        prefix: &[u8; PREFIX],
        table: &impl ReadableTable<&'static [u8], &'static [u8]>,
        is_row: impl FnMut(&[u8], &[u8]) -> Result<bool, StoreError>,
    ) -> Result<u64, StoreError> {
        let asked = Asked::whole(prefix);
        let key = asked.key(None, self.key.access.clone());
        let walked = || Positions::walked(&asked, table, is_row);
        let positions = &self.remembered.positions;
        Ok(positions.get(key, self.revision, walked, Positions::was_a_long_walk)?.total)
    }

    pub(super) fn window<T>(&self, page: Page<T>, total: u64) -> Window<T> {
        let Page { items, next_cursor } = page;
        Window { items, next_cursor, total, revision: self.revision.told(&self.key.access) }
    }

    pub(super) fn letters(&self, positions: &Positions) -> Letters {
        let revision = self.revision.told(&self.key.access);
        Letters { items: positions.letters(), total: positions.total, revision }
    }
}
