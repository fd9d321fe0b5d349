//! How many tracks a playlist has and how long they play, for each library: so a caller who may
//! see some libraries learns it without a walk through the tracks.

use hexachord_contracts::{LibraryAccess, ids::LibraryId};
use serde::{Deserialize, Serialize};

/// What one track adds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) library: LibraryId,
    pub(crate) duration_ms: u64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Totals(Vec<OfLibrary>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct OfLibrary {
    library: LibraryId,
    tracks: u32,
    duration_ms: u64,
}

impl Totals {
    pub(crate) fn add(&mut self, place: Place) {
        let Place { library, duration_ms } = place;
        match self.0.iter_mut().find(|total| total.library == library) {
            Some(total) => {
                total.tracks = total.tracks.saturating_add(1);
                total.duration_ms = total.duration_ms.saturating_add(duration_ms);
            }
            None => self.0.push(OfLibrary { library, tracks: 1, duration_ms }),
        }
    }

    pub(crate) fn take(&mut self, place: Place) {
        if let Some(total) = self.0.iter_mut().find(|total| total.library == place.library) {
            total.tracks = total.tracks.saturating_sub(1);
            total.duration_ms = total.duration_ms.saturating_sub(place.duration_ms);
        }
        self.0.retain(|total| total.tracks > 0);
    }

    /// Tracks and milliseconds in the libraries that are allowed.
    pub(crate) fn seen_by(&self, access: &LibraryAccess) -> (u32, u64) {
        let seen = self.0.iter().filter(|total| access.allows(total.library));
        seen.fold((0, 0), |(tracks, duration_ms), total| {
            (tracks + total.tracks, duration_ms.saturating_add(total.duration_ms))
        })
    }
}
