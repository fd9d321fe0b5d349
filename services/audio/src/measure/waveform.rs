//! How loud a track looks over its time: for a bar to seek in.

use serde::{Deserialize, Serialize};

use super::{Finding, Meter};

/// The most points of a waveform. Longer tracks have at least half of them.
const MOST_POINTS: usize = 1_000;
/// The shortest time that has a point of its own: a hundredth of a second.
const POINTS_A_SECOND: u32 = 100;

/// The loudest sample of each of many equally long pieces of a track, whatever its channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waveform {
    /// Up to 1,000 from the begin to the end; 255 is full scale.
    pub peaks: Vec<u8>,
    /// Frames a point; the last one may have fewer.
    pub frames_a_point: u64,
}

/// A waveform as it grows.
pub(super) struct Outline {
    channels: usize,
    peaks: Vec<f32>,
    frames_a_point: u64,
    /// Of the point that is not whole yet.
    peak: f32,
    frames: u64,
}

impl Outline {
    pub(super) fn new(channels: usize, rate: u32) -> Self {
        let frames_a_point = u64::from((rate / POINTS_A_SECOND).max(1));
        Self { channels, peaks: Vec::new(), frames_a_point, peak: 0.0, frames: 0 }
    }

    fn end_point(&mut self) {
        self.make_room();
        // It may be half of a point only now.
        if self.frames == self.frames_a_point {
            self.peaks.push(std::mem::take(&mut self.peak));
            self.frames = 0;
        }
    }

    /// When there are as many as there may be, every two become one.
    fn make_room(&mut self) {
        if self.peaks.len() == MOST_POINTS {
            self.peaks = self.peaks.chunks(2).map(loudest).collect();
            self.frames_a_point *= 2;
        }
    }
}

impl Meter for Outline {
    fn add(&mut self, frames: &[f32]) {
        for frame in frames.chunks_exact(self.channels) {
            self.peak = frame.iter().fold(self.peak, |peak, sample| peak.max(sample.abs()));
            self.frames += 1;
            if self.frames == self.frames_a_point {
                self.end_point();
            }
        }
    }

    fn finish(mut self: Box<Self>) -> Finding {
        if self.frames > 0 {
            self.make_room();
            self.peaks.push(self.peak);
        }
        let peaks = self.peaks.iter().map(|peak| to_byte(*peak)).collect();
        Finding::Waveform(Waveform { peaks, frames_a_point: self.frames_a_point })
    }
}

fn loudest(peaks: &[f32]) -> f32 {
    peaks.iter().copied().fold(0.0, f32::max)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and 255, or what is no number"
)]
fn to_byte(peak: f32) -> u8 {
    (peak.min(1.0) * 255.0).round() as u8
}
