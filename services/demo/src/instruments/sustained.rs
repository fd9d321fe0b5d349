//! Blown and bowed instruments: one period of a sound is laid out once for each note and read again
//! and again, with vibrato, several players slightly apart, breath and an envelope.

use super::Note;
use crate::dsp::{Envelope, Noise, RATE, sine, single};

const PERIOD: usize = 1024;
/// One period, with its first value again at the end for interpolation.
type Period = [f32; PERIOD + 1];
/// A whole turn as a phase of 32 bits, which wraps by itself.
const TURN: f32 = 4_294_967_296.0;
/// Samples for which the vibrato stands still.
const BLOCK: usize = 32;

pub(super) struct Sustained {
    /// The loudness of each harmonic, the fundamental first.
    harmonics: &'static [f32],
    /// How far the players are out of tune with each other, as a ratio; one entry a player.
    players: &'static [f32],
    /// The vibrato's depth as a ratio, its speed in Hz, and the seconds before it sets in.
    vibrato: (f32, f32, f32),
    /// The loudness of the breath or the bow.
    breath: f32,
    level: f32,
    envelope: Envelope,
}

pub(super) const FLUTE: Sustained = Sustained {
    harmonics: &[1.0, 0.36, 0.12, 0.05, 0.025],
    players: &[0.0],
    vibrato: (0.0035, 5.1, 0.25),
    breath: 0.0022,
    level: 0.5,
    envelope: Envelope { attack: 0.07, decay: 0.3, sustain: 0.85, release: 0.16 },
};

pub(super) const FIDDLE: Sustained = Sustained {
    harmonics: &[1.0, 0.62, 0.5, 0.34, 0.3, 0.2, 0.12, 0.1, 0.06, 0.04],
    players: &[0.0],
    vibrato: (0.004, 5.6, 0.2),
    breath: 0.0016,
    level: 0.3,
    envelope: Envelope { attack: 0.06, decay: 0.2, sustain: 0.85, release: 0.15 },
};

pub(super) const STRINGS: Sustained = Sustained {
    harmonics: &[1.0, 0.55, 0.4, 0.24, 0.18, 0.12, 0.08, 0.05, 0.03],
    players: &[0.0, 0.0023, -0.0019],
    vibrato: (0.002, 4.7, 0.3),
    breath: 0.0008,
    level: 0.2,
    envelope: Envelope { attack: 0.14, decay: 0.4, sustain: 0.9, release: 0.4 },
};

pub(super) const PAD: Sustained = Sustained {
    harmonics: &[1.0, 0.3, 0.16, 0.06, 0.03],
    players: &[0.0, 0.0031, -0.0027],
    vibrato: (0.0012, 0.6, 0.0),
    breath: 0.0,
    level: 0.2,
    envelope: Envelope { attack: 0.7, decay: 1.0, sustain: 0.85, release: 1.4 },
};

impl Sustained {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "phases are fractions of a turn in 32 bits"
    )]
    pub(super) fn sound(&self, note: &Note, noise: &mut Noise) -> Vec<f32> {
        let period = self.period(note.hertz);
        let mut sound = vec![0.0_f32; self.envelope.length(note.held)];
        let step = single(note.hertz / RATE);
        let (depth, speed, onset) = self.vibrato;
        let swing_step = speed * float(BLOCK) / single(RATE);
        for detune in self.players {
            let (mut phase, mut swing, mut amount) = (noise.bits() as u32, noise.unit(), 0.0_f32);
            for (number, block) in sound.chunks_mut(BLOCK).enumerate() {
                if float(number * BLOCK) > onset * single(RATE) {
                    amount += (depth - amount) * 0.000_1 * float(BLOCK);
                }
                swing += swing_step;
                let advance = (step * (1.0 + detune + amount * sine(swing)) * TURN) as u32;
                for sample in block {
                    *sample += read(&period, phase);
                    phase = phase.wrapping_add(advance);
                }
            }
        }
        let level = self.level * note.strength;
        let mut air = 0.0_f32;
        for sample in &mut sound {
            air += (noise.signed() - air) * 0.2;
            *sample = level * (*sample + self.breath * 4.0 * air);
        }
        self.envelope.shape(&mut sound, note.held);
        sound
    }

    /// One period, without the harmonics that would alias.
    fn period(&self, hertz: f64) -> Period {
        let mut period = [0.0_f32; PERIOD + 1];
        let (mut multiple, mut top) = (1.0_f32, hertz);
        for loudness in self.harmonics {
            if top > 15_000.0 {
                break;
            }
            for (place, sample) in period.iter_mut().enumerate() {
                *sample += loudness * sine(multiple * float(place) / float(PERIOD));
            }
            multiple += 1.0;
            top += hertz;
        }
        period
    }
}

/// The value at a phase, whose upper bits choose the place and whose lower bits interpolate.
fn read(period: &Period, phase: u32) -> f32 {
    const BITS: u32 = PERIOD.trailing_zeros();
    let place = (phase >> (32 - BITS)) as usize;
    let fraction = float((phase << BITS >> 8) as usize) / 16_777_216.0;
    period[place] + (period[place + 1] - period[place]) * fraction
}

#[expect(clippy::cast_precision_loss, reason = "24 bits at most")]
fn float(count: usize) -> f32 {
    count as f32
}
