//! `WavPack` 4 and 5, after the "`WavPack` 4 & 5 Binary File / Block Format" (David Bryant, 2020): lossless
//! integers and floats, and hybrid files without their correction. Every block says which frames it
//! holds and begins anew, so that a place is found by halving the file.

mod bits;
mod block;
mod decorrelation;
mod extra;
mod floats;
mod hybrid;
mod integers;
mod logarithm;
mod words;

use super::block::Block;
use super::input::Input;
use super::{AudioFacts, DecodeError, Reader};
use crate::layout::Layout;
use crate::tags;
use crate::wavpack::blocks::{Extent, find, first_audio};
use crate::wavpack::codec;
use crate::wavpack::description::Description;
use crate::wavpack::header::{HEADER, Header};
use block::Place;

/// How many blocks at the start may be damaged before the file is.
const MOST_DAMAGED: usize = 100;
/// A stretch so short is not halved any more.
const NEAR: u64 = 64 * 1024;

/// A `WavPack` file.
pub(super) struct WavPack {
    input: Input,
    facts: AudioFacts,
    start: u64,
    /// Where the tags begin.
    end: u64,
    /// The number that the first frame has.
    base: u64,
    at: u64,
    /// The frame behind the last block.
    expected: u64,
    bytes: Vec<u8>,
}

impl WavPack {
    pub(super) fn open(mut input: Input, start: u64) -> Result<Self, DecodeError> {
        let end = tags::trim_trailing(&mut input, start)?;
        let first = first_audio(&mut input, start, end)?;
        let nothing = DecodeError::Damaged("WavPack without a block of audio");
        let Some((first_at, first)) = first else { return Err(nothing) };
        let Extent { base, frames } = Extent::find(&mut input, start, end, first_at, &first)?;
        let (mut at, mut header) = (first_at, first);
        let mut description = None;
        for _ in 0..MOST_DAMAGED {
            if header.flags.is_dsd() {
                return Err(DecodeError::Unsupported("DSD in WavPack"));
            }
            description = Description::read(&mut input, at, &header)?;
            if description.is_some() {
                break;
            }
            match first_audio(&mut input, at + 4, end)? {
                Some(next) => (at, header) = next,
                None => break,
            }
        }
        let facts = facts(&description.ok_or(nothing)?, frames)?;
        let bytes = Vec::new();
        Ok(Self { input, facts, start, end, base, at: start, expected: base, bytes })
    }

    /// Decodes the block at `at`, and those of further channels behind it; what is damaged is silent.
    /// Answers where they end, and whether anything could be read.
    fn decode(
        &mut self,
        mut at: u64,
        first: &Header,
        samples: &mut [f32],
    ) -> Result<(u64, bool), DecodeError> {
        let channels = self.facts.layout.channels();
        let (mut is_heard, mut channel) = (false, 0);
        let mut header = *first;
        loop {
            let wanted = channel..channel + header.flags.channels();
            if wanted.end > channels {
                return Ok((at + u64::from(header.len), is_heard));
            }
            self.bytes.clear();
            let len = header.len as usize;
            let there = self.input.append(at, len, &mut self.bytes)?;
            let mut place = Place { samples, channels, first: channel };
            let decoded = (there == len).then(|| block::decode(&header, &self.bytes, &mut place));
            if decoded.flatten().is_some() {
                is_heard = true;
            } else {
                // It may be short, and long to decode.
                self.input.looked_through(len.max(header.frames as usize))?;
                let frames = samples.chunks_exact_mut(channels);
                frames.for_each(|frame| frame[wanted.clone()].fill(0.0));
            }
            at += u64::from(header.len);
            channel = wanted.end;
            let next = Header::parse(self.input.up_to(at, HEADER)?);
            match next.filter(|next| !header.flags.is_final() && next.goes_on(first)) {
                Some(next) => header = next,
                None => return Ok((at, is_heard)),
            }
        }
    }

    /// Whether a block or the end of the audio is at `at`.
    fn is_end_of_block(&mut self, at: u64) -> Result<bool, DecodeError> {
        Ok(at == self.end || Header::parse(self.input.up_to(at, HEADER)?).is_some())
    }

    /// The first block at or after `at` with which frames begin, if something plausible follows it.
    fn find_frames(&mut self, mut at: u64, end: u64) -> Result<Option<(u64, Header)>, DecodeError> {
        while let Some((found, header)) = find(&mut self.input, at, end)? {
            let follows = found + u64::from(header.len);
            let is_block = self.is_end_of_block(follows)?;
            if header.begins_frames() && is_block {
                return Ok(Some((found, header)));
            }
            at = if is_block { follows } else { found + 4 };
        }
        Ok(None)
    }
}

fn facts(description: &Description, frames: Option<u64>) -> Result<AudioFacts, DecodeError> {
    let channels = usize::from(description.channels);
    let too_many = DecodeError::Unsupported("more than eight channels");
    let usual = Layout::usual(channels).ok_or(too_many)?;
    let said = description.mask.and_then(Layout::from_mask);
    // One channel is meant for everyone, whatever loudspeaker it names.
    let said = said.filter(|said| said.channels() == channels && channels > 1);
    if description.sample_rate == 0 {
        return Err(DecodeError::Damaged("the sample rate is zero"));
    }
    Ok(AudioFacts {
        codec: codec(description),
        sample_rate: description.sample_rate,
        layout: said.unwrap_or(usual),
        bit_depth: Some(description.bits),
        frames,
    })
}

impl Reader for WavPack {
    fn facts(&self) -> &AudioFacts {
        &self.facts
    }

    fn next(&mut self, block: &mut Block) -> Result<bool, DecodeError> {
        let Some((at, header)) = find(&mut self.input, self.at, self.end)? else {
            return Ok(false);
        };
        let follows = at + u64::from(header.len);
        if !header.begins_frames() || header.index < self.base {
            self.at = if self.is_end_of_block(follows)? { follows } else { at + 4 };
            return Ok(true);
        }
        let channels = self.facts.layout.channels();
        block.samples.resize(header.frames as usize * channels, 0.0);
        block.position = (header.index - self.base).cast_signed();
        let (end, is_heard) = self.decode(at, &header, &mut block.samples)?;
        // Blocks behind a damaged one tell where they belong. Behind the last one there is none.
        let is_last = header.index == self.expected && end == self.end;
        self.expected = header.end();
        if is_heard || is_last {
            self.at = end;
        } else {
            self.at = if self.is_end_of_block(follows)? { follows } else { at + 4 };
            block.samples.clear();
        }
        Ok(true)
    }

    fn seek(&mut self, frame: u64) -> Result<(), DecodeError> {
        let wanted = frame.saturating_add(self.base);
        let (mut low, mut high) = (self.start, self.end);
        while high - low > NEAR {
            let middle = low + (high - low) / 2;
            match self.find_frames(middle, high)? {
                Some((at, header)) if header.index <= wanted => low = at.max(low + 1),
                _ => high = middle,
            }
        }
        // The last block that does not begin behind it.
        let mut found = self.start;
        while let Some((at, header)) = self.find_frames(low, self.end)?
            && header.index <= wanted
        {
            found = at;
            low = at + u64::from(header.len);
            if header.end() > wanted {
                break;
            }
        }
        self.at = found;
        self.expected =
            find(&mut self.input, found, self.end)?.map_or(0, |(_, header)| header.index);
        Ok(())
    }
}
