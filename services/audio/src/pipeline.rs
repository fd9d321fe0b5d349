//! From a decoder to a stream: mixed down, resampled, encoded, in pieces through a bounded channel.

mod stages;

use crossbeam_channel::Sender;

use crate::decode::{AudioFacts, DecodeError, Decoder};
use crate::encode::{
    Encode, EncodeError, Flac, FlacSettings, OPUS_RATE, OggOpus, OpusSettings, Wav, WavSettings,
};
use crate::layout::Layout;
use stages::Stages;

/// About how many bytes go through the channel at once.
const PIECE: usize = 16 * 1024;

/// What a stream is encoded as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// 16 or 24 bits; 32 is floating point.
    Wav { bits: u8 },
    /// 8 to 24 bits.
    Flac { bits: u8 },
    /// Bits a second. Always at 48 kHz.
    Opus { bitrate: u32 },
}

/// What is made of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transcode {
    pub target: Target,
    /// Where the stream begins, in frames of the file.
    pub start: u64,
    /// The highest sampling rate that is wanted.
    pub most_rate: Option<u32>,
    /// More channels are mixed down to stereo, or to mono.
    pub most_channels: usize,
    /// Tells streams that are put behind each other in one file apart.
    pub serial: u32,
}

/// How a transcode ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// All has been sent.
    Complete,
    /// Nobody listens any more.
    Cancelled,
}

/// Why a transcode failed.
#[derive(Debug, thiserror::Error)]
pub enum TranscodeError {
    #[error(transparent)]
    Decode(#[from] DecodeError),
    #[error(transparent)]
    Encode(#[from] EncodeError),
}

/// What a stream will be, before anything has been decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamFacts {
    pub sample_rate: u32,
    pub layout: Layout,
    /// How many frames it will have, where the file says how many it has.
    pub frames: Option<u64>,
}

impl Transcode {
    /// The whole file, with its rate and up to stereo.
    pub const fn new(target: Target) -> Self {
        Self { target, start: 0, most_rate: None, most_channels: 2, serial: 1 }
    }

    /// What becomes of a file with these facts.
    pub fn stream_facts(&self, source: &AudioFacts) -> StreamFacts {
        let sample_rate = match self.target {
            Target::Opus { .. } => OPUS_RATE,
            _ => self.most_rate.map_or(source.sample_rate, |most| most.min(source.sample_rate)),
        };
        // WAV alone has a place for every layout.
        let is_known =
            matches!(self.target, Target::Wav { .. }) || source.layout.vorbis_order().is_some();
        let layout = match self.most_channels {
            0 | 1 => Layout::MONO,
            most if most >= source.layout.channels() && is_known => source.layout,
            _ => Layout::STEREO,
        };
        let rates = (source.sample_rate.into(), sample_rate.into());
        let from = crate::dsp::resample::scaled(self.start, rates);
        let all = source.frames.map(|frames| crate::dsp::resample::scaled(frames, rates));
        StreamFacts { sample_rate, layout, frames: all.map(|all| all.saturating_sub(from)) }
    }

    /// Sends the stream in pieces; blocks while the channel is full, and ends soon after its receiver
    /// is dropped.
    pub fn run(
        &self,
        decoder: &mut Decoder,
        pieces: &Sender<Vec<u8>>,
    ) -> Result<Ended, TranscodeError> {
        let source = *decoder.facts();
        let facts = self.stream_facts(&source);
        let mut stages = Stages::new(self, &source, &facts)?;
        decoder.seek_to(stages.seek())?;
        let mut encoder = self.encoder(&source, &facts, stages.warm_up())?;
        let mut piece = Vec::with_capacity(PIECE);
        let mut frames = Vec::new();
        let mut waited_for = true;
        loop {
            frames.clear();
            let block = decoder.next_block()?;
            let ended = block.is_none();
            match block {
                Some(block) => stages.push(block, &mut frames)?,
                None => stages.finish(&mut frames)?,
            }
            encoder.encode(&frames, &mut piece)?;
            if ended {
                encoder.finish(&mut piece)?;
            }
            // The first bytes go at once: somebody waits for them.
            let enough = if waited_for { 1 } else { PIECE };
            if piece.len() >= enough || (ended && !piece.is_empty()) {
                waited_for = false;
                let full = std::mem::replace(&mut piece, Vec::with_capacity(PIECE));
                if pieces.send(full).is_err() {
                    return Ok(Ended::Cancelled);
                }
            }
            if ended {
                return Ok(Ended::Complete);
            }
        }
    }

    fn encoder(
        &self,
        source: &AudioFacts,
        facts: &StreamFacts,
        warm_up: usize,
    ) -> Result<Box<dyn Encode>, EncodeError> {
        let StreamFacts { sample_rate, layout, frames } = *facts;
        let untouched = (sample_rate, layout) == (source.sample_rate, source.layout)
            && source.codec.is_lossless();
        let is_exact = |bits| untouched && source.bit_depth.is_some_and(|depth| depth <= bits);
        Ok(match self.target {
            Target::Wav { bits } => {
                let dither = !is_exact(bits);
                Box::new(Wav::new(&WavSettings { layout, sample_rate, bits, dither, frames })?)
            }
            Target::Flac { bits } => {
                let dither = !is_exact(bits);
                Box::new(Flac::new(&FlacSettings { layout, sample_rate, bits, dither, frames })?)
            }
            Target::Opus { bitrate } => {
                Box::new(OggOpus::new(&OpusSettings::new(layout, bitrate), warm_up, self.serial)?)
            }
        })
    }
}
