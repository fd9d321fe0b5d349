//! The trained factors, as they are kept.

use hexachord_contracts::{Timestamp, ids::TrackId, recommendation::Quality};
use hexachord_storage::StoreError;
use ndarray::Array2;
use redb::WriteTransaction;

use super::Trained;
use crate::{
    als::{Factors, Parameters},
    store::{ModelRow, Tables},
};

pub(crate) struct Model {
    pub(crate) trained_at: Timestamp,
    /// As the settings had them.
    pub(crate) asked: Parameters,
    pub(crate) quality: Option<Quality>,
    /// The tracks of the rows, by id; none when the factors were not better than popularity.
    pub(crate) tracks: Vec<TrackId>,
    /// Of each row, how many accounts heard the track.
    pub(crate) listeners: Vec<u32>,
    pub(crate) factors: Factors,
}

impl Model {
    pub(crate) fn new(row: ModelRow) -> Self {
        let shape = (row.tracks.len(), row.used.factors);
        let whole = Array2::from_shape_vec(shape, row.values).ok();
        let (tracks, listeners, values) = match whole {
            Some(values) if row.listeners.len() == row.tracks.len() => {
                (row.tracks, row.listeners, values)
            }
            // Rows that do not fit together tell nothing.
            _ => (Vec::new(), Vec::new(), Array2::zeros((0, row.used.factors))),
        };
        Self {
            trained_at: row.trained_at,
            asked: row.asked,
            quality: row.quality,
            tracks,
            listeners,
            factors: Factors::new(values, row.used),
        }
    }

    /// The row of a track.
    pub(crate) fn row(&self, track: TrackId) -> Option<usize> {
        self.tracks.binary_search(&track).ok()
    }
}

/// Says how many annotations have changed since the training began.
pub(super) fn write(write: &WriteTransaction, trained: &Trained) -> Result<u64, StoreError> {
    let mut tables = Tables::open(write)?;
    tables.put_model(&trained.row)?;
    tables.count_progress(|count| count.saturating_sub(trained.progress))
}
