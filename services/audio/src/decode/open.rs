//! Which format a file has, by its first bytes.

use super::input::{Input, Source};
use super::{DecodeError, Reader, flac, mp4, mpeg, ogg, pcm, wavpack};
use crate::tags;

/// How many tags may stand in front of the audio.
const MOST_TAGS: usize = 16;

pub(super) fn open(source: Source) -> Result<Box<dyn Reader>, DecodeError> {
    let mut input = Input::new(source);
    let start = skip_tags(&mut input)?;
    let mut head = [0; 12];
    let first = input.up_to(start, head.len())?;
    head[..first.len()].copy_from_slice(first);
    Ok(match (&head[..4], &head[4..8], &head[8..]) {
        (b"fLaC", ..) => {
            // Of the last frame, nothing else tells where it ends.
            let end = tags::trim_trailing(&mut input, start)?;
            Box::new(flac::Flac::open(input.into_source(end)?, start)?)
        }
        (b"OggS", ..) => Box::new(ogg::Ogg::open(input, start)?),
        (b"RIFF" | b"RF64" | b"BW64", _, b"WAVE") => Box::new(pcm::wav(input, start)?),
        (b"FORM", _, b"AIFF" | b"AIFC") => Box::new(pcm::aiff(input, start)?),
        (b"wvpk", ..) => Box::new(wavpack::WavPack::open(input, start)?),
        (_, b"ftyp" | b"moov" | b"mdat" | b"wide" | b"free" | b"skip", _) => {
            Box::new(mp4::Mp4::open(input, start)?)
        }
        _ => Box::new(mpeg::Mpeg::open(input, start)?),
    })
}

/// Where the file starts without the tags in front of it.
fn skip_tags(input: &mut Input) -> Result<u64, DecodeError> {
    let mut at = 0;
    for _ in 0..MOST_TAGS {
        let Some(len) = tags::leading_len(input.up_to(at, 32)?) else { break };
        at += len;
    }
    Ok(at)
}
