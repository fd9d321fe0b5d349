//! Decoders of single packets.

mod aac;
mod guarded;
mod opus;
mod vorbis;

use symphonia::core::audio::{Channels, GenericAudioBufferRef};
use symphonia::core::codecs::audio::well_known as codecs;
use symphonia::core::codecs::audio::{
    AudioCodecId, AudioCodecParameters, AudioDecoder, AudioDecoderOptions,
};
use symphonia::core::errors::Error;
use symphonia::core::packet::Packet;
use symphonia::core::units::{Duration, Timestamp};
use symphonia::default::codecs::{AacDecoder, AlacDecoder, FlacDecoder, MpaDecoder, VorbisDecoder};

use super::DecodeError;
use crate::layout::Layout;

pub(super) use aac::{Aac, refused as aac_refused};
pub(super) use guarded::Guarded;
pub(super) use opus::{OpusCoder, OpusHead, duration as opus_duration, is_celt as opus_is_celt};
pub(super) use vorbis::VorbisSurround;

/// Decodes packets one after the other.
pub(super) trait Coder: Send {
    /// Appends the frames of a packet, interleaved in the layout's order; how many there are. A
    /// damaged packet has none, or is not understood at all.
    fn decode(&mut self, packet: &[u8], out: &mut Vec<f32>) -> Option<usize>;

    /// Forgets the packets before.
    fn reset(&mut self);
}

/// One of symphonia's decoders.
pub(super) struct Symphonia {
    decoder: Box<dyn AudioDecoder>,
    /// How it is made anew where it does not forget all.
    anew: Option<AudioCodecParameters>,
    samples: Vec<f32>,
    channels: usize,
}

impl Symphonia {
    /// [`new`](Self::new), with a net under it.
    pub(super) fn guarded(
        codec: AudioCodecId,
        setup: &[u8],
        sample_rate: u32,
        layout: Layout,
    ) -> Result<Guarded<Self>, DecodeError> {
        let setup = setup.to_vec();
        Guarded::new(move || Self::new(codec, &setup, sample_rate, layout))
    }

    /// A decoder for packets of `channels` channels, with the codec's setup data.
    fn new(
        codec: AudioCodecId,
        setup: &[u8],
        sample_rate: u32,
        layout: Layout,
    ) -> Result<Self, DecodeError> {
        let mut parameters = AudioCodecParameters::new();
        parameters.for_codec(codec).with_sample_rate(sample_rate);
        if !setup.is_empty() {
            parameters.with_extra_data(setup.into());
        }
        let options = AudioDecoderOptions::default().gapless(codec == codecs::CODEC_ID_VORBIS);
        let decoder: Result<Box<dyn AudioDecoder>, _> = match codec {
            codecs::CODEC_ID_MP3 => {
                MpaDecoder::try_new(&parameters, &options).map(|decoder| Box::new(decoder) as _)
            }
            codecs::CODEC_ID_VORBIS => {
                VorbisDecoder::try_new(&parameters, &options).map(|decoder| Box::new(decoder) as _)
            }
            codecs::CODEC_ID_FLAC => {
                FlacDecoder::try_new(&parameters, &options).map(|decoder| Box::new(decoder) as _)
            }
            codecs::CODEC_ID_ALAC => {
                AlacDecoder::try_new(&parameters, &options).map(|decoder| Box::new(decoder) as _)
            }
            _ => AacDecoder::try_new(&parameters, &options).map(|decoder| Box::new(decoder) as _),
        };
        let decoder = decoder.map_err(|error| match error {
            Error::Unsupported(what) => DecodeError::Unsupported(what),
            _ => DecodeError::Damaged("the codec's setup makes no sense"),
        })?;
        // The noise of AAC goes on where it was.
        let anew = (codec == codecs::CODEC_ID_AAC).then_some(parameters);
        Ok(Self { decoder, anew, samples: Vec::new(), channels: layout.channels() })
    }
}

impl Coder for Symphonia {
    fn decode(&mut self, packet: &[u8], out: &mut Vec<f32>) -> Option<usize> {
        let packet = Packet::new(0, Timestamp::ZERO, Duration::ZERO, packet);
        let decoded = self.decoder.decode(&packet).ok()?;
        append(&decoded, self.channels, &mut self.samples, out)
    }

    fn reset(&mut self) {
        let anew = self.anew.as_ref();
        match anew.map(|setup| AacDecoder::try_new(setup, &AudioDecoderOptions::default())) {
            Some(Ok(decoder)) => self.decoder = Box::new(decoder),
            _ => self.decoder.reset(),
        }
    }
}

/// Appends what a decoder holds, if it has as many channels as the stream.
pub(super) fn append(
    decoded: &GenericAudioBufferRef<'_>,
    channels: usize,
    samples: &mut Vec<f32>,
    out: &mut Vec<f32>,
) -> Option<usize> {
    if decoded.frames() == 0 {
        return Some(0);
    }
    if decoded.spec().channels().count() != channels {
        return None;
    }
    decoded.copy_to_vec_interleaved(samples);
    out.extend(samples.iter().map(|&sample| if sample.is_finite() { sample } else { 0.0 }));
    Some(decoded.frames())
}

/// The layout that symphonia's channels have.
pub(super) fn layout(channels: &Channels) -> Result<Layout, DecodeError> {
    let said = match channels {
        Channels::Positioned(places) => u32::try_from(places.bits()).ok(),
        _ => None,
    };
    let known = said.and_then(Layout::from_mask).filter(|layout| layout.mask() != 1);
    known
        .or_else(|| Layout::usual(channels.count()))
        .ok_or(DecodeError::Unsupported("more than eight channels"))
}
