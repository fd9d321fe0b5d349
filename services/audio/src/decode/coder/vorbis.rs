//! Vorbis of more than two channels, through lewton: symphonia 0.6 couples channels in the wrong order,
//! and mixes up the classes of uncoupled ones.

use lewton::audio::{PreviousWindowRight, read_audio_packet_generic};
use lewton::header::{IdentHeader, SetupHeader, read_header_ident, read_header_setup};
use lewton::samples::InterleavedSamples;

use super::Coder;
use crate::decode::DecodeError;
use crate::layout::Layout;

/// A decoder of Vorbis packets.
pub(in crate::decode) struct VorbisSurround {
    ident: IdentHeader,
    setup: SetupHeader,
    before: PreviousWindowRight,
    order: &'static [usize],
}

impl VorbisSurround {
    pub(in crate::decode) fn new(
        first: &[u8],
        setup: &[u8],
        layout: Layout,
    ) -> Result<Self, DecodeError> {
        let damaged = |_error| DecodeError::Damaged("the Vorbis header");
        let ident = read_header_ident(first).map_err(damaged)?;
        let blocks = (ident.blocksize_0, ident.blocksize_1);
        let setup = read_header_setup(setup, ident.audio_channels, blocks).map_err(damaged)?;
        let order =
            layout.vorbis_order().ok_or(DecodeError::Unsupported("Vorbis in such a layout"))?;
        Ok(Self { ident, setup, before: PreviousWindowRight::new(), order })
    }
}

impl Coder for VorbisSurround {
    fn decode(&mut self, packet: &[u8], out: &mut Vec<f32>) -> Option<usize> {
        let decoded: InterleavedSamples<f32> =
            read_audio_packet_generic(&self.ident, &self.setup, packet, &mut self.before).ok()?;
        if decoded.channel_count != self.order.len() {
            return None;
        }
        let frames = decoded.samples.chunks_exact(self.order.len());
        let count = frames.len();
        for frame in frames {
            let start = out.len();
            out.extend_from_slice(frame);
            for (&channel, &sample) in self.order.iter().zip(frame) {
                out[start + channel] = if sample.is_finite() { sample } else { 0.0 };
            }
        }
        Some(count)
    }

    fn reset(&mut self) {
        self.before = PreviousWindowRight::new();
    }
}
