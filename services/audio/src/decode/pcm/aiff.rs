//! AIFF, and the codings of AIFF-C that are PCM.

use super::{Format, Kind, MOST_CHUNKS, Pcm, Sample};
use crate::aiff::extended;
use crate::decode::DecodeError;
use crate::decode::input::Input;

pub(in crate::decode) fn aiff(mut input: Input, start: u64) -> Result<Pcm, DecodeError> {
    let compressed = input.array(start + 8)? == Some(*b"AIFC");
    let mut at = start + 12;
    let mut format = None;
    let mut sound = None;
    for _ in 0..MOST_CHUNKS {
        let Some([a, b, c, d, size @ ..]) = input.array::<8>(at)? else { break };
        let size = u64::from(u32::from_be_bytes(size));
        let body = at + 8;
        match &[a, b, c, d] {
            b"COMM" => format = Some(common(&mut input, body, compressed)?),
            b"SSND" if sound.is_none() => {
                // An offset that aligns the samples comes first, then a block size.
                let offset = input.array(body)?.map_or(0, u32::from_be_bytes);
                let offset = 8 + u64::from(offset);
                sound = Some((body + offset, size.saturating_sub(offset)));
            }
            _ => {}
        }
        if let (Some((format, frames)), Some((start, len))) = (&format, sound) {
            let said = frames * (format.channels * format.sample.bytes) as u64;
            return Pcm::new(input, format, start, len.min(said));
        }
        at = body + size + (size & 1);
    }
    Err(DecodeError::Damaged("AIFF without its format or without its sound"))
}

/// The format, and how many frames there are.
fn common(input: &mut Input, body: u64, compressed: bool) -> Result<(Format, u64), DecodeError> {
    let fields: [u8; 18] =
        input.array(body)?.ok_or(DecodeError::Damaged("AIFF without its format"))?;
    let bits = u16::from_be_bytes([fields[6], fields[7]]);
    let coding = if compressed { input.array(body + 18)?.unwrap_or_default() } else { *b"NONE" };
    let (kind, big_endian) = match &coding {
        b"NONE" | b"twos" | b"in16" | b"in24" | b"in32" => (Kind::Signed, true),
        b"sowt" => (Kind::Signed, false),
        b"raw " => (Kind::Unsigned, true),
        b"fl32" | b"FL32" | b"fl64" | b"FL64" => (Kind::Float, true),
        _ => return Err(DecodeError::Unsupported("AIFF-C with a coding other than PCM")),
    };
    let format = Format {
        sample: Sample::new(usize::from(bits.div_ceil(8)), kind, big_endian)?,
        channels: usize::from(u16::from_be_bytes([fields[0], fields[1]])),
        mask: None,
        sample_rate: extended(&fields[8..18]),
        bit_depth: bits,
    };
    let frames = u32::from_be_bytes([fields[2], fields[3], fields[4], fields[5]]);
    Ok((format, u64::from(frames)))
}
