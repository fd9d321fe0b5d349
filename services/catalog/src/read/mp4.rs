//! The item list of MP4 (`moov/udta/meta/ilst`), as iTunes writes it.

use std::io::Result;

use super::collector::{Collector, Field};
use super::window::{MOST_BYTES, Window};
use super::{genre, text};

/// Atoms looked at on one level.
const MOST_ATOMS: usize = 100_000;

/// The kind of a front cover, which is what `covr` holds.
const FRONT_COVER: u32 = 3;

/// A stretch of the file.
#[derive(Clone, Copy)]
struct Range {
    start: u64,
    end: u64,
}

/// Reads the item list of the file.
pub(super) fn read(window: &mut Window<'_>, collector: &mut Collector) -> Result<()> {
    let file = Range { start: 0, end: window.len() };
    let Some(movie) = child(window, file, *b"moov")? else { return Ok(()) };
    let Some(user_data) = child(window, movie, *b"udta")? else { return Ok(()) };
    let Some(meta) = child(window, user_data, *b"meta")? else { return Ok(()) };
    let Some(items) = item_list(window, meta)? else { return Ok(()) };
    let mut at = items.start;
    for _ in 0..MOST_ATOMS {
        let Some((name, item)) = atom(window, at, items.end)? else { break };
        at = item.end;
        let size = usize::try_from(item.end - item.start).unwrap_or(usize::MAX);
        if size <= MOST_BYTES {
            add(name, window.slice(item.start, size)?, collector);
        }
    }
    Ok(())
}

/// `QuickTime`'s `meta` has no version and flags before its children.
fn item_list(window: &mut Window<'_>, meta: Range) -> Result<Option<Range>> {
    let versioned = Range { start: meta.start + 4, end: meta.end };
    match child(window, versioned, *b"ilst")? {
        None => child(window, meta, *b"ilst"),
        found => Ok(found),
    }
}

fn child(window: &mut Window<'_>, parent: Range, wanted: [u8; 4]) -> Result<Option<Range>> {
    let mut at = parent.start;
    for _ in 0..MOST_ATOMS {
        let Some((name, content)) = atom(window, at, parent.end)? else { break };
        if name == wanted {
            return Ok(Some(content));
        }
        at = content.end;
    }
    Ok(None)
}

/// The name and the content of the atom at `at`; `None` behind the last one.
fn atom(window: &mut Window<'_>, at: u64, end: u64) -> Result<Option<([u8; 4], Range)>> {
    if end.checked_sub(at).is_none_or(|left| left < 8) {
        return Ok(None);
    }
    let [s0, s1, s2, s3, name @ ..] = window.array::<8>(at)?;
    let (size, header) = match u32::from_be_bytes([s0, s1, s2, s3]) {
        0 => (end - at, 8),
        1 if end - at >= 16 => (u64::from_be_bytes(window.array(at + 8)?), 16),
        size => (u64::from(size), 8),
    };
    let content_end = at.checked_add(size).filter(|content_end| *content_end <= end);
    Ok(content_end
        .filter(|_| size >= header)
        .map(|content_end| (name, Range { start: at + header, end: content_end })))
}

fn add(name: [u8; 4], item: &[u8], collector: &mut Collector) {
    let field = match &name {
        b"covr" => {
            values(item).for_each(|value| collector.offer_picture(FRONT_COVER, value));
            return;
        }
        b"trkn" => return add_numbers(Field::TrackNumber, item, collector),
        b"disk" => return add_numbers(Field::DiscNumber, item, collector),
        b"cpil" => {
            let is_set = values(item).any(|value| value.iter().any(|byte| *byte != 0));
            return collector.add(Field::Compilation, if is_set { "1" } else { "0" });
        }
        b"gnre" => {
            let numbers = values(item).filter_map(|value| value.first_chunk());
            let names = numbers.filter_map(|two| genre::by_mp4_number(u16::from_be_bytes(*two)));
            return names.for_each(|name| collector.add(Field::Genre, name));
        }
        b"----" => return add_free_form(item, collector),
        b"\xA9nam" => Field::Title,
        b"\xA9ART" => Field::Artist,
        b"aART" => Field::AlbumArtist,
        b"\xA9alb" => Field::Album,
        b"\xA9day" => Field::Date,
        b"\xA9gen" => Field::Genre,
        b"\xA9wrt" => Field::Composer,
        b"soar" => Field::ArtistSort,
        b"soaa" => Field::AlbumArtistSort,
        b"sonm" => Field::TitleSort,
        b"soal" => Field::AlbumSort,
        _ => return,
    };
    add_texts(field, item, collector);
}

fn add_texts(field: Field, item: &[u8], collector: &mut Collector) {
    values(item).for_each(|value| collector.add(field, &text::utf8_or_latin1(value)));
}

fn add_numbers(field: Field, item: &[u8], collector: &mut Collector) {
    if let Some([_, _, n0, n1, t0, t1, ..]) = values(item).next() {
        let number = u16::from_be_bytes([*n0, *n1]);
        let total = u16::from_be_bytes([*t0, *t1]);
        collector.add(field, &format!("{number}/{total}"));
    }
}

/// `mean` is the namespace, `name` the name, and each `data` a value.
fn add_free_form(item: &[u8], collector: &mut Collector) {
    let name = atoms(item).find(|(id, _)| *id == b"name").and_then(|(_, name)| name.get(4..));
    if let Some(field) = name.and_then(Field::by_name) {
        add_texts(field, item, collector);
    }
}

/// The values of an item: its `data` atoms without type and locale.
fn values(item: &[u8]) -> impl Iterator<Item = &[u8]> {
    atoms(item).filter(|(id, _)| *id == b"data").filter_map(|(_, data)| data.get(8..))
}

/// The atoms in an item.
fn atoms(mut rest: &[u8]) -> impl Iterator<Item = (&[u8; 4], &[u8])> {
    std::iter::from_fn(move || {
        let (size, behind) = rest.split_first_chunk()?;
        let (id, behind) = behind.split_first_chunk()?;
        let size = (u32::from_be_bytes(*size) as usize).checked_sub(8)?;
        let (content, behind) = behind.split_at_checked(size)?;
        rest = behind;
        Some((id, content))
    })
}
