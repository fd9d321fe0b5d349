//! Which encoder a stream goes through.

use super::{StreamFacts, Target, Transcode};
use crate::decode::AudioFacts;
use crate::encode::{
    Encode, EncodeError, Flac, FlacSegment, FlacSettings, MP3_WARM_UP, Mp3, Mp3Rate, Mp3Settings,
    Mp4Flac, Mp4Opus, OPUS_SEGMENT_WARM_UP, OPUS_WARM_UP, OggOpus, OpusSegment, OpusSettings, Wav,
    WavSettings,
};

impl Transcode {
    pub(super) fn encoder(
        &self,
        source: &AudioFacts,
        facts: &StreamFacts,
    ) -> Result<Box<dyn Encode>, EncodeError> {
        let StreamFacts { sample_rate, layout, frames, begins_at, .. } = *facts;
        let flac = |bits| {
            let dither = self.dither(bits, source, facts);
            FlacSettings { layout, sample_rate, bits, dither, frames }
        };
        let warm_up = usize::try_from(self.warm_up(facts)).unwrap_or_default();
        Ok(match self.target {
            Target::Wav { bits } => Box::new(Wav::new(&self.wav_settings(bits, source, facts))?),
            Target::Flac { bits } => Box::new(Flac::new(&flac(bits))?),
            Target::FlacMp4 { bits } => Box::new(Mp4Flac::new(&flac(bits), begins_at)?),
            Target::Mp3 { rate } => Box::new(Mp3::new(&mp3_settings(rate, facts), warm_up)?),
            Target::Mp3Rest { rate, segment } => {
                Box::new(Mp3::rest(&mp3_settings(rate, facts), segment)?)
            }
            Target::Opus { bitrate } => {
                Box::new(OggOpus::new(&OpusSettings::new(layout, bitrate), warm_up, self.serial)?)
            }
            Target::OpusMp4 { bitrate } => {
                let settings = OpusSettings::new(layout, bitrate);
                Box::new(Mp4Opus::new(&settings, begins_at, warm_up, 0)?)
            }
            Target::FlacSegment { bits } => Box::new(FlacSegment::new(&flac(bits), begins_at)?),
            Target::OpusSegment { bitrate, is_last } => {
                let settings = OpusSettings::new(layout, bitrate);
                Box::new(OpusSegment::new(&settings, begins_at, warm_up, is_last)?)
            }
        })
    }

    pub(super) fn wav_settings(
        &self,
        bits: u8,
        source: &AudioFacts,
        facts: &StreamFacts,
    ) -> WavSettings {
        let StreamFacts { sample_rate, layout, frames, .. } = *facts;
        let dither = self.dither(bits, source, facts);
        WavSettings { layout, sample_rate, bits, dither, frames }
    }

    /// How many frames before the begin the encoder is given.
    pub(super) fn warm_up(&self, facts: &StreamFacts) -> u64 {
        let most = match self.target {
            Target::Opus { .. } | Target::OpusMp4 { .. } => OPUS_WARM_UP as u64,
            Target::OpusSegment { .. } => OPUS_SEGMENT_WARM_UP as u64,
            Target::Mp3 { .. } => MP3_WARM_UP as u64,
            Target::Mp3Rest { rate, .. } => mp3_settings(rate, facts).segment_warm_up(),
            _ => 0,
        };
        facts.begins_at.min(most)
    }

    /// From which frame on is dithered: not at all where samples of so many bits hold all that the file
    /// has.
    fn dither(&self, bits: u8, source: &AudioFacts, facts: &StreamFacts) -> Option<u64> {
        let untouched = (facts.sample_rate, facts.layout) == (source.sample_rate, source.layout);
        let is_exact = untouched
            && self.gain.is_none()
            && source.codec.is_lossless()
            && source.bit_depth.is_some_and(|depth| depth <= bits);
        (!is_exact).then_some(facts.begins_at)
    }
}

/// The bitrate is the nearest that there is at the stream's rate.
pub(super) fn mp3_settings(rate: Mp3Rate, facts: &StreamFacts) -> Mp3Settings {
    let StreamFacts { sample_rate, layout, frames, .. } = *facts;
    Mp3Settings { layout, sample_rate, rate: rate.nearest_at(sample_rate), frames }
}
