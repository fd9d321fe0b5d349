//! What search answers are made of.

use serde::{Deserialize, Serialize};

use crate::{
    feed::FeedCursor,
    ids::{AlbumId, ArtistId, PlaylistId, TrackId},
};

/// Ids, best first; who asked fills them in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    pub artists: Vec<ArtistId>,
    pub albums: Vec<AlbumId>,
    pub tracks: Vec<TrackId>,
    /// The account's own ones, and the public ones of others.
    pub playlists: Vec<PlaylistId>,
}

/// What can be found now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexState {
    pub documents: u64,
    /// How far the catalog's feed is found; absent while the index is built.
    pub catalog: Option<FeedCursor>,
    /// How far profile's feed is found.
    pub profile: Option<FeedCursor>,
}
