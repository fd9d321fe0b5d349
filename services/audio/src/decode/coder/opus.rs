//! Opus packets (RFC 6716), of which each can hold several streams (RFC 7845 §5.1.1).

mod head;
mod streams;

use opus_pure::OpusDecoder;

use super::Coder;
use crate::decode::DecodeError;
pub(in crate::decode) use head::OpusHead;

/// The longest packet, in frames.
const MOST_FRAMES: usize = 5760;

/// A decoder of Opus packets.
pub(in crate::decode) struct OpusCoder {
    head: OpusHead,
    streams: Vec<Stream>,
    /// A packet that is taken out of one that holds several.
    packet: Vec<u8>,
}

/// One or two channels.
struct Stream {
    decoder: OpusDecoder,
    channels: usize,
    samples: Vec<f32>,
}

impl OpusCoder {
    pub(in crate::decode) fn new(head: OpusHead) -> Result<Self, DecodeError> {
        let stream = |index| {
            let channels = if index < head.coupled { 2 } else { 1 };
            let decoder = OpusDecoder::new(48_000, channels)
                .map_err(|_error| DecodeError::Damaged("the Opus header"))?;
            let samples = vec![0.0; MOST_FRAMES * channels];
            Ok(Stream { decoder, channels, samples })
        };
        let streams = (0..head.streams).map(stream).collect::<Result<_, DecodeError>>()?;
        Ok(Self { head, streams, packet: Vec::new() })
    }

    /// Decodes each stream's part of a packet; how many frames each of them has.
    fn decode_streams(&mut self, mut packet: &[u8]) -> Option<usize> {
        let mut frames = None;
        let last = self.streams.len() - 1;
        for (index, stream) in self.streams.iter_mut().enumerate() {
            let part = if index == last {
                packet
            } else {
                packet = streams::split(packet, &mut self.packet)?;
                &self.packet
            };
            // Nothing would stand for a packet that was lost.
            if part.is_empty() {
                return None;
            }
            let found = stream.decoder.decode(part, MOST_FRAMES, &mut stream.samples).ok()?;
            if *frames.get_or_insert(found) != found {
                return None;
            }
        }
        frames
    }
}

impl Coder for OpusCoder {
    fn decode(&mut self, packet: &[u8], out: &mut Vec<f32>) -> Option<usize> {
        let frames = self.decode_streams(packet)?;
        let channels = self.head.layout.channels();
        let start = out.len();
        out.resize(start + frames * channels, 0.0);
        for (&source, &channel) in self.head.sources.iter().zip(&self.head.order) {
            // A channel without any is silent.
            let Some((stream, side)) = source else { continue };
            let Stream { channels: sides, samples, .. } = &self.streams[stream];
            let samples = samples.iter().skip(side).step_by(*sides);
            let places = out[start + channel..].iter_mut().step_by(channels);
            for (place, sample) in places.zip(samples) {
                *place = if sample.is_finite() { sample * self.head.gain } else { 0.0 };
            }
        }
        Some(frames)
    }

    fn reset(&mut self) {
        for stream in &mut self.streams {
            // Its answer is an error only where it could not be made at all.
            let _done = stream.decoder.reset_state();
        }
    }
}

/// How many frames a packet stands for, whether or not it can be decoded (RFC 6716 §3.1).
pub(in crate::decode) fn duration(packet: &[u8]) -> usize {
    let Some(&toc) = packet.first() else { return 0 };
    let frame = match toc >> 3 {
        config @ 0..12 => [480, 960, 1920, 2880][usize::from(config & 3)],
        config @ 12..16 => [480, 960][usize::from(config & 1)],
        config => [120, 240, 480, 960][usize::from(config & 3)],
    };
    let count = match toc & 3 {
        0 => 1,
        1 | 2 => 2,
        _ => packet.get(1).map_or(0, |&count| usize::from(count & 0x3F)),
    };
    (frame * count).min(MOST_FRAMES)
}

/// Whether nothing of a packet is SILK's (RFC 6716 §3.1).
pub(in crate::decode) fn is_celt(packet: &[u8]) -> bool {
    packet.first().is_some_and(|toc| toc >> 3 >= 16)
}
