//! The sample description (`stsd`): codec, rate, channels, and what the decoder has to know.

mod aac;

use crate::error::ProbeError;
use crate::format::{Codec, Container};
use crate::probe::Stream;
use crate::source::Source;

use super::atom::Atom;

/// How much of a description is read: it has some hundred bytes.
const MOST_BYTES: usize = 16 * 1024;

/// The `ALACSpecificConfig` without channel layout.
const ALAC_COOKIE: usize = 24;

pub(super) fn read(source: &mut Source<'_>, table: Atom) -> Result<Stream, ProbeError> {
    let count = usize::try_from(table.len()).unwrap_or(MOST_BYTES).min(MOST_BYTES);
    let bytes = source.up_to(table.body, count)?;
    // Version, flags and the number of entries; the first entry counts.
    let (kind, entry) = bytes
        .get(8..)
        .and_then(|entries| atoms(entries).next())
        .ok_or(ProbeError::Damaged("the MP4 sample description is empty"))?;
    let (channels, sample_rate, children) =
        sound(entry).ok_or(ProbeError::Damaged("the MP4 sample description is too short"))?;
    match &kind {
        b"mp4a" => aac::stream(find(children, *b"esds"), sample_rate, channels),
        b"alac" => alac(find(children, *b"alac")),
        b"drms" | b"enca" => Err(ProbeError::Unsupported("audio locked by copy protection")),
        b"fLaC" => Err(ProbeError::Unsupported("FLAC inside MP4")),
        b"Opus" => Err(ProbeError::Unsupported("Opus inside MP4")),
        b"ac-3" | b"ec-3" => Err(ProbeError::Unsupported("Dolby Digital")),
        _ => Err(ProbeError::Unsupported("MP4 with a coding other than AAC and ALAC")),
    }
}

/// Channels and rate of a sound sample entry, and the boxes that follow them.
fn sound(entry: &[u8]) -> Option<(u16, u32, &[u8])> {
    let fields = entry.get(..28)?;
    // QuickTime's versions 1 and 2 put more fields between.
    let children = match u16::from_be_bytes([fields[8], fields[9]]) {
        0 => 28,
        1 => 28 + 16,
        _ => 28 + 36,
    };
    let channels = u16::from_be_bytes([fields[16], fields[17]]);
    let sample_rate = u16::from_be_bytes([fields[24], fields[25]]);
    Some((channels, u32::from(sample_rate), entry.get(children..)?))
}

/// The child of this kind, also inside of a `wave` box.
fn find(children: &[u8], kind: [u8; 4]) -> Option<&[u8]> {
    let within = |bytes| atoms(bytes).find(|(found, _)| *found == kind).map(|(_, body)| body);
    let wave = atoms(children).find(|(found, _)| found == b"wave");
    within(children).or_else(|| within(wave?.1))
}

/// The boxes in memory; the last may be cut.
fn atoms(mut bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    std::iter::from_fn(move || {
        let &[s0, s1, s2, s3, a, b, c, d, ..] = bytes else { return None };
        let len = usize::try_from(u32::from_be_bytes([s0, s1, s2, s3])).ok()?;
        let len = if len < 8 { bytes.len() } else { len.min(bytes.len()) };
        let body = &bytes[8..len];
        bytes = &bytes[len..];
        Some(([a, b, c, d], body))
    })
}

/// The cookie says it all; its average bitrate and longest frame are not audio.
fn alac(config: Option<&[u8]>) -> Result<Stream, ProbeError> {
    let cookie = config
        .and_then(|config| config.get(4..4 + ALAC_COOKIE))
        .ok_or(ProbeError::Damaged("the ALAC track has no decoder configuration"))?;
    Ok(Stream {
        codec: Codec::Alac,
        container: Container::Mp4,
        sample_rate: u32::from_be_bytes([cookie[20], cookie[21], cookie[22], cookie[23]]),
        channels: u16::from(cookie[9]),
        bit_depth: Some(cookie[5]),
        frames: None,
        setup: cookie[..12].to_vec(),
    })
}
