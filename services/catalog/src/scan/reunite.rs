//! Tracks that this scan has lost, and copies of them that earlier ones have found.

use hexachord_contracts::ids::TrackId;
use hexachord_storage::{Store, StoreError};

use super::{Now, run::Run, settle::Unsettled};
use crate::store::{Apply, TRACKS, TrackRow, record};

/// Tracks that are looked at in one transaction.
const BATCH: usize = 500;

/// A copy becomes the track that it was copied from. When all files are known that are gone: one of
/// them may be the copy. It goes on when the scan is cancelled: no later one would do the rest.
pub(super) fn reunite(run: &Run<'_>, unsettled: &Unsettled) -> Result<(), StoreError> {
    let Run { setup, now, progress, .. } = *run;
    let lost = lost_now(&setup.store, now, unsettled.rest())?;
    for batch in lost.chunks(BATCH) {
        let batch = batch.to_vec();
        let found = setup.store.write_blocking(move |write| {
            let mut apply = Apply::new(write, now)?;
            for track in &batch {
                apply.reunite(*track)?;
            }
            let found = apply.found_again();
            apply.finish()?;
            Ok(found)
        })?;
        progress.update(|state| state.missing = state.missing.saturating_sub(found));
    }
    Ok(())
}

/// The first comes first, so that a copy of several becomes the oldest.
fn lost_now(store: &Store, now: Now, tracks: Vec<TrackId>) -> Result<Vec<TrackId>, StoreError> {
    store.read_blocking(|read| {
        let table = read.open_table(TRACKS)?;
        let mut lost = Vec::new();
        for track in tracks {
            let row: Option<TrackRow> = record(&table, track.0)?;
            if let Some(row) = row.filter(|row| row.missing_since == Some(now)) {
                lost.push((row.added_at, track));
            }
        }
        lost.sort_unstable();
        Ok(lost.into_iter().map(|(_, track)| track).collect())
    })
}
