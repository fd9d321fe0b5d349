//! The calls of recommendation. All but `GetModel` are about the account that asks, and answer only
//! tracks of its libraries that are not missing.

use serde::{Deserialize, Serialize};

use crate::ids::TrackId;

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

/// Tracks like this one, most alike first, without itself.
#[derive(Debug, Serialize, Deserialize)]
pub struct FindSimilar {
    pub track: TrackId,
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
