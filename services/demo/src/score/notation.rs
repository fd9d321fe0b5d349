//! One word of a tune: a note, a chord of notes, a rest, or a chord symbol.

use super::QUARTER;

/// What stands before a note's octave and duration in force: the key and the octave so far.
pub(super) struct Reader {
    /// Semitones that the key signature adds to C, D, E, F, G, A and B.
    pub(super) key: [i32; 7],
    pub(super) octave: i32,
    /// The duration of a bare note, in ticks.
    pub(super) unit: u32,
}

#[derive(Debug, PartialEq)]
pub(super) enum Word {
    /// MIDI note numbers sounding together, and their duration in ticks.
    Notes(Vec<i32>, u32),
    Rest(u32),
    /// The note before sounds on.
    Tie(u32),
}

/// A chord symbol such as `F#m7` or `D/F#`: what an accompaniment is made from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Harmony {
    /// The lowest note, as a pitch class.
    pub(crate) bass: i32,
    /// The chord's pitch classes, root first.
    pub(crate) tones: Vec<i32>,
}

const LETTERS: &str = "CDEFGAB";
const SEMITONES: [i32; 7] = [0, 2, 4, 5, 7, 9, 11];

impl Reader {
    /// Reads `E4`, `F#_`, `[C4 E G]-.`, `r` or `~`.
    pub(super) fn word(&mut self, word: &str) -> Option<Word> {
        if let Some(inner) = word.strip_prefix('[') {
            let (names, length) = inner.split_once(']')?;
            let pitches = names
                .split_whitespace()
                .map(|name| self.pitch(name).filter(|(_, rest)| rest.is_empty()).map(|(p, _)| p))
                .collect::<Option<_>>()?;
            return Some(Word::Notes(pitches, self.ticks(length)?));
        }
        if let Some(length) = word.strip_prefix('r') {
            return Some(Word::Rest(self.ticks(length)?));
        }
        if let Some(length) = word.strip_prefix('~') {
            return Some(Word::Tie(self.ticks(length)?));
        }
        let (pitch, length) = self.pitch(word)?;
        Some(Word::Notes(vec![pitch], self.ticks(length)?))
    }

    /// A letter with its accidental and octave; the key and the last octave fill in what is absent.
    fn pitch<'a>(&mut self, text: &'a str) -> Option<(i32, &'a str)> {
        let (letter, mut rest) = letter(text)?;
        let mut shift = self.key[letter];
        if let Some((accidental, after)) = accidental(rest) {
            (shift, rest) = (accidental, after);
        }
        if let Some(digit) = rest.chars().next().and_then(|c| c.to_digit(10)) {
            self.octave = i32::try_from(digit).ok()?;
            rest = &rest[1..];
        }
        Some((12 * (self.octave + 1) + SEMITONES[letter] + shift, rest))
    }

    /// `-` adds a unit, `.` makes it half as long again, `_` halves it, `=` quarters it.
    fn ticks(&self, marks: &str) -> Option<u32> {
        let mut ticks = self.unit;
        for mark in marks.chars() {
            ticks = match mark {
                '-' => ticks + self.unit,
                '.' => ticks + ticks / 2,
                '_' => ticks / 2,
                '=' => ticks / 4,
                _ => return None,
            };
        }
        (ticks >= QUARTER / 16).then_some(ticks)
    }
}

impl Harmony {
    pub(super) fn parse(symbol: &str) -> Option<Self> {
        let (chord, bass) =
            symbol.split_once('/').map_or((symbol, None), |(chord, bass)| (chord, Some(bass)));
        let (root, quality) = pitch_class(chord)?;
        let steps: &[i32] = match quality {
            "" => &[0, 4, 7],
            "m" => &[0, 3, 7],
            "5" => &[0, 7],
            "7" => &[0, 4, 7, 10],
            "m7" => &[0, 3, 7, 10],
            "maj7" => &[0, 4, 7, 11],
            "sus4" => &[0, 5, 7],
            _ => return None,
        };
        let bass = match bass {
            Some(name) => pitch_class(name).filter(|(_, rest)| rest.is_empty())?.0,
            None => root,
        };
        Some(Self { bass, tones: steps.iter().map(|step| (root + step).rem_euclid(12)).collect() })
    }
}

/// Reads a key signature: the altered notes, `F# C#`.
pub(super) fn key_signature(text: &str) -> Option<[i32; 7]> {
    let mut key = [0; 7];
    for name in text.split_whitespace() {
        let (letter, rest) = letter(name)?;
        key[letter] = accidental(rest).filter(|(_, rest)| rest.is_empty())?.0;
    }
    Some(key)
}

fn pitch_class(text: &str) -> Option<(i32, &str)> {
    let (letter, rest) = letter(text)?;
    let (shift, rest) = accidental(rest).unwrap_or((0, rest));
    Some(((SEMITONES[letter] + shift).rem_euclid(12), rest))
}

fn letter(text: &str) -> Option<(usize, &str)> {
    let first = text.chars().next()?;
    Some((LETTERS.find(first)?, &text[first.len_utf8()..]))
}

fn accidental(text: &str) -> Option<(i32, &str)> {
    let shift = match text.chars().next()? {
        '#' => 1,
        'b' => -1,
        'n' => 0,
        _ => return None,
    };
    Some((shift, &text[1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(key: &str) -> Reader {
        Reader { key: key_signature(key).unwrap(), octave: 4, unit: QUARTER }
    }

    #[test]
    fn octaves_stay_and_durations_add_up() {
        let mut reader = reader("");
        assert_eq!(reader.word("C5"), Some(Word::Notes(vec![72], 480)));
        assert_eq!(reader.word("Bb_"), Some(Word::Notes(vec![82], 240)));
        assert_eq!(reader.word("A4-."), Some(Word::Notes(vec![69], 1440)));
        assert_eq!(reader.word("[C E G5]="), Some(Word::Notes(vec![60, 64, 79], 120)));
        assert_eq!(reader.word("r_."), Some(Word::Rest(360)));
        assert_eq!(reader.word("H4"), None);
        assert_eq!(reader.word("C4x"), None);
    }

    #[test]
    fn a_key_alters_what_has_no_accidental() {
        let mut reader = reader("F# Bb");
        assert_eq!(reader.word("F"), Some(Word::Notes(vec![66], 480)));
        assert_eq!(reader.word("Fn"), Some(Word::Notes(vec![65], 480)));
        assert_eq!(reader.word("B"), Some(Word::Notes(vec![70], 480)));
    }

    #[test]
    fn chord_symbols_have_their_tones() {
        let chord = Harmony::parse("D/F#").unwrap();
        assert_eq!((chord.bass, chord.tones), (6, vec![2, 6, 9]));
        assert_eq!(Harmony::parse("Bbm7").unwrap().tones, [10, 1, 5, 8]);
        assert_eq!(Harmony::parse("Cx"), None);
    }
}
