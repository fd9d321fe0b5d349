//! The arithmetic under the synthesiser. Only additions, products, quotients and square roots are
//! used, because a libm's sine and exponential differ between machines and track ids come from audio.

pub(super) const SAMPLE_RATE: u32 = 44_100;
pub(super) const RATE: f64 = 44_100.0;

const TABLE: usize = 2048;
const TAU: f64 = std::f64::consts::TAU;

/// One period, with the first value again at the end for interpolation.
static SINE: [f32; TABLE + 1] = sine_table();

/// sin(2π · `turns`) for any `turns`, to about 1e-15.
pub(super) const fn sine_exact(turns: f64) -> f64 {
    // sin(2πt) is odd and symmetric about a quarter turn: the series only sees -0.25..=0.25.
    let mut folded = turns - turns.floor();
    if folded > 0.75 {
        folded -= 1.0;
    } else if folded > 0.25 {
        folded = 0.5 - folded;
    }
    let angle = folded * TAU;
    let square = angle * angle;
    let mut term = angle;
    let mut sum = angle;
    let mut order = 2.0;
    while order < 22.0 {
        term *= -square / (order * (order + 1.0));
        sum += term;
        order += 2.0;
    }
    sum
}

#[expect(clippy::cast_possible_truncation, reason = "a table of f32 is what is wanted")]
#[expect(clippy::cast_precision_loss, reason = "2048 is exact")]
const fn sine_table() -> [f32; TABLE + 1] {
    let mut table = [0.0; TABLE + 1];
    let mut index = 0;
    while index <= TABLE {
        table[index] = sine_exact(index as f64 / TABLE as f64) as f32;
        index += 1;
    }
    table
}

/// sin(2π · `turns`) from the table, for `turns` of zero or more.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "turns are positive")]
#[expect(clippy::cast_precision_loss, reason = "the table is short and turns are few")]
pub(super) fn sine(turns: f32) -> f32 {
    let position = (turns - (turns as u32) as f32) * TABLE as f32;
    let index = (position as usize).min(TABLE - 1);
    let fraction = position - index as f32;
    SINE[index] + (SINE[index + 1] - SINE[index]) * fraction
}

/// e^`x` for `x` of zero or less, which is every decay in this program.
pub(super) fn decay(x: f64) -> f64 {
    // The series converges at once near zero; squaring ten times brings the argument back.
    let small = x / 1024.0;
    let mut term = 1.0;
    let mut sum = 1.0;
    for order in 1..10 {
        term *= small / f64::from(order);
        sum += term;
    }
    for _ in 0..10 {
        sum *= sum;
    }
    sum
}

/// The frequency in Hz of a MIDI note number, A4 = 69 = 440 Hz, equal temperament.
pub(super) fn hertz(pitch: i32) -> f64 {
    const SEMITONE: f64 = 1.059_463_094_359_295_3;
    let (steps, up) = ((pitch - 69).unsigned_abs(), pitch > 69);
    (0..steps).fold(440.0, |hz, _| if up { hz * SEMITONE } else { hz / SEMITONE })
}

/// Seconds as a count of samples.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "minutes at most")]
pub(super) fn samples(seconds: f64) -> usize {
    (seconds.max(0.0) * RATE + 0.5) as usize
}

/// A xorshift64* generator (Vigna 2016): small, and the same on every machine.
pub(super) struct Noise(u64);

impl Noise {
    pub(super) fn new(seed: u64) -> Self {
        // A state of zero would stay zero; the multiplication spreads neighbouring seeds.
        Self((seed ^ 0x9e37_79b9_7f4a_7c15).wrapping_mul(0xd134_2543_de82_ef95) | 1)
    }

    pub(super) fn bits(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// Evenly spread over 0.0..1.0.
    #[expect(clippy::cast_precision_loss, reason = "24 bits are exact in an f32")]
    pub(super) fn unit(&mut self) -> f32 {
        (self.bits() >> 40) as f32 / 16_777_216.0
    }

    /// Evenly spread over -1.0..1.0.
    pub(super) fn signed(&mut self) -> f32 {
        self.unit() * 2.0 - 1.0
    }
}

/// Attack, decay, sustain and release; times in seconds, levels relative to the peak.
pub(super) struct Envelope {
    pub(super) attack: f64,
    pub(super) decay: f64,
    pub(super) sustain: f32,
    pub(super) release: f64,
}

impl Envelope {
    /// Shapes a sound that is held for `held` samples; it gets its release as a tail after that.
    pub(super) fn shape(&self, sound: &mut [f32], held: usize) {
        let step = |seconds: f64| 1.0 - single(decay(-1.0 / (seconds.max(0.0005) * RATE)));
        // The stages are exponential approaches; a third of the time brings one 95 % there.
        let (rise, settle) = (step(self.attack / 3.0), step(self.decay / 3.0));
        let fall = 1.0 - step(self.release / 5.0);
        let attack = samples(self.attack);
        let mut level = 0.0_f32;
        for (index, sample) in sound.iter_mut().enumerate() {
            if index >= held {
                level *= fall;
            } else if index < attack {
                level += (1.0 - level) * rise;
            } else {
                level += (self.sustain - level) * settle;
            }
            *sample *= level;
        }
    }

    /// How many samples a sound that is held for `held` of them needs with its release.
    pub(super) fn length(&self, held: usize) -> usize {
        held + samples(self.release * 1.4)
    }
}

/// A 64-bit value as the 32-bit sample it becomes.
#[expect(clippy::cast_possible_truncation, reason = "audio is kept in f32")]
pub(super) fn single(value: f64) -> f32 {
    value as f32
}
