//! Lyrics: as text, by line, and by word.

use hexachord_contracts::catalog::{Lyrics, LyricsLine};
use serde::Serialize;

/// One version of the lyrics as plain text.
#[derive(Debug, Clone, Default, Serialize)]
pub(in crate::http::subsonic) struct PlainLyrics {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) artist: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) title: Option<String>,
    pub(in crate::http::subsonic) value: String,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http::subsonic) struct StructuredLyrics {
    display_artist: String,
    display_title: String,
    lang: String,
    offset: i64,
    synced: bool,
    /// Only of the second version.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    line: Vec<Line>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cue_line: Option<Vec<CueLine>>,
}

#[derive(Debug, Clone, Serialize)]
struct Line {
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<u64>,
    value: String,
}

/// A line whose words have times.
#[derive(Debug, Clone, Serialize)]
struct CueLine {
    /// Of its line.
    index: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<u64>,
    value: String,
    cue: Vec<Cue>,
}

/// A word and where it stands in its line: bytes, with the last one.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Cue {
    start: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<u64>,
    byte_start: usize,
    byte_end: usize,
    value: String,
}

impl StructuredLyrics {
    /// `enhanced`: with the times of words.
    pub(in crate::http::subsonic) fn new(
        lyrics: Lyrics,
        (artist, title): (&str, &str),
        enhanced: bool,
    ) -> Self {
        let starts: Vec<Option<u64>> = lyrics.lines.iter().map(|line| line.start_ms).collect();
        let has_words = lyrics.lines.iter().any(|line| !line.words.is_empty());
        let cues = |(index, line): (usize, &LyricsLine)| {
            let end = starts.get(index + 1).copied().flatten();
            cue_line(index, line, end)
        };
        let cue_line = (enhanced && has_words)
            .then(|| lyrics.lines.iter().enumerate().filter_map(cues).collect());
        let line = |line: LyricsLine| Line { start: line.start_ms, value: line.text };
        Self {
            display_artist: artist.to_owned(),
            display_title: title.to_owned(),
            // The code of what is not told (ISO 639-2).
            lang: lyrics.language.unwrap_or_else(|| "und".to_owned()),
            offset: 0,
            synced: lyrics.synced,
            kind: enhanced.then_some("main"),
            line: lyrics.lines.into_iter().map(line).collect(),
            cue_line,
        }
    }
}

/// The words of a line that is over at `end`.
fn cue_line(index: usize, line: &LyricsLine, end: Option<u64>) -> Option<CueLine> {
    let mut at = 0;
    let mut cue = Vec::with_capacity(line.words.len());
    for (number, word) in line.words.iter().enumerate() {
        // Together the words are the line, but for white space.
        let found = line.text.get(at..).and_then(|rest| rest.find(&word.text));
        let Some(byte_start) = found.map(|found| at + found).filter(|_| !word.text.is_empty())
        else {
            continue;
        };
        at = byte_start + word.text.len();
        let next = line.words.get(number + 1).map(|next| next.start_ms).or(end);
        let value = word.text.clone();
        cue.push(Cue { start: word.start_ms, end: next, byte_start, byte_end: at - 1, value });
    }
    let value = line.text.clone();
    (!cue.is_empty()).then_some(CueLine { index, start: line.start_ms, end, value, cue })
}

#[cfg(test)]
mod tests {
    use hexachord_contracts::catalog::{LyricsSource, LyricsWord};

    use super::*;

    #[test]
    fn words_are_found_in_their_line_by_bytes() {
        let word = |start_ms, text: &str| LyricsWord { start_ms, text: text.to_owned() };
        let line = |start_ms, text: &str, words| LyricsLine {
            start_ms: Some(start_ms),
            text: text.to_owned(),
            words,
        };
        let lyrics = Lyrics {
            language: None,
            source: LyricsSource::File,
            synced: true,
            lines: vec![
                line(10, "né né", vec![word(10, "né "), word(20, "né")]),
                line(30, "", Vec::new()),
            ],
        };
        let found = StructuredLyrics::new(lyrics.clone(), ("A", "T"), true);
        let json = serde_json::to_value(&found.cue_line).unwrap();
        let expected = serde_json::json!([{
            "index": 0, "start": 10, "end": 30, "value": "né né", "cue": [
                {"start": 10, "end": 20, "byteStart": 0, "byteEnd": 3, "value": "né "},
                {"start": 20, "end": 30, "byteStart": 4, "byteEnd": 6, "value": "né"},
            ],
        }]);
        assert_eq!(json, expected);
        assert!(StructuredLyrics::new(lyrics, ("A", "T"), false).cue_line.is_none());
    }
}
