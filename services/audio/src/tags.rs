//! Tags around bare streams: `ID3v2` and `APEv2` in front; `ID3v1`, `APEv2`, Lyrics3 and `ID3v2.4` behind.

use crate::error::ProbeError;
use crate::source::Source;

/// How many tags may stand on one side; more is not a music file.
const MOST_TAGS: usize = 16;

const ID3V1: u64 = 128;
/// The "TAG+" extension that stands before `ID3v1`.
const ID3V1_ENHANCED: u64 = 227;
const ID3V2_HEADER: u64 = 10;
const APE_HEADER: u64 = 32;
/// Lyrics3v1 has no size field: its text is at most 5,100 bytes, before an 9-byte end mark.
const LYRICS3V1_MOST: u64 = 11 + 5100 + 9;

/// Where the file starts without the tags in front of it.
pub(crate) fn skip_leading(source: &mut Source<'_>) -> Result<u64, ProbeError> {
    let mut at = 0;
    for _ in 0..MOST_TAGS {
        let Some(len) = leading_len(source.up_to(at, 32)?) else { break };
        at += len;
        if at >= source.len() {
            return Err(ProbeError::Truncated("the file ends inside its tag"));
        }
    }
    Ok(at)
}

/// Bytes that can be read at any place.
pub(crate) trait Bytes {
    type Error;

    fn len(&self) -> u64;

    /// The bytes at `at`, as many as there are up to `count`.
    fn up_to(&mut self, at: u64, count: usize) -> Result<&[u8], Self::Error>;
}

/// Where a bare stream that starts at `start` ends without the tags behind it.
pub(crate) fn trim_trailing<S: Bytes>(source: &mut S, start: u64) -> Result<u64, S::Error> {
    let mut end = source.len();
    for _ in 0..MOST_TAGS {
        let Some(shorter) = trailing_start(source, end)? else { break };
        if shorter < start || shorter >= end {
            break;
        }
        end = shorter;
    }
    Ok(end)
}

/// How long the tag is that begins with these up to 32 bytes; `None` where there is none.
pub(crate) fn leading_len(head: &[u8]) -> Option<u64> {
    match *head {
        // ID3v2 §3.1: size without the header, and without the footer that flag 0x10 announces.
        [b'I', b'D', b'3', major, minor, flags, a, b, c, d, ..] if major < 0xFF && minor < 0xFF => {
            let footer = if flags & 0x10 == 0 { 0 } else { ID3V2_HEADER };
            Some(ID3V2_HEADER + synchsafe([a, b, c, d])? + footer)
        }
        _ if head.len() == 32 && head.starts_with(b"APETAGEX") => {
            Some(APE_HEADER + little_endian(&head[12..16]))
        }
        _ => None,
    }
}

/// Where the tag that ends at `end` starts.
fn trailing_start<S: Bytes>(source: &mut S, end: u64) -> Result<Option<u64>, S::Error> {
    let before = |len: u64| end.checked_sub(len);
    if let Some(at) = before(ID3V1)
        && source.up_to(at, 3)? == b"TAG"
    {
        return Ok(Some(match at.checked_sub(ID3V1_ENHANCED) {
            Some(enhanced) if source.up_to(enhanced, 4)? == b"TAG+" => enhanced,
            _ => at,
        }));
    }
    if let Some(at) = before(APE_HEADER)
        && let Some(len) = trailing_len(source.up_to(at, 32)?)
    {
        return Ok(before(len));
    }
    lyrics3_start(source, end)
}

/// How long the APE or `ID3v2.4` tag is that ends with these 32 bytes.
fn trailing_len(footer: &[u8]) -> Option<u64> {
    let footer: &[u8; 32] = footer.try_into().ok()?;
    if footer.starts_with(b"APETAGEX") {
        // The size counts the footer; the top flag announces a header beside it.
        let header = if footer[23] & 0x80 == 0 { 0 } else { APE_HEADER };
        return Some(little_endian(&footer[12..16]) + header);
    }
    match footer[22..] {
        [b'3', b'D', b'I', _, _, _, a, b, c, d] => {
            Some(synchsafe([a, b, c, d])? + 2 * ID3V2_HEADER)
        }
        _ => None,
    }
}

fn lyrics3_start<S: Bytes>(source: &mut S, end: u64) -> Result<Option<u64>, S::Error> {
    if let Some(at) = end.checked_sub(15) {
        let mark = source.up_to(at, 15)?;
        if mark.ends_with(b"LYRICS200") {
            let size = std::str::from_utf8(&mark[..6]).ok().and_then(|text| text.parse().ok());
            return Ok(size.and_then(|size: u64| at.checked_sub(size)));
        }
        if mark.ends_with(b"LYRICSEND") {
            let earliest = end.saturating_sub(LYRICS3V1_MOST);
            let count = usize::try_from(end - earliest).unwrap_or_default();
            let stretch = source.up_to(earliest, count)?;
            let begin = stretch.windows(11).rposition(|bytes| bytes == b"LYRICSBEGIN");
            return Ok(begin.map(|begin| earliest + begin as u64));
        }
    }
    Ok(None)
}

/// Four bytes of seven bits each; `None` where a top bit is set.
fn synchsafe(bytes: [u8; 4]) -> Option<u64> {
    bytes.iter().try_fold(0, |size, &byte| (byte < 0x80).then_some((size << 7) | u64::from(byte)))
}

fn little_endian(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |value, &byte| (value << 8) | u64::from(byte))
}
