//! The store of profile: its file, its tables, and changes to them.

mod accounts;
mod annotations;
mod avatars;
mod bookmarks;
mod change;
mod chat;
mod counts;
mod entries;
mod imported;
mod keys;
mod migrations;
mod playlists;
mod plays;
mod projection;
mod queues;
mod radio;
mod removal;
mod reunion;
mod rows;
mod shares;
mod subject;
mod succession;
mod tables;
mod totals;

use std::path::PathBuf;

use hexachord_storage::{Backing, Options, Schema, Store, StoreError};

pub(crate) use avatars::AvatarRow;
pub(crate) use bookmarks::{BookmarkRow, bookmarks_prefix, read_bookmark};
pub(crate) use change::{Change, Known};
pub(crate) use chat::{MessageRow, read_message};
pub(crate) use entries::unpack;
pub(crate) use imported::ImportedPlaylistRow;
pub(crate) use keys::{
    behind, favourites_prefix, item, kind_number, own_playlists_prefix, plays_prefix, plays_within,
    public_playlists_prefix, read_favourite, read_play, read_top, top_prefix,
};
pub(crate) use projection::{Projection, Sight, SweepFrom};
pub(crate) use queues::QueueRow;
pub(crate) use radio::StationRow;
pub(crate) use removal::Removed;
pub(crate) use rows::{AccountRow, AnnotationRow, FollowRow, PlayRow, PlaylistRow, TrackRow};
pub(crate) use shares::{ShareRow, read_share, share_of, shares_prefix};
pub(crate) use subject::Subject;
pub(crate) use tables::{
    ACCOUNTS, ANNOTATIONS, ARTIST_TRACKS, AVATARS, BOOKMARK_ORDER, BOOKMARKS, ENTRIES, FAVOURITES,
    FOLLOWED, LISTENERS, MESSAGES, PLAYLIST_ORDER, PLAYLISTS, PLAYS, QUEUES, SHARE_ORDER, SHARES,
    STATION_ORDER, STATIONS, TOP, TRACKS, record,
};
pub(crate) use totals::Totals;

/// Bytes of redb's page cache.
const CACHE_BYTES: usize = 8 * 1024 * 1024;
const READERS: usize = 2;

/// Opens or makes the store at `path`. Blocks. `fresh_epoch` names the feed of a new store.
pub fn open_store(path: impl Into<PathBuf>, fresh_epoch: u64) -> Result<Store, StoreError> {
    open(Backing::File(path.into()), fresh_epoch)
}

/// A store without a file, for tests.
pub fn open_memory_store(fresh_epoch: u64) -> Result<Store, StoreError> {
    open(Backing::Memory, fresh_epoch)
}

fn open(backing: Backing, fresh_epoch: u64) -> Result<Store, StoreError> {
    let options = Options {
        name: "profile",
        backing,
        schema: Schema { migrations: migrations::ALL },
        cache_bytes: CACHE_BYTES,
        readers: READERS,
    };
    let store = Store::open(options, fresh_epoch)?;
    store.ensure_tables("tracks", |write| tables::Tables::open(write).map(drop))?;
    Ok(store)
}
