//! What a file is for, by its name: content is looked at when it is read.

use super::beside::Candidates;
use crate::artwork::{PictureRules, Wish, picture_stem, stem_and_ending};

const MUSIC: [&[u8]; 15] = [
    b"mp3", b"flac", b"ogg", b"oga", b"opus", b"m4a", b"m4b", b"mp4", b"aac", b"wav", b"wave",
    b"aif", b"aiff", b"aifc", b"wv",
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
    if is_music(name) {
        return Some(Purpose::Music);
    }
    Some(match wanted.wish(name)? {
        Wish::Named => Purpose::Picture,
        Wish::Beside => Purpose::PictureBeside,
    })
}

pub(crate) fn is_music(name: &[u8]) -> bool {
    stem_and_ending(name)
        .is_some_and(|(_, ending)| MUSIC.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

/// Can a file of this name be music, belong to music, or be a picture?
pub(crate) fn is_of_interest(name: &[u8]) -> bool {
    !is_hidden(name) && (is_music(name) || picture_stem(name).is_some() || Candidates::are(name))
}

pub(crate) fn is_hidden(name: &[u8]) -> bool {
    name.starts_with(b".")
}
