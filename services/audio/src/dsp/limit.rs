//! Amplification that does not clip: a limiter which looks ahead.
//!
//! Peaks between the samples count, too (four times oversampled, as ITU-R BS.1770 does it). Where one is
//! above the ceiling everything around it becomes quieter: down to it in 5 ms, and back at 30 dB a
//! second. Elsewhere samples are multiplied by the gain alone. All depends on [`Limiter::memory`]
//! frames before at most, so that a stream from the middle is the stream from the start.

mod envelope;
mod peaks;

#[cfg(test)]
mod tests;

use super::gain::Gain;
use envelope::Envelope;
use peaks::{AROUND, Peaks};

/// −1 dBTP. Samples are never above it; peaks between them, as a finer measure may find them, can be by
/// some tenths of a decibel, for which the rest of the scale is room.
pub(crate) const CEILING: f32 = 0.891_250_9;
/// What is louder than that is no sound, and its sums could be no numbers.
const LOUDEST: f32 = 1e9;
/// Frames that are looked through for a loud one at once.
const STRETCH: usize = 64;

/// Amplifies interleaved frames, and limits their peaks.
pub(crate) struct Limiter {
    channels: usize,
    factor: f32,
    peaks: Peaks,
    envelope: Envelope,
    /// Amplified frames: those that are still to come out, and those around.
    held: Vec<f32>,
    /// The number of the frame in `held` that is measured next.
    measured: usize,
    /// The number of the frame in `held` that comes out next.
    next: usize,
}

impl Limiter {
    pub(crate) fn new(gain: Gain, sample_rate: u32, channels: usize) -> Self {
        Self {
            channels,
            factor: gain.factor(),
            peaks: Peaks::new(),
            envelope: Envelope::new(sample_rate),
            held: vec![0.0; AROUND * channels],
            measured: AROUND,
            next: AROUND,
        }
    }

    /// How many frames before one decide on it.
    pub(crate) fn memory(&self) -> u64 {
        (self.envelope.memory() + 2 * AROUND) as u64
    }

    /// Takes whole frames and appends those that are decided on.
    pub(crate) fn push(&mut self, frames: &[f32], out: &mut Vec<f32>) {
        let factor = self.factor;
        let amplified = |sample: &f32| (sample * factor).clamp(-LOUDEST, LOUDEST);
        self.held.extend(frames.iter().map(amplified));
        self.measure(out);
        // All before what is needed around the next frames.
        let done = self.next.min(self.measured - AROUND);
        self.held.drain(..done * self.channels);
        self.next -= done;
        self.measured -= done;
    }

    /// Appends the rest.
    pub(crate) fn finish(&mut self, out: &mut Vec<f32>) {
        let end = self.held.len();
        self.held.resize(end + AROUND * self.channels, 0.0);
        self.measure(out);
        while self.next * self.channels < end {
            self.step(0, out);
        }
    }

    /// Finds the peaks of the frames behind which there are enough others.
    fn measure(&mut self, out: &mut Vec<f32>) {
        let channels = self.channels;
        let all = (self.held.len() / channels).saturating_sub(AROUND);
        while self.measured < all {
            let end = all.min(self.measured + STRETCH);
            let near = (self.measured - AROUND) * channels..(end + AROUND) * channels;
            let is_quiet = self.peaks.are_below(&self.held[near], CEILING);
            while self.measured < end {
                let mut wanted = 0;
                if !is_quiet {
                    let peak = self.peaks.at(&self.held, self.measured, channels);
                    wanted = envelope::reduction(peak, CEILING);
                }
                self.measured += 1;
                self.step(wanted, out);
            }
        }
    }

    /// Goes a frame on in the envelope, and lets the frame out that is decided on.
    fn step(&mut self, wanted: i64, out: &mut Vec<f32>) {
        let Some(reduction) = self.envelope.step(wanted) else { return };
        let at = self.next * self.channels;
        let frame = &self.held[at..at + self.channels];
        self.next += 1;
        if reduction == 0.0 {
            out.extend_from_slice(frame);
        } else {
            let factor = reduction.exp2();
            out.extend(frame.iter().map(|sample| (sample * factor).clamp(-CEILING, CEILING)));
        }
    }
}
