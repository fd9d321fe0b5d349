//! What recommendation's answers are made of.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Timestamp,
    feed::FeedCursor,
    ids::{ArtistId, TrackId},
};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recommended {
    pub track: TrackId,
    /// Greater is better; only comparable within one answer.
    pub score: f32,
    pub reason: Reason,
}

/// How much a track sounds like another one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SonicMatch {
    pub track: TrackId,
    /// Of [`FindSonic`](super::FindSonic) with the track that was asked for, of a path with where it
    /// begins: 1 is the same, two tracks that were drawn at random have 0.4 in the middle.
    pub similarity: f32,
}

/// What spoke most for a track.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Reason {
    /// The largest share of the score comes from listening to this track.
    BecauseYouPlayed {
        track: TrackId,
        title: String,
    },
    /// Listeners of the one also play the other.
    PlayedTogether {
        track: TrackId,
        title: String,
    },
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
    /// Nothing is known of the listener yet.
    NewInLibrary,
}

/// For people, in English.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BecauseYouPlayed { title, .. } => write!(f, "Because you played “{title}”"),
            Self::PlayedTogether { title, .. } => write!(f, "Played together with “{title}”"),
            Self::Artist { name, .. } => write!(f, "More of {name}"),
            Self::Genre { genre } => write!(f, "More {genre}"),
            Self::Decade { decade } => write!(f, "Also from the {decade}s"),
            Self::NewInLibrary => f.write_str("New in your library"),
        }
    }
}

/// What is known, and how well it does.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ModelState {
    /// Tracks whose features are known.
    pub tracks: u64,
    /// Those that were listened to.
    pub heard: u64,
    /// Accounts that played, loved or rated a track.
    pub listeners: u64,
    /// Pairs of an account and a track that it played, loved or rated.
    pub interactions: u64,
    /// When the factors were computed; absent while there is not enough to learn from.
    pub trained_at: Option<Timestamp>,
    /// Factors a track.
    pub factors: u32,
    /// NDCG@10 on plays that were held out, of the factors and of popularity alone; absent when
    /// there were too few to tell.
    pub quality: Option<Quality>,
    /// How far the feeds are known; absent while everything is read anew.
    pub catalog: Option<FeedCursor>,
    pub profile: Option<FeedCursor>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    pub factors: f32,
    pub popularity: f32,
}
