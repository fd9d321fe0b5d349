//! The instruments: each turns one note into a mono sound with its own tail.

mod chip;
mod plucked;
mod struck;
mod sustained;

use super::dsp::Noise;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Instrument {
    Guitar,
    Harp,
    Koto,
    MusicBox,
    Bell,
    Piano,
    Bass,
    Flute,
    Fiddle,
    Strings,
    Pad,
    Square,
    Pulse,
    Triangle,
    Kit,
}

/// What an instrument is asked to play.
#[derive(Debug, Clone, Copy)]
pub(super) struct Note {
    /// MIDI note number; percussion takes its kind from it.
    pub(super) pitch: i32,
    pub(super) hertz: f64,
    /// How many samples the note is held.
    pub(super) held: usize,
    /// Loudness from 0 to 1.
    pub(super) strength: f32,
}

const NAMES: [(&str, Instrument); 15] = [
    ("guitar", Instrument::Guitar),
    ("harp", Instrument::Harp),
    ("koto", Instrument::Koto),
    ("musicbox", Instrument::MusicBox),
    ("bell", Instrument::Bell),
    ("piano", Instrument::Piano),
    ("bass", Instrument::Bass),
    ("flute", Instrument::Flute),
    ("fiddle", Instrument::Fiddle),
    ("strings", Instrument::Strings),
    ("pad", Instrument::Pad),
    ("square", Instrument::Square),
    ("pulse", Instrument::Pulse),
    ("triangle", Instrument::Triangle),
    ("kit", Instrument::Kit),
];

impl Instrument {
    pub(super) fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, instrument)| *instrument)
    }

    /// Sounds one note; the result is longer than the note is held.
    pub(super) fn sound(self, note: &Note, noise: &mut Noise) -> Vec<f32> {
        match self {
            Self::Guitar => plucked::GUITAR.sound(note, noise),
            Self::Harp => plucked::HARP.sound(note, noise),
            Self::Koto => plucked::KOTO.sound(note, noise),
            Self::MusicBox => struck::MUSIC_BOX.sound(note),
            Self::Bell => struck::BELL.sound(note),
            Self::Piano => struck::PIANO.sound(note),
            Self::Bass => struck::BASS.sound(note),
            Self::Flute => sustained::FLUTE.sound(note, noise),
            Self::Fiddle => sustained::FIDDLE.sound(note, noise),
            Self::Strings => sustained::STRINGS.sound(note, noise),
            Self::Pad => sustained::PAD.sound(note, noise),
            Self::Square => chip::rectangle(note, 0.5),
            Self::Pulse => chip::rectangle(note, 0.25),
            Self::Triangle => chip::triangle(note),
            Self::Kit => chip::drum(note, noise),
        }
    }

    /// How far a note moves to the side for each semitone above middle C, as on a real keyboard.
    pub(super) fn spread(self) -> f32 {
        match self {
            Self::Harp | Self::MusicBox | Self::Bell | Self::Piano => 0.008,
            Self::Guitar | Self::Koto | Self::Strings | Self::Pad => 0.004,
            _ => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::dsp::{hertz, samples};
    use super::*;

    /// How alike a sound is to itself after `lag` samples: 1 is the same, 0 has nothing in common.
    fn likeness(sound: &[f32], lag: usize) -> f64 {
        let product = |a: &[f32], b: &[f32]| -> f64 {
            a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
        };
        let (here, there) = (&sound[..4_000], &sound[lag..lag + 4_000]);
        product(here, there) / (product(here, here) * product(there, there)).sqrt()
    }

    /// The frequency near `expected` at which four periods later the sound is most like itself.
    fn pitch_of(sound: &[f32], expected: f64) -> (f64, f64) {
        let middle = samples(4.0 / expected);
        let best = (middle - middle / 30..=middle + middle / 30)
            .max_by(|a, b| likeness(sound, *a).total_cmp(&likeness(sound, *b)))
            .unwrap();
        let [before, here, after] = [best - 1, best, best + 1].map(|lag| likeness(sound, lag));
        // The top of the parabola through the three.
        let shift = 0.5 * (before - after) / (before - 2.0 * here + after);
        (4.0 * 44_100.0 / (f64::from(u32::try_from(best).unwrap()) + shift), here)
    }

    #[test]
    fn every_instrument_is_in_tune_and_fades() {
        let pitched = NAMES.iter().filter(|(_, kind)| *kind != Instrument::Kit);
        for (name, instrument) in pitched {
            for pitch in [55, 69] {
                let hz = hertz(pitch);
                let note = Note { pitch, hertz: hz, held: samples(0.5), strength: 0.9 };
                let sound = instrument.sound(&note, &mut Noise::new(1));
                assert!(sound.iter().all(|sample| sample.is_finite()), "{name}");
                let peak = sound.iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
                assert!((0.1..3.0).contains(&peak), "{name} peaks at {peak}");
                let last = sound[sound.len() - 50..].iter().fold(0.0_f32, |a, s| a.max(s.abs()));
                assert!(last < 0.01 * peak, "{name} ends at {last}");
                let (heard, likeness) = pitch_of(&sound[6_000..14_000], hz);
                assert!(likeness > 0.9, "{name} at {hz} Hz has no pitch: {likeness}");
                // Six cents.
                assert!((heard / hz - 1.0).abs() < 0.003_5, "{name}: {heard} Hz instead of {hz}");
            }
        }
    }
}
