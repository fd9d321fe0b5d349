//! An album, as its tracks make it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{AlbumLoudness, ArtistRef, Cover, Track};
use crate::{Timestamp, ids::AlbumId};

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Album {
    pub id: AlbumId,
    pub title: String,
    /// What the title is sorted by, where that is tagged.
    pub sort_title: Option<String>,
    /// What tells releases of one title apart: `25th anniversary edition`.
    pub version: Option<String>,
    pub artists: Vec<ArtistRef>,
    /// The artists as they are written on the cover.
    pub display_artist: String,
    /// Of this release.
    pub year: Option<i32>,
    pub date: Option<String>,
    /// Of the first release, as tagged.
    pub original_date: Option<String>,
    pub genres: Vec<String>,
    /// `album`, `single`, `ep`, `live`, `compilation`, `soundtrack`… in lower case.
    pub release_types: Vec<String>,
    pub labels: Vec<String>,
    pub catalogue_numbers: Vec<String>,
    pub compilation: bool,
    /// Something on it is explicit.
    pub explicit: bool,
    /// Of the release, and of its release group, at MusicBrainz.
    pub musicbrainz_release: Option<String>,
    pub musicbrainz_release_group: Option<String>,
    /// Of the tracks that the caller may see.
    pub track_count: u32,
    pub disc_count: u32,
    /// Discs with titles of their own.
    pub disc_titles: Vec<DiscTitle>,
    pub duration_ms: u64,
    pub cover: Option<Cover>,
    pub added_at: Timestamp,
}

/// A disc that has a title of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DiscTitle {
    pub disc: u32,
    pub title: String,
}

/// An album with its tracks by disc and number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AlbumDetail {
    #[serde(flatten)]
    pub album: Album,
    /// As measured; absent until all its tracks are.
    pub loudness: Option<AlbumLoudness>,
    pub tracks: Vec<Track>,
}
