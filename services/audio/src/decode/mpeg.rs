//! MP3: bare Layer III frames, trimmed to what the encoder was given where a frame at the start says
//! how.

mod description;

use symphonia::core::codecs::audio::well_known::CODEC_ID_MP3;

use super::block::Block;
use super::coder::{Coder, Guarded, Symphonia};
use super::input::Input;
use super::{AudioFacts, DecodeError, Reader};
use crate::format::Codec;
use crate::layout::Layout;
use crate::mp3::header::{HEADER, Header, LONGEST_FRAME};
use crate::mp3::{CHAIN, MOST_JUNK, chained};
use description::Description;
pub(super) use description::ItunesGapless;

/// How much is searched for a frame at once.
const STRETCH: usize = 32 * 1024;
/// How many frames a decoder needs before the one that is wanted: those that its bits begin in (at the
/// lowest bitrate), and one more for the overlap.
const PRE_ROLL: u64 = 30;
/// Every so many frames one's place is remembered.
const MARK: u64 = 256;

/// A file of Layer III frames.
pub(super) struct Mpeg {
    input: Input,
    facts: AudioFacts,
    coder: Guarded<Symphonia>,
    first: Header,
    delay: u64,
    /// Where frames `0`, `MARK`, … are, as far as they have been seen.
    marks: Vec<u64>,
    at: u64,
    /// The number of the frame at `at`.
    index: u64,
    frame: Vec<u8>,
}

/// What was found at a place.
enum Found {
    Frame,
    Nothing,
    End,
}

impl Mpeg {
    pub(super) fn open(mut input: Input, start: u64) -> Result<Self, DecodeError> {
        let mut at = start;
        let first = loop {
            match search(&mut input, &mut at)? {
                Some(first) => break first,
                None if at - start > MOST_JUNK || at >= input.len() => {
                    return Err(DecodeError::Unknown);
                }
                None => {}
            }
        };
        let frame = input.up_to(at, first.len)?;
        let mut description = Description::default();
        if first.describes_stream(frame) {
            description = Description::parse(&first, frame);
            at += first.len as u64;
        }
        if description.delay == 0 {
            description.read_itunes(&mut input, start)?;
        }
        let layout = if first.channels == 1 { Layout::MONO } else { Layout::STEREO };
        let facts = AudioFacts {
            codec: Codec::Mp3,
            sample_rate: first.sample_rate,
            layout,
            bit_depth: None,
            frames: description.frames(first.duration()),
        };
        let coder = Symphonia::guarded(CODEC_ID_MP3, &[], first.sample_rate, layout)?;
        Ok(Self {
            input,
            facts,
            coder,
            first,
            delay: description.delay,
            marks: vec![at],
            at,
            index: 0,
            frame: Vec::new(),
        })
    }

    /// Takes the frame that comes next into `frame`, or a step towards it.
    fn advance(&mut self) -> Result<Found, DecodeError> {
        if self.at >= self.input.len() {
            return Ok(Found::End);
        }
        let bytes = self.input.up_to(self.at, LONGEST_FRAME)?;
        let here = Header::parse(bytes).filter(|header| self.first.agrees(header));
        let Some(header) = here else {
            // What stands here may be a frame of another rate, to which a search would come back.
            self.at += 1;
            search(&mut self.input, &mut self.at)?;
            return Ok(Found::Nothing);
        };
        let Some(frame) = bytes.get(..header.len) else { return Ok(Found::End) };
        self.frame.clear();
        self.frame.extend_from_slice(frame);
        self.input.refill_budget();
        if self.index.is_multiple_of(MARK) && self.index / MARK == self.marks.len() as u64 {
            self.marks.push(self.at);
        }
        self.at += header.len as u64;
        self.index += 1;
        Ok(Found::Frame)
    }

    fn duration(&self) -> u64 {
        u64::from(self.first.duration())
    }
}

impl Reader for Mpeg {
    fn facts(&self) -> &AudioFacts {
        &self.facts
    }

    fn next(&mut self, block: &mut Block) -> Result<bool, DecodeError> {
        match self.advance()? {
            Found::End => Ok(false),
            Found::Nothing => Ok(true),
            Found::Frame => {
                let start = (self.index - 1) * self.duration();
                block.position = start.cast_signed() - self.delay.cast_signed();
                // A damaged frame leaves its place empty.
                self.coder.decode(&self.frame, &mut block.samples);
                Ok(true)
            }
        }
    }

    fn seek(&mut self, frame: u64) -> Result<(), DecodeError> {
        let wanted = frame.saturating_add(self.delay) / self.duration();
        let start = wanted.saturating_sub(PRE_ROLL);
        let mark = (start / MARK).min(self.marks.len() as u64 - 1);
        self.at = self.marks[usize::try_from(mark).unwrap_or_default()];
        self.index = mark * MARK;
        while self.index < start {
            if matches!(self.advance()?, Found::End) {
                break;
            }
        }
        self.coder.reset();
        Ok(())
    }
}

/// Looks through the stretch at `at` for a frame that others follow, and goes to it or behind the
/// stretch.
fn search(input: &mut Input, at: &mut u64) -> Result<Option<Header>, DecodeError> {
    let left = usize::try_from(input.len().saturating_sub(*at)).unwrap_or(usize::MAX);
    let stretch = input.up_to(*at, left.min(STRETCH))?;
    let complete = stretch.len() == left;
    let searched = match stretch.len().checked_sub(CHAIN * LONGEST_FRAME) {
        Some(searched) if !complete && searched > 0 => searched,
        _ => stretch.len(),
    };
    for offset in 0..searched {
        if stretch[offset] == 0xFF
            && stretch.len() - offset >= HEADER
            && let Some(header) = chained(&stretch[offset..], complete)
        {
            *at += offset as u64;
            return Ok(Some(header));
        }
    }
    *at += searched.max(1) as u64;
    Ok(None)
}
