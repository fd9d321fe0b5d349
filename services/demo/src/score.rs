//! A tune as text, and the score it becomes.
//!
//! ```text
//! tempo 116            quarter notes a minute
//! meter 4/4
//! unit 1/4             what a bare note lasts
//! key F# C#            the altered notes, unless a note says otherwise (`Fn`)
//! reverb 0.3           how much of the room is heard, 0 to 1
//! accelerate 1.8       how much faster the last beat is than the first
//! broaden 0.3          how much longer the last bar lasts
//! part melody flute gain=0.8 pan=-0.2 octave=1 delay=2 in=1,3 style=arpeggio
//! section A
//! melody: E4 E F G | G F E D | C C D E | E. D_ D-
//! chords: C | G . | Am F | G
//! play A A
//! ```
//! A note keeps the octave of the one before; `-` adds a unit, `.` half again, `_` halves, `=`
//! quarters, `~` ties, `r` rests. A first bar may be short (a pickup) and so may a last one. Chord
//! symbols share their bar evenly, `.` repeats the last; a `style` makes an accompaniment of chords.

mod notation;

use super::arrange::Style;
use super::instruments::Instrument;
pub(super) use notation::Harmony;
use notation::{Reader, Word, key_signature};

/// Ticks in a quarter note.
pub(super) const QUARTER: u32 = 480;

#[derive(Debug)]
pub(super) struct Score {
    pub(super) tempo: f64,
    /// Ticks in a whole bar.
    pub(super) bar: u32,
    pub(super) accelerate: f64,
    pub(super) broaden: f64,
    pub(super) reverb: f32,
    pub(super) parts: Vec<Part>,
    pub(super) sections: Vec<Section>,
    /// The sections in the order they are heard.
    pub(super) play: Vec<usize>,
}

/// Who plays a line, and how.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) line: String,
    pub(super) instrument: Instrument,
    pub(super) gain: f32,
    /// -1 is left, 1 is right.
    pub(super) pan: f32,
    pub(super) octave: i32,
    /// Bars by which it is later than it is written, for rounds.
    pub(super) delay: u32,
    pub(super) style: Option<Style>,
    /// The places in the playing order where it plays, from 1; none means everywhere.
    pub(super) only: Vec<usize>,
}

#[derive(Debug, Default)]
pub(super) struct Section {
    pub(super) name: String,
    /// The length of each bar in ticks.
    pub(super) bars: Vec<u32>,
    pub(super) lines: Vec<Line>,
}

#[derive(Debug)]
pub(super) struct Line {
    pub(super) name: String,
    pub(super) events: Vec<Event>,
}

#[derive(Debug, Clone)]
pub(super) struct Event {
    /// Ticks from the start of the section.
    pub(super) start: u32,
    pub(super) length: u32,
    pub(super) pitches: Pitches,
}

#[derive(Debug, Clone)]
pub(super) enum Pitches {
    /// MIDI note numbers as they stand.
    Written(Vec<i32>),
    Harmony(Harmony),
}

/// What is wrong with the text of a tune.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum ScoreError {
    #[error("'{0}' is not understood")]
    Word(String),
    #[error("section {section}, {line}: bar {bar} lasts {found} ticks instead of {expected}")]
    BarLength { section: String, line: String, bar: usize, found: u32, expected: u32 },
    #[error("section {section}: {line} has {found} bars instead of {expected}")]
    BarCount { section: String, line: String, found: usize, expected: usize },
    #[error("there is no section {0}")]
    NoSection(String),
    #[error("no section has a line {0}")]
    NoLine(String),
}

impl Score {
    pub(super) fn parse(text: &str) -> Result<Self, ScoreError> {
        let mut score = Self {
            tempo: 100.0,
            bar: 4 * QUARTER,
            accelerate: 1.0,
            broaden: 0.25,
            reverb: 0.25,
            parts: Vec::new(),
            sections: Vec::new(),
            play: Vec::new(),
        };
        let mut reader = Reader { key: [0; 7], octave: 4, unit: QUARTER };
        let lines = text.lines().map(|line| line.split_once(" //").map_or(line, |(line, _)| line));
        for line in lines.map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"))
        {
            score.line(&mut reader, line)?;
        }
        for part in &score.parts {
            if !score.sections.iter().any(|s| s.lines.iter().any(|line| line.name == part.line)) {
                return Err(ScoreError::NoLine(part.line.clone()));
            }
        }
        Ok(score)
    }

    fn line(&mut self, reader: &mut Reader, line: &str) -> Result<(), ScoreError> {
        let bad = || ScoreError::Word(line.to_owned());
        if let (Some((name, music)), Some(section)) =
            (line.split_once(':'), self.sections.last_mut())
        {
            return section.add(reader, self.bar, name.trim(), music);
        }
        let (word, rest) = line.split_once(' ').ok_or_else(bad)?;
        match word {
            "tempo" => self.tempo = rest.parse().map_err(|_| bad())?,
            "meter" => self.bar = fraction(rest).ok_or_else(bad)?,
            "unit" => reader.unit = fraction(rest).ok_or_else(bad)?,
            "key" => reader.key = key_signature(rest).ok_or_else(bad)?,
            "reverb" => self.reverb = rest.parse().map_err(|_| bad())?,
            "accelerate" => self.accelerate = rest.parse().map_err(|_| bad())?,
            "broaden" => self.broaden = rest.parse().map_err(|_| bad())?,
            "part" => self.parts.push(Part::parse(rest).ok_or_else(bad)?),
            "section" => {
                self.sections.push(Section { name: rest.trim().to_owned(), ..Section::default() });
            }
            "play" => {
                for name in rest.split_whitespace() {
                    let place = self.sections.iter().position(|section| section.name == name);
                    self.play.push(place.ok_or_else(|| ScoreError::NoSection(name.to_owned()))?);
                }
            }
            _ => return Err(bad()),
        }
        Ok(())
    }
}

impl Part {
    fn parse(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let mut part = Self {
            line: words.next()?.to_owned(),
            instrument: Instrument::named(words.next()?)?,
            gain: 0.7,
            pan: 0.0,
            octave: 0,
            delay: 0,
            style: None,
            only: Vec::new(),
        };
        for (key, value) in words.map(|word| word.split_once('=').unwrap_or((word, ""))) {
            match key {
                "gain" => part.gain = value.parse().ok()?,
                "pan" => part.pan = value.parse().ok()?,
                "octave" => part.octave = value.parse().ok()?,
                "delay" => part.delay = value.parse().ok()?,
                "style" => part.style = Some(Style::named(value)?),
                "in" => {
                    part.only = value.split(',').map(|n| n.parse().ok()).collect::<Option<_>>()?;
                }
                _ => return None,
            }
        }
        Some(part)
    }
}

impl Section {
    pub(super) fn length(&self) -> u32 {
        self.bars.iter().sum()
    }

    fn add(
        &mut self,
        reader: &mut Reader,
        bar: u32,
        name: &str,
        music: &str,
    ) -> Result<(), ScoreError> {
        let written: Vec<&str> = music.trim().trim_end_matches('|').split('|').collect();
        let chords = name == "chords";
        let line = if chords {
            self.chord_line(&written)?
        } else {
            let (events, bars) = note_line(reader, &written)?;
            self.check_bars(name, &bars, bar)?;
            events
        };
        if chords && written.len() != self.bars.len() {
            return Err(self.bar_count(name, written.len()));
        }
        self.lines.push(Line { name: name.to_owned(), events: line });
        Ok(())
    }

    /// The first line of notes says how long the bars are; the others must agree.
    fn check_bars(&mut self, name: &str, bars: &[u32], whole: u32) -> Result<(), ScoreError> {
        let first = self.bars.is_empty();
        if first {
            self.bars = bars.to_vec();
        } else if bars.len() != self.bars.len() {
            return Err(self.bar_count(name, bars.len()));
        }
        let outer = |index: usize| index == 0 || index + 1 == bars.len();
        for (index, (&found, &before)) in bars.iter().zip(&self.bars).enumerate() {
            let expected = if first { whole } else { before };
            if found != expected && !(first && outer(index) && found < whole) {
                return Err(ScoreError::BarLength {
                    section: self.name.clone(),
                    line: name.to_owned(),
                    bar: index + 1,
                    found,
                    expected,
                });
            }
        }
        Ok(())
    }

    fn bar_count(&self, name: &str, found: usize) -> ScoreError {
        let expected = self.bars.len();
        ScoreError::BarCount { section: self.name.clone(), line: name.to_owned(), found, expected }
    }

    fn chord_line(&self, written: &[&str]) -> Result<Vec<Event>, ScoreError> {
        let mut events: Vec<Event> = Vec::new();
        let mut start = 0;
        for (bar, &length) in written.iter().zip(&self.bars) {
            let symbols: Vec<&str> = bar.split_whitespace().collect();
            let slots = u32::try_from(symbols.len().max(1)).unwrap_or(1);
            for (slot, symbol) in (0..slots).zip(symbols) {
                let (from, until) = (slot * length / slots, (slot + 1) * length / slots);
                match (symbol, events.last_mut()) {
                    ("r", _) => {}
                    (".", Some(last)) => last.length += until - from,
                    _ => {
                        let harmony = Harmony::parse(symbol)
                            .ok_or_else(|| ScoreError::Word(symbol.to_owned()))?;
                        let pitches = Pitches::Harmony(harmony);
                        events.push(Event { start: start + from, length: until - from, pitches });
                    }
                }
            }
            start += length;
        }
        Ok(events)
    }
}

fn note_line(reader: &mut Reader, written: &[&str]) -> Result<(Vec<Event>, Vec<u32>), ScoreError> {
    let mut events: Vec<Event> = Vec::new();
    let mut bars = Vec::with_capacity(written.len());
    let mut start = 0;
    for bar in written {
        let before = start;
        for word in words(bar) {
            let read = reader.word(word).ok_or_else(|| ScoreError::Word(word.to_owned()))?;
            start += match (read, events.last_mut()) {
                (Word::Notes(pitches, length), _) => {
                    events.push(Event { start, length, pitches: Pitches::Written(pitches) });
                    length
                }
                (Word::Tie(length), Some(last)) => {
                    last.length += length;
                    length
                }
                (Word::Rest(length) | Word::Tie(length), _) => length,
            };
        }
        bars.push(start - before);
    }
    Ok((events, bars))
}

/// Splits at spaces, except inside the brackets of a chord.
fn words(bar: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    bar.split(move |c: char| {
        inside = (inside || c == '[') && c != ']';
        c.is_whitespace() && !inside
    })
    .filter(|word| !word.is_empty())
}

/// `3/8` in ticks.
fn fraction(text: &str) -> Option<u32> {
    let (upper, lower) = text.trim().split_once('/')?;
    let (upper, lower): (u32, u32) = (upper.parse().ok()?, lower.parse().ok()?);
    (lower > 0).then(|| upper * 4 * QUARTER / lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_that_do_not_add_up_are_named() {
        let text = "meter 3/4\nsection A\ntune: C4 | C D E | C D | C-\nplay A";
        let expected = ScoreError::BarLength {
            section: "A".into(),
            line: "tune".into(),
            bar: 3,
            found: 960,
            expected: 1440,
        };
        assert_eq!(Score::parse(text).unwrap_err(), expected);
    }

    #[test]
    fn mistakes_are_named() {
        let error = |text: &str| Score::parse(text).unwrap_err().to_string();
        assert_eq!(error("section A\ntune: C4 D E X"), "'X' is not understood");
        assert_eq!(error("section A\ntune: C4---\nplay B"), "there is no section B");
        assert_eq!(error("part tune kazoo"), "'part tune kazoo' is not understood");
        assert_eq!(error("part tune flute"), "no section has a line tune");
        assert_eq!(
            error("section A\ntune: C4--- | C---\nchords: C"),
            "section A: chords has 1 bars instead of 2"
        );
    }

    #[test]
    fn chords_share_their_bar_and_dots_prolong_them() {
        let score = Score::parse("section A\ntune: C4--- | C---\nchords: C . F . | G").unwrap();
        let chords: Vec<_> =
            score.sections[0].lines[1].events.iter().map(|e| (e.start, e.length)).collect();
        assert_eq!(chords, [(0, 960), (960, 960), (1920, 1920)]);
    }
}
