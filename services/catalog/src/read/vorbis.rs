//! Vorbis comments (xiph.org, RFC 7845, RFC 9639) and the picture block of FLAC.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::collector::{Collector, Field};
use super::text;

/// Comments looked at in one file.
const MOST_COMMENTS: u32 = 100_000;

/// Some taggers leave the padding out.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Reads a comment header without what comes before the vendor string.
pub(super) fn read_comments(bytes: &[u8], collector: &mut Collector) {
    let Some((_vendor, rest)) = split_counted(bytes, u32::from_le_bytes) else { return };
    let Some((count, mut rest)) = rest.split_first_chunk() else { return };
    for _ in 0..u32::from_le_bytes(*count).min(MOST_COMMENTS) {
        let Some((comment, behind)) = split_counted(rest, u32::from_le_bytes) else { return };
        rest = behind;
        let Some(equals) = comment.iter().position(|byte| *byte == b'=') else { continue };
        add_comment(&comment[..equals], &comment[equals + 1..], collector);
    }
}

fn add_comment(name: &[u8], value: &[u8], collector: &mut Collector) {
    if name.eq_ignore_ascii_case(b"METADATA_BLOCK_PICTURE") {
        if let Ok(block) = BASE64.decode(value.trim_ascii()) {
            read_picture_block(&block, collector);
        }
    } else if name.eq_ignore_ascii_case(b"COVERART") {
        if let Ok(picture) = BASE64.decode(value.trim_ascii()) {
            collector.offer_picture(0, &picture);
        }
    } else if let Some(field) = Field::by_name(name) {
        collector.add(field, &text::utf8_or_latin1(value));
    }
}

/// Reads a picture with its type, media type, description and sizes before it.
pub(super) fn read_picture_block(block: &[u8], collector: &mut Collector) {
    let picture = || {
        let (kind, rest) = block.split_first_chunk()?;
        let (_media_type, rest) = split_counted(rest, u32::from_be_bytes)?;
        let (_description, rest) = split_counted(rest, u32::from_be_bytes)?;
        let (picture, _) = split_counted(rest.get(16..)?, u32::from_be_bytes)?;
        Some((u32::from_be_bytes(*kind), picture))
    };
    if let Some((kind, picture)) = picture() {
        collector.offer_picture(kind, picture);
    }
}

/// Bytes with their count before them, and what is behind.
fn split_counted(bytes: &[u8], count: fn([u8; 4]) -> u32) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(count(*length) as usize)
}
