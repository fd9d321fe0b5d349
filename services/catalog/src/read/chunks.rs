//! WAV and AIFF keep their tags in chunks: an `ID3v2` tag, `LIST`/`INFO`, or the text chunks of AIFF.

use std::io::Result;

use super::collector::{Collector, Field};
use super::window::Window;
use super::{id3v2, text};

/// Chunks looked at in one file.
const MOST_CHUNKS: usize = 10_000;

/// Behind the outer chunk's id, size and form.
const FIRST_CHUNK: u64 = 12;

/// A WAV file: RIFF, or RF64 with its 64-bit sizes.
pub(super) fn read_wav(window: &mut Window<'_>, at: u64, collector: &mut Collector) -> Result<()> {
    let mut data_size = None;
    let mut lists = Vec::new();
    for_each(window, at, u32::from_le_bytes, |window, id, at, size| {
        match id {
            b"ID3 " | b"id3 " => {
                id3v2::read(window, at, collector)?;
            }
            b"LIST" => lists.push((at, size)),
            b"ds64" => data_size = Some(u64::from_le_bytes(window.array(at + 8)?)),
            b"data" if size == u64::from(u32::MAX) => return Ok(data_size.unwrap_or(size)),
            _ => {}
        }
        Ok(size)
    })?;
    collector.begin_lesser_tag();
    for (at, size) in lists {
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        read_info(window.slice(at, size)?, collector);
    }
    Ok(())
}

/// An AIFF or AIFF-C file.
pub(super) fn read_aiff(window: &mut Window<'_>, at: u64, collector: &mut Collector) -> Result<()> {
    let mut texts = Vec::new();
    for_each(window, at, u32::from_be_bytes, |window, id, at, size| {
        match id {
            b"ID3 " | b"id3 " => {
                id3v2::read(window, at, collector)?;
            }
            b"NAME" => texts.push((Field::Title, at, size)),
            b"AUTH" => texts.push((Field::Artist, at, size)),
            _ => {}
        }
        Ok(size)
    })?;
    collector.begin_lesser_tag();
    for (field, at, size) in texts {
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        collector.add(field, &text::utf8_or_latin1(window.slice(at, size)?));
    }
    Ok(())
}

/// Calls `visit` with each chunk's id, place and size; it answers the size to go on by.
fn for_each<'a>(
    window: &mut Window<'a>,
    at: u64,
    number: fn([u8; 4]) -> u32,
    mut visit: impl FnMut(&mut Window<'a>, &[u8; 4], u64, u64) -> Result<u64>,
) -> Result<()> {
    let mut at = at + FIRST_CHUNK;
    for _ in 0..MOST_CHUNKS {
        let Ok(header) = window.array::<8>(at) else { break };
        let [a, b, c, d, size @ ..] = header;
        let size = visit(window, &[a, b, c, d], at + 8, u64::from(number(size)))?;
        // Chunks begin at even places.
        let Some(next) = (at + 8).checked_add(size).and_then(|end| end.checked_add(end % 2)) else {
            break;
        };
        at = next;
    }
    Ok(())
}

fn read_info(list: &[u8], collector: &mut Collector) {
    let Some(mut rest) = list.strip_prefix(b"INFO") else { return };
    for _ in 0..MOST_CHUNKS {
        let [a, b, c, d, s0, s1, s2, s3, behind @ ..] = rest else { return };
        let size = u32::from_le_bytes([*s0, *s1, *s2, *s3]) as usize;
        let Some((value, behind)) = behind.split_at_checked(size) else { return };
        let field = match &[*a, *b, *c, *d] {
            b"INAM" => Some(Field::Title),
            b"IART" => Some(Field::Artist),
            b"IPRD" => Some(Field::Album),
            b"ICRD" => Some(Field::Date),
            b"IGNR" => Some(Field::Genre),
            b"IPRT" | b"ITRK" => Some(Field::TrackNumber),
            b"IFRM" => Some(Field::TrackTotal),
            b"IMUS" => Some(Field::Composer),
            _ => None,
        };
        if let Some(field) = field {
            collector.add(field, &text::utf8_or_latin1(value));
        }
        rest = behind.get(size % 2..).unwrap_or_default();
    }
}
