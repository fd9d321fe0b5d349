//! Finding tracks by what another program knew of them.

use serde::{Deserialize, Serialize};

use crate::ids::TrackId;

/// The track that each of these is, if any, among those that the caller may see: what is hidden changes
/// nothing about the answer. At most [`MatchTracks::MOST`].
///
/// A path is matched from its end: as much of it as is below a library's folder. What no path finds
/// is matched by its tags: title, artist and, where they are known, album, number and length.
#[derive(Debug, Serialize, Deserialize)]
pub struct MatchTracks {
    pub wanted: Vec<WantedTrack>,
}

impl MatchTracks {
    pub const MOST: usize = 500;
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WantedTrack {
    /// Where the other program had it, absolute or not, with `/` between folders.
    pub path: Option<String>,
    pub title: Option<String>,
    pub artist: Option<String>,
    pub album: Option<String>,
    pub disc_number: Option<u32>,
    pub track_number: Option<u32>,
    pub duration_ms: Option<u64>,
    /// Of the recording at MusicBrainz.
    pub musicbrainz: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchedTrack {
    pub track: TrackId,
    pub by: MatchedBy,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchedBy {
    Path,
    Tags,
}
