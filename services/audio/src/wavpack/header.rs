//! The 32 bytes that every block begins with.

/// Their number.
pub(crate) const HEADER: usize = 32;
/// Longer blocks are none, also for the reference decoder.
pub(crate) const LONGEST_BLOCK: u32 = 1 << 20;
/// The format says 131,072; the reference decoder takes blocks of fewer than so many frames.
const MOST_FRAMES: u32 = 3 << 16;
/// The rates that have a number.
const SAMPLE_RATES: [u32; 15] = [
    6_000, 8_000, 9_600, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 64_000,
    88_200, 96_000, 192_000,
];

/// What a block says of itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Header {
    /// Bytes of the block, with this header.
    pub(crate) len: u32,
    pub(crate) version: u16,
    /// Frames of the whole file, where they were known; only the first block says it rightly.
    pub(crate) total: Option<u64>,
    /// The number of its first frame.
    pub(crate) index: u64,
    /// How many frames it holds; none where it holds only metadata.
    pub(crate) frames: u32,
    pub(crate) flags: Flags,
    /// Of the samples before they are shifted and completed.
    pub(crate) crc: u32,
}

impl Header {
    /// `None` where no block begins with these bytes.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; HEADER] = bytes.get(..HEADER)?.try_into().ok()?;
        let word = |at: usize| {
            u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
        };
        let size = word(4);
        let version = u16::from_le_bytes([bytes[8], bytes[9]]);
        let frames = word(20);
        let is_block = bytes.starts_with(b"wvpk")
            && size.is_multiple_of(2)
            && (24..LONGEST_BLOCK).contains(&size)
            && (0x402..=0x410).contains(&version)
            && frames < MOST_FRAMES;
        // Forty bits each. That the lower half of the total is all ones says that it is not known, so
        // that larger ones leave these numbers out.
        let (index_high, total_high) = (u64::from(bytes[10]), u64::from(bytes[11]));
        let total = Some(word(12)).filter(|&low| low != u32::MAX);
        is_block.then(|| Self {
            len: size + 8,
            version,
            total: total.map(|low| (u64::from(low) | (total_high << 32)) - total_high),
            index: u64::from(word(16)) | (index_high << 32),
            frames,
            flags: Flags(word(24)),
            crc: word(28),
        })
    }

    /// The frame behind its last one.
    pub(crate) fn end(&self) -> u64 {
        self.index + u64::from(self.frames)
    }

    /// Whether frames begin with it: one block has at most two channels, and further ones follow.
    pub(crate) fn begins_frames(&self) -> bool {
        self.frames > 0 && self.flags.is_initial()
    }

    /// Whether it holds further channels of the frames of `other`.
    pub(crate) fn goes_on(&self, other: &Self) -> bool {
        (self.index, self.frames) == (other.index, other.frames) && !self.flags.is_initial()
    }
}

/// How a block is coded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Flags(pub(crate) u32);

impl Flags {
    const fn has(self, bit: u32) -> bool {
        self.0 >> bit & 1 == 1
    }

    pub(crate) const fn bytes_a_sample(self) -> u32 {
        (self.0 & 3) + 1
    }

    /// One channel is to be heard, and not two.
    pub(crate) const fn is_mono(self) -> bool {
        self.has(2)
    }

    pub(crate) const fn is_hybrid(self) -> bool {
        self.has(3)
    }

    pub(crate) const fn is_joint_stereo(self) -> bool {
        self.has(4)
    }

    pub(crate) const fn is_float(self) -> bool {
        self.has(7)
    }

    /// Whether integers were made smaller, or had more bits than are coded.
    pub(crate) const fn has_extended_integers(self) -> bool {
        self.has(8)
    }

    /// The hybrid mode's error follows the loudness.
    pub(crate) const fn has_hybrid_bitrate(self) -> bool {
        self.has(9)
    }

    /// The hybrid mode divides its bits among the channels.
    pub(crate) const fn has_hybrid_balance(self) -> bool {
        self.has(10)
    }

    pub(crate) const fn is_initial(self) -> bool {
        self.has(11)
    }

    pub(crate) const fn is_final(self) -> bool {
        self.has(12)
    }

    /// How far samples are shifted after they were decoded.
    pub(crate) const fn shift(self) -> u32 {
        self.0 >> 13 & 31
    }

    /// `None` where a sub-block says it.
    pub(crate) fn sample_rate(self) -> Option<u32> {
        SAMPLE_RATES.get((self.0 >> 23 & 15) as usize).copied()
    }

    pub(crate) const fn has_checksum(self) -> bool {
        self.has(28)
    }

    /// Both channels are the same, and only one is coded.
    pub(crate) const fn is_false_stereo(self) -> bool {
        self.has(30)
    }

    pub(crate) const fn is_dsd(self) -> bool {
        self.has(31)
    }

    /// How many channels are coded.
    pub(crate) const fn coded_channels(self) -> usize {
        if self.is_mono() || self.is_false_stereo() { 1 } else { 2 }
    }

    /// How many channels are to be heard.
    pub(crate) const fn channels(self) -> usize {
        if self.is_mono() { 1 } else { 2 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(change: impl Fn(&mut [u8; HEADER])) -> Option<Header> {
        let mut bytes = [0; HEADER];
        bytes[..12].copy_from_slice(b"wvpk\x18\0\0\0\x10\x04\0\0");
        change(&mut bytes);
        Header::parse(&bytes)
    }

    #[test]
    fn numbers_of_frames_have_forty_bits() {
        let found = block(|bytes| {
            bytes[10..20].copy_from_slice(&[3, 1, 5, 0, 0, 0, 7, 0, 0, 0]);
        });
        let found = found.unwrap();
        assert_eq!((found.index, found.total), ((3 << 32) + 7, Some((1 << 32) + 4)));
        assert_eq!(found.len, 32);
        let unknown = block(|bytes| bytes[11..16].fill(0xFF)).unwrap();
        assert_eq!(unknown.total, None);
    }

    #[test]
    fn what_is_no_block_is_none() {
        assert!(block(|_| {}).is_some());
        assert!(block(|bytes| bytes[0] = b'W').is_none());
        assert!(block(|bytes| bytes[4] = 22).is_none(), "shorter than its header");
        assert!(block(|bytes| bytes[4] = 25).is_none(), "odd");
        assert!(block(|bytes| bytes[6] = 16).is_none(), "longer than a block may be");
        assert!(block(|bytes| bytes[8] = 0x11).is_none(), "too new");
        assert!(block(|bytes| bytes[8..10].copy_from_slice(&[1, 4])).is_none(), "too old");
        assert!(block(|bytes| bytes[22] = 3).is_none(), "more frames than a block may have");
        assert!(Header::parse(b"wvpk\x18\0\0\0\x10\x04").is_none());
    }
}
