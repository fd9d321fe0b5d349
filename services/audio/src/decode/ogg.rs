//! Ogg with Vorbis, Opus or FLAC: the first stream of the file. Positions come from the pages, so that
//! what is missing is missing at its place only.

mod headers;
mod pages;

use super::block::Block;
use super::coder::{Coder, opus_duration};
use super::input::Input;
use super::{AudioFacts, DecodeError, Reader};
use crate::format::Codec;
use headers::Headers;
use pages::{Page, Stream};

/// How long an Opus decoder is let run before what it says counts: RFC 7845 §4.6 asks for 80 ms, after
/// which it has come close to what it says from the start; after a second it says the same, most of the
/// time to the bit.
const OPUS_PRE_ROLL: i64 = 48_000;
/// Seconds of Opus in a segment.
const SEGMENT: u64 = 10;
/// Pages of audio at the start of which one says where it ends; more than a long packet goes over.
const MOST_PAGES: usize = 256;
/// Smaller stretches are looked through page by page.
const NEAR: u64 = 128 * 1024;

/// The first audio stream of an Ogg file.
pub(super) struct Ogg {
    stream: Stream,
    facts: AudioFacts,
    coder: Box<dyn Coder>,
    /// Where the first page of audio is.
    start: u64,
    /// The granule position of the first frame to be heard.
    zero: i64,
    /// The granule position of the frame that comes next, where it is known.
    next: Option<i64>,
    /// Packets of Opus that end at or before this granule position are not needed.
    needed_from: i64,
}

impl Ogg {
    pub(super) fn open(input: Input, start: u64) -> Result<Self, DecodeError> {
        let (stream, headers) = Headers::read(input, start)?;
        let Headers { mut facts, coder, skip } = headers;
        let end = stream.position();
        let mut ogg =
            Self { stream, facts, coder, start: end, zero: 0, next: None, needed_from: 0 };
        let (first, last) = ogg.first_position()?;
        ogg.zero = first + i64::from(skip);
        facts.frames = match last {
            Some(end) => Some(end),
            None => ogg.stream.last_granule()?,
        }
        .map(|end| u64::try_from(end - ogg.zero).unwrap_or_default());
        ogg.facts = facts;
        ogg.rewind();
        Ok(ogg)
    }

    /// The granule position at which the stream begins and, if the first page is the last, at which it
    /// ends.
    fn first_position(&mut self) -> Result<(i64, Option<i64>), DecodeError> {
        let mut frames = 0;
        let mut samples = Vec::new();
        for _ in 0..MOST_PAGES {
            let Some(page) = self.stream.next_page()? else { break };
            for packet in &page.packets {
                // How long a packet of Opus is stands in front of it.
                frames += if self.facts.codec == Codec::Opus {
                    i64::try_from(opus_duration(packet)).unwrap_or_default()
                } else {
                    samples.clear();
                    self.decode(packet, &mut samples)
                };
            }
            if let Some(end) = page.granule {
                return Ok(if page.last { (0, Some(end)) } else { ((end - frames).max(0), None) });
            }
        }
        Ok((0, None))
    }

    fn rewind(&mut self) {
        self.stream.go_to(self.start);
        self.coder.reset();
        self.next = None;
        self.needed_from = 0;
    }

    /// How many packets at the begin of a page are not needed, and how many frames they have.
    fn unneeded(&self, page: &Page) -> (usize, i64) {
        if self.facts.codec != Codec::Opus || self.needed_from <= 0 {
            return (0, 0);
        }
        let lens = page.packets.iter().map(|packet| i64::try_from(opus_duration(packet)));
        let lens: Vec<i64> = lens.map(Result::unwrap_or_default).collect();
        let start = self.page_start(page, lens.iter().sum());
        let (mut count, mut frames) = (0, 0);
        for len in lens {
            if start + frames + len > self.needed_from {
                break;
            }
            (count, frames) = (count + 1, frames + len);
        }
        (count, frames)
    }

    /// Decodes a packet; how many frames it has. What Opus cannot read is silence.
    fn decode(&mut self, packet: &[u8], samples: &mut Vec<f32>) -> i64 {
        let decoded = self.coder.decode(packet, samples);
        let frames = decoded.unwrap_or_else(|| match self.facts.codec {
            Codec::Opus => {
                let frames = opus_duration(packet);
                samples.resize(samples.len() + frames * self.facts.layout.channels(), 0.0);
                frames
            }
            _ => 0,
        });
        i64::try_from(frames).unwrap_or_default()
    }

    /// Where the page starts whose packets have so many frames.
    fn page_start(&self, page: &Page, frames: i64) -> i64 {
        match (self.next, page.granule) {
            (Some(next), _) => next,
            // A stream of one page begins at zero: its end may be cut.
            (None, Some(_)) if page.last && page.at == self.start => 0,
            (None, Some(end)) => end - frames,
            (None, None) => self.zero,
        }
    }
}

impl Reader for Ogg {
    fn facts(&self) -> &AudioFacts {
        &self.facts
    }

    fn next(&mut self, block: &mut Block) -> Result<bool, DecodeError> {
        let Some(page) = self.stream.next_page()? else { return Ok(false) };
        if page.hole {
            self.coder.reset();
            self.next = None;
        }
        let (unneeded, left_out) = self.unneeded(&page);
        let needed = page.packets.iter().skip(unneeded);
        let frames: i64 = needed.map(|packet| self.decode(packet, &mut block.samples)).sum();
        let frames = left_out + frames;
        if page.granule.is_none() && frames == 0 {
            return Ok(true);
        }
        let start = self.page_start(&page, frames);
        let first = start + left_out;
        block.position = first - self.zero;
        self.next = page.granule.or(Some(start + frames));
        if let Some(end) = page.granule.filter(|_end| page.last) {
            let heard = usize::try_from(end.saturating_sub(first)).unwrap_or_default();
            let samples = heard.saturating_mul(self.facts.layout.channels());
            block.samples.truncate(samples);
        }
        Ok(!page.last)
    }

    fn seek(&mut self, frame: u64) -> Result<(), DecodeError> {
        let pre_roll = if self.facts.codec == Codec::Opus { OPUS_PRE_ROLL } else { 0 };
        let frame = i64::try_from(frame).unwrap_or(i64::MAX);
        let wanted = frame.saturating_add(self.zero) - pre_roll;
        self.rewind();
        let (mut low, mut high) = (self.start, self.stream.len());
        while high - low > NEAR {
            let middle = low + (high - low) / 2;
            match self.stream.page_with_granule(middle, high)? {
                Some((at, granule)) if granule <= wanted => low = at.max(low + 1),
                _ => high = middle,
            }
        }
        // The last page that ends before.
        let mut found = None;
        let mut at = low;
        while let Some((page, granule)) = self.stream.page_with_granule(at, u64::MAX)?
            && granule <= wanted
        {
            found = Some(page);
            at = page + 1;
        }
        if let Some(found) = found {
            self.stream.go_to(found);
        }
        self.needed_from = wanted;
        Ok(())
    }

    fn segment(&self) -> Option<u64> {
        (self.facts.codec == Codec::Opus).then(|| SEGMENT * u64::from(self.facts.sample_rate))
    }
}
