//! FLAC (RFC 9639): frame after frame, as they fill.

pub(super) mod bits;
mod frame;
mod subframe;

use super::{Encode, EncodeError};
use crate::dsp::quantize::{Quantizer, first_sample};
use crate::layout::Layout;
use frame::Frames;

/// Frames of samples in a block.
const BLOCK: usize = 4096;

/// How FLAC is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FlacSettings {
    pub layout: Layout,
    pub sample_rate: u32,
    /// From 8 to 24.
    pub bits: u8,
    /// Where the samples have more bits than that: the number of the first frame in the music. They are
    /// dithered then, each frame in its own way, wherever a stream begins.
    pub dither: Option<u64>,
    /// How many frames there will be, where it is known.
    pub frames: Option<u64>,
}

/// An encoder of FLAC.
pub struct Flac {
    packets: FlacPackets,
    header: Option<Vec<u8>>,
}

impl Flac {
    pub fn new(settings: &FlacSettings) -> Result<Self, EncodeError> {
        let packets = FlacPackets::new(settings)?;
        let header = [b"fLaC", &*stream_info(settings)].concat();
        Ok(Self { packets, header: Some(header) })
    }
}

impl Encode for Flac {
    fn encode(&mut self, frames: &[f32], out: &mut Vec<u8>) -> Result<(), EncodeError> {
        out.extend(self.header.take().unwrap_or_default());
        self.packets.push(frames, |packet, _frames| out.extend_from_slice(packet));
        Ok(())
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        self.encode(&[], out)?;
        self.packets.finish(|packet, _frames| out.extend_from_slice(packet));
        Ok(())
    }
}

/// Makes packets of samples: FLAC's frames.
pub(super) struct FlacPackets {
    channels: usize,
    quantizer: Quantizer,
    frames: Frames,
    /// The block that fills, a list for each channel.
    block: Vec<Vec<i32>>,
    packet: Vec<u8>,
}

impl FlacPackets {
    pub(super) fn new(settings: &FlacSettings) -> Result<Self, EncodeError> {
        let FlacSettings { layout, sample_rate, bits, dither, .. } = *settings;
        if !(8..=24).contains(&bits) {
            return Err(EncodeError::Unsupported("FLAC of other than 8 to 24 bits"));
        }
        if sample_rate == 0 || sample_rate >= 1 << 20 {
            return Err(EncodeError::Unsupported("FLAC at such a sampling rate"));
        }
        if layout.vorbis_order().is_none() {
            return Err(EncodeError::Unsupported(
                "FLAC has no such layout of channels: mix it down",
            ));
        }
        let channels = layout.channels();
        Ok(Self {
            channels,
            quantizer: Quantizer::new(bits, first_sample(dither, layout)),
            frames: Frames::new(sample_rate, bits),
            block: vec![Vec::with_capacity(BLOCK); channels],
            packet: Vec::new(),
        })
    }

    /// Takes frames and hands each packet that they fill to `each`, with how many frames it holds.
    pub(super) fn push(&mut self, frames: &[f32], mut each: impl FnMut(&[u8], usize)) {
        for frame in frames.chunks_exact(self.channels) {
            for (channel, &sample) in self.block.iter_mut().zip(frame) {
                channel.push(self.quantizer.quantize(sample));
            }
            if self.block[0].len() == BLOCK {
                self.write(&mut each);
            }
        }
    }

    /// Hands out what is left.
    pub(super) fn finish(&mut self, mut each: impl FnMut(&[u8], usize)) {
        if !self.block[0].is_empty() {
            self.write(&mut each);
        }
    }

    fn write(&mut self, each: &mut impl FnMut(&[u8], usize)) {
        let frames = self.block[0].len();
        self.packet.clear();
        self.frames.write(&mut self.block, &mut self.packet);
        each(&self.packet, frames);
    }
}

/// STREAMINFO, as the last block of metadata: sizes of frames and the checksum are not known.
pub(super) fn stream_info(settings: &FlacSettings) -> Vec<u8> {
    let mut header = b"\x80\0\0\x22".to_vec();
    // The largest and the smallest block.
    header.extend_from_slice(&[0x10, 0, 0x10, 0]);
    header.extend_from_slice(&[0; 6]);
    let channels = settings.layout.channels() as u64 - 1;
    let depth = u64::from(settings.bits) - 1;
    // 36 bits hold the number of frames; zero is unknown.
    let frames = settings.frames.filter(|&frames| frames < 1 << 36).unwrap_or_default();
    let packed =
        (u64::from(settings.sample_rate) << 44) | (channels << 41) | (depth << 36) | frames;
    header.extend_from_slice(&packed.to_be_bytes());
    header.extend_from_slice(&[0; 16]);
    header
}
