//! What listeners did in another program, taken over.
//!
//! Each program is a source with a name. What it said of an item is remembered with that name, so a
//! second import brings only what is new, and never undoes what the listener has changed here since.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Timestamp,
    ids::{AccountId, PlaylistId, TrackId},
    item::ItemId,
};

/// The program: takes over facts of an account, in their order. At most [`ImportHistory::MOST`].
#[derive(Debug, Serialize, Deserialize)]
pub struct ImportHistory {
    pub account: AccountId,
    /// The other program: 1 to 32 of `a` to `z`, `0` to `9` and `-`.
    pub source: String,
    pub facts: Vec<ImportedFact>,
    /// Changes nothing, and answers what would be.
    pub dry_run: bool,
}

impl ImportHistory {
    pub const MOST: usize = 500;
}

/// One thing that a listener did in the other program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportedFact {
    /// A single play; it counts.
    Play {
        #[serde(rename = "track_id")]
        track: TrackId,
        started_at: Timestamp,
    },
    /// Plays that are only counted, beside the single ones. They take the place of those that this
    /// source told before.
    Plays {
        #[serde(rename = "track_id")]
        track: TrackId,
        plays: u32,
        last_played_at: Timestamp,
    },
    /// Loved, since then where that is known.
    Favourite {
        #[serde(rename = "item_id")]
        item: ItemId,
        since: Option<Timestamp>,
    },
    /// 1 to 5.
    Rating {
        #[serde(rename = "item_id")]
        item: ItemId,
        rating: u8,
    },
}

/// What became of something that was to be taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Taken {
    New,
    /// In place of what the source told before.
    Changed,
    /// It is so already.
    Known,
    /// The listener changed it here: that stays.
    Kept,
    /// The catalog does not know the item.
    Gone,
    /// It lies in the future.
    Ahead,
}

/// The program: makes a playlist of the other program's, or brings the one that it made before up to
/// date.
#[derive(Debug, Serialize, Deserialize)]
pub struct ImportPlaylist {
    /// Its owner.
    pub account: AccountId,
    /// As of [`ImportHistory`].
    pub source: String,
    /// The source's own name of the playlist: 1 to 100 bytes.
    pub key: String,
    /// What does not fit into a playlist's name and description is cut off.
    pub name: String,
    pub description: String,
    pub public: bool,
    /// At most [`MOST_AT_ONCE`](super::MOST_AT_ONCE).
    pub tracks: Vec<TrackId>,
    pub dry_run: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportedPlaylist {
    pub taken: Taken,
    /// Absent when its owner has removed it here, and when it was not made.
    #[serde(rename = "playlist_id")]
    pub playlist: Option<PlaylistId>,
}
