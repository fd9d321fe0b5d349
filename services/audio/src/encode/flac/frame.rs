//! Frames: a header, a subframe a channel, a checksum. Of two channels, the difference is coded where
//! that is shorter.

use super::BLOCK;
use super::bits::{Bits, crc8, crc16};
use super::subframe::Subframe;

/// Numbers in a frame's header for usual rates.
const RATES: [(u32, u32); 11] = [
    (88_200, 1),
    (176_400, 2),
    (192_000, 3),
    (8_000, 4),
    (16_000, 5),
    (22_050, 6),
    (24_000, 7),
    (32_000, 8),
    (44_100, 9),
    (48_000, 10),
    (96_000, 11),
];

/// Writes frames of one stream.
pub(super) struct Frames {
    rate: u32,
    depth: u32,
    bits: u32,
    number: u32,
}

impl Frames {
    pub(super) fn new(sample_rate: u32, bits: u8) -> Self {
        // Zero: as STREAMINFO says.
        let rate = RATES.iter().find(|(rate, _)| *rate == sample_rate).map_or(0, |(_, code)| *code);
        let depth = match bits {
            8 => 1,
            12 => 2,
            16 => 4,
            20 => 5,
            24 => 6,
            _ => 0,
        };
        Self { rate, depth, bits: u32::from(bits), number: 0 }
    }

    /// Writes a block, a list for each channel, and empties it.
    pub(super) fn write(&mut self, block: &mut [Vec<i32>], out: &mut Vec<u8>) {
        let (assignment, subframes) = self.choose(block);
        let mut bits = Bits::default();
        let len = block[0].len();
        bits.put(0xFFF8, 16);
        bits.put(if len == BLOCK { 12 } else { 7 }, 4);
        bits.put(self.rate, 4);
        bits.put(assignment, 4);
        bits.put(self.depth, 3);
        bits.put(0, 1);
        self.put_number(&mut bits);
        if len != BLOCK {
            bits.put(u32::try_from(len - 1).unwrap_or_default(), 16);
        }
        let sum = crc8(&bits.bytes);
        bits.put(sum.into(), 8);
        for subframe in &subframes {
            subframe.write(&mut bits);
        }
        bits.align();
        let sum = crc16(&bits.bytes);
        bits.put(sum.into(), 16);
        out.extend_from_slice(&bits.bytes);
        self.number += 1;
        block.iter_mut().for_each(Vec::clear);
    }

    /// How channels are assigned, and the subframes.
    fn choose(&self, block: &[Vec<i32>]) -> (u32, Vec<Subframe>) {
        let plain = |channel: &Vec<i32>| Subframe::new(channel.clone(), self.bits);
        let [left, right] = block else {
            let assignment = u32::try_from(block.len() - 1).unwrap_or_default();
            return (assignment, block.iter().map(plain).collect());
        };
        let both = || left.iter().zip(right);
        let side: Vec<i32> = both().map(|(left, right)| left - right).collect();
        let mid: Vec<i32> = both().map(|(left, right)| (left + right) >> 1).collect();
        let (left, right) = (plain(left), plain(right));
        let (mid, side) = (Subframe::new(mid, self.bits), Subframe::new(side, self.bits + 1));
        let lengths = [
            (left.len() + right.len(), 1),
            (left.len() + side.len(), 8),
            (side.len() + right.len(), 9),
            (mid.len() + side.len(), 10),
        ];
        let shortest = lengths.into_iter().min().map_or(1, |(_, assignment)| assignment);
        let subframes = match shortest {
            8 => vec![left, side],
            9 => vec![side, right],
            10 => vec![mid, side],
            _ => vec![left, right],
        };
        (shortest, subframes)
    }

    /// The frame's number, coded as UTF-8 codes characters, up to 31 bits.
    fn put_number(&self, bits: &mut Bits) {
        let number = self.number;
        if number < 0x80 {
            bits.put(number, 8);
            return;
        }
        // A byte of so many ones holds the highest bits, bytes of six bits follow.
        let more = (1..6).find(|more| number < 1 << (5 * more + 6)).unwrap_or(5);
        let ones = (0xFF_u32 << (7 - more)) & 0xFF;
        bits.put(ones | (number >> (6 * more)), 8);
        for byte in (0..more).rev() {
            bits.put(0x80 | ((number >> (6 * byte)) & 0x3F), 8);
        }
    }
}
