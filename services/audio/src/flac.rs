//! Native FLAC (RFC 9639): metadata blocks, then frames.

use crate::error::ProbeError;
use crate::format::{Codec, Container};
use crate::payload::Payload;
use crate::probe::Stream;
use crate::source::Source;
use crate::tags;

/// Length of the STREAMINFO block.
pub(crate) const STREAMINFO: usize = 34;

/// How many metadata blocks may stand before the audio.
const MOST_BLOCKS: usize = 4096;

pub(crate) fn read(
    source: &mut Source<'_>,
    start: u64,
    payload: &mut Payload,
) -> Result<Stream, ProbeError> {
    let first: [u8; 4] = source.array(start + 4)?;
    let (kind, _, len) = block(first);
    if kind != 0 || len < STREAMINFO as u64 {
        return Err(ProbeError::Damaged("the FLAC file does not begin with its STREAMINFO"));
    }
    let stream = streaminfo(&source.array(start + 8)?, Container::Flac);

    let mut at = start + 4;
    for _ in 0..MOST_BLOCKS {
        let (_, last, len) = block(source.array(at)?);
        at += 4 + len;
        if last {
            let end = tags::trim_trailing(source, at.min(source.len()))?;
            payload.push(at, end.saturating_sub(at))?;
            return Ok(stream);
        }
    }
    Err(ProbeError::Damaged("the FLAC file has too many metadata blocks"))
}

/// What STREAMINFO says. Lengths and frame sizes stay out of the setup; an unset MD5 does too.
pub(crate) fn streaminfo(info: &[u8; STREAMINFO], container: Container) -> Stream {
    let packed = u32::from_be_bytes([info[10], info[11], info[12], info[13]]);
    let bit_depth = ((packed >> 4) & 0x1F) as u8 + 1;
    let mut setup = vec![bit_depth];
    let md5 = &info[18..];
    if md5.iter().any(|&byte| byte != 0) {
        setup.extend_from_slice(md5);
    }
    Stream {
        codec: Codec::Flac,
        container,
        sample_rate: packed >> 12,
        channels: ((packed >> 9) & 7) as u16 + 1,
        bit_depth: Some(bit_depth),
        frames: None,
        setup,
    }
}

/// A metadata block's kind, whether it is the last, and its length.
fn block([flags, a, b, c]: [u8; 4]) -> (u8, bool, u64) {
    (flags & 0x7F, flags & 0x80 != 0, u64::from(u32::from_be_bytes([0, a, b, c])))
}
