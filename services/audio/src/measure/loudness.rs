//! Loudness after EBU R 128: integrated loudness (ITU-R BS.1770-5), range (EBU Tech 3342) and true peak.

use ebur128::{Channel, EbuR128, Mode};
use serde::{Deserialize, Serialize};

use super::{Finding, MeasureError, Meter, blocks::Blocks};
use crate::layout::{
    BACK_CENTRE, BACK_LEFT, BACK_RIGHT, FRONT_LEFT, FRONT_RIGHT, LOW_FREQUENCIES, Layout,
    SIDE_LEFT, SIDE_RIGHT,
};

/// Of music, in Hz: with fewer, a moment would be more to remember than to hear.
const RATES: std::ops::RangeInclusive<u32> = 1_000..=768_000;
/// Steps that a block of 0.4 s has.
const STEPS_A_BLOCK: u64 = 4;

/// How loud a track is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Loudness {
    /// In LUFS.
    pub integrated: f64,
    /// In LU.
    pub range: f64,
    /// Of the loudest channel between the samples too, in dBTP.
    pub true_peak: f64,
    /// What the loudness of an album is made from.
    pub blocks: Blocks,
}

pub(super) struct LoudnessMeter {
    meter: EbuR128,
    blocks: Blocks,
    channels: usize,
    /// Frames in 0.1 s.
    step: usize,
    /// Frames until the next step is whole.
    missing: usize,
    steps: u64,
}

impl LoudnessMeter {
    pub(super) fn new(layout: Layout, rate: u32) -> Result<Self, MeasureError> {
        let channels = layout.channels();
        let count = u32::try_from(channels).unwrap_or(u32::MAX);
        let refused = |_error| MeasureError::Rate(rate);
        if !RATES.contains(&rate) {
            return Err(MeasureError::Rate(rate));
        }
        let mode = Mode::I | Mode::LRA | Mode::TRUE_PEAK;
        let mut meter = EbuR128::new(count, rate, mode).map_err(refused)?;
        meter.set_channel_map(&places(layout)).map_err(refused)?;
        // The meter rounds likewise.
        let step = usize::try_from(rate.saturating_add(5) / 10).unwrap_or(usize::MAX);
        Ok(Self { meter, blocks: Blocks::default(), channels, step, missing: step, steps: 0 })
    }

    /// `None` where nothing is heard.
    fn read(self) -> Option<Loudness> {
        let integrated =
            self.meter.loudness_global().ok().filter(|loudness| loudness.is_finite())?;
        let range = self.meter.loudness_range().ok()?;
        let peaks = (0..).map_while(|channel| self.meter.true_peak(channel).ok());
        let true_peak = 20.0 * peaks.fold(0.0, f64::max).log10();
        Some(Loudness { integrated, range, true_peak, blocks: self.blocks })
    }
}

impl Meter for LoudnessMeter {
    fn add(&mut self, mut frames: &[f32]) {
        while !frames.is_empty() {
            let (now, later) = frames.split_at(frames.len().min(self.missing * self.channels));
            frames = later;
            // It refuses nothing but pieces of frames.
            self.meter.add_frames_f32(now).ok();
            self.missing -= now.len() / self.channels;
            if self.missing == 0 {
                self.missing = self.step;
                self.steps += 1;
                if self.steps >= STEPS_A_BLOCK
                    && let Ok(loudness) = self.meter.loudness_momentary()
                {
                    self.blocks.add(loudness);
                }
            }
        }
    }

    fn finish(self: Box<Self>) -> Finding {
        Finding::Loudness(self.read())
    }
}

/// What each channel weighs, by its place.
fn places(layout: Layout) -> Vec<Channel> {
    let mask = layout.mask();
    let has_both = mask & (BACK_LEFT | BACK_RIGHT) != 0 && mask & (SIDE_LEFT | SIDE_RIGHT) != 0;
    let place = |bit: u32| match bit {
        FRONT_LEFT => Channel::Left,
        FRONT_RIGHT => Channel::Right,
        BACK_LEFT if has_both => Channel::Mp135,
        BACK_RIGHT if has_both => Channel::Mm135,
        BACK_LEFT | SIDE_LEFT => Channel::LeftSurround,
        BACK_RIGHT | SIDE_RIGHT => Channel::RightSurround,
        BACK_CENTRE => Channel::Mp180,
        LOW_FREQUENCIES => Channel::Unused,
        // In the centre, between others, or above; one channel counts once, not as two loudspeakers.
        _ => Channel::Center,
    };
    (0..u32::BITS).map(|bit| 1 << bit).filter(|bit| mask & bit != 0).map(place).collect()
}
