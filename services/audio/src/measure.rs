//! What is measured of a track while it is decoded once. Each kind of measure has a meter that hears all
//! samples, and stands for itself: whatever else is to be found out from them is one more kind, and what
//! was measured before is listened to again for that one alone.

mod blocks;
mod features;
mod kind;
mod loudness;
#[cfg(test)]
mod tests;
mod waveform;

use serde::{Deserialize, Serialize};

pub use blocks::Blocks;
pub use features::Features;
pub use kind::MeasureKind;
pub use loudness::Loudness;
pub use waveform::Waveform;

use crate::layout::Layout;
use features::Listener;
use loudness::LoudnessMeter;
use waveform::Outline;

/// Why audio cannot be measured.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    /// A rate that no music has; in Hz.
    #[error("audio with {0} samples a second cannot be measured")]
    Rate(u32),
}

/// What one kind of measure found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Finding {
    /// Absent for silence and for less than 0.4 s.
    Loudness(Option<Loudness>),
    Waveform(Waveform),
    /// Absent for silence and for what is too short to tell.
    Features(Option<Features>),
}

/// What measures one kind.
trait Meter {
    /// Takes whole frames, interleaved, full scale at 1.
    fn add(&mut self, frames: &[f32]);

    fn finish(self: Box<Self>) -> Finding;
}

/// Measures samples as they come.
pub struct Measure {
    meters: Vec<Box<dyn Meter>>,
}

impl Measure {
    /// For samples at `rate` Hz.
    pub fn new(layout: Layout, rate: u32, kinds: &[MeasureKind]) -> Result<Self, MeasureError> {
        let meter = |kind: &MeasureKind| -> Result<Box<dyn Meter>, MeasureError> {
            Ok(match kind {
                MeasureKind::Loudness => Box::new(LoudnessMeter::new(layout, rate)?),
                MeasureKind::Waveform => Box::new(Outline::new(layout.channels(), rate)),
                MeasureKind::Features => Box::new(Listener::new(layout.channels(), rate)),
            })
        };
        Ok(Self { meters: kinds.iter().map(meter).collect::<Result<_, _>>()? })
    }

    /// Takes whole frames, interleaved, full scale at 1.
    pub fn add(&mut self, frames: &[f32]) {
        for meter in &mut self.meters {
            meter.add(frames);
        }
    }

    /// What each kind found, in the order in which they were asked for.
    pub fn finish(self) -> Vec<Finding> {
        self.meters.into_iter().map(Meter::finish).collect()
    }
}
