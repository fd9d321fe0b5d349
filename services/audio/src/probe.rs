//! Finds the format by content, reads its headers, and takes the fingerprint.

use std::fs::File;

use crate::error::ProbeError;
use crate::fingerprint::Fingerprint;
use crate::format::{Codec, Container};
use crate::source::{Scratch, Source};
use crate::{aiff, flac, mp3, mp4, ogg, tags, wav, wavpack};

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probe {
    pub codec: Codec,
    pub container: Container,
    /// Where the container begins, behind the tags in front of it.
    pub start: u64,
    /// Frames a second of the decoded audio, in Hz; 48,000 for Opus.
    pub sample_rate: u32,
    pub channels: u16,
    /// Bits a sample, where the format says.
    pub bit_depth: Option<u8>,
    /// How many frames there are to hear, where that is counted beside the audio: in `WavPack`.
    pub frames: Option<u64>,
    /// Bytes of coded audio: without tags and container framing.
    pub payload_bytes: u64,
    pub fingerprint: Fingerprint,
}

/// What a format's headers say about its audio.
pub(crate) struct Stream {
    pub(crate) codec: Codec,
    pub(crate) container: Container,
    pub(crate) sample_rate: u32,
    pub(crate) channels: u16,
    pub(crate) bit_depth: Option<u8>,
    pub(crate) frames: Option<u64>,
    /// What a decoder must know beside these; a part of the fingerprint.
    pub(crate) setup: Vec<u8>,
}

/// Formats that are recognised only to be named, by the first bytes of a file.
const UNSUPPORTED: &[(&[u8], &str)] = &[
    (b"MAC ", "Monkey's Audio"),
    (b"MPCK", "Musepack"),
    (b"MP+", "Musepack"),
    (b"TTA1", "True Audio"),
    (b"DSD ", "DSD"),
    (b"FRM8", "DSD"),
    (b"MThd", "MIDI"),
    (b"ADIF", "AAC outside of MP4"),
    (b"\xFF\xF1", "AAC outside of MP4"),
    (b"\xFF\xF9", "AAC outside of MP4"),
    (b"\x1A\x45\xDF\xA3", "Matroska or WebM"),
    (b"\x30\x26\xB2\x75", "Windows Media"),
];

/// Reads what `file`, which is `len` bytes long, holds. The file's position stays where it is.
///
/// A file that was cut keeps a fingerprint (another one) as long as headers and some audio are there.
///
/// # Errors
/// Says in words what is wrong: empty, unknown, unsupported, truncated, damaged or unreadable.
pub fn probe(file: &File, len: u64, scratch: &mut Scratch) -> Result<Probe, ProbeError> {
    if len == 0 {
        return Err(ProbeError::Empty);
    }
    let Scratch { window, payload, buffer } = scratch;
    let mut source = Source::new(file, len, window);
    payload.reset(len);

    let start = tags::skip_leading(&mut source)?;
    let mut head = [0; 12];
    let first_bytes = source.up_to(start, head.len())?;
    head[..first_bytes.len()].copy_from_slice(first_bytes);

    let stream = match (&head[..4], &head[4..8], &head[8..]) {
        (b"fLaC", ..) => flac::read(&mut source, start, payload)?,
        (b"OggS", ..) => ogg::read(&mut source, start, payload)?,
        (b"RIFF" | b"RF64" | b"BW64", _, b"WAVE") => wav::read(&mut source, start, payload)?,
        (b"FORM", _, b"AIFF" | b"AIFC") => aiff::read(&mut source, start, payload)?,
        (b"wvpk", ..) => wavpack::read(&mut source, start, payload)?,
        (_, b"ftyp" | b"moov" | b"mdat" | b"wide" | b"free" | b"skip", _) => {
            mp4::read(&mut source, start, payload)?
        }
        _ => match UNSUPPORTED.iter().find(|(magic, _)| head.starts_with(magic)) {
            Some((_, name)) => return Err(ProbeError::Unsupported(name)),
            None => mp3::read(&mut source, start, payload)?,
        },
    };
    if stream.sample_rate == 0 || stream.channels == 0 {
        return Err(ProbeError::Damaged("the sample rate or the number of channels is zero"));
    }
    if payload.len() == 0 {
        return Err(ProbeError::Truncated("no audio follows the headers"));
    }
    source.expect_reads(None);
    let fingerprint = Fingerprint::of(&stream, payload, &mut source, buffer)?;
    Ok(Probe {
        codec: stream.codec,
        container: stream.container,
        start,
        sample_rate: stream.sample_rate,
        channels: stream.channels,
        bit_depth: stream.bit_depth,
        frames: stream.frames,
        payload_bytes: payload.len(),
        fingerprint,
    })
}
