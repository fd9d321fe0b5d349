//! Edits: what an administrator corrects without touching files. They outlast every scan.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Timestamp,
    ids::{AlbumId, EditId, TrackId},
    page::Paging,
};

/// Administrators and the program: all edits, the oldest first. A page may be shorter than asked for:
/// it stays below the size of a message.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct ListEdits {
    pub paging: Paging,
}

/// Administrators and the program: makes edits, in this order, all or none. One that says something
/// about what an earlier one speaks of replaces it: the whole edit of an artist or a genre, and of an
/// album's edit these tracks. At most [`PutEdits::MOST`]. Answers what now stands of them.
///
/// The answer comes when the library shows the edits, or when its deadline does; then the rest follows.
#[derive(Debug, Serialize, Deserialize)]
pub struct PutEdits {
    pub edits: Vec<EditOf>,
}

impl PutEdits {
    pub const MOST: usize = 500;
}

/// Administrators and the program: what the files say counts again.
#[derive(Debug, Serialize, Deserialize)]
pub struct RemoveEdit {
    pub edit: EditId,
}

/// An edit that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Edit {
    pub id: EditId,
    pub made_at: Timestamp,
    pub edit: EditOf,
}

/// What is said anew. Names are compared as the catalog compares them: without case and white space
/// around them.
///
/// Edits are made of what is tagged, never of one another: with A written B and B written C, what is
/// tagged A is B. What an album is said to be comes first; then artists and genres are written anew,
/// once, in the album's artists too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EditOf {
    /// Everywhere where an artist is named.
    Artist(ArtistEdit),
    /// Everywhere where a genre is named.
    Genre(GenreEdit),
    /// What these tracks say of their album.
    Album(AlbumEdit),
}

/// `name` is written `becomes`; several: it is the name of a group that is listed one by one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ArtistEdit {
    #[schema(min_length = 1, max_length = 1000)]
    pub name: String,
    #[schema(min_items = 1, max_items = 32)]
    pub becomes: Vec<String>,
}

/// `name` is written `becomes`; none: it is not shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GenreEdit {
    #[schema(min_length = 1, max_length = 1000)]
    pub name: String,
    #[schema(max_items = 32)]
    pub becomes: Vec<String>,
}

/// These tracks are of the album that is described so; what is absent stays as it is tagged. Tracks of
/// which everything is the same are of one album, and of no release at MusicBrainz any more.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AlbumEdit {
    /// All tracks that this album has now, in addition to `tracks`; kept as those tracks.
    #[serde(default)]
    pub album: Option<AlbumId>,
    /// At most 500 in all. One that is not known (yet) is kept: it may come from another server.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub tracks: Vec<TrackId>,
    #[schema(min_length = 1, max_length = 1000)]
    pub title: Option<String>,
    #[schema(min_items = 1, max_items = 32)]
    pub artists: Option<Vec<String>>,
    #[schema(minimum = 1000, maximum = 2999)]
    pub year: Option<i32>,
    /// Empty: none.
    #[schema(max_length = 1000)]
    pub version: Option<String>,
    /// A compilation without `artists` is by various artists where tracks name their own.
    pub compilation: Option<bool>,
    /// The disc that these tracks are on.
    #[schema(minimum = 1, maximum = 9999)]
    pub disc_number: Option<u32>,
}

impl AlbumEdit {
    pub const MOST_TRACKS: usize = 500;
}
