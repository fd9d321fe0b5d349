//! Decoders: files of every format that Hexachord plays into frames of samples, exactly as many as
//! were encoded, from any of them on.

mod block;
mod coder;
mod error;
mod flac;
mod input;
mod mp4;
mod mpeg;
mod ogg;
mod open;
mod pcm;
mod segments;
mod wavpack;

use std::io::{Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};

use block::Block;
pub use error::DecodeError;
use input::{Budget, Source};
use segments::Segments;

use crate::format::Codec;
use crate::layout::Layout;

/// The longest stretch of silence, in seconds, that stands for what is missing.
const MOST_SILENCE: u64 = 10;
/// Frames of silence at once.
const SILENCE: u64 = 4096;

/// What is known of a file's audio.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AudioFacts {
    pub codec: Codec,
    /// Frames a second.
    pub sample_rate: u32,
    pub layout: Layout,
    /// Bits a sample, where the coding has them.
    pub bit_depth: Option<u8>,
    /// How many frames there are to hear, where the file says so exactly.
    pub frames: Option<u64>,
}

/// One format's way through a file.
trait Reader: Send {
    fn facts(&self) -> &AudioFacts;

    /// Decodes a piece into the empty `block`; it may stay empty where something was damaged. Answers
    /// whether there may be more.
    fn next(&mut self, block: &mut Block) -> Result<bool, DecodeError>;

    /// Goes to a place from which everything at and after `frame` decodes as it does from the start.
    fn seek(&mut self, frame: u64) -> Result<(), DecodeError>;

    /// How many frames a segment has, where what is decoded from a place on only comes close to what it
    /// is from the start. `None` where it is the same, bit for bit.
    fn segment(&self) -> Option<u64> {
        None
    }
}

/// Decodes one file.
///
/// Samples are floats with full scale at 1: integers of up to 24 bits are exact, of those with 32 bits
/// the highest 24 that are in use are kept. Damaged parts become silence of the same length.
pub struct Decoder {
    reader: Box<dyn Reader>,
    budget: Budget,
    segments: Option<Segments>,
    /// A frame has the same place wherever decoding begins, however much before it is lost.
    repeats: bool,
    block: Block,
    silence: Vec<f32>,
    /// The frame that comes next.
    position: u64,
    /// How many frames are missing before `block`.
    gap: u64,
    /// What of `block` is still to be handed out, in samples.
    held: std::ops::Range<usize>,
    ended: bool,
}

impl Decoder {
    /// Finds out by content what `source` holds, and reads its headers.
    pub fn open(source: impl Read + Seek + Send + Sync + 'static) -> Result<Self, DecodeError> {
        let budget = Budget::default();
        let reader = guarded(|| {
            let source = Source::new(Box::new(source), budget.clone())?;
            open::open(source)
        })?;
        let channels = reader.facts().layout.channels();
        Ok(Self {
            reader,
            budget,
            segments: None,
            repeats: false,
            block: Block::default(),
            silence: vec![0.0; channels * usize::try_from(SILENCE).unwrap_or_default()],
            position: 0,
            gap: 0,
            held: 0..0,
            ended: false,
        })
    }

    pub fn facts(&self) -> &AudioFacts {
        self.reader.facts()
    }

    /// The number of the frame that comes next.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// The next frames, interleaved; `None` at the end.
    pub fn next_block(&mut self) -> Result<Option<&[f32]>, DecodeError> {
        let channels = self.facts().layout.channels();
        while self.gap == 0 && self.held.is_empty() {
            if self.ended || self.is_past_end() {
                return Ok(None);
            }
            self.decode_more(channels)?;
        }
        Ok(Some(self.hand_out(channels)))
    }

    /// [`next_block`](Self::next_block), but for a step that does not come so far: nothing, yet.
    pub(crate) fn step(&mut self) -> Result<Option<&[f32]>, DecodeError> {
        let channels = self.facts().layout.channels();
        if self.gap == 0 && self.held.is_empty() {
            if self.ended || self.is_past_end() {
                return Ok(None);
            }
            self.decode_more(channels)?;
        }
        Ok(Some(self.hand_out(channels)))
    }

    /// What is ready: silence first, then the block.
    fn hand_out(&mut self, channels: usize) -> &[f32] {
        if self.gap > 0 {
            let frames = self.gap.min(SILENCE);
            self.gap -= frames;
            self.position += frames;
            let samples = usize::try_from(frames).unwrap_or_default() * channels;
            return &self.silence[..samples];
        }
        let held = std::mem::take(&mut self.held);
        self.position += (held.len() / channels) as u64;
        &self.block.samples[held]
    }

    /// From the next seek on the samples of a frame are the same bits wherever decoding begins. For
    /// codecs that remember it costs a little, and the time from the begin of a segment on.
    pub(crate) fn repeat_exactly(&mut self, is_wanted: bool) {
        let channels = self.facts().layout.channels();
        let length = self.reader.segment().filter(|_length| is_wanted);
        self.segments = length.map(|length| Segments::new(length, channels));
        self.repeats = is_wanted;
    }

    /// Continues at `frame`, exactly; behind the end nothing follows.
    pub fn seek_to(&mut self, frame: u64) -> Result<(), DecodeError> {
        self.budget.refill();
        self.gap = 0;
        self.held = 0..0;
        self.position = frame;
        self.ended = false;
        if !self.is_past_end() {
            let (reader, segments) = (self.reader.as_mut(), &mut self.segments);
            let seek = || match segments {
                Some(segments) => segments.seek(reader, frame),
                None => reader.seek(frame),
            };
            guarded(seek).inspect_err(|_error| self.ended = true)?;
        }
        Ok(())
    }

    fn is_past_end(&self) -> bool {
        self.facts().frames.is_some_and(|frames| self.position >= frames)
    }

    /// Takes a block from the reader, and finds out what of it is wanted.
    fn decode_more(&mut self, channels: usize) -> Result<(), DecodeError> {
        self.block.clear();
        let (reader, block) = (self.reader.as_mut(), &mut self.block);
        let segments = &mut self.segments;
        let next = || {
            let more = reader.next(block)?;
            match segments {
                Some(segments) => segments.cut(reader, block, more),
                None => Ok(more),
            }
        };
        let more = guarded(next).inspect_err(|_error| self.ended = true)?;
        self.ended = !more;
        let frames = block.samples.len() / channels;
        if frames == 0 {
            return Ok(());
        }
        let wanted = i64::try_from(self.position).unwrap_or(i64::MAX);
        let end =
            self.facts().frames.map_or(i64::MAX, |end| i64::try_from(end).unwrap_or(i64::MAX));
        let start = self.block.position;
        let place = |frame: i64| {
            let skipped = usize::try_from(frame.saturating_sub(start)).unwrap_or_default();
            skipped.min(frames) * channels
        };
        self.held = place(wanted)..place(end).max(place(wanted));
        let missing = start.min(end).saturating_sub(wanted);
        self.gap = u64::try_from(missing).unwrap_or_default();
        let is_bounded = self.repeats && self.facts().frames.is_some();
        if !is_bounded && self.gap > MOST_SILENCE * u64::from(self.facts().sample_rate) {
            // The place is as damaged as the audio before it: go on without a pause.
            self.gap = 0;
        }
        if self.held.is_empty() && self.gap == 0 {
            // Frames that nobody wants cost as much as reading them.
            self.budget.spend(frames)?;
        } else {
            self.budget.refill();
        }
        Ok(())
    }
}

/// Runs code of decoders, which see what strangers wrote: no panic of theirs gets out.
fn guarded<T>(decode: impl FnOnce() -> Result<T, DecodeError>) -> Result<T, DecodeError> {
    catch_unwind(AssertUnwindSafe(decode))
        .unwrap_or(Err(DecodeError::Damaged("the decoder cannot cope with it")))
}
