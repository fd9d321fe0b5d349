//! Bits that were sent beside the audio: those of integers of more than 24 bits, and of floats.

use super::bits::Bits;

/// The stream of such bits.
pub(super) struct Extra<'b> {
    pub(super) bits: Bits<'b>,
    /// What the checksum must be, and what it is.
    crc: u32,
    sum: u32,
    /// The most bits of an integer, if louder ones have fewer bits sent.
    most_width: u32,
    /// Of what is shifted into floats: how many bits are zeros at least, and how many may be others.
    least_zeros: u32,
    most_others: u32,
}

impl<'b> Extra<'b> {
    /// Streams since version 5.5 begin with numbers about themselves.
    pub(super) fn parse(data: &'b [u8], is_new: bool, is_float: bool) -> Option<Self> {
        let (crc, bits) = data.split_first_chunk().filter(|(_, bits)| !bits.is_empty())?;
        let mut bits = Bits::new(bits);
        let mut number = |wanted: bool| if wanted { bits.take(5) } else { 0 };
        let least_zeros = number(is_new && is_float);
        let most_others = number(is_new && is_float);
        let most_width = number(is_new && !is_float);
        let (crc, sum) = (u32::from_le_bytes(*crc), u32::MAX);
        Some(Self { bits, crc, sum, most_width, least_zeros, most_others })
    }

    /// Whether what was made with it is what was encoded.
    pub(super) const fn is_sound(&self) -> bool {
        self.sum == self.crc && !self.bits.took_too_much()
    }

    /// An integer with the `sent` bits that belong below it.
    pub(super) fn append(&mut self, sample: i32, sent: u32) -> i32 {
        let magnitude = if sample < 0 { !sample } else { sample };
        let width = 32 - magnitude.leading_zeros() + sent;
        let missing = if self.most_width > 0 { width.saturating_sub(self.most_width) } else { 0 };
        let there = sent.saturating_sub(missing);
        let whole = (sample << there) | self.bits.take(there).cast_signed();
        whole << (sent - there)
    }

    /// How many of the bits that are shifted into a float are zeros that were not sent.
    pub(super) fn zeros_below(&self, shift: u32) -> u32 {
        let too_many =
            if self.most_others > 0 { shift.saturating_sub(self.most_others) } else { 0 };
        too_many.max(self.least_zeros.min(shift))
    }

    pub(super) const fn sum_integer(&mut self, sample: i32) {
        let bits = sample.cast_unsigned();
        let value = (bits & 0xFFFF) * 3 + (bits >> 16);
        self.sum = self.sum.wrapping_mul(9).wrapping_add(value);
    }

    pub(super) const fn sum_float(&mut self, float: u32) {
        let value = (float & 0x7F_FFFF) * 9 + (float >> 23 & 0xFF) * 3 + (float >> 31);
        self.sum = self.sum.wrapping_mul(27).wrapping_add(value);
    }
}
