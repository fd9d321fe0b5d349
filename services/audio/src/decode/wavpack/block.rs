//! One block: its sub-blocks, and how they become the samples of one or two channels.

use super::decorrelation::{Predictor, Term};
use super::extra::Extra;
use super::floats::Floats;
use super::hybrid::Hybrid;
use super::integers::{Integers, Redundancy};
use super::logarithm::exponential;
use super::words::Words;
use crate::wavpack::description::{SubBlock, kind};
use crate::wavpack::header::{HEADER, Header};

/// More predictors than any encoder has.
const MOST_PREDICTORS: usize = 16;
/// Frames that all steps are done with before the next ones, so that they stay near the processor.
const AT_ONCE: usize = 1024;
/// What is louder than that is no sound, and its sums could be no numbers.
const LOUDEST: f32 = 1e6;

/// Where the samples of a block go: into some channels of frames.
pub(super) struct Place<'s> {
    /// All samples of all channels, interleaved.
    pub(super) samples: &'s mut [f32],
    pub(super) channels: usize,
    /// The block's first channel.
    pub(super) first: usize,
}

/// Decodes a whole block. `None` where something of it is damaged: then what was written is of no use.
pub(super) fn decode(header: &Header, bytes: &[u8], place: &mut Place<'_>) -> Option<()> {
    match header.flags.coded_channels() {
        1 => Block::<1>::parse(header, bytes)?.decode(place),
        _ => Block::<2>::parse(header, bytes)?.decode(place),
    }
}

/// What is needed to decode a block of so many coded channels.
struct Block<'b, const C: usize> {
    header: &'b Header,
    /// In the order of decoding.
    predictors: Vec<Predictor<C>>,
    words: Words<'b>,
    hybrid: Option<Hybrid>,
    integers: Integers,
    floats: Option<Floats>,
    extra: Option<Extra<'b>>,
}

impl<'b, const C: usize> Block<'b, C> {
    fn parse(header: &'b Header, bytes: &'b [u8]) -> Option<Self> {
        let flags = header.flags;
        let mut predictors = Vec::new();
        let (mut medians, mut audio, mut hybrid) = (None, None, None);
        let (mut floats, mut redundancy, mut extra) = (None, None, None);
        let mut is_checked = false;
        let mut at = HEADER;
        while at < bytes.len() {
            let sub = SubBlock::parse(&bytes[at..])?;
            let data = bytes.get(at + sub.head..at + sub.head + sub.len)?;
            match sub.kind {
                kind::TERMS => predictors = terms(data)?,
                kind::WEIGHTS => weights(data, &mut predictors)?,
                kind::SAMPLES => samples(header, data, &mut predictors)?,
                kind::ENTROPY => medians = Some(words::<C, 3>(data)?),
                kind::HYBRID => hybrid = Some(Hybrid::parse(&numbers(data), flags)?),
                kind::FLOAT => floats = Some(Floats::parse(data)?),
                kind::INTEGERS => redundancy = Some(Redundancy::parse(data)?),
                kind::AUDIO => audio = Some(data),
                kind::EXTRA => extra = Some(Extra::parse(data, false, flags.is_float())?),
                kind::NEW_EXTRA => extra = Some(Extra::parse(data, true, flags.is_float())?),
                // Each costs as much as the whole block.
                kind::CHECKSUM if is_checked => return None,
                kind::CHECKSUM => is_checked = is_sum(data, &bytes[..at])?,
                kind::CHANNELS => {}
                other if other & kind::OPTIONAL != 0 || other == 0 => {}
                // What shapes noise is of use with a correction file alone.
                0x01 | 0x07 => {}
                _ => return None,
            }
            at += sub.all();
        }
        if flags.has_checksum() && !is_checked {
            return None;
        }
        // They are told in the order of encoding.
        predictors.reverse();
        let integers = Integers::new(
            redundancy.filter(|_| flags.has_extended_integers()),
            flags.bytes_a_sample(),
            flags.shift(),
            flags.is_hybrid(),
            extra.is_some(),
        );
        Some(Self {
            header,
            predictors,
            words: Words::new(audio?, &medians.unwrap_or_default()),
            hybrid: if flags.is_hybrid() { Some(hybrid?) } else { None },
            integers,
            floats: if flags.is_float() { Some(floats?) } else { None },
            extra,
        })
    }

    fn decode(mut self, place: &mut Place<'_>) -> Option<()> {
        let flags = self.header.flags;
        let scale = match &self.floats {
            Some(floats) => power(127 - i32::from(floats.full_scale)),
            None => power(1 - 8 * flags.bytes_a_sample().cast_signed()),
        };
        let mut sum = u32::MAX;
        let mut frames = [[0; C]; AT_ONCE];
        for out in place.samples.chunks_mut(place.channels * AT_ONCE) {
            let frames = &mut frames[..out.len() / place.channels];
            match &mut self.hybrid {
                Some(hybrid) => self.words.fill_nearly(hybrid, frames)?,
                None => self.words.fill(frames)?,
            }
            for predictor in &mut self.predictors {
                predictor.run(frames);
            }
            sum = summed(sum, frames, flags.is_joint_stereo());
            let samples = frames.as_flattened_mut();
            match &self.floats {
                Some(floats) => floats.complete(samples, self.extra.as_mut()),
                None => self.integers.complete(samples, self.extra.as_mut()),
            }
            let wanted = place.first..place.first + flags.channels();
            let slots = out.chunks_exact_mut(place.channels);
            for (slots, frame) in slots.map(|slots| &mut slots[wanted.clone()]).zip(frames) {
                // Where one channel is heard twice, its sample is repeated.
                for (channel, slot) in slots.iter_mut().enumerate() {
                    let sample = frame[channel.min(C - 1)];
                    *slot = match self.floats {
                        Some(_) => sound(f32::from_bits(sample.cast_unsigned()) * scale),
                        None => as_float(sample) * scale,
                    };
                }
            }
        }
        let is_sound = sum == self.header.crc
            && self.words.is_sound()
            && self.extra.as_ref().is_none_or(Extra::is_sound);
        is_sound.then_some(())
    }
}

/// Left and right where they are coded as middle and side, and the checksum.
fn summed<const C: usize>(mut sum: u32, frames: &mut [[i32; C]], is_joint: bool) -> u32 {
    for frame in frames {
        if let [left, right] = frame.as_mut_slice() {
            if is_joint {
                *right = right.wrapping_sub(*left >> 1);
                *left = left.wrapping_add(*right);
            }
            let both = left.wrapping_mul(3).wrapping_add(*right);
            sum = sum.wrapping_mul(9).wrapping_add(both.cast_unsigned());
        } else {
            sum = sum.wrapping_mul(3).wrapping_add(frame[0].cast_unsigned());
        }
    }
    sum
}

fn terms<const C: usize>(data: &[u8]) -> Option<Vec<Predictor<C>>> {
    if data.len() > MOST_PREDICTORS {
        return None;
    }
    let parse = |&byte: &u8| {
        let term = Term::parse((byte & 31).cast_signed() - 5, C == 1)?;
        Some(Predictor::new(term, i32::from(byte >> 5)))
    };
    data.iter().map(parse).collect()
}

/// Those that are not told are zero.
fn weights<const C: usize>(data: &[u8], predictors: &mut [Predictor<C>]) -> Option<()> {
    let (told, _) = data.as_chunks::<C>();
    if told.len() > predictors.len() {
        return None;
    }
    for (predictor, told) in predictors.iter_mut().zip(told) {
        predictor.weights = told.map(|byte| {
            let weight = i32::from(byte.cast_signed()) * 8;
            if weight > 0 { weight + ((weight + 64) >> 7) } else { weight }
        });
    }
    Some(())
}

/// The samples in front of the block. Those that are not told are zero.
fn samples<const C: usize>(
    header: &Header,
    data: &[u8],
    predictors: &mut [Predictor<C>],
) -> Option<()> {
    let samples =
        numbers(data).into_iter().map(|logarithm| exponential(logarithm.cast_signed().into()));
    let samples: Vec<i32> = samples.collect();
    // The oldest hybrid files tell here of errors, which are of use with a correction file alone.
    let errors = if header.version == 0x402 && header.flags.is_hybrid() { C } else { 0 };
    let mut rest = samples.get(errors..)?;
    for Predictor { term, memory, .. } in predictors {
        if rest.is_empty() {
            break;
        }
        let told = rest.split_off(..C * term.memory())?;
        match term {
            // One channel after the other.
            Term::Line | Term::HalfLine => {
                for (channel, two) in told.chunks_exact(2).enumerate() {
                    (memory[0][channel], memory[1][channel]) = (two[0], two[1]);
                }
            }
            _ => {
                let (told, _) = told.as_chunks::<C>();
                memory[..told.len()].copy_from_slice(told);
            }
        }
    }
    rest.is_empty().then_some(())
}

/// So many words for each channel.
fn words<const C: usize, const N: usize>(data: &[u8]) -> Option<Vec<u16>> {
    Some(numbers(data)).filter(|numbers| numbers.len() == C * N)
}

fn numbers(data: &[u8]) -> Vec<u16> {
    let (pairs, _) = data.as_chunks();
    pairs.iter().map(|&pair| u16::from_le_bytes(pair)).collect()
}

/// Whether this is the checksum of all words in front of it; `None` if not.
fn is_sum(data: &[u8], before: &[u8]) -> Option<bool> {
    let mut sum = u32::MAX;
    let (fours, _) = before.as_chunks::<8>();
    for eight in fours {
        let (words, _) = eight.as_chunks();
        let [a, b, c, d] = [0, 1, 2, 3].map(|at: usize| u32::from(u16::from_le_bytes(words[at])));
        sum = sum.wrapping_mul(81).wrapping_add(a * 27 + b * 9 + c * 3 + d);
    }
    for word in numbers(&before[fours.len() * 8..]) {
        sum = sum.wrapping_mul(3).wrapping_add(word.into());
    }
    let is_right = match *data {
        [a, b] => (sum ^ (sum >> 16)).to_le_bytes()[..2] == [a, b],
        [a, b, c, d] => sum.to_le_bytes() == [a, b, c, d],
        _ => false,
    };
    is_right.then_some(true)
}

/// 2 to the power.
fn power(exponent: i32) -> f32 {
    2_f32.powi(exponent)
}

#[expect(clippy::cast_precision_loss, reason = "the highest 24 bits are kept")]
const fn as_float(sample: i32) -> f32 {
    sample as f32
}

fn sound(sample: f32) -> f32 {
    if sample.is_finite() { sample.clamp(-LOUDEST, LOUDEST) } else { 0.0 }
}
