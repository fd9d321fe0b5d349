//! WAV: RIFF, and RF64 or BW64 (EBU Tech 3306) beyond 4 GiB; integer and floating-point PCM.

use crate::error::ProbeError;
use crate::format::{Codec, Container};
use crate::payload::Payload;
use crate::probe::Stream;
use crate::source::Source;

/// How many chunks are looked at; a file of empty chunks ends here.
const MOST_CHUNKS: usize = 4096;

/// A chunk size that says "see ds64", or that the writer never came back to fill it in.
const UNKNOWN_SIZE: u32 = u32::MAX;

pub(crate) fn read(
    source: &mut Source<'_>,
    start: u64,
    payload: &mut Payload,
) -> Result<Stream, ProbeError> {
    let mut at = start + 12;
    let mut stream = None;
    let mut long_data = None;
    for _ in 0..MOST_CHUNKS {
        if at + 8 > source.len() {
            return Err(ProbeError::Truncated("the WAV file has no audio (its data chunk)"));
        }
        let [a, b, c, d, size @ ..] = source.array::<8>(at)?;
        let size = u32::from_le_bytes(size);
        let body = at + 8;
        match &[a, b, c, d] {
            b"ds64" => long_data = Some(u64::from_le_bytes(source.array(body + 8)?)),
            b"fmt " => stream = Some(format(source, body, size)?),
            b"data" => {
                let rest = source.len().saturating_sub(body);
                let len = match (size, long_data) {
                    (UNKNOWN_SIZE, Some(len)) => len,
                    (UNKNOWN_SIZE | 0, _) => rest,
                    (size, _) => u64::from(size),
                };
                payload.push(body, len)?;
                return stream.ok_or(ProbeError::Damaged("the WAV file does not say its format"));
            }
            _ => {}
        }
        at = body + u64::from(size) + u64::from(size & 1);
    }
    Err(ProbeError::Damaged("the WAV file has too many chunks"))
}

fn format(source: &mut Source<'_>, body: u64, size: u32) -> Result<Stream, ProbeError> {
    let fields: [u8; 16] = source.array(body)?;
    let field = |at: usize| u16::from_le_bytes([fields[at], fields[at + 1]]);
    let rate = [fields[4], fields[5], fields[6], fields[7]];
    let bits = field(14);
    let (mut coding, mut depth) = (field(0), bits);
    if coding == 0xFFFE && size >= 40 {
        let extension: [u8; 26] = source.array(body + 14)?;
        coding = u16::from_le_bytes([extension[10], extension[11]]);
        depth = match u16::from_le_bytes([extension[4], extension[5]]) {
            0 => bits,
            valid => valid,
        };
    }
    let codec = match coding {
        1 => Codec::Pcm,
        3 => Codec::PcmFloat,
        0x55 => return Err(ProbeError::Unsupported("MP3 inside WAV")),
        _ => return Err(ProbeError::Unsupported("WAV with a coding other than PCM")),
    };
    let mut setup = vec![b'l'];
    setup.extend_from_slice(&bits.to_le_bytes());
    setup.extend_from_slice(&field(12).to_le_bytes());
    Ok(Stream {
        codec,
        container: Container::Wav,
        sample_rate: u32::from_le_bytes(rate),
        channels: field(2),
        bit_depth: u8::try_from(depth).ok(),
        frames: None,
        setup,
    })
}
