//! Another sampling rate: a stream resampled in blocks of a transform, without delay and as long as it
//! should be.

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler as _, WindowFunction};

use crate::encode::EncodeError;

/// About how many frames a transform has: more make the filter steeper, and the first ones later.
const BLOCK: usize = 4096;
/// More frames would take too much memory, and too long to come.
const LONGEST_BLOCK: usize = 1 << 17;

/// Sampling rates that are changed and changed to, in Hz.
const RATES: std::ops::RangeInclusive<u32> = 1_000..=768_000;

/// Changes the rate of interleaved frames.
pub(crate) struct Resampler {
    fft: Fft<f32>,
    channels: usize,
    rates: (u64, u64),
    /// Frames that do not fill a block yet.
    waiting: Vec<f32>,
    block: Vec<f32>,
    /// Frames that came in, and that went out, without the delay.
    taken: u64,
    given: u64,
    /// How many frames of the delay are still to be dropped.
    delay: usize,
}

impl Resampler {
    pub(crate) fn new(from: u32, to: u32, channels: usize) -> Result<Self, EncodeError> {
        // Others are damage, and could cost any amount of memory.
        if !RATES.contains(&from) || !RATES.contains(&to) {
            return Err(EncodeError::Unsupported("such a sampling rate"));
        }
        let window = WindowFunction::BlackmanHarris2;
        let (input, output) = (from as usize, to as usize);
        // Even blocks on both sides: the delay, half a block, is then whole frames on both.
        let smallest = 2 * input / divisor(input, output);
        if smallest > LONGEST_BLOCK {
            return Err(EncodeError::Unsupported("so odd a change of the sampling rate"));
        }
        let block = BLOCK.div_ceil(smallest) * smallest;
        let fft = Fft::new_custom(input, output, block, 1, channels, window, FixedSync::Both)
            .map_err(|_error| EncodeError::Unsupported("such a change of the sampling rate"))?;
        let block = vec![0.0; fft.output_frames_max() * channels];
        let delay = fft.output_delay();
        let rates = (u64::from(from), u64::from(to));
        Ok(Self { fft, channels, rates, waiting: Vec::new(), block, taken: 0, given: 0, delay })
    }

    /// How many frames go in and come out at once: a stream that begins at a multiple of them comes
    /// out as it does from the start, but for the first block.
    pub(crate) fn grid(&self) -> (u64, u64) {
        (self.fft.input_frames_next() as u64, self.fft.output_frames_next() as u64)
    }

    /// Takes whole frames and appends what is ready.
    pub(crate) fn push(&mut self, frames: &[f32], out: &mut Vec<f32>) -> Result<(), EncodeError> {
        self.taken += (frames.len() / self.channels) as u64;
        self.waiting.extend_from_slice(frames);
        self.run(out, u64::MAX)
    }

    /// Appends the rest.
    pub(crate) fn finish(&mut self, out: &mut Vec<f32>) -> Result<(), EncodeError> {
        let all = scaled(self.taken, self.rates);
        let block = self.fft.input_frames_next() * self.channels;
        while self.given < all {
            self.waiting.resize(block, 0.0);
            self.run(out, all)?;
        }
        Ok(())
    }

    /// Transforms whole blocks, up to the frame `end`.
    fn run(&mut self, out: &mut Vec<f32>, end: u64) -> Result<(), EncodeError> {
        let failed = |_error| EncodeError::Failed { coder: "resampling", code: 1 };
        let mut done = 0;
        loop {
            let needed = self.fft.input_frames_next();
            let Some(input) = self.waiting.get(done..done + needed * self.channels) else { break };
            let input = InterleavedSlice::new(input, self.channels, needed)
                .map_err(|_size| EncodeError::Failed { coder: "resampling", code: 2 })?;
            let room = self.block.len() / self.channels;
            let mut output = InterleavedSlice::new_mut(&mut self.block, self.channels, room)
                .map_err(|_size| EncodeError::Failed { coder: "resampling", code: 2 })?;
            let (_, made) =
                self.fft.process_into_buffer(&input, &mut output, None).map_err(failed)?;
            done += needed * self.channels;
            let dropped = self.delay.min(made);
            self.delay -= dropped;
            let left = usize::try_from(end - self.given).unwrap_or(usize::MAX);
            let kept = (made - dropped).min(left);
            let start = dropped * self.channels;
            out.extend_from_slice(&self.block[start..start + kept * self.channels]);
            self.given += kept as u64;
        }
        self.waiting.drain(..done);
        Ok(())
    }
}

/// The greatest common divisor.
const fn divisor(one: usize, two: usize) -> usize {
    if two == 0 { one } else { divisor(two, one % two) }
}

/// The first of the frames that become `frame` or come behind it.
pub(crate) fn unscaled(frame: u64, (from, to): (u64, u64)) -> u64 {
    let least = (u128::from(frame) * u128::from(from)).saturating_sub(u128::from(from / 2));
    u64::try_from(least.div_ceil(u128::from(to))).unwrap_or(u64::MAX)
}

/// How many frames so many become.
pub(crate) fn scaled(frames: u64, (from, to): (u64, u64)) -> u64 {
    let exact = (u128::from(frames) * u128::from(to) + u128::from(from / 2)) / u128::from(from);
    u64::try_from(exact).unwrap_or(u64::MAX)
}
