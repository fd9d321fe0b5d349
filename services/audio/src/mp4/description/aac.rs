//! AAC's elementary stream descriptor (ISO 14496-1 §7.2.6.5) and `AudioSpecificConfig`
//! (ISO 14496-3 §1.6.2.1).

use crate::error::ProbeError;
use crate::format::{Codec, Container};
use crate::probe::Stream;

/// Sampling frequencies by index.
const RATES: [u32; 13] = [
    96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
    7_350,
];

/// The stream that an `esds` box describes; rate and channels of the sample entry stand in for what
/// it leaves open.
pub(super) fn stream(
    esds: Option<&[u8]>,
    sample_rate: u32,
    channels: u16,
) -> Result<Stream, ProbeError> {
    let (coding, config) = esds
        .and_then(decoder_config)
        .ok_or(ProbeError::Damaged("the AAC track has no decoder configuration"))?;
    match coding {
        0x40 | 0x66..=0x68 => {}
        0x69 | 0x6B => return Err(ProbeError::Unsupported("MP3 inside MP4")),
        _ => return Err(ProbeError::Unsupported("MP4 with a coding other than AAC and ALAC")),
    }
    let mut setup = vec![coding];
    setup.extend_from_slice(config);
    let configured = specific_config(config);
    Ok(Stream {
        codec: Codec::Aac,
        container: Container::Mp4,
        sample_rate: configured.and_then(|found| found.0).unwrap_or(sample_rate),
        channels: configured.and_then(|found| found.1).unwrap_or(channels),
        bit_depth: None,
        frames: None,
        setup,
    })
}

/// The object type and the decoder's own configuration; the bitrates between them are passed over.
fn decoder_config(esds: &[u8]) -> Option<(u8, &[u8])> {
    let stream = descriptor(esds.get(4..)?, 3)?;
    let flags = *stream.get(2)?;
    let mut at = 3;
    if flags & 0x80 != 0 {
        at += 2;
    }
    if flags & 0x40 != 0 {
        at += 1 + usize::from(*stream.get(at)?);
    }
    if flags & 0x20 != 0 {
        at += 2;
    }
    let decoder = descriptor(stream.get(at..)?, 4)?;
    let config = decoder.get(13..).and_then(|rest| descriptor(rest, 5)).unwrap_or(&[]);
    Some((*decoder.first()?, config))
}

/// The content of the descriptor with this tag that `bytes` begin with.
fn descriptor(bytes: &[u8], tag: u8) -> Option<&[u8]> {
    let mut rest = bytes.strip_prefix(&[tag])?;
    let mut len = 0;
    for _ in 0..4 {
        let (&byte, after) = rest.split_first()?;
        rest = after;
        len = (len << 7) | usize::from(byte & 0x7F);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some(&rest[..len.min(rest.len())])
}

/// Rate and channels as decoded; with spectral band replication the doubled rate, where it is said.
/// Either is `None` where the index is reserved or says "look elsewhere".
fn specific_config(config: &[u8]) -> Option<(Option<u32>, Option<u16>)> {
    let mut bits = Bits { bytes: config, at: 0 };
    let mut object_type = bits.take(5)?;
    if object_type == 31 {
        object_type = 32 + bits.take(6)?;
    }
    let mut rate = bits.rate();
    let channels = match bits.take(4)? {
        count @ 1..=6 => u16::try_from(count).ok(),
        7 => Some(8),
        _ => None,
    };
    if matches!(object_type, 5 | 29) {
        rate = bits.rate();
    }
    let channels = if object_type == 29 { Some(2) } else { channels };
    Some((rate, channels))
}

/// Bits, the highest first.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn take(&mut self, count: usize) -> Option<u32> {
        let mut value = 0;
        for _ in 0..count {
            let byte = self.bytes.get(self.at / 8)?;
            value = (value << 1) | u32::from((byte >> (7 - self.at % 8)) & 1);
            self.at += 1;
        }
        Some(value)
    }

    /// A frequency by index or in full; `None` for a reserved index.
    fn rate(&mut self) -> Option<u32> {
        match self.take(4)? {
            15 => self.take(24),
            index => RATES.get(index as usize).copied(),
        }
    }
}
