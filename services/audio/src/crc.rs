//! The checksum of Ogg pages.

/// Begins with zero and takes the highest bit first.
#[derive(Clone, Copy, Default)]
pub(crate) struct OggCrc(u32);

impl OggCrc {
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            let index = (self.0 >> 24) as u8 ^ byte;
            self.0 = (self.0 << 8) ^ TABLE[usize::from(index)];
        }
    }

    pub(crate) const fn value(self) -> u32 {
        self.0
    }
}

static TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut index: u32 = 0;
    while index < 256 {
        let mut value = index << 24;
        let mut bit = 0;
        while bit < 8 {
            value = (value << 1) ^ if value >> 31 == 1 { 0x04C1_1DB7 } else { 0 };
            bit += 1;
        }
        table[index as usize] = value;
        index += 1;
    }
    table
};
