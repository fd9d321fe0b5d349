//! Floats to integers of fewer bits.

/// Rounds samples to integers, with dither of a triangular distribution where something is lost: then
/// the error is noise and not distortion. What is too loud becomes the loudest.
pub(crate) struct Quantizer {
    scale: f32,
    dither: bool,
    state: u64,
}

impl Quantizer {
    /// For integers of `bits`, from 8 to 24.
    pub(crate) fn new(bits: u8, dither: bool) -> Self {
        Self { scale: 2_f32.powi(i32::from(bits) - 1), dither, state: 0x9E37_79B9_7F4A_7C15 }
    }

    #[expect(clippy::cast_possible_truncation, reason = "it is within the integer's range")]
    pub(crate) fn quantize(&mut self, sample: f32) -> i32 {
        let noise = if self.dither { self.uniform() + self.uniform() } else { 0.0 };
        let wanted = (sample * self.scale + noise).round_ties_even();
        wanted.clamp(-self.scale, self.scale - 1.0) as i32
    }

    /// Between minus a half and a half (`xorshift64*`).
    #[expect(clippy::cast_precision_loss, reason = "24 bits")]
    fn uniform(&mut self) -> f32 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        let bits = self.state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 40;
        bits as f32 / 16_777_216.0 - 0.5
    }
}
