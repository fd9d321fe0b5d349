//! Synchronised lyrics of `ID3v2`: texts with times, of lines or of syllables.

use hexachord_contracts::catalog::{LyricsLine, LyricsWord};

use super::{LATEST, MOST_LINES, MOST_WORDS, Room, Sung, language_of};
use crate::read::text;

const MILLISECONDS: u8 = 2;
const LYRICS: u8 = 1;

/// `None` when it holds something else, or counts in frames of its file.
pub(super) fn parse(frame: &[u8]) -> Option<Sung> {
    let ([encoding, a, b, c, unit, content], rest) = frame.split_first_chunk()?;
    if (*unit, *content) != (MILLISECONDS, LYRICS) {
        return None;
    }
    let mut texts = Texts { encoding: *encoding, little: false, rest };
    let _description = texts.next()?;
    let mut pieces = Vec::new();
    while pieces.len() < MOST_LINES + MOST_WORDS
        && let Some(piece) = texts.timed()
    {
        pieces.push(piece);
    }
    Some(Sung { language: language_of([*a, *b, *c]), synced: true, lines: lines(&pieces) })
}

/// A line break begins a line of syllables; where there is none, each text is a line.
fn lines(pieces: &[(u64, String)]) -> Vec<LyricsLine> {
    let is_break = |character| matches!(character, '\n' | '\r');
    let by_syllable = pieces.iter().skip(1).any(|(_, text)| text.starts_with(is_break))
        || pieces.iter().rev().skip(1).any(|(_, text)| text.ends_with(is_break));
    let mut written: Vec<Vec<LyricsWord>> = Vec::new();
    let mut begins = true;
    for (start_ms, text) in pieces.iter().filter(|(time, _)| *time <= LATEST) {
        begins |= !by_syllable || text.starts_with(is_break);
        let word =
            LyricsWord { start_ms: *start_ms, text: text::visible(text.trim_matches(is_break)) };
        match written.last_mut().filter(|_| !begins) {
            Some(line) => line.push(word),
            None => written.push(vec![word]),
        }
        begins = by_syllable && text.ends_with(is_break);
    }
    let mut lines: Vec<LyricsLine> = written.into_iter().map(line).collect();
    Room::default().cut(&mut lines);
    lines.sort_by_key(|line| line.start_ms);
    lines
}

fn line(mut words: Vec<LyricsWord>) -> LyricsLine {
    let start_ms = words.first().map(|word| word.start_ms);
    if let Some(first) = words.first_mut() {
        first.text = first.text.trim_start().to_owned();
    }
    if let Some(last) = words.last_mut() {
        last.text.truncate(last.text.trim_end().len());
    }
    let text = words.iter().map(|word| word.text.as_str()).collect();
    // One text has the time of its line.
    let words = if words.len() > 1 { words } else { Vec::new() };
    LyricsLine { start_ms, text, words }
}

/// Texts one after the other, each ended by NUL.
struct Texts<'a> {
    encoding: u8,
    /// The order of bytes that was told last.
    little: bool,
    rest: &'a [u8],
}

impl Texts<'_> {
    fn timed(&mut self) -> Option<(u64, String)> {
        let text = self.next()?;
        let (time, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some((u32::from_be_bytes(*time).into(), text))
    }

    fn next(&mut self) -> Option<String> {
        let is_wide = matches!(self.encoding, 1 | 2);
        let width = if is_wide { 2 } else { 1 };
        let units = self.rest.chunks_exact(width);
        let end = units.clone().position(|unit| unit.iter().all(|byte| *byte == 0))? * width;
        let (mut text, rest) = (&self.rest[..end], &self.rest[end + width..]);
        self.rest = rest;
        if !is_wide {
            return Some(text::decoded(text));
        }
        if let Some(mark) = text.first_chunk::<2>()
            && self.encoding == 1
            && matches!(mark, [0xFF, 0xFE] | [0xFE, 0xFF])
        {
            self.little = *mark == [0xFF, 0xFE];
            text = &text[2..];
        }
        Some(text::utf_16(text, self.little))
    }
}
