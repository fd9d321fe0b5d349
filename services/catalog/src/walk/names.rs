//! What a file is for, by its name: content is looked at when it is read.

use super::beside::Candidates;

const MUSIC: [&[u8]; 14] = [
    b"mp3", b"flac", b"ogg", b"oga", b"opus", b"m4a", b"m4b", b"mp4", b"aac", b"wav", b"wave",
    b"aif", b"aiff", b"aifc",
];
const PICTURES: [&[u8]; 5] = [b"jpg", b"jpeg", b"png", b"webp", b"gif"];
const STANDS_FOR_FOLDER: [&[u8]; 5] = [b"cover", b"folder", b"front", b"album", b"artist"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Music,
    Picture,
}

/// `None` for all that a walk leaves alone without a word.
pub(super) fn purpose_of(name: &[u8]) -> Option<Purpose> {
    let dot = name.iter().rposition(|byte| *byte == b'.')?;
    let (stem, extension) = (&name[..dot], &name[dot + 1..]);
    let is_one_of =
        |names: &[&[u8]], name: &[u8]| names.iter().any(|known| name.eq_ignore_ascii_case(known));
    if is_one_of(&MUSIC, extension) {
        Some(Purpose::Music)
    } else if is_one_of(&PICTURES, extension) && is_one_of(&STANDS_FOR_FOLDER, stem) {
        Some(Purpose::Picture)
    } else {
        None
    }
}

/// Can a file of this name be music, belong to music, or be the picture of its folder?
pub(crate) fn is_of_interest(name: &[u8]) -> bool {
    !is_hidden(name) && (purpose_of(name).is_some() || Candidates::are(name))
}

pub(crate) fn is_hidden(name: &[u8]) -> bool {
    name.starts_with(b".")
}
