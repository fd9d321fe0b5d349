//! Floats to integers of fewer bits.

use crate::layout::Layout;

/// Rounds samples to integers, with dither of a triangular distribution where something is lost: then
/// the error is noise and not distortion. What is too loud becomes the loudest.
pub(crate) struct Quantizer {
    scale: f32,
    /// The number of the next sample, counted from the begin of the music, if there is dither.
    dither: Option<u64>,
}

impl Quantizer {
    /// For integers of `bits`, from 8 to 24. The dither of a sample depends on its number alone, so that
    /// a stream from the middle is the stream from the start: `dither` is the number of the first one.
    pub(crate) fn new(bits: u8, dither: Option<u64>) -> Self {
        Self { scale: 2_f32.powi(i32::from(bits) - 1), dither }
    }

    #[expect(clippy::cast_possible_truncation, reason = "it is within the integer's range")]
    pub(crate) fn quantize(&mut self, sample: f32) -> i32 {
        let noise = match &mut self.dither {
            None => 0.0,
            Some(number) => {
                let noise = triangular(*number);
                *number = number.wrapping_add(1);
                noise
            }
        };
        let wanted = (sample * self.scale + noise).round_ties_even();
        wanted.clamp(-self.scale, self.scale - 1.0) as i32
    }
}

/// The number of a frame's first sample.
pub(crate) fn first_sample(frame: Option<u64>, layout: Layout) -> Option<u64> {
    frame.map(|frame| frame.wrapping_mul(layout.channels() as u64))
}

/// The sum of two uniform ones, each between minus a half and a half (`SplitMix64`, whose state only
/// counts).
#[expect(clippy::cast_precision_loss, reason = "24 bits")]
fn triangular(number: u64) -> f32 {
    let mut bits = number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^= bits >> 31;
    let uniform = |bits: u64| (bits & 0x00FF_FFFF) as f32 / 16_777_216.0 - 0.5;
    uniform(bits >> 40) + uniform(bits)
}
