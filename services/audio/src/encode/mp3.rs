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
mod stereo;
mod stream;
mod tag;

use super::{Encode, EncodeError};
use crate::layout::Layout;
use coder::Coder;
use format::{Format, RATES};

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
        Some(tag::audio_bytes(self, &format, &length)? + tag::tag_bytes(self, &format) as u64)
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
    /// Frames of samples that came, with those of the warm-up and silence before it.
    taken: u64,
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
        let mut coder = Coder::new(format, settings.rate, unwritten)?;
        for _ in 0..silence {
            coder.push(&[0.0; 2][..channels], &mut Vec::new());
        }
        Ok(Self { coder, tag: Some(tag), taken: silence as u64 })
    }
}

impl Encode for Mp3 {
    fn encode(&mut self, frames: &[f32], out: &mut Vec<u8>) -> Result<(), EncodeError> {
        out.extend(self.tag.take().unwrap_or_default());
        let channels = self.coder.format.channels;
        for frame in frames.chunks_exact(channels) {
            self.coder.push(frame, out);
        }
        self.taken += (frames.len() / channels) as u64;
        Ok(())
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        self.encode(&[], out)?;
        let coded = self.taken + self.coder.format.decoded_delay() as u64;
        let all = coded.div_ceil(self.coder.format.duration() as u64);
        let fewest = self.coder.unwritten as u64 + tag::FEWEST_FRAMES;
        while (self.coder.frames as u64) < all.max(fewest) {
            self.coder.push(&[0.0; 2][..self.coder.format.channels], out);
        }
        self.coder.finish(out);
        Ok(())
    }
}
