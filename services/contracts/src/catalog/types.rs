//! What the catalog's answers are made of.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Timestamp,
    ids::{AlbumId, ArtistId, GenreId, LibraryId, TrackId},
};

/// An artist where it is named by a track or an album.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct ArtistRef {
    pub id: ArtistId,
    pub name: String,
}

/// An album where it is named by a track.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AlbumRef {
    pub id: AlbumId,
    pub title: String,
}

/// What listeners love: it keeps its id when its file moves, is renamed or retagged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Track {
    pub id: TrackId,
    pub title: String,
    pub artists: Vec<ArtistRef>,
    pub album: AlbumRef,
    pub album_artists: Vec<ArtistRef>,
    pub track_number: Option<u32>,
    pub disc_number: Option<u32>,
    pub disc_title: Option<String>,
    pub duration_ms: u64,
    pub year: Option<i32>,
    /// As tagged: `1997`, `1997-05` or `1997-05-21`.
    pub date: Option<String>,
    pub genres: Vec<String>,
    pub composers: Vec<String>,
    pub compilation: bool,
    /// Bytes of the file.
    pub size: u64,
    pub content_type: String,
    /// `mp3`, `flac`, `vorbis`, `opus`, `aac`, `alac`, `pcm`.
    pub codec: String,
    pub bitrate_kbps: u32,
    pub sample_rate: u32,
    pub channels: u16,
    pub bit_depth: Option<u8>,
    pub has_cover: bool,
    pub library: LibraryId,
    pub added_at: Timestamp,
    pub modified_at: Timestamp,
    /// Since when its file cannot be found; absent for a track that plays.
    pub missing_since: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Album {
    pub id: AlbumId,
    pub title: String,
    pub artists: Vec<ArtistRef>,
    pub year: Option<i32>,
    pub date: Option<String>,
    pub genres: Vec<String>,
    pub compilation: bool,
    /// Of the tracks that the caller may see.
    pub track_count: u32,
    pub disc_count: u32,
    pub duration_ms: u64,
    pub has_cover: bool,
    pub added_at: Timestamp,
}

/// An album with its tracks by disc and number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AlbumDetail {
    #[serde(flatten)]
    pub album: Album,
    pub tracks: Vec<Track>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Artist {
    pub id: ArtistId,
    pub name: String,
    pub sort_name: String,
    /// Albums of which it is an album artist.
    pub album_count: u32,
    /// Tracks it performs on, or that are on its albums.
    pub track_count: u32,
    pub duration_ms: u64,
    pub has_cover: bool,
}

/// An artist with its albums by year, and the albums of others that it appears on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ArtistDetail {
    #[serde(flatten)]
    pub artist: Artist,
    pub albums: Vec<Album>,
    pub appears_on: Vec<Album>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Genre {
    pub id: GenreId,
    pub name: String,
    pub album_count: u32,
    pub track_count: u32,
    pub duration_ms: u64,
}

/// A folder of music, and the unit of permission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Library {
    pub id: LibraryId,
    pub name: String,
    /// For administrators; empty for listeners.
    #[schema(value_type = String)]
    pub folder: PathBuf,
    pub track_count: u64,
}

/// Where the bytes of a track are, for the edge to open and send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    pub track: TrackId,
    pub library: LibraryId,
    /// Raw bytes of the absolute path: names need not be UTF-8.
    pub path: Vec<u8>,
    pub content_type: String,
    pub codec: String,
    pub bitrate_kbps: u32,
    pub duration_ms: u64,
    /// Bytes when it was scanned; the edge trusts only the open file.
    pub size: u64,
}

/// Whose picture is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CoverOf {
    Track(TrackId),
    Album(AlbumId),
    Artist(ArtistId),
}

/// A picture that is ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverLocation {
    /// Raw bytes of the absolute path of a file of the artwork cache.
    pub path: Vec<u8>,
    pub content_type: String,
    /// Of the content, so a client may keep it for ever.
    pub etag: String,
}

/// What others must hear of the catalog: the state now, not the way to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CatalogChange {
    /// New, retagged, moved, missing or found again.
    Track(Box<Track>),
    /// Forgotten by an administrator.
    TrackGone(TrackId),
    /// Since it was added, `from` was a copy of `to`, whose own file is gone: it was a move over a copy.
    /// `to` has its file now and `from` is gone; what listeners did with it, they did with `to`.
    TrackBecame {
        from: TrackId,
        to: TrackId,
        since: Timestamp,
    },
    /// An album as it is in each library that has tracks of it.
    Album {
        id: AlbumId,
        parts: Vec<(LibraryId, Album)>,
    },
    AlbumGone(AlbumId),
    /// An artist as it is in each library that has tracks of it.
    Artist {
        id: ArtistId,
        parts: Vec<(LibraryId, Artist)>,
    },
    ArtistGone(ArtistId),
}
