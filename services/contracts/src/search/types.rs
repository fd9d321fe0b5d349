//! What search answers are made of.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    feed::FeedCursor,
    ids::{AlbumId, ArtistId, LibraryId, PlaylistId, TrackId},
};

/// What can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FoundKind {
    Artist,
    Album,
    Track,
    Playlist,
}

/// Ids, best first; who asked fills them in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    pub artists: Vec<ArtistId>,
    pub albums: Vec<AlbumId>,
    pub tracks: Vec<TrackId>,
    /// The account's own ones, and the public ones of others.
    pub playlists: Vec<PlaylistId>,
    /// Where to read on, when one kind was asked for and there is more.
    pub next_cursor: Option<String>,
    /// Of the tracks that were found, when they were asked for.
    pub facets: Option<Facets>,
}

/// How many tracks that fit the query, and that the caller may see, there are of each: the most
/// first, at most 50 of each.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Facets {
    pub genres: Vec<TextCount>,
    /// By the first year of each: 1990.
    pub decades: Vec<DecadeCount>,
    /// Codecs.
    pub formats: Vec<TextCount>,
    pub libraries: Vec<LibraryCount>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TextCount {
    pub value: String,
    pub tracks: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DecadeCount {
    pub decade: i32,
    pub tracks: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LibraryCount {
    pub library: LibraryId,
    pub tracks: u64,
}

/// A query that may be meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Suggestion {
    pub text: String,
    /// What is called so.
    pub kind: FoundKind,
}

/// A part of a text that a query matches, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

/// What can be found now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexState {
    pub documents: u64,
    /// How far the catalog's feed is found; absent while the index is built.
    pub catalog: Option<FeedCursor>,
    /// How far profile's feed is found: playlists.
    pub profile: Option<FeedCursor>,
    /// How far profile's feed is known: what is loved, rated and played. Absent from each start until
    /// it was told.
    pub taste: Option<FeedCursor>,
}
