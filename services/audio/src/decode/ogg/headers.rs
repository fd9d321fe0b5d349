//! The header packets of a stream.

use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::codecs::audio::well_known::{CODEC_ID_FLAC, CODEC_ID_VORBIS};

use super::pages::Stream;
use crate::decode::coder::{Coder, Guarded, OpusCoder, OpusHead, Symphonia, VorbisSurround};
use crate::decode::input::Input;
use crate::decode::{AudioFacts, DecodeError};
use crate::flac::STREAMINFO;
use crate::format::Codec;
use crate::layout::Layout;

/// Header packets that a stream may have.
const MOST_HEADERS: usize = 512;

/// What the headers say.
pub(super) struct Headers {
    pub(super) facts: AudioFacts,
    pub(super) coder: Box<dyn Coder>,
    /// Frames at the start that are not to be heard, beside those that positions tell.
    pub(super) skip: u16,
}

impl Headers {
    /// Finds the first audio stream; it stands behind its headers.
    pub(super) fn read(input: Input, start: u64) -> Result<(Stream, Self), DecodeError> {
        let known = |packet: &[u8]| {
            [&b"\x01vorbis"[..], b"OpusHead", b"\x7FFLAC"]
                .iter()
                .any(|magic| packet.starts_with(magic))
        };
        let (mut stream, first) = Stream::find(input, start, known)?
            .ok_or(DecodeError::Unsupported("Ogg without Vorbis, Opus or FLAC"))?;
        let headers = match first.get(..5) {
            Some(b"OpusH") => {
                last_packet(&mut stream, |count, _packet| count == 1)?;
                opus(&first)
            }
            Some(b"\x7FFLAC") => {
                let more = first.get(7..9).map_or(0, |count| {
                    usize::from(u16::from_be_bytes(count.try_into().unwrap_or_default()))
                });
                last_packet(&mut stream, |count, packet| {
                    let last = packet.first().is_some_and(|kind| kind & 0x80 != 0);
                    last || (more > 0 && count == more)
                })?;
                flac(&first)
            }
            _ => {
                let setup = last_packet(&mut stream, |count, _packet| count == 2)?;
                vorbis(&first, &setup)
            }
        }?;
        Ok((stream, headers))
    }
}

/// The last one of the headers, the others of which are long and of no use; audio begins on a page of
/// its own behind it.
fn last_packet(
    stream: &mut Stream,
    is_last: impl Fn(usize, &[u8]) -> bool,
) -> Result<Vec<u8>, DecodeError> {
    let mut count = 0;
    while count < MOST_HEADERS {
        let page = stream.next_page()?.ok_or(DecodeError::Damaged("Ogg ends in its headers"))?;
        for packet in page.packets {
            count += 1;
            if is_last(count, &packet) {
                return Ok(packet);
            }
        }
    }
    Err(DecodeError::Damaged("the headers of Ogg do not end"))
}

fn opus(first: &[u8]) -> Result<Headers, DecodeError> {
    let head = OpusHead::parse(first)?;
    let facts = AudioFacts {
        codec: Codec::Opus,
        sample_rate: 48_000,
        layout: head.layout,
        bit_depth: None,
        frames: None,
    };
    let skip = head.skip;
    let coder = Guarded::new(move || OpusCoder::new(head.clone()))?;
    Ok(Headers { facts, skip, coder: Box::new(coder) })
}

fn vorbis(first: &[u8], setup: &[u8]) -> Result<Headers, DecodeError> {
    let damaged = DecodeError::Damaged("the Vorbis header");
    let Some(fields) = first.get(..30) else { return Err(damaged) };
    let sample_rate = u32::from_le_bytes([fields[12], fields[13], fields[14], fields[15]]);
    let layout = Layout::usual(usize::from(fields[11]))
        .ok_or(DecodeError::Unsupported("Vorbis with more than eight channels"))?;
    if sample_rate == 0 {
        return Err(damaged);
    }
    let facts =
        AudioFacts { codec: Codec::Vorbis, sample_rate, layout, bit_depth: None, frames: None };
    let coder: Box<dyn Coder> = if layout.channels() > 2 {
        let (first, setup) = (first.to_vec(), setup.to_vec());
        Box::new(Guarded::new(move || VorbisSurround::new(&first, &setup, layout))?)
    } else {
        let setup = [fields, setup].concat();
        Box::new(Symphonia::guarded(CODEC_ID_VORBIS, &setup, sample_rate, layout)?)
    };
    Ok(Headers { facts, coder, skip: 0 })
}

fn flac(first: &[u8]) -> Result<Headers, DecodeError> {
    let damaged = DecodeError::Damaged("the FLAC header in Ogg");
    let info = first.get(17..17 + STREAMINFO).ok_or(damaged)?;
    let mut parameters = AudioCodecParameters::new();
    let packed = u32::from_be_bytes([info[10], info[11], info[12], info[13]]);
    let channels = u16::try_from((packed >> 9) & 7).unwrap_or_default() + 1;
    parameters
        .with_sample_rate(packed >> 12)
        .with_bits_per_sample(((packed >> 4) & 0x1F) + 1)
        .with_channels(symphonia::core::audio::Channels::Discrete(channels));
    let facts = crate::decode::flac::facts(&parameters, None)?;
    let coder = Symphonia::guarded(CODEC_ID_FLAC, info, facts.sample_rate, facts.layout)?;
    Ok(Headers { facts, coder: Box::new(coder), skip: 0 })
}
