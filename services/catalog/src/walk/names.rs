//! What a file is for, by its name: content is looked at when it is read.

use crate::artwork::{PictureRules, Wish, stem_and_ending};

const MUSIC: [&[u8]; 14] = [
    b"mp3", b"flac", b"ogg", b"oga", b"opus", b"m4a", b"m4b", b"mp4", b"aac", b"wav", b"wave",
    b"aif", b"aiff", b"aifc",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Music,
    /// It stands for its folder.
    Picture,
    /// It is wanted if there is a music file of its name.
    PictureBeside,
}

/// `None` for all that a walk leaves alone without a word.
pub(super) fn purpose_of(name: &[u8], wanted: &PictureRules) -> Option<Purpose> {
    let (_, ending) = stem_and_ending(name)?;
    if MUSIC.iter().any(|known| ending.eq_ignore_ascii_case(known)) {
        return Some(Purpose::Music);
    }
    Some(match wanted.wish(name)? {
        Wish::Named => Purpose::Picture,
        Wish::Beside => Purpose::PictureBeside,
    })
}

pub(super) fn is_hidden(name: &[u8]) -> bool {
    name.starts_with(b".")
}
