//! Struck bars and strings: partials that each start at once and die away at their own pace.

use super::Note;
use crate::dsp::{RATE, decay, samples, sine_exact, single};

pub(super) struct Struck {
    /// Frequency relative to the note, loudness, seconds until it has fallen by 60 dB.
    partials: &'static [(f64, f32, f64)],
    /// Seconds until the hammer has left: the start is rounded by as much.
    attack: f64,
    /// Seconds that a note sounds on after it was held.
    release: f64,
    /// How much of the upper partials a soft stroke loses.
    softness: f32,
}

/// A comb's tooth is a bar clamped at one end: its overtones stand at 6.27 and 17.5.
pub(super) const MUSIC_BOX: Struck = Struck {
    partials: &[
        (1.0, 0.62, 2.6),
        (2.0, 0.07, 1.2),
        (3.0, 0.1, 0.8),
        (6.27, 0.16, 0.35),
        (17.5, 0.04, 0.06),
    ],
    attack: 0.001,
    release: 1.6,
    softness: 0.2,
};

pub(super) const BELL: Struck = Struck {
    partials: &[
        (1.0, 0.5, 4.0),
        (1.003, 0.2, 3.6),
        (2.0, 0.2, 2.4),
        (2.76, 0.12, 1.4),
        (5.4, 0.1, 0.7),
        (8.93, 0.04, 0.3),
    ],
    attack: 0.002,
    release: 2.2,
    softness: 0.3,
};

/// A piano with felt between hammer and string; two strings a note, hardly apart.
pub(super) const PIANO: Struck = Struck {
    partials: &[
        (1.0, 0.42, 4.2),
        (1.0007, 0.2, 3.4),
        (2.001, 0.3, 2.8),
        (3.004, 0.15, 2.0),
        (4.009, 0.09, 1.5),
        (5.018, 0.05, 1.1),
        (6.031, 0.03, 0.8),
        (7.05, 0.015, 0.6),
    ],
    attack: 0.006,
    release: 0.45,
    softness: 0.6,
};

pub(super) const BASS: Struck = Struck {
    partials: &[
        (1.0, 0.7, 2.6),
        (2.0, 0.3, 1.4),
        (3.0, 0.14, 0.9),
        (4.0, 0.07, 0.6),
        (5.0, 0.04, 0.4),
    ],
    attack: 0.006,
    release: 0.14,
    softness: 0.3,
};

impl Struck {
    pub(super) fn sound(&self, note: &Note) -> Vec<f32> {
        let tail = samples(self.release);
        let mut sound = vec![0.0_f32; note.held + tail];
        // Low notes ring longer than high ones.
        let lengthen = (261.6 / note.hertz).sqrt().clamp(0.4, 1.8);
        for (number, &(ratio, loudness, seconds)) in self.partials.iter().enumerate() {
            let hertz = note.hertz * ratio;
            if hertz < 16_000.0 {
                let soft = if number == 0 { 0.0 } else { self.softness * (1.0 - note.strength) };
                let level = loudness * note.strength * (1.0 - soft);
                add_partial(&mut sound, hertz, level, seconds * lengthen);
            }
        }
        let attack = samples(self.attack);
        let step = 1.0 / single(self.attack * RATE);
        sound.iter_mut().take(attack).fold(0.0_f32, |level, sample| {
            *sample *= level;
            (level + step).min(1.0)
        });
        let fade = single(decay(-6.9 / (self.release * RATE)));
        sound.iter_mut().skip(note.held).fold(1.0_f32, |level, sample| {
            *sample *= level;
            level * fade
        });
        sound
    }
}

/// Adds a decaying sine by its recurrence: each sample follows from the two before.
fn add_partial(sound: &mut [f32], hertz: f64, level: f32, seconds: f64) {
    let turns = hertz / RATE;
    let loss = decay(-6.907_755 / (seconds * RATE));
    let first = 2.0 * loss * sine_exact(turns + 0.25);
    let second = loss * loss;
    let length = sound.len().min(samples(seconds * 1.3));
    let (mut older, mut old) = (-sine_exact(turns) / loss * f64::from(level), 0.0_f64);
    for sample in &mut sound[..length] {
        *sample += single(old);
        (older, old) = (old, first * old - second * older);
    }
}
