//! Bits into bytes, highest first, and the checksums of frames.

/// A string of bits that grows.
#[derive(Default)]
pub(in crate::encode) struct Bits {
    pub(in crate::encode) bytes: Vec<u8>,
    /// Bits that do not fill a byte yet, right-aligned.
    held: u64,
    count: u32,
}

impl Bits {
    /// Appends the lowest `count` bits of `value`, at most 32.
    pub(in crate::encode) fn put(&mut self, value: u32, count: u32) {
        let mask = (1_u64 << count) - 1;
        self.held = (self.held << count) | (u64::from(value) & mask);
        self.count += count;
        while self.count >= 8 {
            self.count -= 8;
            self.bytes.push(((self.held >> self.count) & 0xFF) as u8);
        }
    }

    /// Appends a signed number in `count` bits.
    pub(super) fn put_signed(&mut self, value: i32, count: u32) {
        self.put(value.cast_unsigned(), count);
    }

    /// Appends so many zeros and a one.
    pub(super) fn put_unary(&mut self, mut zeros: u32) {
        while zeros >= 32 {
            self.put(0, 32);
            zeros -= 32;
        }
        self.put(1, zeros + 1);
    }

    /// Fills the last byte with zeros.
    pub(in crate::encode) fn align(&mut self) {
        if self.count > 0 {
            self.put(0, 8 - self.count);
        }
    }
}

/// The checksum of a frame's header: polynomial 0x07.
pub(super) fn crc8(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, &byte| {
        (0..8).fold(sum ^ byte, |sum, _| (sum << 1) ^ if sum & 0x80 == 0 { 0 } else { 0x07 })
    })
}

/// The checksum of a whole frame: polynomial 0x8005.
pub(super) fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |sum, &byte| {
        let index = (sum >> 8) as u8 ^ byte;
        (sum << 8) ^ TABLE[usize::from(index)]
    })
}

static TABLE: [u16; 256] = {
    let mut table = [0; 256];
    let mut index: u16 = 0;
    while index < 256 {
        let mut value = index << 8;
        let mut bit = 0;
        while bit < 8 {
            value = (value << 1) ^ if value >> 15 == 1 { 0x8005 } else { 0 };
            bit += 1;
        }
        table[index as usize] = value;
        index += 1;
    }
    table
};
