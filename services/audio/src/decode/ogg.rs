//! Ogg with Vorbis, Opus or FLAC: the first stream of the file. Positions come from the pages, so that
//! what is missing is missing at its place only.

mod headers;
mod pages;

use std::collections::VecDeque;

use super::block::Block;
use super::coder::{Coder, opus_duration, opus_is_celt};
use super::input::Input;
use super::{AudioFacts, DecodeError, Reader};
use crate::format::Codec;
use headers::Headers;
use pages::{Page, Stream};

/// How long an Opus decoder is let run before what it says counts, where its packets are of CELT alone,
/// and where they are not: RFC 7845 §4.6 asks for 80 ms, after which it has come close to what it says
/// from the start (50 dB; each packet halves what is left of the loudness it did not know). After so long
/// it says the same, most of the time to the bit, and less than a hundredth of a 16-bit step beside it
/// elsewhere. SILK predicts from farther before.
const OPUS_PRE_ROLL: (i64, i64) = (24_000, 48_000);
/// Frames of Opus in a segment.
const SEGMENT: u64 = 120_000;
/// Frames of Opus that are decoded at once, or one packet: pages have up to a second, most of the time.
const AT_ONCE: i64 = 4_800;
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
    /// What is left of a page of Opus.
    waiting: Option<Waiting>,
    /// The granule position that was sought, until a packet of Opus comes that is needed for it.
    sought: Option<i64>,
}

/// Packets of a page that are still to be decoded, and what is known of it.
struct Waiting {
    packets: VecDeque<Vec<u8>>,
    /// The granule position of the first of them.
    at: i64,
    granule: Option<i64>,
    last: bool,
}

impl Ogg {
    pub(super) fn open(input: Input, start: u64) -> Result<Self, DecodeError> {
        let (stream, headers) = Headers::read(input, start)?;
        let Headers { mut facts, coder, skip } = headers;
        let end = stream.position();
        let mut ogg = Self {
            stream,
            facts,
            coder,
            start: end,
            zero: 0,
            next: None,
            waiting: None,
            sought: None,
        };
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
        self.waiting = None;
        self.sought = None;
    }

    /// A page of Opus, without the packets at its begin that are not needed.
    fn enter(&mut self, page: Page) -> Waiting {
        let lens = page.packets.iter().map(|packet| i64::try_from(opus_duration(packet)));
        let lens: Vec<i64> = lens.map(Result::unwrap_or_default).collect();
        let mut at = self.page_start(&page, lens.iter().sum());
        let Page { mut packets, granule, last, .. } = page;
        let mut unneeded = 0;
        for (packet, len) in packets.iter().zip(lens) {
            let Some(sought) = self.sought else { break };
            let (celt, other) = OPUS_PRE_ROLL;
            if at + len > sought - if opus_is_celt(packet) { celt } else { other } {
                self.sought = None;
                break;
            }
            (unneeded, at) = (unneeded + 1, at + len);
        }
        packets.drain(..unneeded);
        Waiting { packets: packets.into(), at, granule, last }
    }

    /// Decodes a part of a page of Opus; whether there may be more.
    fn next_of_opus(&mut self, mut page: Waiting, block: &mut Block) -> bool {
        let start = page.at;
        while page.at - start < AT_ONCE
            && let Some(packet) = page.packets.pop_front()
        {
            page.at += self.decode(&packet, &mut block.samples);
        }
        if page.granule.is_none() && page.at == start && page.packets.is_empty() {
            return true;
        }
        self.place(block, start, page.granule.filter(|_end| page.last));
        if !page.packets.is_empty() {
            self.waiting = Some(page);
            return true;
        }
        self.next = page.granule.or(Some(page.at));
        !page.last
    }

    /// Gives the block the place from the granule position `start` on, and cuts it at the stream's end.
    fn place(&self, block: &mut Block, start: i64, end: Option<i64>) {
        block.position = start - self.zero;
        if let Some(end) = end {
            let heard = usize::try_from(end.saturating_sub(start)).unwrap_or_default();
            block.samples.truncate(heard.saturating_mul(self.facts.layout.channels()));
        }
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
        if let Some(page) = self.waiting.take() {
            return Ok(self.next_of_opus(page, block));
        }
        let Some(page) = self.stream.next_page()? else { return Ok(false) };
        if page.hole {
            self.coder.reset();
            self.next = None;
        }
        if self.facts.codec == Codec::Opus {
            let page = self.enter(page);
            return Ok(self.next_of_opus(page, block));
        }
        let packets = page.packets.iter();
        let frames = packets.map(|packet| self.decode(packet, &mut block.samples)).sum();
        if page.granule.is_none() && frames == 0 {
            return Ok(true);
        }
        let start = self.page_start(&page, frames);
        self.next = page.granule.or(Some(start + frames));
        self.place(block, start, page.granule.filter(|_end| page.last));
        Ok(!page.last)
    }

    fn seek(&mut self, frame: u64) -> Result<(), DecodeError> {
        let is_opus = self.facts.codec == Codec::Opus;
        let frame = i64::try_from(frame).unwrap_or(i64::MAX).saturating_add(self.zero);
        let wanted = frame - if is_opus { OPUS_PRE_ROLL.1 } else { 0 };
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
        self.sought = Some(frame);
        Ok(())
    }

    fn segment(&self) -> Option<u64> {
        (self.facts.codec == Codec::Opus).then_some(SEGMENT)
    }
}
