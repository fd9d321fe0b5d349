//! What was measured of audio, by what identifies it: it outlasts retags and moves, and copies share it.
//!
//! Whatever else is to be found out from samples (features to recommend by) gets a table of its own under
//! the same keys. With a higher [`MEASURE_VERSION`] everything is listened to again; until then what was
//! measured before is shown.

use hexachord_audio::{Blocks, Fingerprint};
use hexachord_contracts::{
    Timestamp,
    catalog::{AlbumLoudness, Loudness, Waveform},
    ids::{AlbumId, LibraryId, TrackId},
};
use hexachord_storage::{Record, StoreError};
use redb::{ReadOnlyTable, ReadTransaction, ReadableTable, TableDefinition, WriteTransaction};
use serde::{Deserialize, Serialize};

use super::{AUDIO, Apply, ByBytes, TRACKS, TrackRow, apply::tracks_with, record, record_at};

/// What is measured, and how.
pub(crate) const MEASURE_VERSION: u8 = 1;

/// [`AudioKey`] → [`MeasuredRow`]. Short, because every track that is shown is looked up.
pub(crate) const MEASURED: ByBytes = TableDefinition::new("measured");
/// [`AudioKey`] → [`WaveformRow`].
pub(crate) const WAVEFORMS: ByBytes = TableDefinition::new("waveforms");
/// [`AudioKey`] → [`BlocksRow`].
pub(crate) const BLOCKS: ByBytes = TableDefinition::new("loudness_blocks");
/// [`AudioKey`] → [`UnmeasurableRow`].
pub(crate) const UNMEASURABLE: ByBytes = TableDefinition::new("unmeasurable");
/// Album and library → [`AlbumLoudnessRow`].
pub(crate) const ALBUM_LOUDNESS: TableDefinition<'static, (u64, u64), &'static [u8]> =
    TableDefinition::new("album_loudness");
/// Albums whose loudness may be another one → how often that was said.
pub(crate) const UNWEIGHED: TableDefinition<'static, u64, u64> =
    TableDefinition::new("unweighed_albums");

/// What identifies audio: its fingerprint, and of a part of a file where it is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct AudioKey {
    pub(crate) audio: Fingerprint,
    cut: Option<(u64, u64)>,
}

impl AudioKey {
    pub(crate) fn to_bytes(self) -> Vec<u8> {
        let mut bytes = self.audio.0.to_vec();
        if let Some((start, end)) = self.cut {
            bytes.extend(start.to_be_bytes());
            bytes.extend(end.to_be_bytes());
        }
        bytes
    }

    /// The fingerprint in a key.
    pub(crate) fn audio_of(key: &[u8]) -> Fingerprint {
        Fingerprint(key.first_chunk().copied().unwrap_or_default())
    }
}

impl TrackRow {
    pub(crate) fn audio_key(&self) -> AudioKey {
        let cut = self.part.map(|part| (part.start_us, part.end_us.unwrap_or(u64::MAX)));
        AudioKey { audio: self.fingerprint, cut }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MeasuredRow {
    /// [`MEASURE_VERSION`] of whoever measured it.
    pub(crate) version: u8,
    pub(crate) loudness: Option<Loudness>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WaveformRow {
    pub(crate) waveform: Waveform,
}

/// What the loudness of an album is made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BlocksRow {
    pub(crate) blocks: Blocks,
}

/// Audio that cannot be measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UnmeasurableRow {
    /// [`MEASURE_VERSION`] of whoever tried.
    pub(crate) version: u8,
    /// In words for people.
    pub(crate) reason: String,
    pub(crate) seen_at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AlbumLoudnessRow {
    pub(crate) loudness: AlbumLoudness,
}

macro_rules! first_versions {
    ($($row:ty),+) => { $(impl Record for $row { const VERSION: u8 = 1; })+ };
}

first_versions!(MeasuredRow, WaveformRow, BlocksRow, UnmeasurableRow, AlbumLoudnessRow);

/// What came of listening to audio.
#[derive(Debug, Clone)]
pub(crate) enum Heard {
    Measured { loudness: Option<Loudness>, blocks: Blocks, waveform: Waveform },
    Unmeasurable(String),
}

/// What is known of audio by the measure of this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Known {
    Measured(MeasuredRow),
    Unmeasurable(UnmeasurableRow),
    Nothing,
}

/// The tables that tell it.
pub(crate) struct Measurements {
    measured: ReadOnlyTable<&'static [u8], &'static [u8]>,
    unmeasurable: ReadOnlyTable<&'static [u8], &'static [u8]>,
}

impl Measurements {
    pub(crate) fn open(read: &ReadTransaction) -> Result<Self, StoreError> {
        let (measured, unmeasurable) = (read.open_table(MEASURED)?, read.open_table(UNMEASURABLE)?);
        Ok(Self { measured, unmeasurable })
    }

    pub(crate) fn of(&self, key: &[u8]) -> Result<Known, StoreError> {
        let measured: Option<MeasuredRow> = record_at(&self.measured, key)?;
        if let Some(row) = measured.filter(|row| row.version == MEASURE_VERSION) {
            return Ok(Known::Measured(row));
        }
        let unmeasurable: Option<UnmeasurableRow> = record_at(&self.unmeasurable, key)?;
        let current = unmeasurable.filter(|row| row.version == MEASURE_VERSION);
        Ok(current.map_or(Known::Nothing, Known::Unmeasurable))
    }

    /// May something be known of parts of a file with this audio?
    pub(crate) fn knows_parts(&self, audio: Fingerprint) -> Result<bool, StoreError> {
        let (first, last) = (audio.0, [&audio.0[..], &[u8::MAX; 16]].concat());
        let first = [&first[..], &[0]].concat();
        let range = || first.as_slice()..=last.as_slice();
        Ok(self.measured.range(range())?.next().transpose()?.is_some()
            || self.unmeasurable.range(range())?.next().transpose()?.is_some())
    }
}

/// Stores what came of listening, and that albums with this audio are to be weighed. Nothing is stored
/// of audio that no track has any more.
pub(crate) fn put_heard(
    write: &WriteTransaction,
    key: AudioKey,
    heard: &Heard,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (audio, tracks) = (write.open_table(AUDIO)?, write.open_table(TRACKS)?);
    let mut albums = Vec::new();
    for track in with_key(&audio, &tracks, key)? {
        albums.push(track.album);
    }
    if albums.is_empty() {
        return Ok(());
    }
    let key = key.to_bytes();
    let key = key.as_slice();
    let mut unmeasurable = write.open_table(UNMEASURABLE)?;
    match heard {
        Heard::Unmeasurable(reason) => {
            let reason = reason.clone();
            let row = UnmeasurableRow { version: MEASURE_VERSION, reason, seen_at: now };
            unmeasurable.insert(key, row.to_bytes()?.as_slice())?;
        }
        Heard::Measured { loudness, blocks, waveform } => {
            let row = MeasuredRow { version: MEASURE_VERSION, loudness: *loudness };
            write.open_table(MEASURED)?.insert(key, row.to_bytes()?.as_slice())?;
            let row = BlocksRow { blocks: blocks.clone() };
            write.open_table(BLOCKS)?.insert(key, row.to_bytes()?.as_slice())?;
            let row = WaveformRow { waveform: waveform.clone() };
            write.open_table(WAVEFORMS)?.insert(key, row.to_bytes()?.as_slice())?;
            unmeasurable.remove(key)?;
        }
    }
    let mut unweighed = write.open_table(UNWEIGHED)?;
    albums.into_iter().try_for_each(|album| mark_unweighed(&mut unweighed, album))
}

/// The album's loudness may be another one.
pub(super) fn mark_unweighed(
    unweighed: &mut redb::Table<'_, u64, u64>,
    album: AlbumId,
) -> Result<(), StoreError> {
    let times = unweighed.get(album.0)?.map_or(0, |times| times.value());
    unweighed.insert(album.0, times.wrapping_add(1))?;
    Ok(())
}

/// Tracks with exactly this audio, missing ones too.
fn with_key(
    audio: &impl ReadableTable<&'static [u8], &'static [u8]>,
    tracks: &impl ReadableTable<u64, &'static [u8]>,
    key: AudioKey,
) -> Result<Vec<TrackRow>, StoreError> {
    let mut found = Vec::new();
    for TrackId(id) in tracks_with(audio, key.audio)? {
        let row: Option<TrackRow> = record(tracks, id)?;
        found.extend(row.filter(|row| row.audio_key() == key));
    }
    Ok(found)
}

/// How loud an album is in a library.
pub(crate) fn album_loudness(
    table: &impl ReadableTable<(u64, u64), &'static [u8]>,
    (album, library): (AlbumId, LibraryId),
) -> Result<Option<AlbumLoudness>, StoreError> {
    let row = table.get((album.0, library.0))?;
    let row = row.map(|bytes| AlbumLoudnessRow::from_bytes(bytes.value())).transpose()?;
    Ok(row.map(|row| row.loudness))
}

impl Apply<'_> {
    /// Drops what was measured of the audio that a track had, unless another track has it.
    pub(super) fn drop_measured(&mut self, had: &TrackRow) -> Result<(), StoreError> {
        let (key, tables) = (had.audio_key(), &mut self.tables);
        if !with_key(&tables.audio, &tables.tracks, key)?.is_empty() {
            return Ok(());
        }
        let key = key.to_bytes();
        for table in [
            &mut tables.measured,
            &mut tables.waveforms,
            &mut tables.blocks,
            &mut tables.unmeasurable,
        ] {
            table.remove(key.as_slice())?;
        }
        Ok(())
    }
}
