//! The entropy coding: numbers in zones around three medians that follow the sound, runs of zeros, and
//! in the hybrid mode numbers that are only nearly right.

use super::bits::Bits;
use super::hybrid::Hybrid;
use super::logarithm::exponential;

/// So many ones in a row say that a number follows.
const MOST_ONES: u32 = 16;
/// A number of more bits is none.
const MOST_BITS: u32 = 32;

/// What one channel's numbers are like.
#[derive(Clone, Copy, Default)]
struct Channel {
    /// In sixteenths.
    medians: [u32; 3],
}

impl Channel {
    const fn median<const N: usize>(&self) -> u32 {
        (self.medians[N] >> 4) + 1
    }

    /// A number was above: by 5 of some parts.
    const fn raise<const N: usize>(&mut self) {
        let part = self.medians[N].wrapping_add(128 >> N) >> (7 - N);
        self.medians[N] = self.medians[N].wrapping_add(part.wrapping_mul(5));
    }

    /// A number was below: by 2 of them.
    const fn lower<const N: usize>(&mut self) {
        let part = self.medians[N].wrapping_add((128 >> N) - 2) >> (7 - N);
        self.medians[N] = self.medians[N].wrapping_sub(part.wrapping_mul(2));
    }

    /// Where a zone begins, and how many numbers are in it; the medians follow.
    #[inline]
    const fn zone(&mut self, zone: u32) -> (u32, u32) {
        let first = self.median::<0>();
        if zone == 0 {
            self.lower::<0>();
            return (0, first);
        }
        self.raise::<0>();
        let second = self.median::<1>();
        if zone == 1 {
            self.lower::<1>();
            return (first, second);
        }
        self.raise::<1>();
        let third = self.median::<2>();
        let start = first.wrapping_add(second);
        if zone == 2 {
            self.lower::<2>();
            return (start, third);
        }
        self.raise::<2>();
        (start.wrapping_add((zone - 2).wrapping_mul(third)), third)
    }
}

/// What is known of a number.
enum Next {
    InZone(u32),
    /// One of a row of zeros.
    Zero,
    /// There is none.
    Nothing,
}

/// Reads one block's numbers.
#[derive(Clone, Copy)]
pub(super) struct Words<'b> {
    bits: Bits<'b>,
    channels: [Channel; 2],
    /// The number before ended in the middle of a pair of ones.
    holds_one: bool,
    /// The next number's zone is known to be the first.
    holds_zero: bool,
    /// Zeros that are still to come.
    zeros: u32,
}

impl<'b> Words<'b> {
    /// `medians` are the logarithms of those of each coded channel.
    pub(super) fn new(bits: &'b [u8], medians: &[u16]) -> Self {
        let mut channels = [Channel::default(); 2];
        for (channel, three) in channels.iter_mut().zip(medians.chunks_exact(3)) {
            for (median, &logarithm) in channel.medians.iter_mut().zip(three) {
                *median = exponential(logarithm.into()).cast_unsigned();
            }
        }
        let bits = Bits::new(bits);
        Self { bits, channels, holds_one: false, holds_zero: false, zeros: 0 }
    }

    /// Whether there were as many bits as numbers wanted.
    pub(super) const fn is_sound(&self) -> bool {
        !self.bits.took_too_much()
    }

    /// The numbers of the next frames; `None` where the stream is at its end or makes no sense.
    pub(super) fn fill<const C: usize>(&mut self, frames: &mut [[i32; C]]) -> Option<()> {
        // Here all of it can be in registers.
        let mut words = *self;
        for frame in frames {
            for (channel, sample) in frame.iter_mut().enumerate() {
                *sample = match words.next() {
                    Next::InZone(zone) => words.exact(channel, zone),
                    Next::Zero => 0,
                    Next::Nothing => return None,
                };
            }
            if words.bits.is_past_end() {
                return None;
            }
        }
        *self = words;
        Some(())
    }

    /// [`fill`](Self::fill) in the hybrid mode.
    pub(super) fn fill_nearly<const C: usize>(
        &mut self,
        hybrid: &mut Hybrid,
        frames: &mut [[i32; C]],
    ) -> Option<()> {
        for frame in frames {
            for (channel, sample) in frame.iter_mut().enumerate() {
                *sample = match self.next() {
                    Next::InZone(zone) => {
                        if channel == 0 {
                            hybrid.follow::<C>();
                        }
                        self.near(channel, zone, hybrid)
                    }
                    Next::Zero => {
                        hybrid.hear_zero(channel);
                        0
                    }
                    Next::Nothing => return None,
                };
            }
            if self.bits.is_past_end() {
                return None;
            }
        }
        Some(())
    }

    /// What is known of the next number before its own bits.
    #[inline]
    fn next(&mut self) -> Next {
        self.bits.refill();
        if self.holds_zero {
            self.holds_zero = false;
            return Next::InZone(0);
        }
        let is_silent = self.channels[0].medians[0] < 2 && self.channels[1].medians[0] < 2;
        if is_silent && !self.holds_one {
            match self.is_in_zeros() {
                Some(true) => return Next::Zero,
                Some(false) => {}
                None => return Next::Nothing,
            }
        }
        let mut ones = self.bits.peek().trailing_ones();
        if ones < MOST_ONES {
            self.bits.skip(ones + 1);
        } else if let Some(many) = self.many_ones() {
            ones = many;
        } else {
            return Next::Nothing;
        }
        // Every second one belongs to the number that comes next.
        let zone = (ones >> 1) + u32::from(self.holds_one);
        self.holds_one = ones & 1 == 1;
        self.holds_zero = !self.holds_one;
        Next::InZone(zone)
    }

    /// Whether the next number is one of a row of zeros, which may begin here.
    #[cold]
    fn is_in_zeros(&mut self) -> Option<bool> {
        if self.zeros > 0 {
            self.zeros -= 1;
            return Some(self.zeros > 0);
        }
        self.zeros = self.number()?;
        if self.zeros > 0 {
            self.channels = [Channel::default(); 2];
        }
        Some(self.zeros > 0)
    }

    #[cold]
    fn many_ones(&mut self) -> Option<u32> {
        let ones = self.bits.peek().trailing_ones();
        if ones > MOST_ONES {
            return None;
        }
        self.bits.skip(MOST_ONES + 1);
        Some(self.number()?.wrapping_add(MOST_ONES))
    }

    /// A number after Elias: ones for each of its bits, then these without the highest.
    fn number(&mut self) -> Option<u32> {
        self.bits.refill();
        let bits = self.bits.peek().trailing_ones();
        if bits > MOST_BITS {
            return None;
        }
        self.bits.skip(bits + 1);
        let number = match bits {
            0 | 1 => bits,
            _ => self.bits.take(bits - 1) | (1 << (bits - 1)),
        };
        self.bits.refill();
        Some(number)
    }

    /// The number in the zone, with its sign.
    #[inline]
    fn exact(&mut self, channel: usize, zone: u32) -> i32 {
        let (start, count) = self.channels[channel].zone(zone);
        let within = self.below(count);
        let sign = -i32::from(self.bits.held_bit());
        start.wrapping_add(within).cast_signed() ^ sign
    }

    /// A number below `count`. If that is no power of two, the lower ones have a bit less.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "it is below a number of 32 bits")]
    fn below(&mut self, count: u32) -> u32 {
        let most = count.wrapping_sub(1);
        let bits = 32 - (most | 1).leading_zeros();
        let shorter = (1_u64 << bits) - u64::from(most) - 1;
        let held = self.bits.peek();
        let short = held & ((1 << (bits - 1)) - 1);
        let is_longer = short >= shorter;
        let longer = (short << 1).wrapping_sub(shorter).wrapping_add(held >> (bits - 1) & 1);
        self.bits.skip(bits - 1 + u32::from(is_longer));
        if is_longer { longer as u32 } else { short as u32 }
    }

    /// A number that is at most as far from the one in the zone as the hybrid mode lets it be.
    fn near(&mut self, channel: usize, zone: u32, hybrid: &mut Hybrid) -> i32 {
        const POSITIVE: u32 = 0x7FFF_FFFF;
        self.bits.refill();
        let (start, count) = self.channels[channel].zone(zone);
        let end = start.wrapping_add(count).wrapping_sub(1) & POSITIVE;
        let mut low = start & POSITIVE;
        let mut high = end.max(low);
        let limit = hybrid.limit(channel);
        let found = if limit == 0 {
            low.wrapping_add(self.below(high - low + 1))
        } else {
            let mut middle = (high + low).div_ceil(2);
            while high - low > limit {
                if self.bits.held_bit() {
                    low = middle;
                } else {
                    high = middle - 1;
                }
                middle = (high + low).div_ceil(2);
            }
            middle
        };
        let sign = -i32::from(self.bits.held_bit());
        hybrid.hear(channel, found);
        found.cast_signed() ^ sign
    }
}
