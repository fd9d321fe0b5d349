//! The fields that a query may name.

use super::{Kinds, Number, Place, Tag};

/// What a field holds, and so how its value is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Text(Place),
    Number(Number),
    Loved,
    Rating,
    Plays,
    Library,
    Lossless,
    Explicit,
}

/// The field of this name, and the kinds that have it.
pub(super) fn named(name: &str) -> Option<(Holds, Kinds)> {
    let tag = |tag| Holds::Text(Place::Tag(tag));
    Some(match name.to_ascii_lowercase().as_str() {
        "title" => (Holds::Text(Place::Title), Kinds::ALBUMS_AND_TRACKS),
        "artist" => (tag(Tag::Artist), Kinds::MUSIC),
        "album" => (tag(Tag::Album), Kinds::ALBUMS_AND_TRACKS),
        "composer" => (tag(Tag::Composer), Kinds::TRACKS),
        "genre" => (tag(Tag::Genre), Kinds::ALBUMS_AND_TRACKS),
        "mood" => (tag(Tag::Mood), Kinds::TRACKS),
        "label" => (tag(Tag::Label), Kinds::ALBUMS),
        "comment" => (tag(Tag::Comment), Kinds::TRACKS),
        "lyrics" => (Holds::Text(Place::Lyrics), Kinds::TRACKS),
        "format" | "codec" => (tag(Tag::Format), Kinds::TRACKS),
        "lossless" => (Holds::Lossless, Kinds::TRACKS),
        "year" => (Holds::Number(Number::Year), Kinds::ALBUMS_AND_TRACKS),
        "bitrate" => (Holds::Number(Number::Bitrate), Kinds::TRACKS),
        "length" | "duration" => (Holds::Number(Number::Length), Kinds::TRACKS),
        "bpm" => (Holds::Number(Number::Bpm), Kinds::TRACKS),
        "added" => (Holds::Number(Number::Added), Kinds::ALBUMS_AND_TRACKS),
        "explicit" => (Holds::Explicit, Kinds::ALBUMS_AND_TRACKS),
        "library" => (Holds::Library, Kinds::MUSIC),
        "loved" | "favourite" => (Holds::Loved, Kinds::MUSIC),
        "rating" => (Holds::Rating, Kinds::MUSIC),
        "plays" => (Holds::Plays, Kinds::MUSIC),
        _ => return None,
    })
}
