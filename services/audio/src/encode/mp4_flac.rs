//! FLAC in fragmented MP4, for pages that join tracks without a gap.

use super::flac::{FlacPackets, FlacSettings, stream_info};
use super::{Encode, EncodeError};
use crate::pack::mp4::{Coding, Description, Fragments};

/// An encoder of FLAC in fragmented MP4: frame *n* of the music is heard at *n* on the stream's
/// timeline, wherever the stream begins.
pub struct Mp4Flac {
    packets: FlacPackets,
    fragments: Fragments,
    rate: u64,
    is_first: bool,
}

impl Mp4Flac {
    /// A stream whose first frame is frame `from` of the music.
    pub fn new(settings: &FlacSettings, from: u64) -> Result<Self, EncodeError> {
        let packets = FlacPackets::new(settings)?;
        let fragments = Fragments::new(Self::description(settings), from);
        Ok(Self { packets, fragments, rate: settings.sample_rate.into(), is_first: true })
    }

    pub(super) fn description(settings: &FlacSettings) -> Description {
        let channels = u8::try_from(settings.layout.channels()).unwrap_or(u8::MAX);
        let coding = Coding::Flac { stream_info: stream_info(settings), bits: settings.bits };
        Description { rate: settings.sample_rate, channels, coding }
    }
}

impl Encode for Mp4Flac {
    fn encode(&mut self, frames: &[f32], out: &mut Vec<u8>) -> Result<(), EncodeError> {
        let Self { packets, fragments, rate, is_first } = self;
        fragments.begin(out);
        packets.push(frames, |packet, frames| {
            fragments.add(packet, frames);
            // A second each; the first one is there soon.
            let enough = if *is_first { *rate / 5 } else { *rate };
            if fragments.open_frames() >= enough {
                fragments.write(out);
                *is_first = false;
            }
        });
        Ok(())
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        let Self { packets, fragments, .. } = self;
        packets.finish(|packet, frames| fragments.add(packet, frames));
        fragments.write(out);
        Ok(())
    }
}
