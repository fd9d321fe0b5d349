//! Uncompressed audio: WAV with its large kinds, and AIFF.

mod aiff;
mod wav;

pub(super) use aiff::aiff;
pub(super) use wav::wav;

use super::block::Block;
use super::input::Input;
use super::{AudioFacts, DecodeError, Reader};
use crate::format::Codec;
use crate::layout::Layout;

/// How many chunks are looked at; a file of empty chunks ends here.
const MOST_CHUNKS: usize = 4096;
/// Frames a block.
const BLOCK: u64 = 2048;
/// What is louder than that is no sound, and its sums could be no numbers.
const LOUDEST: f32 = 1e6;

/// How a sample is written.
#[derive(Clone, Copy)]
struct Sample {
    bytes: usize,
    kind: Kind,
    big_endian: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Unsigned,
    Signed,
    Float,
}

impl Sample {
    fn new(bytes: usize, kind: Kind, big_endian: bool) -> Result<Self, DecodeError> {
        let known = match kind {
            Kind::Float => bytes == 4 || bytes == 8,
            Kind::Signed | Kind::Unsigned => (1..=4).contains(&bytes),
        };
        let sample = Self { bytes, kind, big_endian };
        known.then_some(sample).ok_or(DecodeError::Unsupported("samples of such a size"))
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "24 bits are kept of integers and of floats"
    )]
    fn read(self, bytes: &[u8]) -> f32 {
        let mut wide = [0; 8];
        wide[8 - self.bytes..].copy_from_slice(bytes);
        if !self.big_endian {
            wide[8 - self.bytes..].reverse();
        }
        // Right-aligned, highest byte first.
        let bits = u64::from_be_bytes(wide);
        let float = match (self.kind, self.bytes) {
            (Kind::Float, 4) => f32::from_bits(bits as u32),
            (Kind::Float, _) => f64::from_bits(bits) as f32,
            (kind, bytes) => {
                let top = (bits as u32) << (32 - 8 * bytes);
                let signed = if kind == Kind::Unsigned { top ^ 0x8000_0000 } else { top };
                signed.cast_signed() as f32 / 2_147_483_648.0
            }
        };
        if float.is_finite() { float.clamp(-LOUDEST, LOUDEST) } else { 0.0 }
    }
}

impl Sample {
    /// Appends all samples; those that CDs have by a shorter way.
    fn read_all(self, bytes: &[u8], out: &mut Vec<f32>) {
        if let Self { bytes: 2, kind: Kind::Signed, big_endian: false } = self {
            let (samples, _) = bytes.as_chunks();
            out.extend(samples.iter().map(|&two| f32::from(i16::from_le_bytes(two)) / 32_768.0));
        } else {
            out.extend(bytes.chunks_exact(self.bytes).map(|bytes| self.read(bytes)));
        }
    }
}

/// What a header says of the samples.
struct Format {
    sample: Sample,
    channels: usize,
    mask: Option<u32>,
    sample_rate: u32,
    bit_depth: u16,
}

/// Samples behind a header.
pub(super) struct Pcm {
    input: Input,
    facts: AudioFacts,
    sample: Sample,
    start: u64,
    frames: u64,
    next: u64,
    bytes: Vec<u8>,
}

impl Pcm {
    /// `len` bytes at `start`, or what the file has of them.
    fn new(input: Input, format: &Format, start: u64, len: u64) -> Result<Self, DecodeError> {
        if format.sample_rate == 0 {
            return Err(DecodeError::Damaged("the sample rate is zero"));
        }
        let usual = Layout::usual(format.channels)
            .ok_or(DecodeError::Unsupported("more than eight channels"))?;
        let said = format.mask.and_then(Layout::from_mask);
        // One channel is meant for everyone, whatever loudspeaker it names.
        let said = said.filter(|said| said.channels() == format.channels && format.channels > 1);
        let layout = said.unwrap_or(usual);
        let there = len.min(input.len().saturating_sub(start));
        let frames = there / (format.channels * format.sample.bytes) as u64;
        let facts = AudioFacts {
            codec: if format.sample.kind == Kind::Float { Codec::PcmFloat } else { Codec::Pcm },
            sample_rate: format.sample_rate,
            layout,
            bit_depth: u8::try_from(format.bit_depth).ok(),
            frames: Some(frames),
        };
        let sample = format.sample;
        Ok(Self { input, facts, sample, start, frames, next: 0, bytes: Vec::new() })
    }

    fn bytes_a_frame(&self) -> u64 {
        (self.facts.layout.channels() * self.sample.bytes) as u64
    }
}

impl Reader for Pcm {
    fn facts(&self) -> &AudioFacts {
        &self.facts
    }

    fn next(&mut self, block: &mut Block) -> Result<bool, DecodeError> {
        let wanted = BLOCK.min(self.frames - self.next) * self.bytes_a_frame();
        let at = self.start + self.next * self.bytes_a_frame();
        self.bytes.clear();
        let wanted = usize::try_from(wanted).unwrap_or_default();
        let found = self.input.append(at, wanted, &mut self.bytes)? as u64 / self.bytes_a_frame();
        let whole = usize::try_from(found * self.bytes_a_frame()).unwrap_or_default();
        self.sample.read_all(&self.bytes[..whole], &mut block.samples);
        block.position = i64::try_from(self.next).unwrap_or(i64::MAX);
        self.next += found;
        Ok(found > 0 && self.next < self.frames)
    }

    fn seek(&mut self, frame: u64) -> Result<(), DecodeError> {
        self.next = frame.min(self.frames);
        Ok(())
    }
}
