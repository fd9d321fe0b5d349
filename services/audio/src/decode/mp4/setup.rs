//! How a track is coded: the sample description of AAC and ALAC.

use symphonia::core::codecs::audio::well_known::CODEC_ID_ALAC;

use super::aac::AacTrack;
use super::atoms::{Atom, atoms, find, word};
use crate::decode::DecodeError;
use crate::decode::coder::{Coder, Symphonia};
use crate::format::Codec;
use crate::layout::Layout;

/// What must be known of a track to decode it.
pub(super) struct Setup {
    pub(super) codec: Codec,
    pub(super) sample_rate: u32,
    pub(super) layout: Layout,
    pub(super) bit_depth: Option<u8>,
    /// Frames a packet.
    pub(super) duration: u64,
    /// Packets that are decoded before the one that is wanted.
    pub(super) pre_roll: u64,
    /// Whether the track's first packet is decoded before those.
    pub(super) begins_with_first: bool,
}

impl Setup {
    /// The setup of the track that begins with the packet `first`, and a decoder for it.
    pub(super) fn read(table: &[u8], first: &[u8]) -> Result<(Self, Box<dyn Coder>), DecodeError> {
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
        match &entry {
            Atom { kind: [b'm', b'p', b'4', b'a'], .. } => {
                let data = boxed(*b"esds").and_then(|body| decoder_specific(body.get(4..)?));
                let data = data.filter(|data| !data.is_empty()).ok_or_else(damaged)?;
                let track = AacTrack::new(data, first)?;
                Ok((track.setup(), track.coder()?))
            }
            Atom { kind: [b'a', b'l', b'a', b'c'], .. } => {
                let body = boxed(*b"alac").ok_or_else(damaged)?;
                alac(body, damaged)
            }
            _ => Err(DecodeError::Unsupported("MP4 with other audio than AAC and ALAC")),
        }
    }
}

fn alac(
    body: &[u8],
    damaged: impl Fn() -> DecodeError,
) -> Result<(Setup, Box<dyn Coder>), DecodeError> {
    let cookie = body.get(4..28).ok_or_else(&damaged)?;
    let layout = Layout::usual(usize::from(cookie[9]));
    let layout = layout.ok_or(DecodeError::Unsupported("such channels in MP4"))?;
    let sample_rate = word(cookie, 20).filter(|&rate| rate > 0).ok_or_else(&damaged)?;
    let duration = word(cookie, 0).filter(|frames| (1..=1 << 16).contains(frames));
    let setup = Setup {
        codec: Codec::Alac,
        sample_rate,
        layout,
        bit_depth: Some(cookie[5]),
        duration: duration.ok_or_else(&damaged)?.into(),
        pre_roll: 0,
        begins_with_first: false,
    };
    let coder = Symphonia::guarded(CODEC_ID_ALAC, &body[4..], sample_rate, layout)?;
    Ok((setup, Box::new(coder)))
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
