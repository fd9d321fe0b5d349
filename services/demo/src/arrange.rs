//! From a score to sounding notes: the playing order, the accompaniment styles, the tempo.

use super::score::{Event, Harmony, Part, Pitches, QUARTER, Score};

/// One note to sound. Times are in seconds from the start of the piece.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cue {
    pub(super) start: f64,
    pub(super) held: f64,
    /// MIDI note number.
    pub(super) pitch: i32,
    pub(super) strength: f32,
    /// Index into the score's parts.
    pub(super) part: usize,
}

/// How chords become an accompaniment: which of their notes sound at each step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Style {
    name: &'static str,
    /// Ticks between steps; `WHOLE` means one step a chord.
    step: u32,
    /// For each step the notes, counted upwards from the bass note; it starts again when used up.
    pattern: &'static [&'static [usize]],
    /// Above the bass, notes keep close to middle C instead of climbing from the bass.
    close: bool,
    /// Notes ring until the chord changes.
    rings: bool,
    /// Seconds between the notes of one step.
    spread: f64,
}

const WHOLE: u32 = u32::MAX;
const EIGHTH: u32 = QUARTER / 2;
const SIXTEENTH: u32 = QUARTER / 4;

#[rustfmt::skip]
const STYLES: &[Style] = &[
    Style { name: "bass", step: WHOLE, pattern: &[&[0]], close: true, rings: false, spread: 0.0 },
    Style { name: "pad", step: WHOLE, pattern: &[&[1, 2, 3]], close: true, rings: true, spread: 0.02 },
    Style { name: "roll", step: WHOLE, pattern: &[&[0, 1, 2, 3, 4]], close: false, rings: true, spread: 0.07 },
    Style { name: "strum", step: QUARTER, pattern: &[&[0, 2, 3, 4], &[2, 3, 4]], close: false, rings: false, spread: 0.018 },
    Style { name: "waltz", step: QUARTER, pattern: &[&[0], &[1, 2, 3], &[1, 2, 3]], close: true, rings: false, spread: 0.012 },
    Style { name: "jig", step: EIGHTH, pattern: &[&[0], &[1, 2, 3], &[1, 2, 3]], close: true, rings: false, spread: 0.01 },
    Style { name: "rocking", step: EIGHTH, pattern: &[&[0], &[1], &[2], &[3], &[2], &[1]], close: false, rings: true, spread: 0.0 },
    Style { name: "arpeggio", step: EIGHTH, pattern: &[&[0], &[2], &[3], &[4], &[5], &[4], &[3], &[2]], close: false, rings: true, spread: 0.0 },
    Style { name: "alberti", step: EIGHTH, pattern: &[&[1], &[3], &[2], &[3]], close: true, rings: false, spread: 0.0 },
    Style { name: "octaves", step: EIGHTH, pattern: &[&[0], &[3]], close: false, rings: false, spread: 0.0 },
    Style { name: "chip", step: SIXTEENTH, pattern: &[&[1], &[2], &[3]], close: true, rings: false, spread: 0.0 },
    Style { name: "prelude", step: SIXTEENTH, pattern: &[&[0], &[1], &[2], &[3], &[4], &[2], &[3], &[4]], close: false, rings: true, spread: 0.0 },
];

impl Style {
    pub(super) fn named(name: &str) -> Option<Self> {
        STYLES.iter().find(|style| style.name == name).copied()
    }
}

/// The notes of the whole piece, and the second at which it ends.
pub(super) fn arrange(score: &Score) -> (Vec<Cue>, f64) {
    let clock = Clock::new(score);
    let mut cues = Vec::new();
    for (number, part) in score.parts.iter().enumerate() {
        let mut begin = part.delay * score.bar;
        for (pass, &section) in score.play.iter().enumerate() {
            let section = &score.sections[section];
            let plays = part.only.is_empty() || part.only.contains(&(pass + 1));
            for line in section.lines.iter().filter(|line| plays && line.name == part.line) {
                let pickup = section.bars.first().map_or(0, |&first| score.bar - first);
                for event in &line.events {
                    let voice = Voice { part, number, begin, pickup, bar: score.bar };
                    voice.perform(event, &clock, &mut cues);
                }
            }
            begin += section.length();
        }
    }
    (cues, clock.seconds(clock.end))
}

struct Voice<'a> {
    part: &'a Part,
    number: usize,
    /// The section's first tick in the piece.
    begin: u32,
    /// What is missing of the section's first bar.
    pickup: u32,
    bar: u32,
}

impl Voice<'_> {
    fn perform(&self, event: &Event, clock: &Clock, cues: &mut Vec<Cue>) {
        let Some(style) = self.part.style else {
            let (Pitches::Written(pitches) | Pitches::Harmony(Harmony { tones: pitches, .. })) =
                &event.pitches;
            for &pitch in pitches {
                cues.push(self.cue(clock, event.start, event.length, pitch, 0.0));
            }
            return;
        };
        let notes = match &event.pitches {
            Pitches::Written(pitches) => pitches.clone(),
            Pitches::Harmony(harmony) if style.close => close(harmony),
            Pitches::Harmony(harmony) => climb(harmony),
        };
        let step = style.step.min(event.length);
        let steps = event.length / step;
        for (index, chosen) in (0..steps).zip(style.pattern.iter().cycle()) {
            let start = event.start + index * step;
            let length = if style.rings { event.length - index * step } else { step };
            let mut late = 0.0;
            for &pitch in chosen.iter().filter_map(|&note| notes.get(note)) {
                cues.push(self.cue(clock, start, length, pitch, late));
                late += style.spread;
            }
        }
    }

    fn cue(&self, clock: &Clock, start: u32, length: u32, pitch: i32, late: f64) -> Cue {
        let from = clock.seconds(self.begin + start);
        let held = clock.seconds(self.begin + start + length) - from;
        let beat = (start + self.pickup) % self.bar;
        let strength = match beat {
            0 => 1.0,
            beat if beat * 2 == self.bar => 0.93,
            beat if beat.is_multiple_of(QUARTER) => 0.88,
            _ => 0.82,
        };
        let pitch = pitch + 12 * self.part.octave;
        Cue {
            start: from + late,
            held: (held - late).max(0.05),
            pitch,
            strength,
            part: self.number,
        }
    }
}

/// The bass note in the octave below middle C, then the chord tones upwards from it.
fn climb(harmony: &Harmony) -> Vec<i32> {
    let bass = 48 + harmony.bass;
    let above = (bass + 1..bass + 36).filter(|pitch| harmony.tones.contains(&(pitch % 12)));
    std::iter::once(bass).chain(above).collect()
}

/// The bass note, then the chord tones from the G below middle C: neighbouring chords stay near.
fn close(harmony: &Harmony) -> Vec<i32> {
    let above = (55..80).filter(|pitch| harmony.tones.contains(&(pitch % 12)));
    std::iter::once(48 + harmony.bass).chain(above).collect()
}

/// Turns ticks into seconds, with what the tempo does on the way.
struct Clock {
    tick: f64,
    end: u32,
    /// What a beat at the end lasts less than one at the start.
    quicken: f64,
    broaden: f64,
    bar: u32,
}

impl Clock {
    fn new(score: &Score) -> Self {
        let delay = score.parts.iter().map(|part| part.delay).max().unwrap_or(0) * score.bar;
        let length: u32 = score.play.iter().map(|&section| score.sections[section].length()).sum();
        Self {
            tick: 60.0 / score.tempo / f64::from(QUARTER),
            end: length + delay,
            quicken: 1.0 - 1.0 / score.accelerate,
            broaden: score.broaden,
            bar: score.bar,
        }
    }

    fn seconds(&self, ticks: u32) -> f64 {
        let position = f64::from(ticks);
        let quicker = self.quicken * position * position / (2.0 * f64::from(self.end));
        let into = f64::from(ticks.saturating_sub(self.end.saturating_sub(self.bar)));
        let broader = self.broaden * into * into / f64::from(self.bar);
        (position - quicker + broader) * self.tick
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cues(text: &str) -> (Vec<Cue>, f64) {
        arrange(&Score::parse(text).unwrap())
    }

    #[test]
    fn passes_follow_each_other_and_a_round_ends_late() {
        let text = "tempo 60\nbroaden 0\nsection A\ntune: C4 D E-\npart tune flute\n\
                    part tune bell delay=1 in=2\nplay A A";
        let (cues, end) = cues(text);
        let starts: Vec<f64> = cues.iter().map(|cue| cue.start).collect();
        assert_eq!(starts, [0.0, 1.0, 2.0, 4.0, 5.0, 6.0, 8.0, 9.0, 10.0]);
        assert!((end - 12.0).abs() < 1e-9);
    }

    #[test]
    fn a_waltz_is_a_bass_note_and_two_chords() {
        let text = "meter 3/4\ntempo 60\nbroaden 0\nsection A\ntune: r-.\nchords: Am\n\
                    part chords guitar style=waltz\nplay A";
        let mut heard: Vec<(i32, i32)> =
            cues(text).0.iter().map(|cue| (samples_at(cue), cue.pitch)).collect();
        heard.sort_unstable();
        assert_eq!(heard, [(0, 57), (1, 57), (1, 60), (1, 64), (2, 57), (2, 60), (2, 64)]);
    }

    #[expect(clippy::cast_possible_truncation, reason = "a handful of seconds")]
    fn samples_at(cue: &Cue) -> i32 {
        cue.start as i32
    }

    #[test]
    fn the_last_bar_broadens_and_a_chase_quickens() {
        let plain = "tempo 60\nbroaden 0\nsection A\ntune: C4--- | C---\npart tune bell\nplay A";
        assert!((cues(plain).1 - 8.0).abs() < 1e-9);
        assert!((cues(&plain.replace("broaden 0", "broaden 0.25")).1 - 9.0).abs() < 1e-9);
        assert!((cues(&format!("accelerate 2\n{plain}")).1 - 6.0).abs() < 1e-9);
    }
}
