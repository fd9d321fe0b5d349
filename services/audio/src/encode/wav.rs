//! WAV: the header first, then samples as they come.

use super::{Encode, EncodeError};
use crate::dsp::quantize::{Quantizer, first_sample};
use crate::layout::Layout;

/// What the lengths say where they are not known: the file goes on to its end.
const UNKNOWN: u32 = u32::MAX;
/// The end of the identifiers of codings in the extensible format.
const CODING: [u8; 14] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];

/// How WAV is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WavSettings {
    pub layout: Layout,
    pub sample_rate: u32,
    /// 16 or 24; 32 is floating point.
    pub bits: u8,
    /// Where the samples have more bits than that: the number of the first frame in the music. They are
    /// dithered then, each frame in its own way, wherever a stream begins.
    pub dither: Option<u64>,
    /// How many frames there will be, where it is known.
    pub frames: Option<u64>,
}

/// An encoder of WAV.
pub struct Wav {
    bytes_a_sample: usize,
    quantizer: Quantizer,
    header: Option<Vec<u8>>,
    odd: bool,
}

impl Wav {
    pub fn new(settings: &WavSettings) -> Result<Self, EncodeError> {
        let WavSettings { layout, bits, dither, .. } = *settings;
        if ![16, 24, 32].contains(&bits) {
            return Err(EncodeError::Unsupported("a WAV of other than 16, 24 or 32 bits"));
        }
        let header = Some(header(settings)?);
        let quantizer = Quantizer::new(bits.min(24), first_sample(dither, layout));
        Ok(Self { bytes_a_sample: usize::from(bits / 8), quantizer, header, odd: false })
    }

    /// How many bytes a stream with these settings has, where they say how many frames.
    pub(crate) fn bytes(settings: &WavSettings) -> Option<u64> {
        let header = header(settings).ok()?.len() as u64;
        let frame = settings.layout.channels() as u64 * u64::from(settings.bits / 8);
        let data = settings.frames? * frame;
        Some(header + data + data % 2)
    }
}

impl Encode for Wav {
    fn encode(&mut self, frames: &[f32], out: &mut Vec<u8>) -> Result<(), EncodeError> {
        out.extend(self.header.take().unwrap_or_default());
        let len = self.bytes_a_sample;
        out.reserve(frames.len() * len);
        for &sample in frames {
            if len == 4 {
                out.extend_from_slice(&sample.to_le_bytes());
            } else {
                let bytes = self.quantizer.quantize(sample).to_le_bytes();
                out.extend_from_slice(&bytes[..len]);
            }
        }
        self.odd ^= (frames.len() * len) % 2 == 1;
        Ok(())
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        self.encode(&[], out)?;
        if self.odd {
            out.push(0);
        }
        Ok(())
    }
}

fn header(settings: &WavSettings) -> Result<Vec<u8>, EncodeError> {
    let WavSettings { layout, sample_rate, bits, frames, .. } = *settings;
    let channels = u16::try_from(layout.channels()).unwrap_or(u16::MAX);
    let frame = channels * u16::from(bits / 8);
    let coding: u16 = if bits == 32 { 3 } else { 1 };
    let extensible = channels > 2 || bits == 24 || Layout::usual(layout.channels()) != Some(layout);
    let format_len: u32 = if extensible { 40 } else { 16 };

    let data = match frames {
        None => UNKNOWN,
        Some(frames) => {
            let len = frames.checked_mul(u64::from(frame)).and_then(|len| u32::try_from(len).ok());
            len.filter(|&len| len < UNKNOWN - 100)
                .ok_or(EncodeError::Unsupported("more than 4 GB do not fit into WAV: use FLAC"))?
        }
    };
    let riff = if data == UNKNOWN { UNKNOWN } else { 20 + format_len + data + data % 2 };

    let mut header = b"RIFF".to_vec();
    header.extend_from_slice(&riff.to_le_bytes());
    header.extend_from_slice(b"WAVEfmt ");
    header.extend_from_slice(&format_len.to_le_bytes());
    let tag = if extensible { 0xFFFE } else { coding };
    header.extend_from_slice(&tag.to_le_bytes());
    header.extend_from_slice(&channels.to_le_bytes());
    header.extend_from_slice(&sample_rate.to_le_bytes());
    header.extend_from_slice(&sample_rate.saturating_mul(frame.into()).to_le_bytes());
    header.extend_from_slice(&frame.to_le_bytes());
    header.extend_from_slice(&u16::from(bits).to_le_bytes());
    if extensible {
        header.extend_from_slice(&22_u16.to_le_bytes());
        header.extend_from_slice(&u16::from(bits).to_le_bytes());
        header.extend_from_slice(&layout.mask().to_le_bytes());
        header.extend_from_slice(&coding.to_le_bytes());
        header.extend_from_slice(&CODING);
    }
    header.extend_from_slice(b"data");
    header.extend_from_slice(&data.to_le_bytes());
    Ok(header)
}
