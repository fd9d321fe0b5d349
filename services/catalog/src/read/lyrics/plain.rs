//! Lyrics without times.

use hexachord_contracts::catalog::LyricsLine;

use super::{Room, Sung};
use crate::read::text;

/// A line each; empty ones part verses, and are left out at both ends.
pub(super) fn parse(lyrics: &str) -> Sung {
    let mut room = Room::default();
    let mut lines = Vec::new();
    for line in text::lines(lyrics) {
        let text = text::clean(line).unwrap_or_default();
        if text.is_empty() && lines.is_empty() {
            continue;
        }
        let mut line = LyricsLine { start_ms: None, text, words: Vec::new() };
        if !room.take(&mut line) {
            break;
        }
        lines.push(line);
    }
    while lines.pop_if(|line| line.text.is_empty()).is_some() {}
    Sung { language: None, synced: false, lines }
}
