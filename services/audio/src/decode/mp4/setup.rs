//! How a track is coded: the sample description of AAC and ALAC.

use symphonia::core::codecs::audio::AudioCodecId;
use symphonia::core::codecs::audio::well_known::{CODEC_ID_AAC, CODEC_ID_ALAC};

use super::atoms::{Atom, atoms, find, word};
use crate::decode::DecodeError;
use crate::format::Codec;
use crate::layout::Layout;

/// AAC's sampling rates by their numbers.
const RATES: [u32; 13] = [
    96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
    7_350,
];

/// What a decoder must know.
pub(super) struct Setup {
    pub(super) codec: Codec,
    pub(super) id: AudioCodecId,
    /// The codec's own description.
    pub(super) data: Vec<u8>,
    pub(super) sample_rate: u32,
    channels: usize,
    pub(super) bit_depth: Option<u8>,
    /// Frames a packet.
    pub(super) duration: u32,
}

impl Setup {
    pub(super) fn read(table: &[u8]) -> Result<Self, DecodeError> {
        let damaged = || DecodeError::Damaged("the sample description of MP4");
        let descriptions = find(table, &[*b"stsd"]).and_then(|body| body.get(8..));
        let entry = descriptions.and_then(|body| atoms(body).next()).ok_or_else(damaged)?;
        let version = entry.body.get(8..10).ok_or_else(damaged)?;
        // QuickTime's later versions have more fields before the boxes.
        let fields = match version {
            [0, 1] => 44,
            [0, 2] => 64,
            _ => 28,
        };
        let inner = entry.body.get(fields..).ok_or_else(damaged)?;
        let boxed = |kind: [u8; 4]| find(inner, &[kind]).or_else(|| find(inner, &[*b"wave", kind]));
        let setup = match &entry {
            Atom { kind: [b'm', b'p', b'4', b'a'], .. } => boxed(*b"esds").and_then(Self::aac),
            Atom { kind: [b'a', b'l', b'a', b'c'], .. } => boxed(*b"alac").and_then(Self::alac),
            _ => return Err(DecodeError::Unsupported("MP4 with other audio than AAC and ALAC")),
        };
        setup.filter(|setup| setup.sample_rate > 0 && setup.duration > 0).ok_or_else(damaged)
    }

    pub(super) fn layout(&self) -> Result<Layout, DecodeError> {
        if self.codec == Codec::Aac && self.channels > 2 {
            return Err(DecodeError::Unsupported("AAC of more than two channels"));
        }
        Layout::usual(self.channels).ok_or(DecodeError::Unsupported("such channels in MP4"))
    }

    fn alac(body: &[u8]) -> Option<Self> {
        let cookie = body.get(4..28)?;
        Some(Self {
            codec: Codec::Alac,
            id: CODEC_ID_ALAC,
            data: body[4..].to_vec(),
            sample_rate: word(cookie, 20)?,
            channels: usize::from(cookie[9]),
            bit_depth: Some(cookie[5]),
            duration: word(cookie, 0).filter(|&frames| frames <= 1 << 16)?,
        })
    }

    fn aac(body: &[u8]) -> Option<Self> {
        let data = decoder_specific(body.get(4..)?).filter(|data| !data.is_empty())?;
        let bits = data.iter().take(8).fold(0_u64, |bits, &byte| (bits << 8) | u64::from(byte));
        let bits = bits << (64 - 8 * data.len().min(8));
        // Five bits of object type, four of the rate's number, four of channels.
        let take = |from: u32, count: u32| (bits << from) >> (64 - count);
        let (rate, channels) = match take(5, 4) {
            15 => (take(9, 24), take(33, 4)),
            number => {
                let rate = RATES.get(usize::try_from(number).ok()?)?;
                (u64::from(*rate), take(9, 4))
            }
        };
        let channels = usize::try_from(channels).ok()?;
        Some(Self {
            codec: Codec::Aac,
            id: CODEC_ID_AAC,
            data: data.to_vec(),
            sample_rate: u32::try_from(rate).ok()?,
            channels: if channels == 7 { 8 } else { channels },
            bit_depth: None,
            duration: 1024,
        })
    }
}

/// The decoder's own part of the descriptors in `esds` (ISO 14496-1 §7.2.6).
fn decoder_specific(bytes: &[u8]) -> Option<&[u8]> {
    let (tag, stream) = descriptor(bytes)?;
    let flags = stream.get(2).filter(|_flags| tag == 3)?;
    let mut at = 3;
    at += if flags & 0x80 == 0 { 0 } else { 2 };
    at += if flags & 0x40 == 0 { 0 } else { 1 + usize::from(*stream.get(at)?) };
    at += if flags & 0x20 == 0 { 0 } else { 2 };
    let (tag, config) = descriptor(stream.get(at..)?)?;
    let inner = config.get(13..).filter(|_inner| tag == 4)?;
    let (tag, specific) = descriptor(inner)?;
    (tag == 5).then_some(specific)
}

/// A descriptor's tag and contents: its length is written in up to four bytes of seven bits.
fn descriptor(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let (&tag, mut rest) = bytes.split_first()?;
    let mut len = 0;
    for _ in 0..4 {
        let (&byte, after) = rest.split_first()?;
        rest = after;
        len = (len << 7) | usize::from(byte & 0x7F);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some((tag, &rest[..len.min(rest.len())]))
}
