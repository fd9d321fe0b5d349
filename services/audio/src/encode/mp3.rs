//! MP3 (ISO 11172-3 and 13818-3, Layer III): written here, for there is no encoder of it that needs
//! neither another build system nor the whole file before it begins.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "lines, bits and steps are a few thousand at most"
)]

mod attack;
mod block;
mod coder;
mod factors;
mod format;
mod huffman;
mod mdct;
mod polyphase;
mod psycho;
mod quantize;
mod rate;
mod segments;
mod stereo;
mod stream;
mod tag;

use super::{Encode, EncodeError};
use crate::layout::Layout;
use coder::Coder;
use format::{Format, RATES};
use segments::Segments;

/// How many frames before the first one to hear a stream from the middle begins: by then the model
/// of hearing knows what was before.
pub const MP3_WARM_UP: usize = 2304;

/// How many bits an MP3 takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mp3Rate {
    /// kbit/s: 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256 or 320; below 32 kHz others.
    Constant(u32),
    /// A quality from 0, the best, to 9.
    Variable(u8),
}

impl Mp3Rate {
    /// The same, or the nearest constant bitrate that there is at a sampling rate.
    #[must_use]
    pub fn nearest_at(self, sample_rate: u32) -> Self {
        let (Self::Constant(kbps), Ok(format)) = (self, Format::new(sample_rate, 2)) else {
            return self;
        };
        let bitrates = format.bitrates()[1..].iter().copied();
        Self::Constant(bitrates.min_by_key(|bitrate| bitrate.abs_diff(kbps)).unwrap_or(kbps))
    }
}

/// How MP3 is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mp3Settings {
    /// Mono or stereo.
    pub layout: Layout,
    /// 48,000, 44,100, 32,000, 24,000, 22,050 or 16,000 Hz.
    pub sample_rate: u32,
    pub rate: Mp3Rate,
    /// How many frames there will be, where it is known.
    pub frames: Option<u64>,
}

impl Mp3Settings {
    /// The rate that MP3 has for sound of another rate: the next higher one if there is one that is not
    /// above `most`.
    pub fn nearest_rate(sample_rate: u32, most: Option<u32>) -> u32 {
        let allowed = || RATES.into_iter().filter(|&rate| most.is_none_or(|most| rate <= most));
        let higher = allowed().filter(|&rate| rate >= sample_rate).min();
        higher
            .or_else(|| allowed().max())
            .or_else(|| RATES.into_iter().min())
            .unwrap_or(sample_rate)
    }

    /// How many bytes the stream will have, where it is known before.
    pub fn promised_bytes(&self) -> Option<u64> {
        let format = self.format().ok()?;
        let length = tag::Length::new(&format, self.frames?);
        let audio = tag::audio_bytes(self, &format, length.frames)?;
        Some(audio + tag::tag_bytes(self, &format) as u64)
    }

    fn format(&self) -> Result<Format, EncodeError> {
        if ![Layout::MONO, Layout::STEREO].contains(&self.layout) {
            return Err(EncodeError::Unsupported("MP3 of more than two channels: mix them down"));
        }
        Format::new(self.sample_rate, self.layout.channels())
    }
}

/// An encoder of MP3.
pub struct Mp3 {
    coder: Coder,
    tag: Option<Vec<u8>>,
    /// Where a length was promised at a constant bitrate.
    segments: Option<Segments>,
    /// Frames of samples up to here, with those of the warm-up and silence before it.
    taken: u64,
    /// How many of them are before the stream's begin.
    before: u64,
}

impl Mp3 {
    /// A stream whose first `warm_up` frames are not to be heard: those before the place where it
    /// begins (at most [`MP3_WARM_UP`] are of use), or none.
    pub fn new(settings: &Mp3Settings, warm_up: usize) -> Result<Self, EncodeError> {
        let format = settings.format()?;
        let tag = tag::tag(settings, &format);
        // Whole MPEG frames of it are left out.
        let unwritten = warm_up.div_ceil(format.duration());
        let silence = unwritten * format.duration() - warm_up;
        let channels = format.channels;
        let all = settings.promised_bytes().and(settings.frames);
        let all = all.map(|frames| tag::Length::new(&format, frames).frames);
        let segments = all.map(|all| Segments::new(settings, &format, 0, all));
        let before = (unwritten * format.duration()) as u64;
        let mut coder = Coder::new(format, settings.rate, unwritten)?;
        if let Some(segments) = &segments {
            coder = coder.of_segment(0, segments.len());
        }
        for _ in 0..silence {
            coder.push(&[0.0; 2][..channels], &mut Vec::new());
        }
        Ok(Self { coder, tag: Some(tag), segments, taken: silence as u64, before })
    }

    /// What of a stream of a promised length comes from segment `number` on, which is not the first.
    /// `settings` are those of a stream that begins there; [`Mp3Settings::segment_warm_up`] frames before
    /// it come first.
    pub(crate) fn rest(settings: &Mp3Settings, number: u64) -> Result<Self, EncodeError> {
        let format = settings.format()?;
        let frames = settings.frames.ok_or(EncodeError::Unsupported("a rest of unknown length"))?;
        let rest = tag::Length::new(&format, frames).frames;
        let begin = segments::begin(number);
        let segments = Segments::new(settings, &format, number, begin.saturating_add(rest));
        let coder = segments.coder()?;
        let taken = begin.saturating_mul(format.duration() as u64);
        let taken = taken.saturating_sub(settings.segment_warm_up());
        Ok(Self { coder, tag: None, segments: Some(segments), taken, before: 0 })
    }

    /// Takes one frame of samples.
    fn push(&mut self, frame: &[f32], out: &mut Vec<u8>) -> Result<(), EncodeError> {
        if let Some(segments) = &mut self.segments
            && let Some(position) = self.taken.checked_sub(self.before)
        {
            segments.hear(position, frame)?;
        }
        self.taken += 1;
        self.coder.push(frame, out);
        if self.coder.is_complete() {
            self.coder.finish(out);
            if let Some(next) = self.segments.as_mut().and_then(Segments::advance) {
                self.coder = next;
            }
        }
        Ok(())
    }

    /// How many MPEG frames of the stream are coded.
    fn coded(&self) -> u64 {
        let begin = self.segments.as_ref().map_or(0, Segments::begin);
        begin + self.coder.frames.saturating_sub(self.coder.unwritten) as u64
    }
}

impl Encode for Mp3 {
    fn encode(&mut self, frames: &[f32], out: &mut Vec<u8>) -> Result<(), EncodeError> {
        out.extend(self.tag.take().unwrap_or_default());
        let channels = self.coder.format.channels;
        for frame in frames.chunks_exact(channels) {
            self.push(frame, out)?;
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        self.encode(&[], out)?;
        let format = &self.coder.format;
        let silence = &[0.0; 2][..format.channels];
        let late = self.taken + format.decoded_delay() as u64;
        let all = late.saturating_sub(self.before).div_ceil(format.duration() as u64);
        while self.coded() < all.max(tag::FEWEST_FRAMES) {
            self.push(silence, out)?;
        }
        self.coder.finish(out);
        Ok(())
    }
}
