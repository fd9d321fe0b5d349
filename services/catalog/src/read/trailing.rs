//! Tags at the end of a file: `APEv2` (hydrogenaudio's specification) and `ID3v1`.

use std::io::Result;

use super::collector::{Collector, Field};
use super::window::{MOST_BYTES, Window};
use super::{genre, text};

const ID3V1: usize = 128;
const APE_FOOTER: usize = 32;

/// Items looked at in one APE tag.
const MOST_ITEMS: u32 = 10_000;

/// Reads what is there: the APE tag first, because `ID3v1` cuts its texts.
pub(super) fn read(window: &mut Window<'_>, collector: &mut Collector) -> Result<()> {
    let id3v1 = match window.len().checked_sub(ID3V1 as u64) {
        Some(at) => Some(window.array::<ID3V1>(at)?),
        None => None,
    };
    let id3v1 = id3v1.filter(|tag| tag.starts_with(b"TAG"));
    let end = window.len() - if id3v1.is_some() { ID3V1 as u64 } else { 0 };
    collector.begin_lesser_tag();
    read_ape(window, end, collector)?;
    if let Some(tag) = id3v1 {
        collector.begin_lesser_tag();
        add_id3v1(&tag, collector);
    }
    Ok(())
}

fn read_ape(window: &mut Window<'_>, end: u64, collector: &mut Collector) -> Result<()> {
    let Some(at) = end.checked_sub(APE_FOOTER as u64) else { return Ok(()) };
    let footer = window.array::<APE_FOOTER>(at)?;
    let Some((b"APETAGEX", [_, _, _, _, numbers @ ..])) = footer.split_first_chunk() else {
        return Ok(());
    };
    let Some((size, rest)) = split_u32(numbers) else { return Ok(()) };
    let Some((count, _)) = split_u32(rest) else { return Ok(()) };
    let size = u64::from(size).saturating_sub(APE_FOOTER as u64);
    let (Some(start), Ok(size)) = (at.checked_sub(size), usize::try_from(size)) else {
        return Ok(());
    };
    if size > MOST_BYTES {
        return Ok(());
    }
    let mut items = window.slice(start, size)?;
    for _ in 0..count.min(MOST_ITEMS) {
        let Some((item, behind)) = next_item(items) else { break };
        add_item(&item, collector);
        items = behind;
    }
    Ok(())
}

struct Item<'a> {
    is_binary: bool,
    key: &'a [u8],
    value: &'a [u8],
}

fn next_item(items: &[u8]) -> Option<(Item<'_>, &[u8])> {
    let (size, rest) = split_u32(items)?;
    let (flags, rest) = split_u32(rest)?;
    let key = rest.iter().take(256).position(|byte| *byte == 0)?;
    let (key, rest) = (&rest[..key], &rest[key + 1..]);
    let (value, behind) = rest.split_at_checked(size as usize)?;
    Some((Item { is_binary: flags >> 1 & 3 == 1, key, value }, behind))
}

fn add_item(item: &Item<'_>, collector: &mut Collector) {
    if item.is_binary {
        let kind = match item.key.to_ascii_lowercase().as_slice() {
            b"cover art (front)" => 3,
            key if key.starts_with(b"cover art") => 0,
            _ => return,
        };
        let name = item.value.iter().position(|byte| *byte == 0);
        collector.offer_picture(kind, name.map_or(&[], |name| &item.value[name + 1..]));
    } else if let Some(field) = Field::by_name(item.key) {
        let field = if field == Field::Year { Field::Date } else { field };
        collector.add(field, &text::utf8_or_latin1(item.value));
    }
}

fn add_id3v1(tag: &[u8; ID3V1], collector: &mut Collector) {
    let text_in = |range: std::ops::Range<usize>| {
        let bytes = &tag[range];
        let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
        text::utf8_or_latin1(&bytes[..end])
    };
    collector.add(Field::Title, &text_in(3..33));
    collector.add(Field::Artist, &text_in(33..63));
    collector.add(Field::Album, &text_in(63..93));
    collector.add(Field::Year, &text_in(93..97));
    if tag[125] == 0 && tag[126] != 0 {
        collector.add(Field::TrackNumber, &tag[126].to_string());
    }
    if let Some(name) = genre::by_number(tag[127]) {
        collector.add(Field::Genre, name);
    }
}

fn split_u32(bytes: &[u8]) -> Option<(u32, &[u8])> {
    bytes.split_first_chunk().map(|(number, rest)| (u32::from_le_bytes(*number), rest))
}
