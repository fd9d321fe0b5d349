//! Playlists as files that other programs read and write: M3U, XSPF and its twin in JSON (JSPF).

mod jspf;
mod m3u;
mod reading;
mod xspf;

use serde::Deserialize;
use utoipa::ToSchema;

pub use self::reading::{NotAPlaylist, read};

/// Entries of one file.
const MOST_ENTRIES: usize = 100_000;
/// Bytes of a path, a title or a name.
const LONGEST: usize = 4_096;

/// How a playlist is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlaylistFormat {
    M3u8,
    Xspf,
    Json,
}

/// What a file says of the whole playlist.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    pub name: Option<String>,
    pub description: Option<String>,
}

/// What a file says of one entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// With `/` between folders; absolute, or below a folder that the file does not name.
    pub path: Option<String>,
    pub title: Option<String>,
    pub artist: Option<String>,
    pub album: Option<String>,
    pub track_number: Option<u32>,
    pub duration_ms: Option<u64>,
}

/// A file that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlaylistFile {
    pub head: Head,
    pub entries: Vec<Entry>,
}

impl PlaylistFormat {
    pub fn content_type(self) -> &'static str {
        match self {
            Self::M3u8 => "audio/x-mpegurl; charset=utf-8",
            Self::Xspf => "application/xspf+xml",
            Self::Json => "application/json",
        }
    }

    /// The ending of a file's name.
    pub fn ending(self) -> &'static str {
        match self {
            Self::M3u8 => "m3u8",
            Self::Xspf => "xspf",
            Self::Json => "jspf",
        }
    }

    /// What stands before the entries.
    pub fn begin(self, head: &Head) -> String {
        match self {
            Self::M3u8 => m3u::begin(head),
            Self::Xspf => xspf::begin(head),
            Self::Json => jspf::begin(head),
        }
    }

    pub fn entry(self, entry: &Entry, is_first: bool) -> String {
        match self {
            Self::M3u8 => m3u::entry(entry),
            Self::Xspf => xspf::entry(entry),
            Self::Json => jspf::entry(entry, is_first),
        }
    }

    /// What stands behind them.
    pub fn end(self) -> &'static str {
        match self {
            Self::M3u8 => "",
            Self::Xspf => xspf::END,
            Self::Json => jspf::END,
        }
    }
}

/// A path as a relative reference of an address (RFC 3986): its parts are encoded.
fn as_address(path: &str) -> String {
    let parts: Vec<String> = path.split('/').map(crate::percent::percent_encoded).collect();
    parts.join("/")
}

/// The path in what a file says of a place: an address of any kind, or a path.
fn as_path(place: &str) -> Option<String> {
    let is_scheme = |text: &str| {
        text.len() > 1
            && text.starts_with(|first: char| first.is_ascii_alphabetic())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    };
    let path = match place.split_once("://").filter(|(scheme, _)| is_scheme(scheme)) {
        Some((_, rest)) => {
            let (_host, path) = rest.split_once('/')?;
            let path = path.split(['?', '#']).next().unwrap_or_default();
            format!("/{}", decoded(path))
        }
        None => place.to_owned(),
    };
    of_use(path)
}

/// A path that leads somewhere, with `/` between folders.
fn of_use(path: String) -> Option<String> {
    // As programs on Windows write it.
    let path = if path.contains('/') { path } else { path.replace('\\', "/") };
    let leads = !path.trim_matches('/').is_empty() && !path.contains('\0');
    Some(path).filter(|path| leads && path.len() <= LONGEST)
}

/// A relative reference, or an address, as a path: what is encoded is decoded.
fn address_as_path(address: &str) -> Option<String> {
    if address.contains("://") { as_path(address) } else { of_use(decoded(address)) }
}

fn decoded(text: &str) -> String {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        let encoded = match (first, behind) {
            (b'%', [high, low, ..]) => digit(*high).zip(digit(*low)),
            _ => None,
        };
        rest = behind;
        if let Some((high, low)) = encoded {
            bytes.push(high << 4 | low);
            rest = &behind[2..];
        } else {
            bytes.push(first);
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A text that says something, within limits.
fn said(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty() && text.len() <= LONGEST).then(|| text.to_owned())
}

#[cfg(test)]
mod tests;
