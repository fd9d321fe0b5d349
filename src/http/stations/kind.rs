//! What a station answers with: sound, a playlist, or neither.

use hexachord_outgoing::Answer;
use http::{HeaderValue, header};

use super::Failure;

/// Playlists by what they are called; those of Apple may be plain M3U, too.
const PLAYLISTS: [&str; 10] = [
    "audio/x-scpls",
    "audio/scpls",
    "application/pls",
    "application/pls+xml",
    "audio/x-mpegurl",
    "audio/mpegurl",
    "application/x-mpegurl",
    "application/mpegurl",
    "application/vnd.apple.mpegurl",
    "application/vnd.apple.mpegurl.audio",
];
const ENDINGS: [&str; 3] = [".pls", ".m3u", ".m3u8"];
/// What servers say of files that they do not know.
const UNKNOWN: [&str; 4] = ["", "text/plain", "application/octet-stream", "binary/octet-stream"];
/// Of a content type that is told.
const LONGEST: usize = 100;

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// With the content type to pass on.
    Sound(HeaderValue),
    Playlist,
}

pub(super) fn of(answer: &Answer) -> Result<Kind, Failure> {
    let said = answer.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let said = String::from_utf8_lossy(said.unwrap_or_default());
    look(&said, answer.path()).ok_or_else(|| {
        let kind = match said.trim() {
            "" => "something without a content type".to_owned(),
            said => format!("`{}`", said.chars().take(LONGEST).collect::<String>()),
        };
        Failure::NoSound { host: answer.host().to_owned(), kind }
    })
}

/// `None`: neither.
fn look(content_type: &str, path: &str) -> Option<Kind> {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let path = path.to_ascii_lowercase();
    let is_unknown = UNKNOWN.contains(&essence.as_str());
    if PLAYLISTS.contains(&essence.as_str())
        || (is_unknown && ENDINGS.iter().any(|ending| path.ends_with(ending)))
    {
        return Some(Kind::Playlist);
    }
    // Nothing that a browser could take for another type passes: a list of types, or XML.
    let is_name = |name: &str| {
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
        !name.is_empty() && name.len() <= LONGEST && name.bytes().all(is_part)
    };
    let is_sound = essence.strip_prefix("audio/").is_some_and(is_name);
    if is_sound || essence == "application/ogg" {
        return HeaderValue::try_from(essence).ok().map(Kind::Sound);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sound_passes_with_its_bare_type() {
        for (said, passed) in [
            ("audio/mpeg", "audio/mpeg"),
            ("Audio/AACP", "audio/aacp"),
            ("audio/ogg; codecs=opus", "audio/ogg"),
            (" application/ogg ", "application/ogg"),
            ("audio/vnd.wave", "audio/vnd.wave"),
        ] {
            let passed = HeaderValue::from_static(passed);
            assert_eq!(look(said, "/live.m3u"), Some(Kind::Sound(passed)), "{said}");
        }
    }

    #[test]
    fn playlists_are_known_by_type_or_ending() {
        for said in PLAYLISTS {
            assert_eq!(look(&format!("{said}; charset=utf-8"), "/"), Some(Kind::Playlist));
        }
        for said in UNKNOWN {
            for path in ["/listen.pls", "/a/B.M3U", "/live.m3u8"] {
                assert_eq!(look(said, path), Some(Kind::Playlist), "{said} {path}");
            }
            assert_eq!(look(said, "/live.mp3"), None, "{said}");
        }
    }

    #[test]
    fn nothing_else_passes() {
        let long = format!("audio/{}", "x".repeat(LONGEST + 1));
        for said in [
            "text/html",
            "text/html, audio/mpeg",
            "audio/mpeg, text/html",
            "audio/mpeg,text/html",
            "audio/",
            "audio/*",
            "audio/svg+xml",
            "audio/mpeg\u{fffd}",
            "audio/a b",
            "video/mp4",
            "application/xhtml+xml",
            &long,
        ] {
            assert_eq!(look(said, "/listen.pls"), None, "{said}");
        }
    }
}
