//! The calls of recommendation. All but `GetModel` are about the account that asks, and answer only
//! tracks of its libraries that are not missing.

use serde::{Deserialize, Serialize};

use crate::{
    ids::{AlbumId, ArtistId, TrackId},
    item::ItemId,
};

/// Tracks for the account, best first. Whoever has no history yet hears what is new in the library.
#[derive(Debug, Serialize, Deserialize)]
pub struct Recommend {
    /// 1 to [`Recommend::MOST`].
    pub limit: u32,
}

impl Recommend {
    pub const MOST: u32 = 500;
    pub const USUAL: u32 = 50;
}

/// Tracks like this item, most alike first: without the track itself, without those of the album; an
/// artist's own are among them. The more an album's or an artist's track is played by everybody on
/// this server, the more it speaks for it.
#[derive(Debug, Serialize, Deserialize)]
pub struct FindSimilar {
    pub item: ItemId,
    /// 1 to [`Recommend::MOST`].
    pub limit: u32,
}

/// Albums whose tracks are like those of this one, most alike first; not those of the artist who made
/// most of it.
#[derive(Debug, Serialize, Deserialize)]
pub struct FindSimilarAlbums {
    pub album: AlbumId,
    /// 1 to [`Recommend::MOST`].
    pub limit: u32,
}

/// Artists whose tracks are like those of this one, most alike first.
#[derive(Debug, Serialize, Deserialize)]
pub struct FindSimilarArtists {
    pub artist: ArtistId,
    /// 1 to [`Recommend::MOST`].
    pub limit: u32,
}

/// Tracks that sound like this one, whatever their tags say, most alike first, without itself. Refused
/// while nobody has listened to it.
#[derive(Debug, Serialize, Deserialize)]
pub struct FindSonic {
    pub track: TrackId,
    /// 1 to [`Recommend::MOST`].
    pub limit: u32,
}

/// A way from one track to another in small steps of sound: both ends, and tracks between them as far as
/// there are enough. Refused while nobody has listened to one of them.
#[derive(Debug, Serialize, Deserialize)]
pub struct FindSonicPath {
    pub from: TrackId,
    pub to: TrackId,
    /// The most tracks, with both ends: 1 to [`FindSonicPath::MOST`]. One alone is where it begins.
    pub limit: u32,
}

impl FindSonicPath {
    /// Each step looks at all tracks.
    pub const MOST: u32 = 100;
    pub const USUAL: u32 = 25;
}

/// The program and administrators: what is known, and how well it does.
#[derive(Debug, Serialize, Deserialize)]
pub struct GetModel {}
