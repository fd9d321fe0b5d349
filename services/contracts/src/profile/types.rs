//! What profile's answers are made of.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Timestamp,
    ids::{AccountId, PlayId, PlaylistId, TrackId},
    item::{ItemId, ItemKind},
};

/// Entries of one playlist.
pub const MOST_ENTRIES: usize = 100_000;
/// Tracks that one call may add: it stays below the size of a message.
pub const MOST_AT_ONCE: usize = 25_000;

/// One listening.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Play {
    pub id: PlayId,
    pub track: TrackId,
    pub started_at: Timestamp,
    pub listened_ms: u64,
    /// Half of the track, or four minutes, were heard.
    pub counted: bool,
    pub source: Option<String>,
    pub device: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecordedPlay {
    pub play: Play,
    /// The play was not known before.
    pub new: bool,
}

/// An item of a list of the most played.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TopItem {
    pub item: ItemId,
    /// Plays that counted: of an album and an artist those of its tracks.
    pub plays: u32,
    pub last_played_at: Timestamp,
}

/// A track and how often everybody on this server has played it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrackPlays {
    pub track: TrackId,
    /// Plays that counted.
    pub plays: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Favourite {
    pub item: ItemId,
    pub since: Timestamp,
}

/// What one account thinks of one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Annotation {
    pub item: ItemId,
    pub plays: u32,
    pub last_played_at: Option<Timestamp>,
    pub favourite_since: Option<Timestamp>,
    /// 1 to 5; absent when it is not rated.
    pub rating: Option<u8>,
}

impl Annotation {
    /// Of an item that was never touched.
    pub fn none(item: ItemId) -> Self {
        Self { item, plays: 0, last_played_at: None, favourite_since: None, rating: None }
    }

    pub fn is_none(&self) -> bool {
        *self == Self::none(self.item)
    }

    pub fn kind(&self) -> ItemKind {
        self.item.kind()
    }
}

/// What stands beside items.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    /// One for each item, in their order.
    pub annotations: Vec<Annotation>,
    /// Of those tracks that have one.
    pub bookmarks: Vec<BookmarkAt>,
}

/// A bookmark without the words to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookmarkAt {
    pub track: TrackId,
    pub position_ms: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Playlist {
    pub id: PlaylistId,
    pub name: String,
    pub description: String,
    /// Everybody on this server may see it.
    pub public: bool,
    pub owner: AccountId,
    pub owner_name: String,
    /// Of the tracks that the caller may see.
    pub track_count: u32,
    pub duration_ms: u64,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
    /// Grows with every change of the playlist.
    pub revision: u64,
}

/// A track in a playlist. Positions count from 0; those of tracks that the caller may not see are
/// left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlaylistEntry {
    pub position: u32,
    pub track: TrackId,
}

/// What others must hear of listeners: the state now, not the way to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfileChange {
    /// New or changed, with the tracks of all libraries.
    Playlist(Box<Playlist>),
    PlaylistGone(PlaylistId),
    /// An account played, loved or rated an item; [`Annotation::is_none`] when nothing is left.
    Annotation {
        account: AccountId,
        annotation: Annotation,
    },
    /// Gone with everything: followers remove what they keep of it.
    AccountGone(AccountId),
}
