//! What is measured of a track while it is decoded once: how loud it is, and how it looks.

mod blocks;
mod loudness;
#[cfg(test)]
mod tests;
mod waveform;

use serde::{Deserialize, Serialize};

pub use blocks::Blocks;
pub use loudness::Loudness;
pub use waveform::Waveform;

use crate::layout::Layout;
use loudness::LoudnessMeter;
use waveform::Outline;

/// Why audio cannot be measured.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    /// A rate that no music has; in Hz.
    #[error("audio with {0} samples a second cannot be measured")]
    Rate(u32),
}

/// What was measured of a track.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Absent for silence and for less than 0.4 s.
    pub loudness: Option<Loudness>,
    pub waveform: Waveform,
}

/// Measures samples as they come.
pub struct Measure {
    loudness: LoudnessMeter,
    outline: Outline,
}

impl Measure {
    /// For samples at `rate` Hz.
    pub fn new(layout: Layout, rate: u32) -> Result<Self, MeasureError> {
        let loudness = LoudnessMeter::new(layout, rate)?;
        Ok(Self { loudness, outline: Outline::new(layout.channels(), rate) })
    }

    /// Takes whole frames, interleaved, full scale at 1.
    pub fn add(&mut self, frames: &[f32]) {
        self.loudness.add(frames);
        self.outline.add(frames);
    }

    pub fn finish(self) -> Measured {
        Measured { loudness: self.loudness.finish(), waveform: self.outline.finish() }
    }
}
