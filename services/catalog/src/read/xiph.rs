//! Where Vorbis comments are: in the second packet of an Ogg stream (RFC 3533), or in the metadata
//! blocks of FLAC (RFC 9639).

use std::io::Result;

use super::collector::Collector;
use super::vorbis;
use super::window::{MOST_BYTES, Window};

const PAGE_HEADER: usize = 27;

/// Metadata blocks of FLAC, or pages of Ogg, looked at.
const MOST_PARTS: usize = 20_000;

const COMMENTS: u8 = 4;
const PICTURE: u8 = 6;

/// Reads the metadata blocks of a native FLAC file whose signature is at `at`.
pub(super) fn read_flac(window: &mut Window<'_>, at: u64, collector: &mut Collector) -> Result<()> {
    let mut at = at + 4;
    for _ in 0..MOST_PARTS {
        let [kind, size @ ..] = window.array::<4>(at)?;
        let size = u32::from_be_bytes([0, size[0], size[1], size[2]]) as usize;
        match kind & 0x7F {
            COMMENTS => vorbis::read_comments(window.slice(at + 4, size)?, collector),
            PICTURE => vorbis::read_picture_block(window.slice(at + 4, size)?, collector),
            _ => {}
        }
        if kind & 0x80 != 0 {
            break;
        }
        at += 4 + size as u64;
    }
    Ok(())
}

/// Reads the comment packet of the stream that begins at `at`.
pub(super) fn read_ogg(window: &mut Window<'_>, at: u64, collector: &mut Collector) -> Result<()> {
    let Some(packet) = second_packet(window, at)? else { return Ok(()) };
    let comments = match packet.as_slice() {
        [0x03, b'v', b'o', b'r', b'b', b'i', b's', comments @ ..]
        | [b'O', b'p', b'u', b's', b'T', b'a', b'g', b's', comments @ ..] => comments,
        // FLAC in Ogg: a metadata block with its header.
        [kind, _, _, _, comments @ ..] if kind & 0x7F == COMMENTS => comments,
        _ => return Ok(()),
    };
    vorbis::read_comments(comments, collector);
    Ok(())
}

/// Puts the second packet of the first stream together from its pages.
fn second_packet(window: &mut Window<'_>, mut at: u64) -> Result<Option<Vec<u8>>> {
    let mut packet = Vec::new();
    let mut packets_before = 0;
    let mut stream = None;
    for _ in 0..MOST_PARTS {
        let header = window.array::<PAGE_HEADER>(at)?;
        if !header.starts_with(b"OggS") {
            return Ok(None);
        }
        let serial = [header[14], header[15], header[16], header[17]];
        let segments = usize::from(header[26]);
        let mut table = [0; 255];
        table[..segments].copy_from_slice(window.slice(at + PAGE_HEADER as u64, segments)?);
        let table = &table[..segments];
        let body = at + (PAGE_HEADER + segments) as u64;
        let size: usize = table.iter().map(|size| usize::from(*size)).sum();
        at = body + size as u64;
        if *stream.get_or_insert(serial) != serial {
            continue;
        }
        let mut rest = window.slice(body, size)?;
        for size in table {
            let (segment, behind) = rest.split_at(usize::from(*size));
            rest = behind;
            if packets_before == 1 {
                packet.extend_from_slice(segment);
            }
            if *size < 255 {
                packets_before += 1;
            }
            if packets_before == 2 {
                return Ok(Some(packet));
            }
        }
        if packet.len() > MOST_BYTES {
            return Ok(None);
        }
    }
    Ok(None)
}
