//! MP3: bare MPEG-1, 2 and 2.5 Layer III frames between tags. A first frame that only describes the
//! stream (Xing, Info, VBRI) is not audio: taggers and encoders' delay fixes rewrite it.

pub(crate) mod header;

use crate::error::ProbeError;
use crate::format::{Codec, Container};
use crate::payload::Payload;
use crate::probe::Stream;
use crate::source::Source;
use crate::tags;

use header::{HEADER, Header, LONGEST_FRAME};

/// How far after the tags the first frame may be.
pub(crate) const MOST_JUNK: u64 = 1024 * 1024;

/// How much is searched at once.
const STRETCH: usize = 32 * 1024;

/// Frames that have to follow each other before the first is believed.
pub(crate) const CHAIN: usize = 3;

pub(crate) fn read(
    source: &mut Source<'_>,
    start: u64,
    payload: &mut Payload,
) -> Result<Stream, ProbeError> {
    let end = tags::trim_trailing(source, start)?;
    let nothing = match start {
        0 => ProbeError::Unknown,
        _ => ProbeError::Truncated("no audio follows the tag"),
    };
    let (mut at, mut frame) = find_frame(source, start, end)?.ok_or(nothing)?;
    let count = frame.len.min(usize::try_from(end - at).unwrap_or(usize::MAX));
    if frame.describes_stream(source.exact(at, count)?) {
        (at, frame) = find_frame(source, at + frame.len as u64, end)?
            .ok_or(ProbeError::Truncated("no audio follows the MP3 file's first frame"))?;
    }
    payload.push(at, end - at)?;
    Ok(Stream {
        codec: Codec::Mp3,
        container: Container::Mpeg,
        sample_rate: frame.sample_rate,
        channels: frame.channels,
        bit_depth: None,
        frames: None,
        setup: Vec::new(),
    })
}

/// The first frame at or after `start` that others follow.
fn find_frame(
    source: &mut Source<'_>,
    start: u64,
    end: u64,
) -> Result<Option<(u64, Header)>, ProbeError> {
    let mut at = start;
    while at < end && at - start <= MOST_JUNK {
        let left = usize::try_from(end - at).unwrap_or(usize::MAX);
        let stretch = source.up_to(at, left.min(STRETCH))?;
        let complete = stretch.len() == left;
        // A candidate near the stretch's end waits for the next one, which begins with it.
        let searched = match stretch.len().checked_sub(CHAIN * LONGEST_FRAME) {
            Some(searched) if !complete && searched > 0 => searched,
            _ => stretch.len(),
        };
        let candidates = (0..searched).filter(|&offset| stretch[offset] == 0xFF);
        for offset in candidates {
            if let Some(header) = chained(&stretch[offset..], complete) {
                return Ok(Some((at + offset as u64, header)));
            }
        }
        at += searched.max(1) as u64;
    }
    Ok(None)
}

/// The header of the frame that `bytes` begin with, if the frames after it agree. `complete` says
/// that the audio ends with `bytes`: then the last frame may follow nothing, but has to be whole.
pub(crate) fn chained(bytes: &[u8], complete: bool) -> Option<Header> {
    let first = Header::parse(bytes)?;
    let mut at = first.len;
    for _ in 1..CHAIN {
        match bytes.get(at..).filter(|rest| rest.len() >= HEADER) {
            Some(rest) => at += Header::parse(rest).filter(|next| first.agrees(next))?.len,
            None if complete && bytes.len() >= first.len => break,
            None => return None,
        }
    }
    Some(first)
}
