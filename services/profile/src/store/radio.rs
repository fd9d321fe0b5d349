//! The stations of internet radio that the house knows, and their order: by name.

use hexachord_contracts::{Timestamp, ids::RadioStationId, profile::RadioStation};
use hexachord_storage::{Record, StoreError};
use serde::{Deserialize, Serialize};

use super::{Change, record};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StationRow {
    pub(crate) name: String,
    pub(crate) stream_url: String,
    pub(crate) home_page_url: Option<String>,
    pub(crate) created_at: Timestamp,
    pub(crate) changed_at: Timestamp,
}

impl Record for StationRow {
    const VERSION: u8 = 1;
}

impl StationRow {
    pub(crate) fn station(self, id: RadioStationId) -> RadioStation {
        let Self { name, stream_url, home_page_url, created_at, changed_at } = self;
        RadioStation { id, name, stream_url, home_page_url, created_at, changed_at }
    }

    /// Names have no control characters: the zero lets a name stand before its continuations.
    fn order_key(&self, RadioStationId(id): RadioStationId) -> Vec<u8> {
        [self.name.to_lowercase().as_bytes(), &[0], &id.to_be_bytes()].concat()
    }
}

impl Change<'_> {
    pub(crate) fn station(&self, id: RadioStationId) -> Result<Option<StationRow>, StoreError> {
        record(&self.tables.stations, &id.0)
    }

    pub(crate) fn put_station(
        &mut self,
        id: RadioStationId,
        row: &StationRow,
    ) -> Result<(), StoreError> {
        self.remove_station(id)?;
        self.tables.stations.insert(id.0, row.to_bytes()?.as_slice())?;
        self.tables.station_order.insert(row.order_key(id).as_slice(), id.0)?;
        Ok(())
    }

    /// Was there such a station?
    pub(crate) fn remove_station(&mut self, id: RadioStationId) -> Result<bool, StoreError> {
        let Some(row) = self.station(id)? else { return Ok(false) };
        self.tables.stations.remove(id.0)?;
        self.tables.station_order.remove(row.order_key(id).as_slice())?;
        Ok(true)
    }
}
