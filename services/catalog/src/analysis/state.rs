//! How far the measuring of tracks is.

use hexachord_audio::Fingerprint;
use hexachord_contracts::{catalog::AnalysisState, ids::TrackId};
use hexachord_storage::StoreError;
use redb::{ReadTransaction, ReadableTable};

use crate::store::{AUDIO, Known, Measurements, TRACKS, TrackRow, last_id, record};

/// Counts tracks that play by what is known of them. A look at each; only of what may be cut out of a
/// file the track itself is read.
pub(crate) fn count(read: &ReadTransaction) -> Result<AnalysisState, StoreError> {
    let (known, tracks) = (Measurements::open(read)?, read.open_table(TRACKS)?);
    let mut state = AnalysisState::default();
    for entry in read.open_table(AUDIO)?.iter()? {
        let key = entry?.0;
        let Some((audio, [is_missing, ..])) = key.value().split_first_chunk::<16>() else {
            continue;
        };
        if *is_missing != 0 {
            continue;
        }
        let mut found = known.of(audio)?;
        if found == Known::Nothing && known.knows_parts(Fingerprint(*audio))? {
            let row: Option<TrackRow> = record(&tracks, TrackId(last_id(key.value())).0)?;
            if let Some(row) = row {
                found = known.of(&row.audio_key().to_bytes())?;
            }
        }
        match found {
            Known::Measured(_) => state.measured += 1,
            Known::Unmeasurable(_) => state.failed += 1,
            Known::Nothing => state.waiting += 1,
        }
    }
    Ok(state)
}
