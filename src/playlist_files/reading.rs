//! Which kind of file it is, and what is wrong with it.

use super::{PlaylistFile, jspf, m3u, xspf};

/// Why a file is no playlist; a sentence for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAPlaylist {
    #[error("the playlist has more than 100,000 entries")]
    TooMany,
    #[error("the playlist has no entries")]
    Empty,
    #[error("this is XML, but no XSPF playlist")]
    Other,
    #[error("this is not valid XML: {0}")]
    Xml(String),
    #[error("the playlist declares or uses entities of its own, which are not read")]
    Entities,
    #[error("the playlist has too many parts, or is nested too deep")]
    Shape,
    #[error("this is no JSPF playlist: {0}")]
    Json(String),
    #[error("this is no text: a playlist is M3U, XSPF or JSPF")]
    NoText,
}

/// Reads a file of any kind that is known, by how it begins.
pub fn read(bytes: &[u8]) -> Result<PlaylistFile, NotAPlaylist> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.contains(&0) {
        return Err(NotAPlaylist::NoText);
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        // Older files are in Latin 1, of which every byte is a character.
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    };
    let file = match text.trim_start().chars().next() {
        Some('<') => xspf::read(&text)?,
        Some('{') => jspf::read(&text)?,
        _ => m3u::read(&text)?,
    };
    if file.entries.is_empty() { Err(NotAPlaylist::Empty) } else { Ok(file) }
}
