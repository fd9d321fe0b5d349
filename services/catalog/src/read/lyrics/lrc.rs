//! LRC: `[mm:ss.xx]` before a line, several of them for a line that comes again, and
//! `<mm:ss.xx>` before words.

use hexachord_contracts::catalog::{LyricsLine, LyricsWord};

use super::{LATEST, Room, Sung, named_language};
use crate::read::text;

/// Of the song and of the file; nothing that is sung.
const ABOUT: [&str; 14] = [
    "ar", "al", "ti", "au", "by", "re", "ve", "id", "la", "lang", "language", "length", "offset",
    "tool",
];
/// Bytes between brackets; what is longer is no time.
const LONGEST_STAMP: usize = 16;
/// Repetitions of one line.
const MOST_STAMPS: usize = 500;
/// In milliseconds; a larger one is a mistake.
const LARGEST_OFFSET: i64 = 60 * 60 * 1_000;

/// `None` when it is no LRC: most of its lines have no times.
pub(super) fn parse(lyrics: &str) -> Option<Sung> {
    let mut lrc = Lrc::default();
    for line in text::lines(lyrics) {
        if lrc.room.is_full() {
            break;
        }
        lrc.read(line.trim());
    }
    if lrc.timed == 0 || lrc.timed < lrc.untimed {
        return None;
    }
    for line in &mut lrc.lines {
        line.start_ms = line.start_ms.map(|time| earlier(time, lrc.offset));
        for word in &mut line.words {
            word.start_ms = earlier(word.start_ms, lrc.offset);
        }
    }
    lrc.lines.sort_by_key(|line| line.start_ms);
    Some(Sung { language: lrc.language, synced: true, lines: lrc.lines })
}

/// A positive offset shows lines earlier.
fn earlier(time: u64, offset: i64) -> u64 {
    if offset < 0 {
        time.saturating_add(offset.unsigned_abs())
    } else {
        time.saturating_sub(offset.unsigned_abs())
    }
}

#[derive(Default)]
struct Lrc {
    language: Option<String>,
    offset: i64,
    lines: Vec<LyricsLine>,
    /// Of the last line with times.
    stamps: Vec<u64>,
    timed: usize,
    untimed: usize,
    room: Room,
}

impl Lrc {
    fn read(&mut self, line: &str) {
        let (stamps, rest) = stamps(line);
        if stamps.is_empty() {
            if !line.is_empty() && !self.is_about(line) {
                // It goes on with what stands above it: a translation, or a line that was broken.
                self.untimed += 1;
                let stamps = std::mem::take(&mut self.stamps);
                self.push(&stamps, line);
                self.stamps = stamps;
            }
            return;
        }
        self.timed += 1;
        self.push(&stamps, rest);
        self.stamps = stamps;
    }

    fn push(&mut self, stamps: &[u64], written: &str) {
        let Some(first) = stamps.first() else { return };
        let (text, words) = words(written, *first);
        for stamp in stamps.iter().filter(|stamp| **stamp <= LATEST) {
            // Times of words are those of the first time that the line is sung.
            let moved = |time: u64| (time + *stamp).saturating_sub(*first);
            let word = |word: &LyricsWord| LyricsWord {
                start_ms: moved(word.start_ms),
                text: word.text.clone(),
            };
            let words = words.iter().map(word).collect();
            let mut line = LyricsLine { start_ms: Some(*stamp), text: text.clone(), words };
            if !self.room.take(&mut line) {
                return;
            }
            self.lines.push(line);
        }
    }

    /// Takes in `[key:value]`.
    fn is_about(&mut self, line: &str) -> bool {
        let inside = line.strip_prefix('[').and_then(|line| line.strip_suffix(']'));
        let Some((key, value)) = inside.and_then(|inside| inside.split_once(':')) else {
            return false;
        };
        let key = key.trim().to_ascii_lowercase();
        match key.as_str() {
            "offset" => {
                let offset = value.trim().trim_end_matches("ms").trim_end().parse();
                let is_likely =
                    |offset: &i64| offset.unsigned_abs() <= LARGEST_OFFSET.unsigned_abs();
                self.offset = offset.ok().filter(is_likely).unwrap_or(self.offset);
            }
            "la" | "lang" | "language" => self.language = named_language(value),
            _ => {}
        }
        ABOUT.contains(&key.as_str()) || key.starts_with('#')
    }
}

/// The times before a line, and the line.
fn stamps(line: &str) -> (Vec<u64>, &str) {
    let (mut stamps, mut rest) = (Vec::new(), line);
    while let Some((time, behind)) = stamp(rest, '[', ']') {
        if stamps.len() < MOST_STAMPS {
            stamps.push(time);
        }
        rest = behind.trim_start();
    }
    (stamps, rest)
}

/// The time that `text` begins with, and what stands behind it.
fn stamp(text: &str, open: char, close: char) -> Option<(u64, &str)> {
    let inside = text.strip_prefix(open)?;
    let end = inside.bytes().take(LONGEST_STAMP + 1).position(|byte| byte == close as u8)?;
    Some((time(&inside[..end])?, &inside[end + 1..]))
}

/// `mm:ss`, `mm:ss.xx`, `mm:ss:xx` or `h:mm:ss.xx` in milliseconds; before the beginning is at it.
fn time(text: &str) -> Option<u64> {
    let text = text.trim();
    let (text, is_negative) = text.strip_prefix('-').map_or((text, false), |text| (text, true));
    let whole = |part: &str, most: usize| {
        let is_number =
            (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        is_number.then(|| part.parse::<u64>().ok())?
    };
    let mut parts = text.split(':');
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next());
    if parts.next().is_some() {
        return None;
    }
    let split = |part| str::split_once(part, ['.', ',']);
    let (minutes, seconds) = match third {
        Some(third) if split(third).is_some() => (whole(first, 2)? * 60 + whole(second, 2)?, third),
        _ => (whole(first, 4)?, second),
    };
    let (seconds, fraction) =
        split(seconds).unwrap_or_else(|| (seconds, third.unwrap_or_default()));
    let fraction = match fraction.len() {
        0 => 0,
        digits => whole(fraction, 6)? * 1_000 / 10_u64.pow(u32::try_from(digits).ok()?),
    };
    let time = (minutes * 60 + whole(seconds, 2)?) * 1_000 + fraction;
    Some(if is_negative { 0 } else { time })
}

/// The text of a line that begins at `start`, and its words where they have times.
fn words(line: &str, start: u64) -> (String, Vec<LyricsWord>) {
    let mut words: Vec<LyricsWord> = Vec::new();
    let (mut from, mut at, mut time) = (0, 0, start);
    let mut any = false;
    while let Some(found) = line[at..].find(['<', '[']) {
        at += found;
        let here = &line[at..];
        let Some((next, behind)) = stamp(here, '<', '>').or_else(|| stamp(here, '[', ']')) else {
            at += 1;
            continue;
        };
        add_word(&mut words, time, &line[from..at]);
        any = true;
        time = next.min(LATEST);
        from = line.len() - behind.len();
        at = from;
    }
    if !any {
        return (text::clean(line).unwrap_or_default(), Vec::new());
    }
    add_word(&mut words, time, &line[from..]);
    if let Some(last) = words.last_mut() {
        last.text.truncate(last.text.trim_end().len());
    }
    (words.iter().map(|word| word.text.as_str()).collect(), words)
}

/// Adds a word with one blank at most between it and the one before; blanks alone belong to that one.
fn add_word(words: &mut Vec<LyricsWord>, start_ms: u64, written: &str) {
    let mut text = text::visible(written);
    let is_blank = text.trim().is_empty();
    match words.last_mut() {
        Some(before) if is_blank => {
            if !text.is_empty() && !before.text.ends_with(' ') {
                before.text.push(' ');
            }
            return;
        }
        None if is_blank => return,
        Some(before) if !before.text.ends_with(' ') => {}
        _ => text.replace_range(..text.len() - text.trim_start().len(), ""),
    }
    words.push(LyricsWord { start_ms, text });
}
