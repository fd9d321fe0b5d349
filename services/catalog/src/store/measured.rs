//! What was measured of audio, by what identifies it: it outlasts retags and moves, and copies share it.
//!
//! Whatever else is to be found out from samples is one more kind of measure, with a table of its own under
//! the same keys. With a higher version what was measured before is listened to again for the kinds that
//! are newer, and shown until then.

use hexachord_audio::{Blocks, Fingerprint, MeasureKind};
use hexachord_contracts::{
    Timestamp,
    catalog::{AlbumLoudness, Features, Loudness, Waveform},
    ids::{AlbumId, LibraryId, TrackId},
};
use hexachord_storage::{Outbox, Record, StoreError};
use redb::{ReadOnlyTable, ReadTransaction, ReadableTable, TableDefinition, WriteTransaction};
use serde::{Deserialize, Serialize};

use super::{
    AUDIO, Apply, ByBytes, Subject, TRACKS, TrackRow, apply::tracks_with, record, record_at,
};

/// [`AudioKey`] → [`MeasuredRow`]. Short, because every track that is shown is looked up.
pub(crate) const MEASURED: ByBytes = TableDefinition::new("measured");
/// [`AudioKey`] → [`WaveformRow`].
pub(crate) const WAVEFORMS: ByBytes = TableDefinition::new("waveforms");
/// [`AudioKey`] → [`BlocksRow`].
pub(crate) const BLOCKS: ByBytes = TableDefinition::new("loudness_blocks");
/// [`AudioKey`] → [`FeaturesRow`].
pub(crate) const FEATURES: ByBytes = TableDefinition::new("features");
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
    /// [`MeasureKind::VERSION`] of whoever measured it.
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

/// Audio that has none (silence) has no row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FeaturesRow {
    pub(crate) features: Features,
}

/// Audio that cannot be measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UnmeasurableRow {
    /// [`MeasureKind::VERSION`] of whoever tried.
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

first_versions!(
    MeasuredRow,
    WaveformRow,
    BlocksRow,
    FeaturesRow,
    UnmeasurableRow,
    AlbumLoudnessRow
);

/// What came of listening to audio.
#[derive(Debug, Clone)]
pub(crate) enum Heard {
    Measured(Vec<Kept>),
    Unmeasurable(String),
}

/// What is kept of one kind of measure.
#[derive(Debug, Clone)]
pub(crate) enum Kept {
    Loudness { loudness: Option<Loudness>, blocks: Blocks },
    Waveform(Waveform),
    Features(Option<Features>),
}

impl Kept {
    fn kind(&self) -> MeasureKind {
        match self {
            Self::Loudness { .. } => MeasureKind::Loudness,
            Self::Waveform(_) => MeasureKind::Waveform,
            Self::Features(_) => MeasureKind::Features,
        }
    }
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
        if let Some(row) = measured.filter(|row| row.version == MeasureKind::VERSION) {
            return Ok(Known::Measured(row));
        }
        let unmeasurable: Option<UnmeasurableRow> = record_at(&self.unmeasurable, key)?;
        let current = unmeasurable.filter(|row| row.version == MeasureKind::VERSION);
        Ok(current.map_or(Known::Nothing, Known::Unmeasurable))
    }

    /// What is still to be measured of audio.
    pub(crate) fn lacking(&self, key: &[u8]) -> Result<Vec<MeasureKind>, StoreError> {
        if self.of(key)? != Known::Nothing {
            return Ok(Vec::new());
        }
        let measured: Option<MeasuredRow> = record_at(&self.measured, key)?;
        Ok(MeasureKind::newer_than(measured.map_or(0, |row| row.version)))
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
    let with_key = with_key(&audio, &tracks, key)?;
    if with_key.is_empty() {
        return Ok(());
    }
    let key = key.to_bytes();
    let key = key.as_slice();
    let mut unmeasurable = write.open_table(UNMEASURABLE)?;
    match heard {
        Heard::Unmeasurable(reason) => {
            let reason = reason.clone();
            let row = UnmeasurableRow { version: MeasureKind::VERSION, reason, seen_at: now };
            unmeasurable.insert(key, row.to_bytes()?.as_slice())?;
        }
        Heard::Measured(kept) => {
            let mut measured = write.open_table(MEASURED)?;
            let before: Option<MeasuredRow> = record_at(&measured, key)?;
            let loudness = before.and_then(|row| row.loudness);
            let before = before.map_or(0, |row| row.version);
            let mut row = MeasuredRow { version: version_of(kept, before), loudness };
            for kept in kept {
                match kept {
                    Kept::Loudness { loudness, blocks } => {
                        row.loudness = *loudness;
                        let row = BlocksRow { blocks: blocks.clone() };
                        write.open_table(BLOCKS)?.insert(key, row.to_bytes()?.as_slice())?;
                    }
                    Kept::Waveform(waveform) => {
                        let row = WaveformRow { waveform: waveform.clone() };
                        write.open_table(WAVEFORMS)?.insert(key, row.to_bytes()?.as_slice())?;
                    }
                    Kept::Features(features) => {
                        if put_features(write, key, features.as_ref())? {
                            let news = with_key.iter().map(|(id, _)| Subject::Features(*id));
                            let news: Vec<_> = news.map(Subject::to_bytes).collect();
                            Outbox::append(write, &news)?;
                        }
                    }
                }
            }
            measured.insert(key, row.to_bytes()?.as_slice())?;
            unmeasurable.remove(key)?;
        }
    }
    let mut unweighed = write.open_table(UNWEIGHED)?;
    with_key.iter().try_for_each(|(_, track)| mark_unweighed(&mut unweighed, track.album))
}

/// Whether that is news.
fn put_features(
    write: &WriteTransaction,
    key: &[u8],
    features: Option<&Features>,
) -> Result<bool, StoreError> {
    let mut table = write.open_table(FEATURES)?;
    let Some(features) = features else { return Ok(table.remove(key)?.is_some()) };
    let row = FeaturesRow { features: features.clone() };
    table.insert(key, row.to_bytes()?.as_slice())?;
    Ok(true)
}

/// The version of what is known once these are kept: a part of what was lacking makes nothing complete.
fn version_of(kept: &[Kept], before: u8) -> u8 {
    let kinds: Vec<MeasureKind> = kept.iter().map(Kept::kind).collect();
    let lacking = MeasureKind::newer_than(before);
    if lacking.iter().all(|kind| kinds.contains(kind)) { MeasureKind::VERSION } else { before }
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
) -> Result<Vec<(TrackId, TrackRow)>, StoreError> {
    let mut found = Vec::new();
    for id in tracks_with(audio, key.audio)? {
        let row: Option<TrackRow> = record(tracks, id.0)?;
        found.extend(row.filter(|row| row.audio_key() == key).map(|row| (id, row)));
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
    /// Followers hear of the features of audio that a track did not have before, where they are known
    /// already, and that those of the audio before say nothing of it any more.
    pub(super) fn tell_features(
        &mut self,
        id: TrackId,
        old: Option<&TrackRow>,
        new: &TrackRow,
    ) -> Result<(), StoreError> {
        let is_known = || -> Result<bool, StoreError> {
            Ok(self.tables.features.get(new.audio_key().to_bytes().as_slice())?.is_some())
        };
        let has_other_audio = old.map(|old| old.audio_key() != new.audio_key());
        if has_other_audio == Some(true) || (has_other_audio.is_none() && is_known()?) {
            self.changes.touch_features(id);
        }
        Ok(())
    }

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
            &mut tables.features,
            &mut tables.unmeasurable,
        ] {
            table.remove(key.as_slice())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use hexachord_contracts::decibels::Decibels;
    use hexachord_storage::Backing;

    use super::*;
    use crate::{TrackWithoutFile, add_tracks_without_files, store::open};

    #[test]
    fn a_part_of_what_is_lacking_makes_nothing_complete() {
        let store = open(Backing::Memory, 1).unwrap();
        let now = Timestamp::from_millis(9);
        let track = TrackWithoutFile {
            title: "Ut".to_owned(),
            artist: "Guido".to_owned(),
            album: "Hymn".to_owned(),
            genre: String::new(),
            year: 1026,
            number: 1,
            duration_ms: 1000,
        };
        add_tracks_without_files(&store, "Music", vec![track], now).unwrap();
        let key = store.read_blocking(|read| {
            let tracks = read.open_table(TRACKS)?;
            let (id, _) = tracks.first()?.expect("one was added");
            let row: Option<TrackRow> = record(&tracks, id.value())?;
            Ok(row.expect("it is there").audio_key())
        });
        let key = key.unwrap();
        let lacking =
            || store.read_blocking(|read| Measurements::open(read)?.lacking(&key.to_bytes()));
        assert_eq!(lacking().unwrap(), MeasureKind::ALL);

        let level = |db| Decibels::from_db(db).unwrap();
        let loudness =
            Loudness { integrated: level(-18.0), range: level(5.0), true_peak: level(-1.0) };
        let older = MeasuredRow { version: 0, loudness: Some(loudness) };
        let put = |job: fn(&WriteTransaction, AudioKey, MeasuredRow) -> Result<(), StoreError>| {
            store.write_blocking(move |write| job(write, key, older)).unwrap();
        };
        put(|write, key, older| {
            let mut measured = write.open_table(MEASURED)?;
            measured.insert(key.to_bytes().as_slice(), older.to_bytes()?.as_slice())?;
            Ok(())
        });
        assert_eq!(lacking().unwrap(), MeasureKind::newer_than(0));
        put(|write, key, _| put_heard(write, key, &heard(None), Timestamp::from_millis(10)));
        assert_eq!(lacking().unwrap(), MeasureKind::ALL, "a part is not the whole");
        let shown = store.read_blocking(|read| {
            let row: Option<MeasuredRow> = record_at(&read.open_table(MEASURED)?, &key.to_bytes())?;
            Ok(row)
        });
        assert_eq!(shown.unwrap(), Some(older), "and what was known stays until then");
        put(|write, key, older| {
            let all = heard(older.loudness);
            put_heard(write, key, &all, Timestamp::from_millis(11))
        });
        assert_eq!(lacking().unwrap(), []);
        let known = store.read_blocking(|read| Measurements::open(read)?.of(&key.to_bytes()));
        let row = MeasuredRow { version: MeasureKind::VERSION, loudness: Some(loudness) };
        assert_eq!(known.unwrap(), Known::Measured(row));
    }

    /// A waveform and features, and the loudness where one is given.
    fn heard(loudness: Option<Loudness>) -> Heard {
        let waveform = Waveform {
            peaks: vec![1, 2],
            frames_a_peak: 480,
            sample_rate: 48_000,
            duration_ms: 20,
        };
        let loudness = loudness
            .map(|loudness| Kept::Loudness { loudness: Some(loudness), blocks: Blocks::default() });
        let others = [Kept::Waveform(waveform), Kept::Features(None)];
        Heard::Measured(loudness.into_iter().chain(others).collect())
    }
}
