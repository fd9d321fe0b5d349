//! The catalog's store: which tables there are, and how they are opened.

mod albums;
mod apply;
mod changes;
mod groups;
mod keys;
mod lists;
mod migration;
mod rows;

use std::path::PathBuf;

use hexachord_storage::{Backing, Options, Schema, Store, StoreError};
use redb::{ReadableTable, Table, TableDefinition, WriteTransaction};

pub(crate) use apply::{Apply, Written, tracks_with};
pub(crate) use changes::Subject;
pub(crate) use keys::{
    file_key, folder_and_name, last_id, library_of, library_prefix, path_of, picture_path,
};
pub(crate) use lists::{List, Scope, album_entry, album_of_entry, group_entry, list_prefix};
pub(crate) use rows::{
    AlbumPart, AlbumRow, ContributorRow, CoverRow, Credit, FileRow, FileState, GenreRef, GroupPart,
    GroupRow, LyricsHash, PictureRow, Stat, TrackRow, UnreadableRow,
};

/// Bytes of redb's page cache.
const CACHE_BYTES: usize = 12 * 1024 * 1024;
const READERS: usize = 2;

/// A table of records by id.
pub(crate) type ById = TableDefinition<'static, u64, &'static [u8]>;
/// A table of records by composite keys that compare as bytes.
pub(crate) type ByBytes = TableDefinition<'static, &'static [u8], &'static [u8]>;

/// Library and path → [`FileRow`].
pub(crate) const FILES: ByBytes = TableDefinition::new("files");
/// Library and path → [`UnreadableRow`].
pub(crate) const UNREADABLE: ByBytes = TableDefinition::new("unreadable");
/// Library and path of a folder's picture → [`PictureRow`].
pub(crate) const PICTURES: ByBytes = TableDefinition::new("pictures");
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
/// List, scope, sort text and id → what a page of that list needs ([`lists`]).
pub(crate) const LISTS: ByBytes = TableDefinition::new("lists");

/// Opens or makes the catalog's store. Blocks. `fresh_epoch` names its feed if it is new.
pub fn open_store(path: PathBuf, fresh_epoch: u64) -> Result<Store, StoreError> {
    open(Backing::File(path), fresh_epoch)
}

pub(crate) fn open(backing: Backing, fresh_epoch: u64) -> Result<Store, StoreError> {
    let schema = Schema { migrations: &[migration::to_version_2] };
    let options =
        Options { name: "catalog", backing, schema, cache_bytes: CACHE_BYTES, readers: READERS };
    let store = Store::open(options, fresh_epoch)?;
    store.ensure_tables("lyrics", |write| Tables::open(write).map(drop))?;
    Ok(store)
}

/// Every table, open for writing.
pub(crate) struct Tables<'t> {
    pub(crate) files: Table<'t, &'static [u8], &'static [u8]>,
    pub(crate) unreadable: Table<'t, &'static [u8], &'static [u8]>,
    pub(crate) pictures: Table<'t, &'static [u8], &'static [u8]>,
    pub(crate) audio: Table<'t, &'static [u8], &'static [u8]>,
    pub(crate) tracks: Table<'t, u64, &'static [u8]>,
    pub(crate) albums: Table<'t, u64, &'static [u8]>,
    pub(crate) artists: Table<'t, u64, &'static [u8]>,
    pub(crate) genres: Table<'t, u64, &'static [u8]>,
    pub(crate) counts: Table<'t, u64, u64>,
    pub(crate) lyrics: Table<'t, u64, &'static [u8]>,
    pub(crate) lists: Table<'t, &'static [u8], &'static [u8]>,
}

impl<'t> Tables<'t> {
    pub(crate) fn open(write: &'t WriteTransaction) -> Result<Self, StoreError> {
        Ok(Self {
            files: write.open_table(FILES)?,
            unreadable: write.open_table(UNREADABLE)?,
            pictures: write.open_table(PICTURES)?,
            audio: write.open_table(AUDIO)?,
            tracks: write.open_table(TRACKS)?,
            albums: write.open_table(ALBUMS)?,
            artists: write.open_table(ARTISTS)?,
            genres: write.open_table(GENRES)?,
            counts: write.open_table(COUNTS)?,
            lyrics: write.open_table(LYRICS)?,
            lists: write.open_table(LISTS)?,
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
