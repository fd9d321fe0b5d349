//! Floats: what was coded are integers of 24 bits with a common exponent; the bits below them were the
//! same in all samples, or were sent beside the audio.

use super::extra::Extra;

const MANTISSA: u32 = (1 << 23) - 1;
/// The highest bit of a mantissa, which floats leave out.
const LEADING: u32 = 1 << 23;
/// What stands for numbers that are none.
const NO_NUMBER: u32 = 1 << 24;

/// How a block's integers become floats.
#[derive(Clone, Copy)]
pub(super) struct Floats {
    flags: u8,
    shift: u32,
    /// The exponent of the loudest sample.
    exponent: i32,
    /// The exponent of full scale.
    pub(super) full_scale: u8,
}

impl Floats {
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let &[flags, shift, exponent, full_scale] = bytes else { return None };
        Some(Self { flags, shift: u32::from(shift) & 31, exponent: exponent.into(), full_scale })
    }

    const fn shifted_in_are_ones(self) -> bool {
        self.flags & 1 != 0
    }

    const fn shifted_in_are_alike(self) -> bool {
        self.flags & 2 != 0
    }

    const fn shifted_in_are_sent(self) -> bool {
        self.flags & 4 != 0
    }

    const fn zeros_are_sent(self) -> bool {
        self.flags & 8 != 0
    }

    const fn has_negative_zeros(self) -> bool {
        self.flags & 0x10 != 0
    }

    /// Turns integers into the bits of floats.
    pub(super) fn complete(&self, samples: &mut [i32], extra: Option<&mut Extra<'_>>) {
        if let Some(extra) = extra {
            for sample in samples {
                let float = self.exact(*sample, extra);
                extra.sum_float(float);
                *sample = float.cast_signed();
            }
        } else {
            for sample in samples {
                *sample = self.near(*sample).cast_signed();
            }
        }
    }

    fn exact(&self, sample: i32, extra: &mut Extra<'_>) -> u32 {
        if sample == 0 {
            return if self.zeros_are_sent() { self.sent_zero(extra) } else { 0 };
        }
        let (sign, magnitude) = self.shifted(sample);
        if magnitude == NO_NUMBER {
            let mantissa = if extra.bits.bit() { extra.bits.take(23) } else { 0 };
            return float(sign, 255, mantissa);
        }
        let (exponent, mut magnitude, shift) = self.normal(magnitude);
        let below = (1 << shift) - 1;
        if shift > 0 {
            if self.shifted_in_are_ones() || (self.shifted_in_are_alike() && extra.bits.bit()) {
                magnitude |= below;
            } else if self.shifted_in_are_sent() {
                let zeros = extra.zeros_below(shift);
                magnitude |= (extra.bits.take(shift - zeros) << zeros) & below;
            }
        }
        float(sign, exponent, magnitude)
    }

    /// A number so small that nothing of it was coded.
    fn sent_zero(&self, extra: &mut Extra<'_>) -> u32 {
        if extra.bits.bit() {
            let mantissa = extra.bits.take(23);
            let exponent = if self.exponent >= 25 { extra.bits.take(8) } else { 0 };
            float(extra.bits.bit(), exponent, mantissa)
        } else {
            float(self.has_negative_zeros() && extra.bits.bit(), 0, 0)
        }
    }

    /// Without what was sent beside the audio, or after loss.
    fn near(&self, sample: i32) -> u32 {
        if sample == 0 {
            return 0;
        }
        let (sign, magnitude) = self.shifted(sample);
        if magnitude >= NO_NUMBER {
            let over = 8 - magnitude.leading_zeros();
            return float(sign, self.exponent.cast_unsigned() + over, magnitude >> over);
        }
        let (exponent, magnitude, shift) = self.normal(magnitude);
        let below = if self.shifted_in_are_ones() { (1 << shift) - 1 } else { 0 };
        float(sign, exponent, magnitude | below)
    }

    const fn shifted(&self, sample: i32) -> (bool, u32) {
        let sample = sample << self.shift;
        (sample < 0, sample.unsigned_abs())
    }

    /// Exponent and mantissa with its leading bit, if the exponent can be so small, and by how far it
    /// was shifted for that.
    fn normal(&self, magnitude: u32) -> (u32, u32, u32) {
        let exponent = self.exponent.cast_unsigned();
        if exponent == 0 || magnitude & LEADING != 0 {
            return (exponent, magnitude, 0);
        }
        let wanted = magnitude.leading_zeros().saturating_sub(8);
        let shift = wanted.min(exponent - 1);
        let exponent = exponent - if shift == wanted { wanted } else { exponent };
        (exponent, magnitude.checked_shl(shift).unwrap_or_default(), shift & 31)
    }
}

fn float(sign: bool, exponent: u32, mantissa: u32) -> u32 {
    (u32::from(sign) << 31) | ((exponent & 0xFF) << 23) | (mantissa & MANTISSA)
}
