//! The catalog's store: which tables there are, and how they are opened.

mod album_pictures;
mod albums;
mod apply;
mod changes;
mod edits;
mod forget;
mod groups;
mod keys;
mod libraries;
mod lists;
mod measured;
mod migration;
mod pictures;
mod podcasts;
mod reunion;
mod rows;
mod stale;

use std::path::PathBuf;

use hexachord_storage::{Backing, Migration, Options, Schema, Store, StoreError};
use redb::{ReadableTable, Table, TableDefinition, WriteTransaction};

pub(crate) use apply::{Apply, PicturePlace, Written, tracks_with};
pub(crate) use changes::{Became, Subject};
pub(crate) use edits::{EditRow, Target, as_tagged, edit_of};
pub(crate) use forget::Forget;
pub(crate) use keys::{
    file_key, folder_and_name, last_id, library_of, library_prefix, path_and_part, path_of,
    picture_path, place,
};
pub(crate) use libraries::{
    ADDED_LIBRARIES, AddedLibrary, LIBRARY_SCANS, LibraryRow, ScanRow, Trouble, added_libraries,
    library_row, put_library_row, put_scans,
};
pub(crate) use lists::{
    List, PREFIX, Scope, album_entry, album_of_entry, group_entry, list_prefix, may_be_in,
    track_entry, year_entries, year_of_entry,
};
pub(crate) use measured::{
    ALBUM_LOUDNESS, AlbumLoudnessRow, AudioKey, BLOCKS, BlocksRow, FEATURES, FeaturesRow, Heard,
    Kept, Known, MEASURED, MeasuredRow, Measurements, UNMEASURABLE, UNWEIGHED, UnmeasurableRow,
    WAVEFORMS, WaveformRow, album_loudness, put_heard,
};
pub(crate) use pictures::{
    ARTIST_PICTURES, ArtistPictureRow, LOOKS, LookRow, PICTURES, PictureContent, PictureRow, RULES,
    RulesRow, TRACK_PICTURES, UNSEEN, UnseenRow, artist_picture, picture_beside, picture_key_of,
    rules,
};
pub(crate) use podcasts::{
    ChannelFacts, EPISODE_LIST, EPISODES, EPISODES_WANTED, EpisodeFacts, EpisodeFile, EpisodeRow,
    PODCASTS, PodcastRow, PodcastTables, episode_of, scope_key,
};
pub(crate) use rows::{
    AlbumPart, AlbumRow, ContributorRow, CoverRow, Credit, FileRow, FileState, FolderPicture,
    GenreRef, GroupPart, GroupRow, LyricsHash, LyricsRow, Part, Stat, TrackRow, UnreadableRow,
};
pub(crate) use stale::{finish_some, is_settled, mark_stale};

/// Bytes of redb's page cache.
const CACHE_BYTES: usize = 12 * 1024 * 1024;
const READERS: usize = 2;

const MIGRATIONS: &[Migration] = &[
    migration::to_version_2,
    migration::to_version_3,
    migration::to_version_4,
    migration::to_version_5,
];

/// A table of records by id.
pub(crate) type ById = TableDefinition<'static, u64, &'static [u8]>;
/// A table of records by composite keys that compare as bytes.
pub(crate) type ByBytes = TableDefinition<'static, &'static [u8], &'static [u8]>;

/// Library and place → [`FileRow`].
pub(crate) const FILES: ByBytes = TableDefinition::new("files");
/// Library and path → [`UnreadableRow`].
pub(crate) const UNREADABLE: ByBytes = TableDefinition::new("unreadable");
/// Fingerprint, missing or not, track → nothing.
pub(crate) const AUDIO: ByBytes = TableDefinition::new("audio");
pub(crate) const TRACKS: ById = TableDefinition::new("tracks");
pub(crate) const ALBUMS: ById = TableDefinition::new("albums");
pub(crate) const ARTISTS: ById = TableDefinition::new("artists");
pub(crate) const GENRES: ById = TableDefinition::new("genres");
/// Library → how many of its tracks are not missing.
pub(crate) const COUNTS: TableDefinition<'static, u64, u64> = TableDefinition::new("track_counts");
/// Track → [`LyricsRow`].
pub(crate) const LYRICS: ById = TableDefinition::new("lyrics");
/// Edit → [`EditRow`].
pub(crate) const EDITS: ById = TableDefinition::new("edits");
/// What an edit speaks of → the edit.
pub(crate) const EDIT_OF: TableDefinition<'static, (u8, u64), u64> =
    TableDefinition::new("edit_of");
/// Track → what its tags say, where edits say otherwise.
pub(crate) const TAGGED: ById = TableDefinition::new("tagged");
/// Tracks whose row does not show the edits as they are now.
pub(crate) const STALE: TableDefinition<'static, u64, ()> = TableDefinition::new("stale");
/// 0 → how often what lists tell was changed.
pub(crate) const LIST_REVISION: TableDefinition<'static, u64, u64> =
    TableDefinition::new("list_revision");
/// List, scope, sort text and id → what a page of that list needs ([`lists`]).
pub(crate) const LISTS: ByBytes = TableDefinition::new("lists");

/// Opens or makes the catalog's store. Blocks. `fresh_epoch` names its feed if it is new.
pub fn open_store(path: PathBuf, fresh_epoch: u64) -> Result<Store, StoreError> {
    open(Backing::File(path), fresh_epoch)
}

pub(crate) fn open(backing: Backing, fresh_epoch: u64) -> Result<Store, StoreError> {
    let schema = Schema { migrations: MIGRATIONS };
    let options =
        Options { name: "catalog", backing, schema, cache_bytes: CACHE_BYTES, readers: READERS };
    let store = Store::open(options, fresh_epoch)?;
    store.ensure_tables("features", |write| Tables::open(write).map(drop))?;
    store.ensure_tables("libraries", libraries::make_table)?;
    store.ensure_tables("added_libraries", libraries::make_more_tables)?;
    store.ensure_tables("podcasts", |write| PodcastTables::open(write).map(drop))?;
    store.ensure_tables("list_revision", |write| {
        write.open_table(LIST_REVISION)?;
        Ok(())
    })?;
    Ok(store)
}

/// Every table, open for writing.
pub(crate) struct Tables<'t> {
    pub(crate) files: Table<'t, &'static [u8], &'static [u8]>,
    pub(crate) unreadable: Table<'t, &'static [u8], &'static [u8]>,
    pub(crate) pictures: Table<'t, &'static [u8], &'static [u8]>,
    pub(crate) track_pictures: Table<'t, &'static [u8], &'static [u8]>,
    pub(crate) artist_pictures: Table<'t, u64, &'static [u8]>,
    pub(crate) looks: Table<'t, &'static [u8], &'static [u8]>,
    pub(crate) unseen: Table<'t, &'static [u8], &'static [u8]>,
    pub(crate) rules: Table<'t, u64, &'static [u8]>,
    pub(crate) audio: Table<'t, &'static [u8], &'static [u8]>,
    pub(crate) tracks: Table<'t, u64, &'static [u8]>,
    pub(crate) albums: Table<'t, u64, &'static [u8]>,
    pub(crate) artists: Table<'t, u64, &'static [u8]>,
    pub(crate) genres: Table<'t, u64, &'static [u8]>,
    pub(crate) counts: Table<'t, u64, u64>,
    pub(crate) lyrics: Table<'t, u64, &'static [u8]>,
    pub(crate) edits: Table<'t, u64, &'static [u8]>,
    pub(crate) edit_of: Table<'t, (u8, u64), u64>,
    pub(crate) tagged: Table<'t, u64, &'static [u8]>,
    pub(crate) stale: Table<'t, u64, ()>,
    pub(crate) lists: Table<'t, &'static [u8], &'static [u8]>,
    pub(crate) measured: Table<'t, &'static [u8], &'static [u8]>,
    pub(crate) waveforms: Table<'t, &'static [u8], &'static [u8]>,
    pub(crate) features: Table<'t, &'static [u8], &'static [u8]>,
    pub(crate) blocks: Table<'t, &'static [u8], &'static [u8]>,
    pub(crate) unmeasurable: Table<'t, &'static [u8], &'static [u8]>,
    pub(crate) unweighed: Table<'t, u64, u64>,
}

impl<'t> Tables<'t> {
    pub(crate) fn open(write: &'t WriteTransaction) -> Result<Self, StoreError> {
        // Only the listener writes it.
        write.open_table(ALBUM_LOUDNESS)?;
        Ok(Self {
            files: write.open_table(FILES)?,
            unreadable: write.open_table(UNREADABLE)?,
            pictures: write.open_table(PICTURES)?,
            track_pictures: write.open_table(TRACK_PICTURES)?,
            artist_pictures: write.open_table(ARTIST_PICTURES)?,
            looks: write.open_table(LOOKS)?,
            unseen: write.open_table(UNSEEN)?,
            rules: write.open_table(RULES)?,
            audio: write.open_table(AUDIO)?,
            tracks: write.open_table(TRACKS)?,
            albums: write.open_table(ALBUMS)?,
            artists: write.open_table(ARTISTS)?,
            genres: write.open_table(GENRES)?,
            counts: write.open_table(COUNTS)?,
            lyrics: write.open_table(LYRICS)?,
            edits: write.open_table(EDITS)?,
            edit_of: write.open_table(EDIT_OF)?,
            tagged: write.open_table(TAGGED)?,
            stale: write.open_table(STALE)?,
            lists: write.open_table(LISTS)?,
            measured: write.open_table(MEASURED)?,
            waveforms: write.open_table(WAVEFORMS)?,
            features: write.open_table(FEATURES)?,
            blocks: write.open_table(BLOCKS)?,
            unmeasurable: write.open_table(UNMEASURABLE)?,
            unweighed: write.open_table(UNWEIGHED)?,
        })
    }
}

/// The record of `id`, if there is one.
pub(crate) fn record<R: hexachord_storage::Record>(
    table: &impl ReadableTable<u64, &'static [u8]>,
    id: u64,
) -> Result<Option<R>, StoreError> {
    table.get(id)?.map(|bytes| R::from_bytes(bytes.value())).transpose()
}

/// The record under `key`, if there is one.
pub(crate) fn record_at<R: hexachord_storage::Record>(
    table: &impl ReadableTable<&'static [u8], &'static [u8]>,
    key: &[u8],
) -> Result<Option<R>, StoreError> {
    table.get(key)?.map(|bytes| R::from_bytes(bytes.value())).transpose()
}
