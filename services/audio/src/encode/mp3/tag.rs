//! The first frame, which describes the stream: Xing's header with LAME's part, by which decoders
//! know how long the music is and what in front of it and behind it was added.

use super::format::Format;
use super::{Mp3Rate, Mp3Settings, rate};

/// Decoders believe what follows from programs of this name alone; the rest is ours.
const NAME: &[u8; 9] = b"LAMEhexac";
/// Bytes of LAME's part.
const LAME: usize = 36;
const PLACES: usize = 100;
/// Decoders take fewer for something else.
pub(super) const FEWEST_FRAMES: u64 = 2;

/// The frame.
pub(super) fn tag(settings: &Mp3Settings, format: &Format) -> Vec<u8> {
    let length = settings.frames.map(|frames| Length::new(format, frames));
    let promised = length.as_ref().and_then(|length| {
        let audio = audio_bytes(settings, format, length.frames)?;
        u32::try_from(audio + tag_bytes(settings, format) as u64).ok()
    });
    let frames = length.as_ref().and_then(|length| u32::try_from(length.frames).ok());
    let bitrate = tag_bitrate(settings, format);
    let mut tag = format.header(bitrate, false, false).to_vec();
    let len = format.frame_bytes(bitrate);
    tag.resize(format.head_bytes(), 0);
    tag.extend_from_slice(if is_constant(settings) { b"Info" } else { b"Xing" });
    let with_places = promised.is_some() && has_room_for_places(settings, format);
    let flags = u32::from(frames.is_some())
        | u32::from(promised.is_some()) << 1
        | u32::from(with_places) << 2;
    tag.extend_from_slice(&flags.to_be_bytes());
    tag.extend(frames.iter().flat_map(|frames| frames.to_be_bytes()));
    tag.extend(promised.iter().flat_map(|bytes| bytes.to_be_bytes()));
    if with_places {
        // In 256ths of the bytes: frames are all of one length.
        tag.extend((0..PLACES).map(|place| (place * 256 / PLACES) as u8));
    }

    let lame = tag.len();
    tag.extend_from_slice(NAME);
    // Revision 0; a constant bitrate, or a variable one.
    tag.push(if is_constant(settings) { 1 } else { 4 });
    tag.push((rate::cutoff(format, settings.rate) / 100.0) as u8);
    // Peak and gains: not known.
    tag.extend_from_slice(&[0; 8]);
    tag.push(0);
    tag.push(match settings.rate {
        Mp3Rate::Constant(kbps) => kbps.min(255) as u8,
        Mp3Rate::Variable(_) => 0,
    });
    let padding = length.map_or(0, |length| length.padding);
    let delays = (format.delay() as u32) << 12 | padding as u32;
    tag.extend_from_slice(&delays.to_be_bytes()[1..]);
    // Joint stereo or mono; the rest is not known.
    tag.extend_from_slice(&[if format.channels == 2 { 3 << 2 } else { 0 }, 0, 0, 0]);
    tag.extend_from_slice(&promised.unwrap_or_default().to_be_bytes());
    // The checksum of what is not there yet.
    tag.extend_from_slice(&[0; 2]);
    let checksum = crc(&tag);
    tag.extend_from_slice(&checksum.to_be_bytes());
    debug_assert_eq!(tag.len(), lame + LAME);
    tag.resize(len, 0);
    tag
}

/// How long a stream is.
pub(super) struct Length {
    /// MPEG frames, without the one that describes them.
    pub(super) frames: u64,
    /// Frames of samples behind the music.
    padding: u64,
}

impl Length {
    /// Of a stream with so many frames of samples.
    pub(super) fn new(format: &Format, frames: u64) -> Self {
        let duration = format.duration() as u64;
        let coded = frames.saturating_add(format.decoded_delay() as u64);
        let mpeg_frames = coded.div_ceil(duration).max(FEWEST_FRAMES);
        let padding =
            (mpeg_frames * duration).saturating_sub(frames.saturating_add(format.delay() as u64));
        Self { frames: mpeg_frames, padding }
    }
}

/// Bytes of so many frames after the one that describes them, where they are known before.
pub(super) fn audio_bytes(settings: &Mp3Settings, format: &Format, frames: u64) -> Option<u64> {
    let Mp3Rate::Constant(kbps) = settings.rate else { return None };
    Some(format.bytes(format.bitrate_index(kbps)?, frames))
}

pub(super) fn tag_bytes(settings: &Mp3Settings, format: &Format) -> usize {
    format.frame_bytes(tag_bitrate(settings, format))
}

/// The bitrate of the describing frame: that of the others, if it has room.
fn tag_bitrate(settings: &Mp3Settings, format: &Format) -> usize {
    let (least, needed) = match settings.rate {
        Mp3Rate::Constant(kbps) => (format.bitrate_index(kbps).unwrap_or(1), needed(format)),
        Mp3Rate::Variable(_) => (1, needed(format)),
    };
    (least..14).find(|&bitrate| format.frame_bytes(bitrate) >= needed).unwrap_or(14)
}

/// Bytes without the table of places.
fn needed(format: &Format) -> usize {
    format.head_bytes() + 16 + LAME
}

fn has_room_for_places(settings: &Mp3Settings, format: &Format) -> bool {
    tag_bytes(settings, format) >= needed(format) + PLACES
}

fn is_constant(settings: &Mp3Settings) -> bool {
    matches!(settings.rate, Mp3Rate::Constant(_))
}

/// Polynomial 0x8005, lowest bit first.
fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |sum, &byte| {
        (0..8).fold(sum ^ u16::from(byte), |sum, _| {
            (sum >> 1) ^ if sum & 1 == 0 { 0 } else { 0xA001 }
        })
    })
}
