//! Bits of a stream, the lowest of each byte first.

/// Reads bits. Behind the end there are zeros: who reads them is told so.
#[derive(Clone, Copy)]
pub(super) struct Bits<'b> {
    bytes: &'b [u8],
    /// The next byte that is taken.
    at: usize,
    held: u64,
    /// How many of `held` count.
    count: u32,
}

impl<'b> Bits<'b> {
    pub(super) const fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, at: 0, held: 0, count: 0 }
    }

    /// Holds at least 56 bits.
    #[inline]
    pub(super) fn refill(&mut self) {
        if let Some(eight) = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk) {
            self.held |= u64::from_le_bytes(*eight) << self.count;
            self.at += (63 - self.count as usize) >> 3;
            self.count |= 0x38;
        } else {
            self.refill_slowly();
        }
    }

    #[cold]
    fn refill_slowly(&mut self) {
        while self.count < 56 {
            let byte = self.bytes.get(self.at).copied().unwrap_or_default();
            self.held |= u64::from(byte) << self.count;
            self.at += 1;
            self.count += 8;
        }
    }

    /// Whether more was read than there is.
    #[inline]
    pub(super) const fn is_past_end(&self) -> bool {
        self.at > self.bytes.len() + 8
    }

    /// Whether bits that are not there were taken.
    pub(super) const fn took_too_much(&self) -> bool {
        8 * self.at > 8 * self.bytes.len() + self.count as usize
    }

    /// What is held, the next bit lowest.
    #[inline]
    pub(super) const fn peek(&self) -> u64 {
        self.held
    }

    /// Goes on behind bits that are held.
    #[inline]
    pub(super) const fn skip(&mut self, count: u32) {
        self.held >>= count;
        self.count -= count;
    }

    /// The next bit, which must be held.
    #[inline]
    pub(super) const fn held_bit(&mut self) -> bool {
        let bit = self.held & 1 == 1;
        self.skip(1);
        bit
    }

    /// The next up to 32 bits.
    pub(super) fn take(&mut self, count: u32) -> u32 {
        self.refill();
        let taken = self.held & ((1 << count) - 1);
        self.skip(count);
        u32::try_from(taken).unwrap_or_default()
    }

    /// The next bit.
    pub(super) fn bit(&mut self) -> bool {
        self.take(1) == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_come_lowest_first_and_end() {
        let bytes: Vec<u8> = (1..=20).collect();
        let mut bits = Bits::new(&bytes);
        assert_eq!(bits.take(8), 1);
        assert_eq!((bits.bit(), bits.bit(), bits.take(6)), (false, true, 0));
        assert_eq!(bits.take(32), 0x0605_0403);
        for byte in 7..=20 {
            assert!(!bits.took_too_much());
            assert_eq!(bits.take(8), byte);
        }
        assert!(!bits.took_too_much());
        assert_eq!(bits.take(1), 0);
        assert!(bits.took_too_much() && !bits.is_past_end());
        for _ in 0..20 {
            bits.take(8);
        }
        assert!(bits.is_past_end());
    }
}
