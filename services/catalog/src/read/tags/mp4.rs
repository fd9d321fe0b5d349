//! Items of MP4: atoms of four letters, and free-form ones with names like everywhere else.

use lofty::mp4::{AtomData, AtomIdent, Ilst};

use super::super::collector::Collector;
use super::super::field::Field;
use super::super::genre;
use super::plain;

/// An atom that is made for what it says counts more than a free-form one.
pub(super) fn collect(items: &Ilst, collector: &mut Collector) {
    for item in items {
        if let AtomIdent::Fourcc(letters) = item.ident() {
            for data in item.data() {
                standard(*letters, data, collector);
            }
        }
    }
    collector.begin_lesser_tag();
    for item in items {
        if let AtomIdent::Freeform { name, .. } = item.ident() {
            for data in item.data() {
                free_form(name, data, collector);
            }
        }
    }
}

fn free_form(name: &str, data: &AtomData, collector: &mut Collector) {
    match data {
        // Text that does not say that it is.
        AtomData::Unknown { data, .. } => {
            plain::named(name, std::str::from_utf8(data).unwrap_or_default(), collector);
        }
        data => {
            if let Some(text) = text_of(data) {
                plain::named(name, &text, collector);
            }
        }
    }
}

fn standard(letters: [u8; 4], data: &AtomData, collector: &mut Collector) {
    let field = match &letters {
        b"\xa9nam" => Field::Title,
        b"\xa9ART" => Field::Artist,
        b"\xa9alb" => Field::Album,
        b"aART" => Field::AlbumArtist,
        b"\xa9day" => Field::Date,
        b"\xa9gen" => Field::Genre,
        b"\xa9wrt" => Field::Composer,
        b"\xa9dir" => Field::Director,
        b"\xa9con" => Field::Conductor,
        b"\xa9arg" => Field::Arranger,
        b"\xa9prd" => Field::Producer,
        b"\xa9cmt" => Field::Comment,
        b"desc" => Field::Description,
        b"cpil" => Field::Compilation,
        b"rtng" => Field::Advisory,
        b"tmpo" => Field::Bpm,
        b"soar" => Field::ArtistSort,
        b"soaa" => Field::AlbumArtistSort,
        b"sonm" => Field::TitleSort,
        b"soal" => Field::AlbumSort,
        b"soco" => Field::ComposerSort,
        b"covr" => {
            if let AtomData::Picture(picture) = data {
                super::offer(picture, collector);
            }
            return;
        }
        b"\xa9lyr" => {
            if let Some(text) = text_of(data) {
                collector.lyrics().add_text(&text, None);
            }
            return;
        }
        b"trkn" => return pair(data, Field::TrackNumber, Field::TrackTotal, collector),
        b"disk" => return pair(data, Field::DiscNumber, Field::DiscTotal, collector),
        b"gnre" => {
            // Numbered from 1.
            let number = number_of(data).and_then(|number| number.checked_sub(1));
            if let Some(name) = number.and_then(|number| genre::of_number(number as usize)) {
                collector.add(Field::Genre, name);
            }
            return;
        }
        _ => return,
    };
    if let Some(text) = text_of(data) {
        collector.add(field, &text);
    }
}

/// Position and total, two big-endian numbers of two bytes behind two that are unused.
fn pair(data: &AtomData, position: Field, total: Field, collector: &mut Collector) {
    let AtomData::Unknown { data, .. } = data else { return };
    for (field, bytes) in [(position, data.get(2..4)), (total, data.get(4..6))] {
        let number = bytes.and_then(big_endian).filter(|number| *number > 0);
        if let Some(number) = number {
            collector.add(field, &number.to_string());
        }
    }
}

fn text_of(data: &AtomData) -> Option<std::borrow::Cow<'_, str>> {
    match data {
        AtomData::UTF8(text) | AtomData::UTF16(text) => Some(text.into()),
        data => number_of(data).map(|number| number.to_string().into()),
    }
}

fn number_of(data: &AtomData) -> Option<u32> {
    match data {
        AtomData::SignedInteger(number) => u32::try_from(*number).ok(),
        AtomData::UnsignedInteger(number) => Some(*number),
        AtomData::Bool(flag) => Some(u32::from(*flag)),
        AtomData::Unknown { data, .. } => big_endian(data),
        _ => None,
    }
}

fn big_endian(bytes: &[u8]) -> Option<u32> {
    let number = |number, byte: &u8| number << 8 | u32::from(*byte);
    (1..=4).contains(&bytes.len()).then(|| bytes.iter().fold(0, number))
}
