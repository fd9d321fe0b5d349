//! What is done to integers last: bits that all samples had alike come back, those that were sent
//! beside the audio are added, and what was lost is kept within bounds.

use super::extra::Extra;

/// What the sub-block says: how many low bits were sent, and how many were zeros, ones, or copies of
/// the lowest that is coded.
#[derive(Clone, Copy, Default)]
pub(super) struct Redundancy {
    pub(super) sent: u32,
    pub(super) zeros: u32,
    pub(super) ones: u32,
    pub(super) copies: u32,
}

impl Redundancy {
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let &[sent, zeros, ones, copies] = bytes else { return None };
        let [sent, zeros, ones, copies] =
            [sent, zeros, ones, copies].map(|bits| u32::from(bits) & 31);
        Some(Self { sent, zeros, ones, copies })
    }

    const fn fill(self, sample: i32) -> i32 {
        if self.zeros > 0 {
            sample << self.zeros
        } else if self.ones > 0 {
            (sample.wrapping_add(1) << self.ones).wrapping_sub(1)
        } else if self.copies > 0 {
            let lowest = sample & 1;
            (sample.wrapping_add(lowest) << self.copies).wrapping_sub(lowest)
        } else {
            sample
        }
    }
}

/// How a block's integers become samples.
#[derive(Clone, Copy)]
pub(super) struct Integers {
    redundancy: Redundancy,
    shift: u32,
    /// Bits a sample, if what was decoded is not exact and may be too large.
    clip: Option<u32>,
}

impl Integers {
    /// `bytes` of a sample are stored, and `shift` bits were left out; `has_extra` tells whether bits
    /// were sent beside the audio.
    pub(super) fn new(
        redundancy: Option<Redundancy>,
        bytes: u32,
        shift: u32,
        is_lossy: bool,
        has_extra: bool,
    ) -> Self {
        let mut redundancy = redundancy.unwrap_or_default();
        let mut shift = shift;
        if !has_extra && redundancy.sent > 0 {
            // They are lost.
            let Redundancy { sent, zeros, ones, copies } = redundancy;
            shift = (shift + sent + zeros + ones + copies) & 31;
            redundancy = Redundancy::default();
        } else if !has_extra && is_lossy && bytes == 4 {
            // So that there is something to clip: bits of a shift may be filled.
            let Redundancy { zeros, ones, copies, .. } = &mut redundancy;
            for bits in [zeros, ones, copies] {
                let moved = (*bits).min(8_u32.saturating_sub(shift));
                *bits -= moved;
                shift += moved;
            }
        }
        Self { redundancy, shift, clip: is_lossy.then_some(8 * bytes) }
    }

    pub(super) fn complete(&self, samples: &mut [i32], extra: Option<&mut Extra<'_>>) {
        let Redundancy { sent, zeros, ones, copies } = self.redundancy;
        if let Some(extra) = extra {
            for sample in samples.iter_mut() {
                let whole = if sent > 0 { extra.append(*sample, sent) } else { *sample };
                *sample = self.redundancy.fill(whole);
                extra.sum_integer(*sample);
            }
        } else if zeros + ones + copies > 0 {
            for sample in samples.iter_mut() {
                *sample = self.redundancy.fill(*sample);
            }
        }
        if let Some(bits) = self.clip {
            let most = (i32::MAX >> (32 - bits)) >> self.shift;
            for sample in samples.iter_mut() {
                *sample = (*sample).clamp(!most, most) << self.shift;
            }
        } else if self.shift > 0 {
            for sample in samples.iter_mut() {
                *sample <<= self.shift;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_that_are_alike_come_back() {
        let complete = |bytes: [u8; 4], bytes_a_sample, is_lossy| {
            let mut samples = [-3, 0, 6];
            let redundancy = Redundancy::parse(&bytes);
            Integers::new(redundancy, bytes_a_sample, 1, is_lossy, false)
                .complete(&mut samples, None);
            samples
        };
        assert_eq!(complete([0; 4], 2, false), [-6, 0, 12]);
        assert_eq!(complete([0, 2, 0, 0], 3, false), [-24, 0, 48]);
        assert_eq!(complete([0, 0, 2, 0], 3, false), [-18, 6, 54], "…11");
        assert_eq!(complete([0, 0, 0, 2], 3, false), [-18, 0, 48], "…11 behind what is odd");
        assert_eq!(complete([1, 2, 0, 0], 3, false), [-48, 0, 96], "what was sent is lost");
        assert_eq!(complete([0, 5, 0, 0], 1, true), [-128, 0, 126], "clipped, then shifted");
        assert!(Redundancy::parse(&[0; 3]).is_none());
    }
}
