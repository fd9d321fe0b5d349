//! M3U in UTF-8, with the lines that many programs know: `#EXTINF`, `#PLAYLIST`, `#EXTALB`.

use std::fmt::Write as _;

use super::{Entry, Head, MOST_ENTRIES, NotAPlaylist, PlaylistFile, as_path, said};

pub(super) fn begin(head: &Head) -> String {
    let mut text = "#EXTM3U\n".to_owned();
    if let Some(name) = &head.name {
        writeln!(text, "#PLAYLIST:{}", one_line(name)).ok();
    }
    text
}

pub(super) fn entry(entry: &Entry) -> String {
    let mut text = String::new();
    let Some(path) = &entry.path else { return text };
    // Without a length it is -1 by custom.
    let seconds = entry.duration_ms.map_or(-1, |ms| i64::try_from(ms.div_ceil(1000)).unwrap_or(-1));
    let title = one_line(entry.title.as_deref().unwrap_or_default());
    match &entry.artist {
        Some(artist) => writeln!(text, "#EXTINF:{seconds},{} - {title}", one_line(artist)).ok(),
        None => writeln!(text, "#EXTINF:{seconds},{title}").ok(),
    };
    if let Some(album) = &entry.album {
        writeln!(text, "#EXTALB:{}", one_line(album)).ok();
    }
    // A path must not look like a remark, or like nothing.
    let is_odd = path.starts_with(|first: char| first == '#' || first.is_whitespace());
    let before = if is_odd { "./" } else { "" };
    writeln!(text, "{before}{}", one_line(path)).ok();
    text
}

/// Whatever would end the line is a blank.
fn one_line(text: &str) -> String {
    text.replace(
        |character: char| character.is_control() || "\u{2028}\u{2029}".contains(character),
        " ",
    )
}

pub(super) fn read(text: &str) -> Result<PlaylistFile, NotAPlaylist> {
    let mut file = PlaylistFile::default();
    let mut entry = Entry::default();
    for line in text.lines() {
        let line = line.trim_end();
        if let Some(remark) = line.strip_prefix('#') {
            match remark.split_once(':') {
                Some(("EXTINF", told)) => told_of(told, &mut entry),
                Some(("EXTALB", album)) => entry.album = said(album),
                Some(("EXTART", artist)) => entry.artist = said(artist).or(entry.artist),
                Some(("PLAYLIST", name)) => file.head.name = said(name),
                _ => {}
            }
            continue;
        }
        if line.is_empty() {
            continue;
        }
        if file.entries.len() == MOST_ENTRIES {
            return Err(NotAPlaylist::TooMany);
        }
        file.entries.push(Entry { path: as_path(line), ..std::mem::take(&mut entry) });
    }
    Ok(file)
}

/// `123 key="a value",Artist - Title`.
fn told_of(told: &str, entry: &mut Entry) {
    let mut is_quoted = false;
    let comma = told.char_indices().find(|(_, character)| {
        is_quoted ^= *character == '"';
        *character == ',' && !is_quoted
    });
    let (before, title) = comma.map_or((told, ""), |(at, _)| (&told[..at], &told[at + 1..]));
    let seconds = before.split_whitespace().next().and_then(|text| text.parse::<f64>().ok());
    entry.duration_ms = seconds.and_then(milliseconds);
    match title.split_once(" - ") {
        Some((artist, title)) => {
            entry.artist = said(artist);
            entry.title = said(title);
        }
        None => entry.title = said(title),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is a small positive number"
)]
fn milliseconds(seconds: f64) -> Option<u64> {
    const LONGEST: f64 = 7.0 * 24.0 * 60.0 * 60.0;
    (seconds > 0.0 && seconds <= LONGEST).then_some((seconds * 1000.0) as u64)
}
