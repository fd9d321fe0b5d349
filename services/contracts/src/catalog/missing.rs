//! Tracks whose files are not there: what an administrator may know of them, and may let go.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Track;
use crate::{Timestamp, ids::TrackId, page::Paging};

/// Administrators and the program: tracks that are missing, the longest first.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct ListMissing {
    pub paging: Paging,
}

/// A track and where its file was last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MissingTrack {
    pub track: Track,
    /// Below its library's folder; bytes that are not UTF-8 are shown as U+FFFD.
    pub path: String,
}

/// Administrators and the program: forgets tracks that are missing, all of these or none. One that is
/// not missing is refused. Answers how many were forgotten.
///
/// A forgotten track is in no list, playlist or count any more. What listeners did with it is kept: a
/// file with this audio that appears later is a new track, which has the same id where no other track
/// has this audio, and so finds its plays, favourites and places in playlists again.
#[derive(Debug, Serialize, Deserialize)]
pub struct ForgetTracks {
    pub which: Forgotten,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Forgotten {
    /// At most [`Paging::MOST`].
    These(Vec<TrackId>),
    /// All that are missing since this moment or longer, and that the caller may see.
    MissingSince(Timestamp),
}
