//! Lyrics as they are tagged or lie beside the file: plain, by line or by word; bounded, the best
//! first.

use hexachord_contracts::catalog::{Lyrics, LyricsLine, LyricsSource};

use super::text;

mod lrc;
mod plain;
mod sylt;

#[cfg(test)]
mod tests;

/// Of one track: bytes of text, lines, and words with times of their own.
const MOST_TEXT: usize = 64 * 1024;
const MOST_LINES: usize = 5_000;
const MOST_WORDS: usize = 10_000;
/// Languages and forms of the lyrics of one track.
const MOST_VERSIONS: usize = 8;
/// No piece of music is so long, in milliseconds: a later line is a mistake.
const LATEST: u64 = 24 * 60 * 60 * 1_000;

/// Lines of lyrics with their language.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sung {
    language: Option<String>,
    synced: bool,
    lines: Vec<LyricsLine>,
}

/// All lyrics that were found of one track.
#[derive(Debug, Default)]
pub(super) struct Versions(Vec<Lyrics>);

impl Versions {
    /// Adds embedded text, which may be LRC.
    pub(super) fn add_text(&mut self, text: &str, language: Option<[u8; 3]>) {
        let text = text::readable(text);
        let text = text.split('\0').find(|part| !part.trim().is_empty()).unwrap_or_default();
        let mut sung = sung(text);
        sung.language = language.and_then(language_of).or(sung.language);
        self.add(sung, LyricsSource::Embedded);
    }

    /// Adds the content of a `SYLT` frame.
    pub(super) fn add_synchronised(&mut self, frame: &[u8]) {
        if let Some(sung) = sylt::parse(frame) {
            self.add(sung, LyricsSource::Embedded);
        }
    }

    /// Adds what a file beside the music holds.
    pub(super) fn add_file(&mut self, content: &[u8]) {
        self.add(sung(&text::decoded(content)), LyricsSource::File);
    }

    fn add(&mut self, sung: Sung, source: LyricsSource) {
        let Sung { language, synced, lines } = sung;
        let is_known = || self.0.iter().any(|known| known.lines == lines);
        if self.0.len() < MOST_VERSIONS
            && lines.iter().any(|line| !line.text.is_empty())
            && !is_known()
        {
            self.0.push(Lyrics { language, source, synced, lines });
        }
    }

    /// The best first, and within the bounds of a track.
    pub(super) fn finish(mut self) -> Vec<Lyrics> {
        self.0.sort_by_key(|lyrics| (coarseness(lyrics), lyrics.source == LyricsSource::File));
        let mut room = Room::default();
        for lyrics in &mut self.0 {
            room.cut(&mut lyrics.lines);
        }
        self.0.retain(|lyrics| !lyrics.lines.is_empty());
        self.0
    }
}

fn coarseness(lyrics: &Lyrics) -> u8 {
    let by_word = lyrics.lines.iter().any(|line| !line.words.is_empty());
    if by_word { 0 } else { u8::from(!lyrics.synced) + 1 }
}

fn sung(text: &str) -> Sung {
    lrc::parse(text).unwrap_or_else(|| plain::parse(text))
}

/// What is left of the bounds of a track.
struct Room {
    text: usize,
    lines: usize,
    words: usize,
}

impl Default for Room {
    fn default() -> Self {
        Self { text: MOST_TEXT, lines: MOST_LINES, words: MOST_WORDS }
    }
}

impl Room {
    /// Is there room for one more line? One that has too many words loses their times.
    fn take(&mut self, line: &mut LyricsLine) -> bool {
        let (Some(text), Some(lines)) =
            (self.text.checked_sub(line.text.len()), self.lines.checked_sub(1))
        else {
            return false;
        };
        (self.text, self.lines) = (text, lines);
        match self.words.checked_sub(line.words.len()) {
            Some(words) => self.words = words,
            None => line.words.clear(),
        }
        true
    }

    /// Leaves out the lines that there is no room for.
    fn cut(&mut self, lines: &mut Vec<LyricsLine>) {
        let fits = lines.iter_mut().position(|line| !self.take(line)).unwrap_or(lines.len());
        lines.truncate(fits);
    }

    fn is_full(&self) -> bool {
        self.text == 0 || self.lines == 0
    }
}

/// ISO 639 in lower case; what stands for 'not known' is none.
fn language_of(code: [u8; 3]) -> Option<String> {
    let code = std::str::from_utf8(&code).ok()?.trim_end_matches(['\0', ' ']);
    named_language(code)
}

fn named_language(code: &str) -> Option<String> {
    let code = code.trim().split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let is_code =
        (2..=3).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_lowercase());
    (is_code && !["xxx", "und", "zxx", "mis", "mul"].contains(&code.as_str())).then_some(code)
}
