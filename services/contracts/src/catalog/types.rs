//! What the catalog's answers are made of.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Album, Excerpt, Features, FolderId, ReplayGain, Track};
use crate::{
    Timestamp,
    ids::{AlbumId, ArtistId, EpisodeId, GenreId, LibraryId, PodcastId, TrackId},
};

/// An artist where it is named by a track or an album.
#[derive(
    Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
pub struct ArtistRef {
    pub id: ArtistId,
    pub name: String,
}

/// An album where it is named by a track.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AlbumRef {
    pub id: AlbumId,
    pub title: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Artist {
    pub id: ArtistId,
    pub name: String,
    pub sort_name: String,
    /// Albums of which it is an album artist.
    pub album_count: u32,
    /// Tracks it performs on, or that are on its albums.
    pub track_count: u32,
    /// Tracks of others that it took part in: as a composer, a conductor, a remixer…
    pub contribution_count: u32,
    pub duration_ms: u64,
    pub cover: Option<Cover>,
}

/// An artist with its albums by year, and the albums of others that it has to do with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ArtistDetail {
    #[serde(flatten)]
    pub artist: Artist,
    pub albums: Vec<Album>,
    pub appears_on: Vec<Album>,
    /// Albums of others with tracks that it took part in without performing.
    pub contributed_to: Vec<Album>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Genre {
    pub id: GenreId,
    pub name: String,
    pub album_count: u32,
    pub track_count: u32,
    pub duration_ms: u64,
}

/// Where the rows of one letter begin in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Letter {
    /// In upper case, as rows are sorted by it: without diacritics. `#` for all that begins with no letter.
    pub letter: String,
    /// Rows of the list that stand before the first of this letter.
    pub skip: u64,
}

/// The letters of a list in its order, each once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Letters {
    pub items: Vec<Letter>,
    /// Rows of the list.
    pub total: u64,
    /// That of the list whose rows `skip` counts.
    pub revision: String,
}

/// Ten years, and what there is of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Decade {
    /// The first year of it: 1990.
    pub decade: i32,
    pub albums: u64,
    pub tracks: u64,
}

/// A folder of music, and the unit of permission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Library {
    pub id: LibraryId,
    pub name: String,
    /// For administrators; empty for listeners.
    #[schema(value_type = String)]
    pub folder: PathBuf,
    /// Where browsing by folders begins.
    pub root: FolderId,
    pub track_count: u64,
    /// For administrators: why its last scan left it as it was, and since when scans do.
    pub trouble: Option<String>,
    pub trouble_since: Option<Timestamp>,
}

/// Where the bytes of a track or of an episode are, for the edge to open and send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// Absent: an episode.
    pub track: Option<TrackId>,
    /// Absent: it lies in the data folder.
    pub library: Option<LibraryId>,
    /// Raw bytes of the absolute path: names need not be UTF-8.
    pub path: Vec<u8>,
    pub content_type: String,
    pub codec: String,
    pub bitrate_kbps: u32,
    pub duration_ms: u64,
    /// The track is this part of the file.
    pub excerpt: Option<Excerpt>,
    /// As in [`Track::gain`].
    pub gain: ReplayGain,
    /// Bytes when it was scanned; the edge trusts only the open file.
    pub size: u64,
}

/// That there is a picture, and how it looks as far as that is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Cover {
    /// Of its content: 32 hexadecimal digits. A picture asked for with it as `v` may be kept for ever.
    pub hash: Option<String>,
    /// The colour that stands out: `#rrggbb`.
    pub colour: Option<String>,
    /// A blurred picture of about 25 bytes (a thumb hash) in base 64.
    pub thumbhash: Option<String>,
}

/// Whose picture is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CoverOf {
    Track(TrackId),
    Album(AlbumId),
    /// A disc of an album, by its number.
    Disc(AlbumId, u32),
    Artist(ArtistId),
    Podcast(PodcastId),
    /// The picture of its channel.
    Episode(EpisodeId),
}

/// A picture that is ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverLocation {
    /// Raw bytes of the absolute path of a file of the artwork cache.
    pub path: Vec<u8>,
    pub content_type: String,
    /// Of the picture as it was found, as in [`Cover::hash`].
    pub hash: String,
    /// Of these bytes, so a client may keep them for ever.
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
    /// A track was listened to, or has other audio now, which nobody has listened to yet.
    Features {
        track: TrackId,
        features: Option<Box<Features>>,
    },
}
