//! `ID3v2.2`, 2.3 and 2.4 (id3.org): text frames, the identifier of MusicBrainz, and pictures. Written
//! for strangers' files: no recursion, no list that is searched for each frame.

use std::borrow::Cow;
use std::io::Result;

use super::collector::{Collector, Field};
use super::text;
use super::window::{MOST_BYTES, Window};

const HEADER: usize = 10;

/// Frames looked at in one tag.
const MOST_FRAMES: usize = 20_000;

const UNSYNCHRONISED: u8 = 0x80;
const EXTENDED: u8 = 0x40;
const FOOTER: u8 = 0x10;

/// Where the tag at `at` ends, if there is one.
pub(super) fn end_of(window: &mut Window<'_>, at: u64) -> Option<u64> {
    Some(Header::read(window, at)?.end)
}

/// Reads the tag at `at`, if there is one, and says where it ends.
pub(super) fn read(
    window: &mut Window<'_>,
    at: u64,
    collector: &mut Collector,
) -> Result<Option<u64>> {
    let Some(header) = Header::read(window, at) else { return Ok(None) };
    let body = at + HEADER as u64;
    let held = u64::from(header.size).min(window.len().saturating_sub(body));
    let held = usize::try_from(held).unwrap_or(MOST_BYTES).min(MOST_BYTES);
    if (2..=4).contains(&header.tag.version) {
        header.tag.read(window.slice(body, held)?, collector);
    }
    Ok(Some(header.end))
}

struct Header {
    tag: Tag,
    /// Of what follows the header.
    size: u32,
    end: u64,
}

impl Header {
    fn read(window: &mut Window<'_>, at: u64) -> Option<Self> {
        let header = window.array::<HEADER>(at).ok()?;
        let [b'I', b'D', b'3', version, revision, flags, size @ ..] = header else { return None };
        if revision == 0xFF || size.iter().any(|byte| *byte >= 0x80) {
            return None;
        }
        let size = sync_safe(size);
        let footer = if flags & FOOTER != 0 { HEADER as u64 } else { 0 };
        let end = at + HEADER as u64 + u64::from(size) + footer;
        Some(Self { tag: Tag { version, flags }, size, end })
    }
}

struct Tag {
    version: u8,
    flags: u8,
}

impl Tag {
    fn read(&self, body: &[u8], collector: &mut Collector) {
        let mut body = Cow::Borrowed(body);
        if self.flags & UNSYNCHRONISED != 0 && self.version < 4 {
            body = Cow::Owned(resynchronised(&body));
        }
        let mut rest = match (self.version, self.flags & EXTENDED != 0) {
            // In version 2 the flag says that the tag is compressed, by no known method.
            (2, true) => return,
            (_, true) => self.behind_extended_header(&body),
            _ => &body[..],
        };
        for _ in 0..MOST_FRAMES {
            let Some((frame, behind)) = self.next_frame(rest) else { return };
            if let Some(content) = frame.content(self.version) {
                add(frame.id, &content, collector);
            }
            rest = behind;
        }
    }

    fn behind_extended_header<'a>(&self, body: &'a [u8]) -> &'a [u8] {
        let Some(size) = body.first_chunk() else { return &[] };
        let size = match self.version {
            4 => sync_safe(*size) as usize,
            _ => (u32::from_be_bytes(*size) as usize).saturating_add(4),
        };
        body.get(size..).unwrap_or_default()
    }

    fn next_frame<'a>(&self, rest: &'a [u8]) -> Option<(Frame<'a>, &'a [u8])> {
        let (id, size, flags, header) = match (self.version, rest) {
            (2, [a, b, c, high, middle, low, ..]) => {
                ([*a, *b, *c, 0], u32::from_be_bytes([0, *high, *middle, *low]), 0, 6)
            }
            (3 | 4, [a, b, c, d, s0, s1, s2, s3, _, flags, ..]) => {
                let size = self.size_of_frame([*s0, *s1, *s2, *s3], rest);
                ([*a, *b, *c, *d], size, *flags, HEADER)
            }
            _ => return None,
        };
        if id[0] == 0 {
            return None;
        }
        let end = header.checked_add(size as usize)?;
        // The last frame of a tag that was cut: what is there of a text is still a text.
        let end = end.min(rest.len());
        Some((Frame { id, flags, bytes: &rest[header..end] }, &rest[end..]))
    }

    /// Version 2.4 says 7 bits a byte, which some taggers forgot: where only the plain number leads
    /// to another frame, it is meant.
    fn size_of_frame(&self, size: [u8; 4], rest: &[u8]) -> u32 {
        let plain = u32::from_be_bytes(size);
        if self.version < 4 || size.iter().any(|byte| *byte >= 0x80) {
            return plain;
        }
        let safe = sync_safe(size);
        let leads_on = |size: u32| match rest.get(HEADER + size as usize..) {
            None => false,
            Some([]) => true,
            Some(next) => next
                .iter()
                .take(4)
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == 0),
        };
        if plain != safe && !leads_on(safe) && leads_on(plain) { plain } else { safe }
    }
}

struct Frame<'a> {
    /// Three letters and a zero in version 2.
    id: [u8; 4],
    flags: u8,
    bytes: &'a [u8],
}

impl<'a> Frame<'a> {
    /// Without what the flags put before it; `None` when it is compressed or encrypted.
    fn content(&self, version: u8) -> Option<Cow<'a, [u8]>> {
        let is_wanted =
            self.id[0] == b'T' || matches!(&self.id, b"APIC" | b"PIC\0" | b"UFID" | b"UFI\0");
        let unreadable = match version {
            4 => self.flags & 0x0C != 0,
            3 => self.flags & 0xC0 != 0,
            _ => false,
        };
        if !is_wanted || unreadable {
            return None;
        }
        let mut skipped = 0;
        if (version == 4 && self.flags & 0x40 != 0) || (version == 3 && self.flags & 0x20 != 0) {
            skipped += 1;
        }
        if version == 4 && self.flags & 0x01 != 0 {
            skipped += 4;
        }
        let bytes = self.bytes.get(skipped..)?;
        let unsynchronised = version == 4 && self.flags & 0x02 != 0;
        Some(if unsynchronised { Cow::Owned(resynchronised(bytes)) } else { Cow::Borrowed(bytes) })
    }
}

fn add(id: [u8; 4], content: &[u8], collector: &mut Collector) {
    match &id {
        b"TXXX" | b"TXX\0" => add_named_text(content, collector),
        b"UFID" | b"UFI\0" => {
            let identifier = content.strip_prefix(b"http://musicbrainz.org\0");
            if let Some(identifier) = identifier {
                collector.add(Field::RecordingId, &text::utf8_or_latin1(identifier));
            }
        }
        b"APIC" => add_picture(content, false, collector),
        b"PIC\0" => add_picture(content, true, collector),
        _ => {
            if let (Some(field), [encoding, bytes @ ..]) = (field_of(id), content) {
                collector.add(field, &decode(*encoding, bytes));
            }
        }
    }
}

fn field_of(id: [u8; 4]) -> Option<Field> {
    Some(match &id {
        b"TIT2" | b"TT2\0" => Field::Title,
        b"TPE1" | b"TP1\0" => Field::Artist,
        b"TPE2" | b"TP2\0" => Field::AlbumArtist,
        b"TALB" | b"TAL\0" => Field::Album,
        b"TRCK" | b"TRK\0" => Field::TrackNumber,
        b"TPOS" | b"TPA\0" => Field::DiscNumber,
        b"TSST" => Field::DiscTitle,
        b"TDRC" => Field::Date,
        b"TDRL" => Field::ReleaseDate,
        b"TYER" | b"TYE\0" => Field::Year,
        b"TDAT" | b"TDA\0" => Field::DayAndMonth,
        b"TDOR" | b"TORY" | b"TOR\0" => Field::OriginalDate,
        b"TCON" | b"TCO\0" => Field::Genre,
        b"TCOM" | b"TCM\0" => Field::Composer,
        b"TCMP" | b"TCP\0" => Field::Compilation,
        b"TSOP" | b"TSP\0" => Field::ArtistSort,
        b"TSO2" | b"TS2\0" => Field::AlbumArtistSort,
        b"TSOT" | b"TST\0" => Field::TitleSort,
        b"TSOA" | b"TSA\0" => Field::AlbumSort,
        _ => return None,
    })
}

fn add_named_text(content: &[u8], collector: &mut Collector) {
    let [encoding, bytes @ ..] = content else { return };
    let Some((name, value)) = split_terminated(*encoding, bytes) else { return };
    if let Some(field) = Field::by_name(decode(*encoding, name).as_bytes()) {
        collector.add(field, &decode(*encoding, value));
    }
}

fn add_picture(content: &[u8], version_2: bool, collector: &mut Collector) {
    let [encoding, rest @ ..] = content else { return };
    let behind_format =
        if version_2 { rest.get(3..) } else { split_terminated(0, rest).map(|(_, behind)| behind) };
    let Some([kind, rest @ ..]) = behind_format else { return };
    if let Some((_, picture)) = split_terminated(*encoding, rest) {
        collector.offer_picture(u32::from(*kind), picture);
    }
}

/// What is before and behind the first terminator of a text.
fn split_terminated(encoding: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    if matches!(encoding, 1 | 2) {
        let end = bytes.chunks_exact(2).position(|pair| pair == [0, 0])? * 2;
        return Some((&bytes[..end], &bytes[end + 2..]));
    }
    let end = bytes.iter().position(|byte| *byte == 0)?;
    Some((&bytes[..end], &bytes[end + 1..]))
}

fn decode(encoding: u8, bytes: &[u8]) -> String {
    match encoding {
        1 => text::utf16(bytes, false),
        2 => text::utf16(bytes, true),
        // Latin-1 was promised; what is valid UTF-8 beyond ASCII was hardly meant as that.
        _ => text::utf8_or_latin1(bytes),
    }
}

/// Takes out the zeros that unsynchronisation put behind each 0xFF.
fn resynchronised(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len());
    let mut behind_ff = false;
    for byte in bytes {
        if !(behind_ff && *byte == 0) {
            plain.push(*byte);
        }
        behind_ff = *byte == 0xFF;
    }
    plain
}

/// 28 bits in four bytes.
fn sync_safe(bytes: [u8; 4]) -> u32 {
    bytes.iter().fold(0, |number, byte| number << 7 | u32::from(byte & 0x7F))
}
