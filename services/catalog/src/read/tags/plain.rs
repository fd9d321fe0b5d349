//! Tags that are lists of names and values: Vorbis comments, APE items, RIFF INFO, AIFF texts, `ID3v1`.

use lofty::ape::ApeTag;
use lofty::id3::v1::Id3v1Tag;
use lofty::iff::aiff::AiffTextChunks;
use lofty::iff::wav::RiffInfoList;
use lofty::picture::Picture;
use lofty::tag::ItemValue;

use super::super::collector::Collector;
use super::super::field::{self, Field, names_lyrics};
use super::super::genre;

/// Adds what stands under a name that people read.
pub(super) fn named(name: &str, value: &str, collector: &mut Collector) {
    if let Some(field) = field::named(name) {
        collector.add(field, value);
    } else if names_lyrics(name) {
        collector.lyrics().add_text(value, None);
    } else if name.eq_ignore_ascii_case("CUESHEET") {
        collector.add_cue_sheet(value);
    }
}

pub(super) fn ape(tag: &ApeTag, collector: &mut Collector) {
    for item in tag {
        match item.value() {
            ItemValue::Text(text) | ItemValue::Locator(text) => named(item.key(), text, collector),
            ItemValue::Binary(bytes) => {
                if let Ok(picture) = Picture::from_ape_bytes(item.key(), bytes) {
                    super::offer(&picture, collector);
                }
            }
        }
    }
}

pub(super) fn riff_info(list: &RiffInfoList, collector: &mut Collector) {
    for (name, value) in list {
        let field = match name.as_str() {
            "INAM" => Field::Title,
            "IART" => Field::Artist,
            "IPRD" => Field::Album,
            "IPRT" | "ITRK" => Field::TrackNumber,
            "IFRM" => Field::TrackTotal,
            "ICRD" => Field::Date,
            "IGNR" => Field::Genre,
            "ICMT" => Field::Comment,
            "IMUS" => Field::Composer,
            "IWRI" => Field::Writer,
            "IPRO" => Field::Producer,
            "IENG" => Field::Engineer,
            _ => continue,
        };
        collector.add(field, value);
    }
}

pub(super) fn aiff_text(chunks: &AiffTextChunks, collector: &mut Collector) {
    let mut add = |field, value: Option<&String>| {
        if let Some(value) = value {
            collector.add(field, value);
        }
    };
    add(Field::Title, chunks.name.as_ref());
    add(Field::Artist, chunks.author.as_ref());
    for comment in chunks.comments.iter().flatten() {
        add(Field::Comment, Some(&comment.text));
    }
    for annotation in chunks.annotations.iter().flatten() {
        add(Field::Comment, Some(annotation));
    }
}

pub(super) fn id3v1(tag: &Id3v1Tag, collector: &mut Collector) {
    let year = tag.year.map(|year| year.to_string());
    let number = tag.track_number.map(|number| number.to_string());
    for (field, value) in [
        (Field::Title, tag.title.as_deref()),
        (Field::Artist, tag.artist.as_deref()),
        (Field::Album, tag.album.as_deref()),
        (Field::Year, year.as_deref()),
        (Field::TrackNumber, number.as_deref()),
        (Field::Comment, tag.comment.as_deref()),
        (Field::Genre, tag.genre.and_then(|genre| genre::of_number(genre.into()))),
    ] {
        if let Some(value) = value {
            collector.add(field, value);
        }
    }
}
