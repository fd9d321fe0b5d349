//! Waveforms, and what cannot be measured.

use hexachord_contracts::{
    catalog::{CatalogError, ListUnmeasurable, UnmeasurableTrack, Waveform},
    ids::TrackId,
    page::Page,
};
use hexachord_storage::{Record, StoreError};
use redb::ReadTransaction;

use super::{Answer, Asked, Tracks, Viewer, not_found};
use crate::store::{
    AUDIO, AudioKey, UNMEASURABLE, UnmeasurableRow, WAVEFORMS, WaveformRow, record_at, tracks_with,
};

pub(crate) fn get_waveform(
    read: &ReadTransaction,
    viewer: Viewer,
    track: TrackId,
    is_enabled: bool,
) -> Answer<Waveform> {
    let Some(row) = Tracks::open(read, viewer)?.row(track)? else {
        return Ok(Err(not_found("track")));
    };
    let key = row.audio_key().to_bytes();
    let waveform: Option<WaveformRow> = record_at(&read.open_table(WAVEFORMS)?, &key)?;
    if let Some(row) = waveform {
        return Ok(Ok(row.waveform));
    }
    let failure: Option<UnmeasurableRow> = record_at(&read.open_table(UNMEASURABLE)?, &key)?;
    let reason = match failure {
        Some(row) => format!("it cannot be measured ({})", row.reason),
        None if row.missing_since.is_some() => "its file is missing".to_owned(),
        None if is_enabled => "it is not measured yet, but will be".to_owned(),
        None => "the server is configured not to measure tracks".to_owned(),
    };
    Ok(Err(CatalogError::NotMeasured(reason)))
}

/// Of several tracks with the same audio, one that plays is told.
pub(crate) fn list_unmeasurable(
    call: &ListUnmeasurable,
    viewer: Viewer,
) -> Result<impl FnOnce(&ReadTransaction) -> Answer<Page<UnmeasurableTrack>> + use<>, CatalogError>
{
    let asked = Asked::new(2, &[], false, &call.paging)?;
    Ok(move |read: &ReadTransaction| {
        let audio = read.open_table(AUDIO)?;
        let mut tracks = Tracks::open(read, viewer.clone())?;
        let page = asked.read(&read.open_table(UNMEASURABLE)?, |key, value| {
            let candidates = tracks_with(&audio, AudioKey::audio_of(key))?;
            let Some((track, path)) = one_that_plays(&mut tracks, &candidates, key)? else {
                return Ok(None);
            };
            let UnmeasurableRow { reason, seen_at, .. } = UnmeasurableRow::from_bytes(value)?;
            Ok(Some(UnmeasurableTrack { track, path, reason, seen_at }))
        })?;
        Ok(Ok(page))
    })
}

fn one_that_plays(
    tracks: &mut Tracks,
    candidates: &[TrackId],
    key: &[u8],
) -> Result<Option<(hexachord_contracts::catalog::Track, String)>, StoreError> {
    for id in candidates {
        let row = tracks.row(*id)?.filter(|row| row.missing_since.is_none());
        if let Some(row) = row.filter(|row| row.audio_key().to_bytes() == key) {
            let path = String::from_utf8_lossy(&row.path).into_owned();
            return Ok(Some((tracks.of(*id, row)?, path)));
        }
    }
    Ok(None)
}
