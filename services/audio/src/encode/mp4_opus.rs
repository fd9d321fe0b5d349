//! Opus in fragmented MP4, for pages that join tracks without a gap.

use super::opus::{LOOKAHEAD, Mapping, OPUS_FRAME, OPUS_RATE, OpusPackets, OpusSettings};
use super::{Encode, EncodeError};
use crate::pack::mp4::{Coding, Description, Fragments};

/// Frames of the first fragment, so that it is there soon, and of the others.
const FIRST_FRAGMENT: u64 = 10 * OPUS_FRAME as u64;
const FRAGMENT: u64 = 50 * OPUS_FRAME as u64;

/// An encoder of Opus in fragmented MP4.
///
/// Frame *n* of the music is heard at *n* + [`DELAY`](Self::DELAY) on the stream's timeline, wherever
/// the stream begins. Behind the last one the last packet is filled up. The decoder may have heard
/// anything before: one packet before the begin prepares it, which is as many as browsers keep for that.
pub struct Mp4Opus {
    packets: OpusPackets,
    fragments: Fragments,
    is_first: bool,
}

impl Mp4Opus {
    /// By how many frames the music is late on the timeline.
    pub const DELAY: u64 = LOOKAHEAD as u64;

    /// A stream that is heard from frame `from` of the music on, a multiple of [`OPUS_FRAME`]. What is
    /// encoded first are the `warm_up` frames before it, whole packets: best
    /// [`OPUS_WARM_UP`](super::OPUS_WARM_UP), or all if there are fewer. Only the last of them is a part of
    /// the stream. `gain`, in 1/256 dB, is what decoders amplify by.
    pub fn new(
        settings: &OpusSettings,
        from: u64,
        warm_up: usize,
        gain: i16,
    ) -> Result<Self, EncodeError> {
        let fits = from.is_multiple_of(OPUS_FRAME as u64) && warm_up.is_multiple_of(OPUS_FRAME);
        if !fits || warm_up as u64 > from {
            return Err(EncodeError::Unsupported("a begin between two packets"));
        }
        let begins_at = from - warm_up.min(OPUS_FRAME) as u64;
        let unheard = (warm_up / OPUS_FRAME).saturating_sub(1);
        let packets = OpusPackets::new(settings)?.for_any_decoder(unheard);
        let description = Self::description(packets.mapping(), gain);
        let fragments = Fragments::new(description, begins_at);
        Ok(Self { packets, fragments, is_first: true })
    }

    pub(super) fn description(of: &Mapping, gain: i16) -> Description {
        let mut mapping = vec![of.family];
        if of.family != 0 {
            mapping.extend_from_slice(&[of.streams, of.coupled]);
            mapping.extend_from_slice(&of.channels);
        }
        let channels = u8::try_from(of.channels.len()).unwrap_or(u8::MAX);
        Description { rate: OPUS_RATE, channels, coding: Coding::Opus { mapping, gain } }
    }
}

impl Encode for Mp4Opus {
    fn encode(&mut self, frames: &[f32], out: &mut Vec<u8>) -> Result<(), EncodeError> {
        let Self { packets, fragments, is_first } = self;
        fragments.begin(out);
        packets.push(frames, |packet| {
            fragments.add(packet, OPUS_FRAME);
            let enough = if *is_first { FIRST_FRAGMENT } else { FRAGMENT };
            if fragments.open_frames() >= enough {
                fragments.write(out);
                *is_first = false;
            }
        })
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        let Self { packets, fragments, .. } = self;
        packets.finish(|packet| fragments.add(packet, OPUS_FRAME))?;
        fragments.write(out);
        Ok(())
    }
}
