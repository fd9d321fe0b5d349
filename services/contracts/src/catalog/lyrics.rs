//! Lyrics: plain, by line, or by word.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ids::TrackId;

/// All lyrics of a track that the caller may see, the best first: by word, by line, plain.
#[derive(Debug, Serialize, Deserialize)]
pub struct GetLyrics {
    pub track: TrackId,
}

/// The program: what is sung in these tracks, as plain text of at most
/// [`LyricsTexts::LONGEST`] bytes each; `None` where there are no lyrics. At most
/// [`LyricsTexts::MOST`] tracks.
#[derive(Debug, Serialize, Deserialize)]
pub struct LyricsTexts {
    pub tracks: Vec<TrackId>,
}

impl LyricsTexts {
    pub const MOST: usize = 32;
    pub const LONGEST: usize = 16 * 1024;
}

/// One version of the lyrics of a track.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Lyrics {
    /// ISO 639, as tagged: `eng`, `de`; absent where it is not told.
    pub language: Option<String>,
    pub source: LyricsSource,
    /// Lines have times.
    pub synced: bool,
    pub lines: Vec<LyricsLine>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LyricsSource {
    /// In the tags of the music file.
    Embedded,
    /// In a file beside it.
    File,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LyricsLine {
    /// From the beginning of the track; absent in plain lyrics.
    pub start_ms: Option<u64>,
    pub text: String,
    /// Where words have times of their own; together they are the line.
    pub words: Vec<LyricsWord>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LyricsWord {
    pub start_ms: u64,
    pub text: String,
}
