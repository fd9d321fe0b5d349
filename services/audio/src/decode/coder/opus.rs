//! Opus packets (RFC 6716), and the header that says how they become channels (RFC 7845 §5.1).

use ropus::OpusMSDecoder;

use super::Coder;
use crate::decode::DecodeError;
use crate::layout::Layout;

/// The longest packet, in frames.
const MOST_FRAMES: usize = 5760;

/// A decoder of Opus packets.
pub(in crate::decode) struct OpusCoder {
    decoder: OpusMSDecoder,
    head: OpusHead,
    order: &'static [usize],
    integers: Vec<i16>,
}

/// What the header says.
#[derive(Clone)]
pub(in crate::decode) struct OpusHead {
    pub(in crate::decode) layout: Layout,
    /// Frames at the start that are not to be heard.
    pub(in crate::decode) skip: u16,
    gain: f32,
    streams: u8,
    coupled: u8,
    mapping: Vec<u8>,
}

impl OpusHead {
    pub(in crate::decode) fn parse(packet: &[u8]) -> Result<Self, DecodeError> {
        let damaged = DecodeError::Damaged("the Opus header");
        let Some(fields) = packet.get(8..19) else { return Err(damaged) };
        let channels = fields[1];
        let layout = Layout::usual(usize::from(channels))
            .ok_or(DecodeError::Unsupported("Opus with more than eight channels"))?;
        let (streams, coupled, mapping) = match (fields[10], channels) {
            (0, 1) => (1, 0, vec![0]),
            (0, 2) => (1, 1, vec![0, 1]),
            (0, _) => return Err(damaged),
            _ => {
                let mapping = packet.get(19..21 + usize::from(channels)).ok_or(damaged)?;
                (mapping[0], mapping[1], mapping[2..].to_vec())
            }
        };
        let gain = i16::from_le_bytes([fields[8], fields[9]]);
        Ok(Self {
            layout,
            skip: u16::from_le_bytes([fields[2], fields[3]]),
            gain: 10_f32.powf(f32::from(gain) / (20.0 * 256.0)),
            streams,
            coupled,
            mapping,
        })
    }
}

impl OpusCoder {
    pub(in crate::decode) fn new(head: OpusHead) -> Result<Self, DecodeError> {
        let order =
            head.layout.vorbis_order().ok_or(DecodeError::Unsupported("Opus in such a layout"))?;
        let decoder = decoder(&head)?;
        Ok(Self { decoder, integers: vec![0; MOST_FRAMES * order.len()], order, head })
    }
}

fn decoder(head: &OpusHead) -> Result<OpusMSDecoder, DecodeError> {
    let channels = i32::try_from(head.mapping.len()).unwrap_or(i32::MAX);
    let (streams, coupled) = (i32::from(head.streams), i32::from(head.coupled));
    OpusMSDecoder::new(48_000, channels, streams, coupled, &head.mapping)
        .map_err(|_code| DecodeError::Damaged("the Opus header"))
}

impl Coder for OpusCoder {
    fn decode(&mut self, packet: &[u8], out: &mut Vec<f32>) -> Option<usize> {
        let len = i32::try_from(packet.len()).ok().filter(|&len| len > 0)?;
        let decoded = self.decoder.decode(Some(packet), len, &mut self.integers, 5760, false);
        let frames = usize::try_from(decoded.ok()?).ok()?;
        let scale = self.head.gain / 32_768.0;
        for frame in self.integers.chunks_exact(self.order.len()).take(frames) {
            let start = out.len();
            out.extend_from_slice(&[0.0; Layout::MOST_CHANNELS][..frame.len()]);
            for (&channel, &sample) in self.order.iter().zip(frame) {
                out[start + channel] = f32::from(sample) * scale;
            }
        }
        Some(frames)
    }

    fn reset(&mut self) {
        if let Ok(fresh) = decoder(&self.head) {
            self.decoder = fresh;
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
