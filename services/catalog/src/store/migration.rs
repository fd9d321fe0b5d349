//! From older stores: what tracks were is kept, everything that follows from them is made anew.

use hexachord_audio::Fingerprint;
use hexachord_contracts::{
    Timestamp,
    catalog::{ContributorRole, MusicBrainz, ReplayGain},
    ids::{AlbumId, LibraryId, TrackId},
};
use hexachord_storage::{Record, StoreError};
use redb::{ReadableTable, WriteTransaction};
use serde::{Deserialize, Serialize};

use super::{
    ALBUMS, ARTISTS, COUNTS, GENRES, LISTS, PodcastTables, TRACKS, Tables,
    changes::Changes,
    rows::{ContributorRow, Credit, FileRow, FileState, GenreRef, Stat, TrackRow},
};
use crate::{identity::artist_id, read::PictureId};

/// Tracks whose lists are written together.
const BATCH: usize = 1000;

/// Tracks tell more than in version 1. Files are taken for changed, so that the next scan reads
/// what is not known yet.
pub(super) fn to_version_2(write: &WriteTransaction) -> Result<(), StoreError> {
    for table in [ALBUMS, ARTISTS, GENRES] {
        write.delete_table(table)?;
    }
    write.delete_table(COUNTS)?;
    write.delete_table(LISTS)?;
    let mut tables = Tables::open(write)?;
    let mut files = Vec::new();
    for file in tables.files.iter()? {
        let (key, row) = file?;
        files.push((key.value().to_vec(), FirstFileRow::from_bytes(row.value())?));
    }
    for (key, file) in files {
        tables.files.insert(key.as_slice(), file.into_row().to_bytes()?.as_slice())?;
    }
    let mut tracks = Vec::new();
    for track in tables.tracks.iter()? {
        tracks.push(track?.0.value());
    }
    for batch in tracks.chunks(BATCH) {
        let mut changes = Changes::default();
        for id in batch {
            let old = tables.tracks.get(id)?.map(|row| FirstTrackRow::from_bytes(row.value()));
            let Some(old) = old.transpose()? else { continue };
            let row = old.into_row();
            tables.tracks.insert(id, row.to_bytes()?.as_slice())?;
            changes.track(TrackId(*id), None, &row);
        }
        changes.finish(write, &mut tables)?;
    }
    Ok(())
}

/// A file may hold several tracks: until now each was the whole of its own.
pub(super) fn to_version_3(write: &WriteTransaction) -> Result<(), StoreError> {
    const BEFORE: u8 = 2;
    let mut tracks = write.open_table(TRACKS)?;
    let mut ids = Vec::new();
    for track in tracks.iter()? {
        ids.push(track?.0.value());
    }
    for id in ids {
        let row = tracks.get(id)?.map(|row| row.value().to_vec());
        let Some([BEFORE, rest @ ..]) = row.as_deref() else { continue };
        // The field behind all others: no part.
        let new = [&[TrackRow::VERSION], rest, &[0]].concat();
        tracks.insert(id, new.as_slice())?;
    }
    Ok(())
}

/// Tracks are measured. No row is another one, but who does not know of it would let what was measured
/// of albums grow old.
pub(super) fn to_version_4(write: &WriteTransaction) -> Result<(), StoreError> {
    Tables::open(write).map(drop)
}

/// Podcasts. Nothing else is another one, but who does not know of them would leave their files behind.
pub(super) fn to_version_5(write: &WriteTransaction) -> Result<(), StoreError> {
    PodcastTables::open(write).map(drop)
}

#[derive(Serialize, Deserialize)]
struct FirstFileRow {
    size: u64,
    mtime_ns: i64,
    ctime_ns: i64,
    inode: u64,
    state: FileState,
}

#[derive(Serialize, Deserialize)]
struct FirstTrackRow {
    fingerprint: Fingerprint,
    library: LibraryId,
    path: Vec<u8>,
    size: u64,
    title: String,
    title_sort: Option<String>,
    artists: Vec<Credit>,
    album: AlbumId,
    album_title: String,
    album_sort: Option<String>,
    album_artists: Vec<Credit>,
    track_number: Option<u32>,
    disc_number: Option<u32>,
    disc_title: Option<String>,
    duration_ms: u64,
    year: Option<i32>,
    date: Option<String>,
    genres: Vec<GenreRef>,
    composers: Vec<String>,
    compilation: bool,
    content_type: String,
    codec: String,
    bitrate_kbps: u32,
    sample_rate: u32,
    channels: u16,
    bit_depth: Option<u8>,
    picture: Option<PictureId>,
    added_at: Timestamp,
    modified_at: Timestamp,
    missing_since: Option<Timestamp>,
}

impl Record for FirstFileRow {
    const VERSION: u8 = 1;
}

impl Record for FirstTrackRow {
    const VERSION: u8 = 1;
}

impl FirstFileRow {
    fn into_row(self) -> FileRow {
        let Self { size, mtime_ns, inode, .. } = self;
        // No file was changed then.
        let stat = Stat { size, mtime_ns, ctime_ns: i64::MIN, inode, beside: 0, rules: 0 };
        FileRow { stat, state: self.state }
    }
}

impl FirstTrackRow {
    fn into_row(self) -> TrackRow {
        let composer = |name: String| ContributorRow {
            role: ContributorRole::Composer,
            instrument: None,
            artist: Credit { id: artist_id(&name), name, sort: None },
        };
        TrackRow {
            fingerprint: self.fingerprint,
            library: self.library,
            path: self.path,
            size: self.size,
            title: self.title,
            title_sort: self.title_sort,
            artists: self.artists,
            display_artist: None,
            album: self.album,
            album_title: self.album_title,
            album_sort: self.album_sort,
            album_version: None,
            album_artists: self.album_artists,
            display_album_artist: None,
            contributors: self.composers.into_iter().map(composer).collect(),
            track_number: self.track_number,
            disc_number: self.disc_number,
            disc_title: self.disc_title,
            duration_ms: self.duration_ms,
            year: self.year,
            date: self.date,
            original_date: None,
            genres: self.genres,
            moods: Vec::new(),
            compilation: self.compilation,
            explicit: None,
            bpm: None,
            key: None,
            comment: None,
            isrc: Vec::new(),
            musicbrainz: MusicBrainz::default(),
            replay_gain: ReplayGain::default(),
            labels: Vec::new(),
            catalogue_numbers: Vec::new(),
            release_types: Vec::new(),
            lyrics: None,
            content_type: self.content_type,
            codec: self.codec,
            bitrate_kbps: self.bitrate_kbps,
            sample_rate: self.sample_rate,
            channels: self.channels,
            bit_depth: self.bit_depth,
            picture: self.picture,
            added_at: self.added_at,
            modified_at: self.modified_at,
            missing_since: self.missing_since,
            part: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use hexachord_storage::{Backing, Options, Schema, Store};

    use super::*;
    use crate::podcasts;
    use crate::store::{
        ALBUM_LOUDNESS, AlbumRow, Apply, BLOCKS, FILES, GroupRow, Heard, List, MEASURED, PODCASTS,
        PodcastRow, READERS, Scope, UNMEASURABLE, UNWEIGHED, WAVEFORMS, file_key, last_id,
        list_prefix, open, put_heard, record, record_at,
    };

    const LIBRARY: LibraryId = LibraryId(7);

    fn first_track() -> FirstTrackRow {
        let artist =
            Credit { id: artist_id("Glenn Gould"), name: "Glenn Gould".into(), sort: None };
        FirstTrackRow {
            fingerprint: Fingerprint([1; 16]),
            library: LIBRARY,
            path: b"Bach/Aria.flac".to_vec(),
            size: 10,
            title: "Aria".into(),
            title_sort: None,
            artists: vec![artist.clone()],
            album: AlbumId(3),
            album_title: "Goldberg Variations".into(),
            album_sort: None,
            album_artists: vec![artist],
            track_number: Some(1),
            disc_number: None,
            disc_title: None,
            duration_ms: 1000,
            year: Some(1955),
            date: None,
            genres: vec![],
            composers: vec!["J. S. Bach".into()],
            compilation: false,
            content_type: "audio/flac".into(),
            codec: "flac".into(),
            bitrate_kbps: 800,
            sample_rate: 44_100,
            channels: 2,
            bit_depth: Some(16),
            picture: None,
            added_at: Timestamp::from_millis(5),
            modified_at: Timestamp::from_millis(6),
            missing_since: None,
        }
    }

    #[test]
    fn a_store_of_version_1_keeps_its_tracks_and_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("catalog.redb");
        let options = Options {
            name: "catalog",
            backing: Backing::File(path.clone()),
            schema: Schema::default(),
            cache_bytes: 1 << 20,
            readers: READERS,
        };
        let store = Store::open(options, 1).unwrap();
        let write = |write: &WriteTransaction| {
            let state = FileState::Plays(TrackId(1), Fingerprint([1; 16]));
            let file = FirstFileRow { size: 10, mtime_ns: 1, ctime_ns: 2, inode: 3, state };
            let key = file_key(LIBRARY, b"Bach/Aria.flac");
            write.open_table(FILES)?.insert(key.as_slice(), file.to_bytes()?.as_slice())?;
            let mut tracks = write.open_table(TRACKS)?;
            tracks.insert(1, first_track().to_bytes()?.as_slice())?;
            let gone = FirstTrackRow { missing_since: Some(Timestamp::default()), ..first_track() };
            tracks.insert(2, gone.to_bytes()?.as_slice())?;
            // Of another shape, as it was then.
            write.open_table(ALBUMS)?.insert(3, &[1, 0][..])?;
            Ok(())
        };
        store.write_blocking(write).unwrap();
        store.close();
        drop(store);

        let store = open(Backing::File(path), 2).unwrap();
        assert_eq!(store.epoch(), 1, "followers go on");
        let read = |read: &redb::ReadTransaction| {
            let tracks = read.open_table(TRACKS)?;
            let track: TrackRow = record(&tracks, 1)?.unwrap();
            assert_eq!(track, first_track().into_row());
            assert_eq!(track.contributors[0].artist.name, "J. S. Bach");
            assert!(record::<TrackRow>(&tracks, 2)?.unwrap().missing_since.is_some());
            let album: AlbumRow = record(&read.open_table(ALBUMS)?, 3)?.unwrap();
            assert_eq!((album.parts[0].tracks, album.parts[0].library), (1, LIBRARY));
            let composer: GroupRow =
                record(&read.open_table(ARTISTS)?, artist_id("J. S. Bach").0)?.unwrap();
            assert_eq!((composer.parts[0].tracks, composer.parts[0].contributions), (0, 1));
            let key = file_key(LIBRARY, b"Bach/Aria.flac");
            let file: FileRow = record_at(&read.open_table(FILES)?, &key)?.unwrap();
            assert_eq!((file.stat.size, file.stat.ctime_ns), (10, i64::MIN));
            let prefix = list_prefix(List::TracksByTitle, Scope::All);
            let first = read.open_table(LISTS)?.range(&prefix[..]..)?.next().unwrap()?;
            assert_eq!(last_id(first.0.value()), 1);
            Ok(())
        };
        store.read_blocking(read).unwrap();
    }

    #[test]
    fn tracks_of_version_2_are_the_whole_of_their_files() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("catalog.redb");
        let options = Options {
            name: "catalog",
            backing: Backing::File(path.clone()),
            schema: Schema { migrations: &[to_version_2] },
            cache_bytes: 1 << 20,
            readers: READERS,
        };
        let store = Store::open(options, 1).unwrap();
        let write = |write: &WriteTransaction| {
            Tables::open(write)?;
            let row = first_track().into_row().to_bytes()?;
            let [_version, row @ .., 0] = &row[..] else { panic!("it ends with no part") };
            let row = [&[2], row].concat();
            write.open_table(TRACKS)?.insert(1, row.as_slice())?;
            Ok(())
        };
        store.write_blocking(write).unwrap();
        store.close();
        drop(store);

        let store = open(Backing::File(path), 2).unwrap();
        let read = |read: &redb::ReadTransaction| {
            let track: TrackRow = record(&read.open_table(TRACKS)?, 1)?.unwrap();
            assert_eq!(track, first_track().into_row());
            Ok(())
        };
        store.read_blocking(read).unwrap();
    }

    #[test]
    fn tracks_of_version_3_are_waiting_to_be_measured() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("catalog.redb");
        let version_3 = || Options {
            name: "catalog",
            backing: Backing::File(path.clone()),
            schema: Schema { migrations: &[to_version_2, to_version_3] },
            cache_bytes: 1 << 20,
            readers: READERS,
        };
        let store = Store::open(version_3(), 1).unwrap();
        let write = |write: &WriteTransaction| {
            let mut apply = Apply::new(write, Timestamp::from_millis(5))?;
            let stat = Stat { size: 10, mtime_ns: 1, ctime_ns: 2, inode: 3, beside: 0, rules: 0 };
            apply.put_track(TrackId(1), stat, &first_track().into_row(), &[])?;
            apply.finish()?;
            // As it was then.
            for table in [MEASURED, WAVEFORMS, BLOCKS, UNMEASURABLE] {
                write.delete_table(table)?;
            }
            write.delete_table(ALBUM_LOUDNESS)?;
            write.delete_table(UNWEIGHED)?;
            Ok(())
        };
        store.write_blocking(write).unwrap();
        store.close();
        drop(store);

        let store = open(Backing::File(path.clone()), 2).unwrap();
        assert_eq!(store.epoch(), 1, "followers go on");
        let read = |read: &redb::ReadTransaction| {
            let state = crate::analysis::count(read)?;
            assert_eq!((state.waiting, state.measured, state.failed), (1, 0, 0));
            let track: TrackRow = record(&read.open_table(TRACKS)?, 1)?.unwrap();
            assert_eq!(track.title, "Aria");
            Ok(())
        };
        store.read_blocking(read).unwrap();
        let key = first_track().into_row().audio_key();
        let now = Timestamp::from_millis(9);
        let heard = Heard::Unmeasurable("odd".to_owned());
        store.write_blocking(move |write| put_heard(write, key, &heard, now)).unwrap();
        assert_eq!(store.read_blocking(crate::analysis::count).unwrap().failed, 1);
        store.close();
        drop(store);
        let refused = Store::open(version_3(), 3).err().map(|error| error.to_string());
        assert!(refused.is_some_and(|error| error.contains('5')), "it is newer");
    }

    #[test]
    fn a_store_of_version_4_has_room_for_podcasts() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("catalog.redb");
        let version_4 = || Options {
            name: "catalog",
            backing: Backing::File(path.clone()),
            schema: Schema { migrations: &[to_version_2, to_version_3, to_version_4] },
            cache_bytes: 1 << 20,
            readers: READERS,
        };
        let store = Store::open(version_4(), 1).unwrap();
        let write = |write: &WriteTransaction| {
            let mut apply = Apply::new(write, Timestamp::from_millis(5))?;
            let stat = Stat { size: 10, mtime_ns: 1, ctime_ns: 2, inode: 3, beside: 0, rules: 0 };
            apply.put_track(TrackId(1), stat, &first_track().into_row(), &[])?;
            apply.finish().map(drop)
        };
        store.write_blocking(write).unwrap();
        store.close();
        drop(store);

        let store = open(Backing::File(path.clone()), 2).unwrap();
        assert_eq!(store.epoch(), 1, "followers go on");
        let now = Timestamp::from_millis(9);
        let add = move |write: &_| podcasts::add(write, "https://example.org/feed", now);
        let added = store.write_blocking(add).unwrap().unwrap();
        let read = |read: &redb::ReadTransaction| {
            let track: TrackRow = record(&read.open_table(TRACKS)?, 1)?.unwrap();
            assert_eq!(track.title, "Aria");
            let row: PodcastRow = record(&read.open_table(PODCASTS)?, added.id.0)?.unwrap();
            assert!(row.wanted);
            Ok(())
        };
        store.read_blocking(read).unwrap();
        store.close();
        drop(store);
        let refused = Store::open(version_4(), 3).err().map(|error| error.to_string());
        assert!(refused.is_some_and(|error| error.contains('5')), "it is newer");
    }
}
