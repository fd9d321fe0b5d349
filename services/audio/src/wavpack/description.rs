//! What a block tells of the audio: partly in its header, partly in the sub-blocks behind it.

use super::header::{HEADER, Header};
use crate::tags::Bytes;

/// A block of more is no music.
const MOST_SUB_BLOCKS: usize = 1000;
/// Said of no rate at all.
const USUAL_RATE: u32 = 44_100;

/// The kinds of sub-blocks that matter, without the bits that tell of their sizes.
pub(crate) mod kind {
    /// Sub-blocks with this bit may be left alone by who does not know them.
    pub(crate) const OPTIONAL: u8 = 0x20;
    pub(crate) const TERMS: u8 = 0x02;
    pub(crate) const WEIGHTS: u8 = 0x03;
    pub(crate) const SAMPLES: u8 = 0x04;
    pub(crate) const ENTROPY: u8 = 0x05;
    pub(crate) const HYBRID: u8 = 0x06;
    pub(crate) const FLOAT: u8 = 0x08;
    pub(crate) const INTEGERS: u8 = 0x09;
    pub(crate) const AUDIO: u8 = 0x0A;
    pub(crate) const EXTRA: u8 = 0x0C;
    pub(crate) const CHANNELS: u8 = 0x0D;
    pub(crate) const SAMPLE_RATE: u8 = 0x27;
    pub(crate) const NEW_EXTRA: u8 = 0x2C;
    pub(crate) const CHECKSUM: u8 = 0x2F;
}

/// The start of a sub-block.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SubBlock {
    pub(crate) kind: u8,
    /// How long this start is.
    pub(crate) head: usize,
    /// Bytes of data.
    pub(crate) len: usize,
}

impl SubBlock {
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let (&id, &words) = (bytes.first()?, bytes.get(1)?);
        let (head, high) = match id & 0x80 {
            0 => (2, 0),
            _ => (4, usize::from(*bytes.get(2)?) | (usize::from(*bytes.get(3)?) << 8)),
        };
        let even = (usize::from(words) | (high << 8)) * 2;
        // The last byte of an odd number is not counted, but it is there.
        let len = if id & 0x40 == 0 { even } else { even.checked_sub(1)? };
        Some(Self { kind: id & 0x3F, head, len })
    }

    /// How many bytes there are up to the next one.
    pub(crate) const fn all(self) -> usize {
        self.head + self.len.next_multiple_of(2)
    }
}

/// What is said of the audio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Description {
    pub(crate) sample_rate: u32,
    pub(crate) channels: u16,
    /// WAVE's channel mask, where it is not the usual one of one or two channels.
    pub(crate) mask: Option<u32>,
    /// Bits a sample.
    pub(crate) bits: u8,
    pub(crate) is_float: bool,
    pub(crate) is_hybrid: bool,
}

impl Description {
    /// Of the block at `at`; `None` where it makes no sense.
    pub(crate) fn read<S: Bytes>(
        source: &mut S,
        at: u64,
        header: &Header,
    ) -> Result<Option<Self>, S::Error> {
        let flags = header.flags;
        let mut sample_rate = flags.sample_rate();
        let mut channels = None;
        let mut mask = None;
        let end = at + u64::from(header.len);
        let mut at = at + HEADER as u64;
        for _ in 0..MOST_SUB_BLOCKS {
            // Those that are of interest are short.
            let Some(bytes) = Some(source.up_to(at, 16)?).filter(|_| at < end) else { break };
            let Some(sub) = SubBlock::parse(bytes) else { break };
            let data = bytes.get(sub.head..sub.head + sub.len).unwrap_or_default();
            match (sub.kind, data) {
                (kind::SAMPLE_RATE, [_, _, _] | [_, _, _, _]) => {
                    sample_rate = Some(sample_rate.unwrap_or_else(|| number(data)));
                }
                // More than 255 channels have another form: count, streams, then twice four bits.
                (kind::CHANNELS, [count, _, more, places @ ..]) if data.len() >= 6 => {
                    channels = Some((u16::from(*count) | (u16::from(more & 15) << 8)) + 1);
                    mask = Some(number(places));
                }
                (kind::CHANNELS, [count, places @ ..]) => {
                    channels = Some(u16::from(*count));
                    mask = Some(number(places));
                }
                _ => {}
            }
            at += sub.all() as u64;
        }
        let single = flags.is_final().then(|| if flags.is_mono() { 1 } else { 2 });
        let Some(channels) = channels.filter(|&channels| channels > 0).or(single) else {
            return Ok(None);
        };
        let bits = (8 * flags.bytes_a_sample()).saturating_sub(flags.shift()).max(1);
        Ok(Some(Self {
            sample_rate: sample_rate.unwrap_or(USUAL_RATE),
            channels,
            mask,
            bits: u8::try_from(bits).unwrap_or(u8::MAX),
            is_float: flags.is_float(),
            is_hybrid: flags.is_hybrid(),
        }))
    }
}

/// Up to four bytes, the lowest first.
fn number(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).rev().fold(0, |number, &byte| (number << 8) | u32::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_of_sub_blocks_are_counted_in_words() {
        let parse = |bytes: &[u8]| {
            let sub = SubBlock::parse(bytes)?;
            Some((sub.kind, sub.head, sub.len, sub.all()))
        };
        assert_eq!(parse(&[0x02, 3]), Some((2, 2, 6, 8)));
        assert_eq!(parse(&[0x42, 3]), Some((2, 2, 5, 8)), "odd");
        assert_eq!(parse(&[0x8A, 1, 2, 3]), Some((10, 4, 2 * 0x03_0201, 4 + 2 * 0x03_0201)));
        assert_eq!(parse(&[0x42, 0]), None, "less than nothing");
        assert_eq!(parse(&[0x8A, 1, 2]), None);
        assert_eq!(parse(&[0x02]), None);
    }
}
