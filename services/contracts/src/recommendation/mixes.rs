//! What a listener's day begins with: mixes, and what was loved once and not heard for long.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Reason;
use crate::{
    Timestamp,
    catalog::ArtistRef,
    ids::{ArtistId, MixId, TrackId},
    item::{ItemId, ItemKind},
};

/// Mixes for the account, at most [`GetMixes::MOST`]. They stay the same for a day (UTC), as long as
/// this program runs: but for a beginner, who has better ones as soon as more is known.
#[derive(Debug, Serialize, Deserialize)]
pub struct GetMixes {}

impl GetMixes {
    pub const MOST: usize = 6;
    /// Tracks of a mix, at most.
    pub const TRACKS: usize = 50;
}

/// One of the mixes that [`GetMixes`] answers now.
#[derive(Debug, Serialize, Deserialize)]
pub struct GetMix {
    pub mix: MixId,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mix {
    /// Of this day: tomorrow it is nobody's.
    pub id: MixId,
    pub theme: MixTheme,
    /// Who has most of its tracks, at most three.
    pub artists: Vec<ArtistRef>,
    /// What spoke for it.
    pub reason: Reason,
    pub tracks: Vec<TrackId>,
}

/// What a mix is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MixTheme {
    /// What the account has not played yet.
    Discoveries,
    Artist {
        artist: ArtistId,
        name: String,
    },
    Genre {
        genre: String,
    },
    /// Of these ten years, as `1990`.
    Decade {
        decade: i32,
    },
    /// The latest additions.
    NewInLibrary,
}

/// For people, in English.
impl fmt::Display for MixTheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Discoveries => f.write_str("Discoveries"),
            Self::Artist { name, .. } => write!(f, "{name} and the like"),
            Self::Genre { genre } => write!(f, "{genre} mix"),
            Self::Decade { decade } => write!(f, "The {decade}s"),
            Self::NewInLibrary => f.write_str("New in your library"),
        }
    }
}

/// Tracks or albums that the account played much or loved, and has not heard for two months or longer:
/// the dearest and longest missed first, with a little chance that changes from day to day.
#[derive(Debug, Serialize, Deserialize)]
pub struct Rediscover {
    /// Tracks or albums.
    pub kind: ItemKind,
    /// 1 to [`Recommend::MOST`](super::Recommend::MOST).
    pub limit: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rediscovered {
    pub item: ItemId,
    /// Plays that counted, of an album those of its tracks.
    pub plays: u32,
    /// Absent for what was loved and never played.
    pub last_played_at: Option<Timestamp>,
}

/// What to play after this: tracks like all of these items together, without a track that is the only
/// one of them. What the account has heard in the last hours comes when nothing else that is like them
/// is left, and behind it what suits the account.
#[derive(Debug, Serialize, Deserialize)]
pub struct ContinueFrom {
    /// 1 to [`ContinueFrom::MOST`].
    pub items: Vec<ItemId>,
    /// Never answered; at most [`ContinueFrom::MOST_EXCLUDED`].
    pub exclude: Vec<TrackId>,
    /// 1 to [`Recommend::MOST`](super::Recommend::MOST).
    pub limit: u32,
}

impl ContinueFrom {
    pub const MOST: usize = 500;
    /// Two thousand that were heard or wait, and all of what it begins from.
    pub const MOST_EXCLUDED: usize = 2_000 + Self::MOST;
}
