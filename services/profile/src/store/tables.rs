//! The tables, opened once a transaction.

use hexachord_storage::{Record, StoreError};
use redb::{Key, ReadableTable, Table, TableDefinition, WriteTransaction};

/// A list: keys of bytes in its order.
type List<V> = TableDefinition<'static, &'static [u8], V>;

/// Track → [`super::TrackRow`]. Of the catalog.
pub(crate) const TRACKS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("tracks");
/// Kind and id of an album or an artist → [`super::rows::GroupRow`]. Of the catalog.
pub(crate) const GROUPS: TableDefinition<'_, (u8, u64), &[u8]> = TableDefinition::new("groups");
/// Kind and id of an album or an artist → how many tracks of it are there. Of the catalog.
pub(super) const MEMBERS: TableDefinition<'_, (u8, u64), u64> = TableDefinition::new("members");
/// Artist and track of it. Of the catalog.
pub(crate) const ARTIST_TRACKS: TableDefinition<'_, (u64, u64), ()> =
    TableDefinition::new("artist_tracks");
/// Account → [`super::AccountRow`]. Of authentication.
pub(crate) const ACCOUNTS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("accounts");
/// Name of a feed → [`super::FollowRow`].
pub(crate) const FOLLOWED: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("followed");
/// Account, start (the latest first), play → [`super::PlayRow`].
pub(crate) const PLAYS: List<&[u8]> = List::new("plays");
/// Account and play → when it started, in milliseconds.
pub(super) const PLAY_STARTS: TableDefinition<'_, (u64, u64), i64> =
    TableDefinition::new("play_starts");
/// Account, kind and id of an item → [`super::AnnotationRow`].
pub(crate) const ANNOTATIONS: TableDefinition<'_, (u64, u8, u64), &[u8]> =
    TableDefinition::new("annotations");
/// Kind and id of an item, account that loves or has rated it.
pub(super) const OPINIONS: TableDefinition<'_, (u8, u64, u64), ()> =
    TableDefinition::new("opinions");
/// Track and account with plays of it that counted.
pub(crate) const LISTENERS: TableDefinition<'_, (u64, u64), ()> = TableDefinition::new("listeners");
/// Account, kind and id of an album or an artist, last play (the latest first), track of it.
pub(super) const PLAYED: TableDefinition<'_, (u64, u8, u64, u64, u64), ()> =
    TableDefinition::new("played");
/// Account, kind, plays (the most first), last play (the latest first), id.
pub(crate) const TOP: List<()> = List::new("top");
/// Account, a kind or all, since (the latest first), kind, id.
pub(crate) const FAVOURITES: List<()> = List::new("favourites");
/// Playlist → [`super::PlaylistRow`].
pub(crate) const PLAYLISTS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("playlists");
/// Playlist → its tracks, packed ([`super::entries`]).
pub(crate) const ENTRIES: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("entries");
/// Public, or an owner; sort; its text; playlist → playlist.
pub(crate) const PLAYLIST_ORDER: List<u64> = List::new("playlist_order");
/// Account, kind and id of an item, source → [`super::imported::ImportedRow`].
pub(super) const IMPORTED: TableDefinition<'_, (u64, u8, u64, &str), &[u8]> =
    TableDefinition::new("imported");
/// Account, source, its name of a playlist → [`super::ImportedPlaylistRow`].
pub(super) const IMPORTED_PLAYLISTS: TableDefinition<'_, (u64, &str, &str), &[u8]> =
    TableDefinition::new("imported_playlists");
/// Account and track → [`super::BookmarkRow`].
pub(crate) const BOOKMARKS: TableDefinition<'_, (u64, u64), &[u8]> =
    TableDefinition::new("bookmarks");
/// Account, change (the latest first), track.
pub(crate) const BOOKMARK_ORDER: List<()> = List::new("bookmark_order");
/// Account → [`super::QueueRow`].
pub(crate) const QUEUES: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("queues");
/// Radio station → [`super::StationRow`].
pub(crate) const STATIONS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("stations");
/// Name, radio station → radio station.
pub(crate) const STATION_ORDER: List<u64> = List::new("station_order");
/// Number of a message → [`super::MessageRow`].
pub(crate) const MESSAGES: List<&[u8]> = List::new("messages");
/// Share → [`super::ShareRow`].
pub(crate) const SHARES: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("shares");
/// Secret → share.
pub(super) const SHARE_SECRETS: TableDefinition<'_, u128, u64> =
    TableDefinition::new("share_secrets");
/// Account, beginning (the latest first), share.
pub(crate) const SHARE_ORDER: List<()> = List::new("share_order");

/// Account → [`super::AvatarRow`].
pub(crate) const AVATARS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("avatars");

pub(crate) struct Tables<'w> {
    pub(super) tracks: Table<'w, u64, &'static [u8]>,
    pub(super) groups: Table<'w, (u8, u64), &'static [u8]>,
    pub(super) members: Table<'w, (u8, u64), u64>,
    pub(super) artist_tracks: Table<'w, (u64, u64), ()>,
    pub(super) accounts: Table<'w, u64, &'static [u8]>,
    pub(super) followed: Table<'w, &'static str, &'static [u8]>,
    pub(super) plays: Table<'w, &'static [u8], &'static [u8]>,
    pub(super) play_starts: Table<'w, (u64, u64), i64>,
    pub(super) annotations: Table<'w, (u64, u8, u64), &'static [u8]>,
    pub(super) opinions: Table<'w, (u8, u64, u64), ()>,
    pub(super) listeners: Table<'w, (u64, u64), ()>,
    pub(super) played: Table<'w, (u64, u8, u64, u64, u64), ()>,
    pub(super) top: Table<'w, &'static [u8], ()>,
    pub(super) favourites: Table<'w, &'static [u8], ()>,
    pub(super) playlists: Table<'w, u64, &'static [u8]>,
    pub(super) entries: Table<'w, u64, &'static [u8]>,
    pub(super) playlist_order: Table<'w, &'static [u8], u64>,
    pub(super) imported: Table<'w, (u64, u8, u64, &'static str), &'static [u8]>,
    pub(super) imported_playlists: Table<'w, (u64, &'static str, &'static str), &'static [u8]>,
    pub(super) bookmarks: Table<'w, (u64, u64), &'static [u8]>,
    pub(super) bookmark_order: Table<'w, &'static [u8], ()>,
    pub(super) queues: Table<'w, u64, &'static [u8]>,
    pub(super) stations: Table<'w, u64, &'static [u8]>,
    pub(super) station_order: Table<'w, &'static [u8], u64>,
    pub(super) messages: Table<'w, &'static [u8], &'static [u8]>,
    pub(super) shares: Table<'w, u64, &'static [u8]>,
    pub(super) share_secrets: Table<'w, u128, u64>,
    pub(super) share_order: Table<'w, &'static [u8], ()>,
    pub(super) avatars: Table<'w, u64, &'static [u8]>,
}

impl<'w> Tables<'w> {
    pub(super) fn open(write: &'w WriteTransaction) -> Result<Self, StoreError> {
        Ok(Self {
            tracks: write.open_table(TRACKS)?,
            groups: write.open_table(GROUPS)?,
            members: write.open_table(MEMBERS)?,
            artist_tracks: write.open_table(ARTIST_TRACKS)?,
            accounts: write.open_table(ACCOUNTS)?,
            followed: write.open_table(FOLLOWED)?,
            plays: write.open_table(PLAYS)?,
            play_starts: write.open_table(PLAY_STARTS)?,
            annotations: write.open_table(ANNOTATIONS)?,
            opinions: write.open_table(OPINIONS)?,
            listeners: write.open_table(LISTENERS)?,
            played: write.open_table(PLAYED)?,
            top: write.open_table(TOP)?,
            favourites: write.open_table(FAVOURITES)?,
            playlists: write.open_table(PLAYLISTS)?,
            entries: write.open_table(ENTRIES)?,
            playlist_order: write.open_table(PLAYLIST_ORDER)?,
            imported: write.open_table(IMPORTED)?,
            imported_playlists: write.open_table(IMPORTED_PLAYLISTS)?,
            bookmarks: write.open_table(BOOKMARKS)?,
            bookmark_order: write.open_table(BOOKMARK_ORDER)?,
            queues: write.open_table(QUEUES)?,
            stations: write.open_table(STATIONS)?,
            station_order: write.open_table(STATION_ORDER)?,
            messages: write.open_table(MESSAGES)?,
            shares: write.open_table(SHARES)?,
            share_secrets: write.open_table(SHARE_SECRETS)?,
            share_order: write.open_table(SHARE_ORDER)?,
            avatars: write.open_table(AVATARS)?,
        })
    }
}

/// The row of `key`, if there is one.
pub(crate) fn record<K: Key + 'static, R: Record>(
    table: &impl ReadableTable<K, &'static [u8]>,
    key: &K::SelfType<'_>,
) -> Result<Option<R>, StoreError> {
    table.get(key)?.map(|row| R::from_bytes(row.value())).transpose()
}
