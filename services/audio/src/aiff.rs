//! AIFF and AIFF-C: big-endian PCM, and the AIFF-C codings that are PCM in another byte order.

use crate::error::ProbeError;
use crate::format::{Codec, Container};
use crate::payload::Payload;
use crate::probe::Stream;
use crate::source::Source;

/// How many chunks are looked at; a file of empty chunks ends here.
const MOST_CHUNKS: usize = 4096;

pub(crate) fn read(
    source: &mut Source<'_>,
    start: u64,
    payload: &mut Payload,
) -> Result<Stream, ProbeError> {
    let compressed = &source.array::<4>(start + 8)? == b"AIFC";
    let mut at = start + 12;
    let mut stream = None;
    let mut sound = false;
    for _ in 0..MOST_CHUNKS {
        if (stream.is_some() && sound) || at + 8 > source.len() {
            break;
        }
        let [a, b, c, d, size @ ..] = source.array::<8>(at)?;
        let size = u32::from_be_bytes(size);
        let body = at + 8;
        match &[a, b, c, d] {
            b"COMM" => stream = Some(common(source, body, compressed)?),
            b"SSND" if !sound => {
                // An offset that aligns the samples comes first, then a block size.
                let offset = u64::from(u32::from_be_bytes(source.array(body)?));
                payload.push(body + 8 + offset, u64::from(size).saturating_sub(8 + offset))?;
                sound = true;
            }
            _ => {}
        }
        at = body + u64::from(size) + u64::from(size & 1);
    }
    match stream {
        Some(stream) if sound => Ok(stream),
        Some(_) => Err(ProbeError::Truncated("the AIFF file has no audio (its SSND chunk)")),
        None => Err(ProbeError::Truncated("the AIFF file does not say its format (COMM)")),
    }
}

fn common(source: &mut Source<'_>, body: u64, compressed: bool) -> Result<Stream, ProbeError> {
    let fields: [u8; 18] = source.array(body)?;
    let bits = u16::from_be_bytes([fields[6], fields[7]]);
    let coding: [u8; 4] = if compressed { source.array(body + 18)? } else { *b"NONE" };
    let codec = match &coding {
        b"NONE" | b"twos" | b"sowt" | b"in16" | b"in24" | b"in32" => Codec::Pcm,
        b"fl32" | b"FL32" | b"fl64" | b"FL64" => Codec::PcmFloat,
        _ => return Err(ProbeError::Unsupported("AIFF-C with a coding other than PCM")),
    };
    let mut setup = if &coding == b"sowt" { vec![b'l'] } else { vec![b'b'] };
    setup.extend_from_slice(&bits.to_le_bytes());
    Ok(Stream {
        codec,
        container: Container::Aiff,
        sample_rate: extended(&fields[8..18]),
        channels: u16::from_be_bytes([fields[0], fields[1]]),
        bit_depth: u8::try_from(bits).ok(),
        frames: None,
        setup,
    })
}

/// The whole part of an 80-bit extended float; 0 where it is negative, below 1 or beyond 32 bits.
pub(crate) fn extended(bytes: &[u8]) -> u32 {
    let exponent = u16::from_be_bytes([bytes[0], bytes[1]]);
    let mantissa = bytes[2..6].iter().fold(0, |value, &byte| (value << 8) | u32::from(byte));
    match exponent.checked_sub(16383) {
        Some(power @ 0..32) => mantissa >> (31 - power),
        _ => 0,
    }
}
