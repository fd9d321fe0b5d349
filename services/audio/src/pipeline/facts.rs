//! What a stream will be, before anything has been decoded.

use super::encoder::mp3_settings;
use super::{Target, Transcode};
use crate::decode::AudioFacts;
use crate::dsp::resample::scaled;
use crate::encode::{EncodeError, Mp3Settings, Mp4Opus, OPUS_FRAME, OPUS_RATE, Wav};
use crate::layout::Layout;

/// What a player is told beside the stream.
///
/// Frames are those of the stream, not of the file. An MP4 stream's timeline counts them from the
/// file's begin: what is to be heard stands there from `start + delay` on, `frames` long. All before
/// and behind it is there for the decoder only, and is cut by whoever plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamFacts {
    pub sample_rate: u32,
    pub layout: Layout,
    /// How many frames are to be heard, where the file says how many it has.
    pub frames: Option<u64>,
    /// Where in the file the first frame to be heard stands.
    pub start: u64,
    /// The first frame of the file that the stream has whole: `start`, but for Opus in MP4 the multiple
    /// of 960 at or before it.
    pub begins_at: u64,
    /// By how many frames the stream is late on its timeline: what the encoder of Opus in MP4 is behind.
    /// Other streams say it themselves, or have no delay.
    pub delay: u64,
}

impl Transcode {
    /// What becomes of a file with these facts.
    pub fn stream_facts(&self, source: &AudioFacts) -> StreamFacts {
        let wanted = self.most_rate.map_or(source.sample_rate, |most| most.min(source.sample_rate));
        let sample_rate = match self.target {
            Target::Opus { .. } | Target::OpusMp4 { .. } | Target::OpusSegment { .. } => OPUS_RATE,
            Target::Mp3 { .. } | Target::Mp3Rest { .. } => {
                Mp3Settings::nearest_rate(wanted, self.most_rate)
            }
            _ => wanted,
        };
        // WAV alone has a place for every layout.
        let is_known = match self.target {
            Target::Wav { .. } => true,
            Target::Mp3 { .. } | Target::Mp3Rest { .. } => {
                [Layout::MONO, Layout::STEREO].contains(&source.layout)
            }
            _ => source.layout.vorbis_order().is_some(),
        };
        let layout = match self.most_channels {
            0 | 1 => Layout::MONO,
            most if most >= source.layout.channels() && is_known => source.layout,
            _ => Layout::STEREO,
        };
        let rates = (source.sample_rate.into(), sample_rate.into());
        let all = source.frames.map(|all| self.end.map_or(all, |end| end.min(all)));
        // Behind the end there is nothing, wherever that is.
        let start = scaled(source.frames.map_or(self.start, |all| self.start.min(all)), rates);
        let frames = all.map(|end| scaled(end, rates).saturating_sub(start));
        let (begins_at, delay) = match self.target {
            Target::OpusMp4 { .. } | Target::OpusSegment { .. } => {
                (start - start % OPUS_FRAME as u64, Mp4Opus::DELAY)
            }
            _ => (start, 0),
        };
        StreamFacts { sample_rate, layout, frames, start, begins_at, delay }
    }

    /// What streams in MP4 begin with, and what their segments leave out.
    pub fn initialization(&self, source: &AudioFacts) -> Result<Vec<u8>, EncodeError> {
        let mut begin = Vec::new();
        self.encoder(source, &self.stream_facts(source))?.encode(&[], &mut begin)?;
        Ok(begin)
    }

    /// How many bytes the stream will have, where it is known: WAV, and MP3 of a constant bitrate, of a
    /// file that knows its length.
    pub fn promised_bytes(&self, source: &AudioFacts) -> Option<u64> {
        let facts = self.stream_facts(source);
        match self.target {
            Target::Wav { bits } => Wav::bytes(&self.wav_settings(bits, source, &facts)),
            Target::Mp3 { rate } => mp3_settings(rate, &facts).promised_bytes(),
            _ => None,
        }
    }
}
