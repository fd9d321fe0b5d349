//! How much quieter each frame becomes, from what each of them needs.
//!
//! Everything is in whole numbers, so that it does not matter where a stream begins: sums of floats
//! would depend on what came before.

use std::collections::VecDeque;

/// One octave (a factor of two) of reduction.
const OCTAVE: i64 = 1 << 24;
/// How fast it becomes louder again, in octaves a second: 30 dB.
const RECOVERY: f64 = 4.982_892;

/// A level that is never above what a frame needs: down in a straight line, up slowly.
pub(super) struct Envelope {
    /// Frames that are looked ahead.
    ahead: usize,
    /// How much a frame is louder than the one before, at most.
    slope: i64,
    coming: Lowest,
    recovering: Lowest,
    /// The last levels, of which the mean is taken, and their sum.
    levels: VecDeque<i64>,
    sum: i64,
    number: i64,
}

impl Envelope {
    #[expect(clippy::cast_possible_truncation, reason = "rates are far smaller")]
    pub(super) fn new(sample_rate: u32) -> Self {
        let ahead = (sample_rate / 200).max(1) as usize;
        #[expect(clippy::cast_precision_loss, reason = "it is a power of two")]
        let slope = (OCTAVE as f64 * RECOVERY / f64::from(sample_rate.max(1))).ceil() as i64;
        Self {
            ahead,
            slope,
            coming: Lowest::new(ahead),
            recovering: Lowest::new((sample_rate / 2) as usize),
            levels: VecDeque::with_capacity(ahead + 1),
            sum: 0,
            number: 0,
        }
    }

    /// How many frames decide on one, at most.
    pub(super) fn memory(&self) -> usize {
        self.recovering.length + 2 * self.ahead
    }

    /// Takes what the next frame needs; the binary logarithm of what the frame `ahead` before it is
    /// multiplied by.
    #[expect(clippy::cast_precision_loss, reason = "some dozens of octaves have fewer bits")]
    pub(super) fn step(&mut self, wanted: i64) -> Option<f32> {
        let number = self.number;
        self.number += 1;
        let needed = self.coming.push(number, wanted);
        // The lowest of all before, each with what has been recovered since.
        let ramp = self.slope * number;
        let level = self.recovering.push(number, needed - ramp) + ramp;
        self.sum += level;
        self.levels.push_back(level);
        if self.levels.len() > self.ahead + 1 {
            self.sum -= self.levels.pop_front().unwrap_or_default();
        }
        let ready = number >= i64::try_from(self.ahead).unwrap_or(i64::MAX);
        let mean = self.sum as f64 / (self.levels.len() as f64 * OCTAVE as f64);
        #[expect(clippy::cast_possible_truncation, reason = "it is rounded")]
        ready.then_some(mean as f32)
    }
}

/// What a peak needs to come down to the ceiling: not above zero.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "see OCTAVE")]
pub(super) fn reduction(peak: f32, ceiling: f32) -> i64 {
    if peak > ceiling {
        let octaves = (f64::from(peak) / f64::from(ceiling)).log2();
        -((octaves * OCTAVE as f64).ceil() as i64)
    } else {
        0
    }
}

/// The lowest of the last values.
struct Lowest {
    /// How far back from the newest one.
    length: usize,
    /// Values with their numbers: each lower than those behind it.
    values: VecDeque<(i64, i64)>,
}

impl Lowest {
    fn new(length: usize) -> Self {
        Self { length, values: VecDeque::new() }
    }

    fn push(&mut self, number: i64, value: i64) -> i64 {
        while self.values.back().is_some_and(|&(_, last)| last >= value) {
            self.values.pop_back();
        }
        self.values.push_back((number, value));
        let oldest = number - i64::try_from(self.length).unwrap_or(i64::MAX);
        while self.values.front().is_some_and(|&(first, _)| first < oldest) {
            self.values.pop_front();
        }
        self.values.front().map_or(value, |&(_, lowest)| lowest)
    }
}
