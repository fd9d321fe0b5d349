//! WAV, and its kinds for more than 4 GB (RF64, BW64).

use super::{Format, Kind, MOST_CHUNKS, Pcm, Sample};
use crate::decode::DecodeError;
use crate::decode::input::Input;

/// A chunk as long as the file, or of a length that another chunk says.
const UNKNOWN: u32 = u32::MAX;

pub(in crate::decode) fn wav(mut input: Input, start: u64) -> Result<Pcm, DecodeError> {
    let mut at = start + 12;
    let mut format = None;
    let mut long_data = None;
    for _ in 0..MOST_CHUNKS {
        let Some([a, b, c, d, size @ ..]) = input.array::<8>(at)? else { break };
        let size = u32::from_le_bytes(size);
        let body = at + 8;
        match &[a, b, c, d] {
            b"ds64" => long_data = input.array(body + 8)?.map(u64::from_le_bytes),
            b"fmt " => format = Some(read_format(&mut input, body, size)?),
            b"data" => {
                let format = format.ok_or(DecodeError::Damaged("WAV without its format"))?;
                let len = match (size, long_data) {
                    (UNKNOWN, Some(len)) => len,
                    (UNKNOWN | 0, _) => u64::MAX,
                    (size, _) => u64::from(size),
                };
                return Pcm::new(input, &format, body, len);
            }
            _ => {}
        }
        at = body + u64::from(size) + u64::from(size & 1);
    }
    Err(DecodeError::Damaged("WAV without its data"))
}

fn read_format(input: &mut Input, body: u64, size: u32) -> Result<Format, DecodeError> {
    let fields: [u8; 16] =
        input.array(body)?.ok_or(DecodeError::Damaged("WAV without its format"))?;
    let field = |at: usize| u16::from_le_bytes([fields[at], fields[at + 1]]);
    let (mut coding, channels, bits) = (field(0), usize::from(field(2)), field(14));
    let (mut bit_depth, mut mask) = (bits, None);
    if coding == 0xFFFE
        && size >= 40
        && let Some(extension) = input.array::<10>(body + 16)?
    {
        let field = |at: usize| u16::from_le_bytes([extension[at], extension[at + 1]]);
        let valid = field(2);
        bit_depth = if valid == 0 { bits } else { valid };
        mask = Some(u32::from(field(4)) | (u32::from(field(6)) << 16));
        coding = field(8);
    }
    let bytes = usize::from(field(12)) / channels.max(1);
    let kind = match (coding, bytes) {
        (1, 1) => Kind::Unsigned,
        (1, _) => Kind::Signed,
        (3, _) => Kind::Float,
        (0x55, _) => return Err(DecodeError::Unsupported("MP3 inside WAV")),
        _ => return Err(DecodeError::Unsupported("WAV with a coding other than PCM")),
    };
    Ok(Format {
        sample: Sample::new(bytes, kind, false)?,
        channels,
        mask,
        sample_rate: u32::from_le_bytes([fields[4], fields[5], fields[6], fields[7]]),
        bit_depth,
    })
}
