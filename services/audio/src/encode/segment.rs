//! Segments of a stream in fragmented MP4: each is made by itself, they stand one behind the other on
//! one timeline, and together they are the stream (HTTP Live Streaming, RFC 8216 §3.3).
//!
//! What all of them begin with, the initialization section, is made by [`Mp4Opus`](super::Mp4Opus) and
//! [`Mp4Flac`](super::Mp4Flac) as the begin of a stream.

use super::flac::{FlacPackets, FlacSettings};
use super::opus::{OPUS_FRAME, OpusPackets, OpusSettings};
use super::{Encode, EncodeError, Mp4Flac, Mp4Opus};
use crate::pack::mp4::Fragments;

/// Encodes a segment of Opus. Frame *n* of the music is heard at *n* +
/// [`Mp4Opus::DELAY`] on the timeline.
pub struct OpusSegment {
    packets: OpusPackets,
    fragments: Fragments,
    /// Packets that belong to the segment before.
    before: usize,
    is_last: bool,
}

impl OpusSegment {
    /// The segment that begins with frame `from`, a multiple of [`OPUS_FRAME`]. What is encoded first are
    /// the `warm_up` frames before it, whole packets that the segment before writes: behind
    /// [`OPUS_SEGMENT_WARM_UP`](super::OPUS_SEGMENT_WARM_UP) of them, or all if there are fewer, this
    /// encoder knows what a decoder knows that has heard that one. All but the last segment end
    /// with a whole packet.
    pub fn new(
        settings: &OpusSettings,
        from: u64,
        warm_up: usize,
        is_last: bool,
    ) -> Result<Self, EncodeError> {
        let before = warm_up / OPUS_FRAME;
        if !from.is_multiple_of(OPUS_FRAME as u64) || !warm_up.is_multiple_of(OPUS_FRAME) {
            return Err(EncodeError::Unsupported("a begin between two packets"));
        }
        let packets = OpusPackets::new(settings)?;
        let description = Mp4Opus::description(packets.mapping(), 0);
        let fragments = Fragments::new(description, from).without_begin();
        Ok(Self { packets, fragments, before, is_last })
    }
}

impl Encode for OpusSegment {
    fn encode(&mut self, frames: &[f32], _out: &mut Vec<u8>) -> Result<(), EncodeError> {
        let Self { packets, fragments, before, .. } = self;
        packets.push(frames, |packet| {
            if *before > 0 {
                *before -= 1;
            } else {
                fragments.add(packet, OPUS_FRAME);
            }
        })
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        let Self { packets, fragments, before, is_last } = self;
        if *is_last {
            packets.finish(|packet| {
                if *before > 0 {
                    *before -= 1;
                } else {
                    fragments.add(packet, OPUS_FRAME);
                }
            })?;
        }
        fragments.write(out);
        Ok(())
    }
}

/// Encodes a segment of FLAC. Frame *n* of the music is heard at *n* on the timeline.
pub struct FlacSegment {
    packets: FlacPackets,
    fragments: Fragments,
}

impl FlacSegment {
    /// The segment that begins with frame `from`.
    pub fn new(settings: &FlacSettings, from: u64) -> Result<Self, EncodeError> {
        let packets = FlacPackets::new(settings)?;
        let fragments = Fragments::new(Mp4Flac::description(settings), from).without_begin();
        Ok(Self { packets, fragments })
    }
}

impl Encode for FlacSegment {
    fn encode(&mut self, frames: &[f32], _out: &mut Vec<u8>) -> Result<(), EncodeError> {
        let Self { packets, fragments } = self;
        packets.push(frames, |packet, frames| fragments.add(packet, frames));
        Ok(())
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        let Self { packets, fragments } = self;
        packets.finish(|packet, frames| fragments.add(packet, frames));
        fragments.write(out);
        Ok(())
    }
}
