//! How much louder.

/// An amplification, to 1/256 of a decibel: as fine as Opus can say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Gain(i16);

impl Gain {
    /// The nearest one; more than 127 dB either way makes no sense. What is no number is 0 dB.
    #[expect(clippy::cast_possible_truncation, reason = "it saturates, as it should")]
    pub fn from_decibels(decibels: f32) -> Self {
        Self((decibels * 256.0).round() as i16)
    }

    pub fn decibels(self) -> f32 {
        f32::from(self.0) / 256.0
    }

    /// What samples are multiplied by.
    pub(crate) fn factor(self) -> f32 {
        10_f32.powf(self.decibels() / 20.0)
    }
}
