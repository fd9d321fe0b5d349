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

/// Administrators and the program: forgets tracks that are missing, with everything that was kept of
/// them. One that is not missing is refused. Answers how many were forgotten.
#[derive(Debug, Serialize, Deserialize)]
pub struct ForgetTracks {
    pub which: Forgotten,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Forgotten {
    /// At most [`Paging::MOST`].
    These(Vec<TrackId>),
    /// All that are missing since this moment or longer.
    MissingSince(Timestamp),
}
