//! Music that an account shows to people without one, at an address that cannot be guessed.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Timestamp,
    authentication::Secret,
    ids::{AccountId, PlaylistId, ShareId, TrackId},
    item::ItemId,
    page::Paging,
};

/// Items and playlists of one share together.
pub const MOST_SHARED: usize = 500;
/// Playlists of one share: each visit looks through them.
pub const MOST_SHARED_PLAYLISTS: usize = 20;

/// A new share. What it names is looked up when it is read: an album shows what is on it then, and
/// nothing that its owner may not see (any more).
#[derive(Debug, Serialize, Deserialize)]
pub struct CreateShare {
    /// With the playlists 1 to [`MOST_SHARED`]; all of them can be seen.
    pub items: Vec<ItemId>,
    pub playlists: Vec<PlaylistId>,
    /// At most 2,000 characters.
    pub description: String,
    /// Not in the past.
    pub expires_at: Option<Timestamp>,
}

/// Those of the account, the newest first; also expired ones.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListShares {
    pub paging: Paging,
}

/// Its owner: what is absent stays.
#[derive(Debug, Serialize, Deserialize)]
pub struct UpdateShare {
    pub share: ShareId,
    pub description: Option<String>,
    pub expires: Option<Expiry>,
}

/// When a share ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expiry {
    Never,
    /// Not in the past.
    At(Timestamp),
}

/// Its owner: its address leads nowhere from now on.
#[derive(Debug, Serialize, Deserialize)]
pub struct RemoveShare {
    pub share: ShareId,
}

/// Anyone with its secret: what is shared.
#[derive(Debug, Serialize, Deserialize)]
pub struct OpenShare {
    pub secret: Secret,
    /// It counts as a visit; those within a second are one.
    pub visit: bool,
}

/// Anyone with its secret: whose share it is, if the track is of it. Whether the owner may still see the
/// track is for the catalog to say.
#[derive(Debug, Serialize, Deserialize)]
pub struct FindShared {
    pub secret: Secret,
    pub track: TrackId,
}

/// A share as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Share {
    pub id: ShareId,
    /// The last part of its address: 22 letters, digits, `-` and `_`.
    pub secret: Secret,
    pub items: Vec<ItemId>,
    pub playlists: Vec<PlaylistId>,
    pub description: String,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub visits: u64,
    pub last_visited_at: Option<Timestamp>,
}

/// A share as visitors see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedShare {
    pub id: ShareId,
    pub owner: AccountId,
    pub owner_name: String,
    pub items: Vec<ItemId>,
    pub playlists: Vec<PlaylistId>,
    pub description: String,
    pub expires_at: Option<Timestamp>,
}

/// Whose track it is that somebody was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundShared {
    pub share: ShareId,
    pub owner: AccountId,
}
