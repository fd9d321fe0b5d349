//! The calls of profile. Each is about the account that asks (`Context::account`), who sees only
//! items of its libraries; what it may not see, and what is somebody else's, is not found. The
//! program may read playlists too.

use serde::{Deserialize, Serialize};

use super::Between;
use crate::{
    Timestamp,
    feed::FeedCursor,
    ids::{ArtistId, PlaylistId, TrackId},
    item::{ItemId, ItemKind},
    page::{Paging, Sort, sorts},
};

sorts!(
    /// Orders of a list of playlists.
    PlaylistSort, "name, changed" { Name = "name", Changed = "changed" }
);

/// Somebody listened. A play counts when at least half of the track, or four minutes, were heard.
///
/// One play is recorded once: reports with the same `id`, or without one of the same track and
/// `started_at`, are one play, whose `listened_ms` is the longest that was told. So a player may
/// report as it goes, and again when it does not know whether it was heard. A play that the reports of the
/// same device came to ([`ReportPlayback`](super::ReportPlayback)) is the same one, too.
#[derive(Debug, Serialize, Deserialize)]
pub struct RecordPlay {
    pub track: TrackId,
    /// At most five minutes ahead of the service's clock.
    pub started_at: Timestamp,
    /// Milliseconds that were heard: at most a day.
    pub listened_ms: u64,
    /// From where it was played: at most 200 characters, as `album` or `playlist:pl-…`.
    pub source: Option<String>,
    /// What the client calls itself; cut to 200 characters.
    pub device: String,
    /// The client's own name of this play: 1 to 64 characters.
    pub id: Option<String>,
}

/// [`RecordPlay`] for several plays at once, as of an app that was offline: all, or none where one is
/// refused. At most [`Paging::MOST`].
#[derive(Debug, Serialize, Deserialize)]
pub struct RecordPlays {
    pub plays: Vec<RecordPlay>,
}

/// What the account played, newest first; also what did not count.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListPlays {
    pub paging: Paging,
}

/// What the account played most, by plays that counted, then by the last of them.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListTop {
    pub kind: ItemKind,
    pub paging: Paging,
    /// Only what was played then: all its plays are looked through for it. A cursor belongs to one time.
    pub between: Option<Between>,
}

/// Loves an item, or no more. Said twice it stays as it was.
#[derive(Debug, Serialize, Deserialize)]
pub struct SetFavourite {
    pub item: ItemId,
    pub favourite: bool,
}

/// [`SetFavourite`] for several items at once: all, or none where one is not seen. At most
/// [`Paging::MOST`].
#[derive(Debug, Serialize, Deserialize)]
pub struct SetFavourites {
    pub items: Vec<ItemId>,
    pub favourite: bool,
}

/// The latest first.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListFavourites {
    /// `None`: all kinds.
    pub kind: Option<ItemKind>,
    pub paging: Paging,
}

/// 1 to 5; 0 takes the rating away.
#[derive(Debug, Serialize, Deserialize)]
pub struct SetRating {
    pub item: ItemId,
    pub rating: u8,
}

/// What the account thinks of these items, in their order. At most [`Paging::MOST`] items.
#[derive(Debug, Serialize, Deserialize)]
pub struct GetAnnotations {
    pub items: Vec<ItemId>,
}

/// All that stands beside items of the account's: what it thinks of them, and its bookmarks in them. At
/// most [`Paging::MOST`] items.
#[derive(Debug, Serialize, Deserialize)]
pub struct GetMarks {
    pub items: Vec<ItemId>,
}

/// What the account has to do with items of a kind, in an order, for those who count rows.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListAnnotated {
    pub kind: ItemKind,
    pub by: AnnotatedBy,
    /// Begins so many rows further on.
    pub skip: u32,
    /// 1 to [`Paging::MOST`].
    pub limit: u32,
}

/// An order of items, and so which of them are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnnotatedBy {
    /// Those with plays that counted, the most first, then the last played first.
    Plays,
    /// Those with plays that counted, the last played first.
    LastPlayed,
    /// Those that are rated, the best first, then the most played first.
    Rating,
    /// Those that are loved, the latest first.
    Favourite,
}

/// The tracks of an artist, or of an album that it made, by plays of everybody on this server: the most
/// played first, and what nobody has played last.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListTopOfArtist {
    pub artist: ArtistId,
    /// 1 to [`Paging::MOST`].
    pub limit: u32,
}

/// A new playlist. Its name has 1 to 200 characters, its description at most 2,000. Doubled tracks
/// are welcome.
#[derive(Debug, Serialize, Deserialize)]
pub struct CreatePlaylist {
    pub name: String,
    pub description: String,
    pub public: bool,
    /// At most [`MOST_AT_ONCE`](super::MOST_AT_ONCE).
    pub tracks: Vec<TrackId>,
}

/// The account's own playlists, and the public ones of others.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct ListPlaylists {
    pub sort: Sort<PlaylistSort>,
    pub paging: Paging,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct GetPlaylist {
    pub playlist: PlaylistId,
}

/// Fills in a list that another service ordered. At most [`Paging::MOST`].
#[derive(Debug, Serialize, Deserialize)]
pub struct GetPlaylists {
    pub playlists: Vec<PlaylistId>,
}

/// The tracks of a playlist in their order; missing ones too. A cursor is refused with
/// [`Changed`](super::ProfileError::Changed) when tracks changed their positions since.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListEntries {
    pub playlist: PlaylistId,
    pub paging: Paging,
}

/// Its owner: what is absent stays.
#[derive(Debug, Serialize, Deserialize)]
pub struct UpdatePlaylist {
    pub playlist: PlaylistId,
    pub name: Option<String>,
    pub description: Option<String>,
    pub public: Option<bool>,
}

/// Its owner: entries removed, then tracks added at the end, then [`UpdatePlaylist`], all at once or
/// not at all.
#[derive(Debug, Serialize, Deserialize)]
pub struct EditPlaylist {
    /// Which playlist, and its texts.
    pub update: UpdatePlaylist,
    /// Positions, each counted before anything is removed.
    pub remove: Vec<u32>,
    /// At most [`MOST_AT_ONCE`](super::MOST_AT_ONCE).
    pub add: Vec<TrackId>,
    pub revision: Option<u64>,
}

/// Its owner.
#[derive(Debug, Serialize, Deserialize)]
pub struct RemovePlaylist {
    pub playlist: PlaylistId,
}

/// Its owner.
#[derive(Debug, Serialize, Deserialize)]
pub struct AddToPlaylist {
    pub playlist: PlaylistId,
    /// At most [`MOST_AT_ONCE`](super::MOST_AT_ONCE).
    pub tracks: Vec<TrackId>,
    /// Before the entry of this position, counted from 0; `None`: at the end.
    pub at: Option<u32>,
    /// Refuses when the playlist is not of this revision any more.
    pub revision: Option<u64>,
}

/// Its owner: the `count` entries from `from` on stand from `to` on afterwards.
#[derive(Debug, Serialize, Deserialize)]
pub struct MoveInPlaylist {
    pub playlist: PlaylistId,
    pub from: u32,
    pub count: u32,
    /// Counted in the playlist without the moved entries.
    pub to: u32,
    pub revision: Option<u64>,
}

/// Its owner: the entries of these positions, each counted before anything is removed.
#[derive(Debug, Serialize, Deserialize)]
pub struct RemoveFromPlaylist {
    pub playlist: PlaylistId,
    pub positions: Vec<u32>,
    pub revision: Option<u64>,
}

/// Its owner: these tracks in place of all that it has.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReplaceInPlaylist {
    pub playlist: PlaylistId,
    /// Another name; as it is when left out.
    pub name: Option<String>,
    /// At most [`MOST_AT_ONCE`](super::MOST_AT_ONCE).
    pub tracks: Vec<TrackId>,
    pub revision: Option<u64>,
}

/// Other services: what changed after `after`; waits up to `wait_ms` when nothing did.
#[derive(Debug, Serialize, Deserialize)]
pub struct FollowProfile {
    pub after: FeedCursor,
    pub limit: u32,
    pub wait_ms: u64,
}

/// Other services: every playlist and every annotation, in pages.
#[derive(Debug, Serialize, Deserialize)]
pub struct ProfileSnapshot {
    pub after: Option<String>,
    pub limit: u32,
}
