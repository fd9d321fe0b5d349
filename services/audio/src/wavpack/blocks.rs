//! Finding blocks, whatever stands between them.

use super::header::Header;
use crate::tags::Bytes;

/// How much is searched at once.
const STRETCH: usize = 32 * 1024;
/// How far behind the start the first block with audio may be, and the last one before the end.
const MOST_JUNK: u64 = 4 << 20;

/// The first block at or after `at` and before `end`.
pub(crate) fn find<S: Bytes>(
    source: &mut S,
    mut at: u64,
    end: u64,
) -> Result<Option<(u64, Header)>, S::Error> {
    while at < end {
        let stretch = source.up_to(at, STRETCH)?;
        let mut searched = stretch.len().saturating_sub(3);
        for offset in candidates(stretch) {
            if let Some(header) = Header::parse(&stretch[offset..]) {
                let found = at + offset as u64;
                return Ok(Some((found, header)).filter(|_| found < end));
            }
            // One that is cut off here is looked at with the next stretch, unless it begins this one.
            if stretch.len() - offset < super::header::HEADER && offset > 0 {
                searched = offset;
                break;
            }
        }
        if searched == 0 {
            break;
        }
        at += searched as u64;
    }
    Ok(None)
}

fn candidates(bytes: &[u8]) -> impl Iterator<Item = usize> {
    bytes.windows(4).enumerate().filter(|(_, four)| four == b"wvpk").map(|(offset, _)| offset)
}

/// The first block with audio.
pub(crate) fn first_audio<S: Bytes>(
    source: &mut S,
    start: u64,
    end: u64,
) -> Result<Option<(u64, Header)>, S::Error> {
    let end = end.min(start.saturating_add(MOST_JUNK));
    let mut at = start;
    while let Some((found, header)) = find(source, at, end)? {
        if header.begins_frames() {
            return Ok(Some((found, header)));
        }
        at = found + u64::from(header.len);
    }
    Ok(None)
}

/// Which frames a file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Extent {
    /// The number that the first one has.
    pub(crate) base: u64,
    /// How many there are, where it can be known.
    pub(crate) frames: Option<u64>,
}

impl Extent {
    /// Of a file whose first block with audio is at `at`.
    pub(crate) fn find<S: Bytes>(
        source: &mut S,
        start: u64,
        end: u64,
        at: u64,
        first: &Header,
    ) -> Result<Self, S::Error> {
        let total = first.total.filter(|&total| total > 0);
        // Where something stands in front, it is what was damaged. Otherwise the file was cut out of a
        // longer one, of which the total tells.
        let is_whole = first.index == 0
            || (find(source, start, end)?.is_some_and(|(block, _)| block > start)
                && total.is_some_and(|total| first.end() <= total));
        if is_whole && total.is_some() {
            return Ok(Self { base: 0, frames: total });
        }
        let base = if is_whole { 0 } else { first.index };
        let last = last_audio(source, at, end)?;
        let frames = last.and_then(|last| last.end().checked_sub(base));
        Ok(Self { base, frames })
    }
}

/// The last block with audio, if it is near the end.
fn last_audio<S: Bytes>(source: &mut S, start: u64, end: u64) -> Result<Option<Header>, S::Error> {
    let mut before = end;
    while before > start && end - before <= MOST_JUNK {
        let from = before.saturating_sub(STRETCH as u64).max(start);
        let mut at = from;
        let mut last = None;
        while let Some((found, header)) = find(source, at, before)? {
            last = Some(header).filter(|header| header.frames > 0).or(last);
            at = found + 4;
        }
        if last.is_some() {
            return Ok(last);
        }
        before = from;
    }
    Ok(None)
}
