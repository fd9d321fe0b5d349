//! Keys of the tables by place: a library, a path and, of a file that a cue sheet cuts, a part.

use std::borrow::Cow;

use hexachord_audio::Fingerprint;
use hexachord_contracts::ids::{LibraryId, TrackId};

/// Files in the order of their libraries' ids and of the bytes of their [`place`]s.
pub(crate) fn file_key(library: LibraryId, place: &[u8]) -> Vec<u8> {
    [&library.0.to_be_bytes(), place].concat()
}

/// Where a file is or a part of it: parts stand behind a NUL, which no path holds, right behind each
/// other and in their order.
pub(crate) fn place(path: &[u8], part: Option<u16>) -> Cow<'_, [u8]> {
    match part {
        None => Cow::Borrowed(path),
        Some(number) => Cow::Owned([path, &[0], format!("{number:03}").as_bytes()].concat()),
    }
}

/// The path in a [`place`], and the number of the part.
pub(crate) fn path_and_part(place: &[u8]) -> (&[u8], Option<u16>) {
    let Some(nul) = place.iter().position(|byte| *byte == 0) else { return (place, None) };
    let number = std::str::from_utf8(&place[nul + 1..]).ok().and_then(|digits| digits.parse().ok());
    (&place[..nul], number)
}

pub(crate) fn library_prefix(library: LibraryId) -> [u8; 8] {
    library.0.to_be_bytes()
}

/// The place in a [`file_key`].
pub(crate) fn path_of(key: &[u8]) -> &[u8] {
    key.get(8..).unwrap_or_default()
}

/// Pictures of one folder stand together: no path holds a NUL.
pub(crate) fn picture_key(library: LibraryId, folder: &[u8], name: &[u8]) -> Vec<u8> {
    [&library.0.to_be_bytes(), folder, &[0], name].concat()
}

/// Tracks of one audio stand together, the missing ones behind the others.
pub(crate) fn audio_key(audio: Fingerprint, missing: bool, track: TrackId) -> [u8; 25] {
    let mut key = [0; 25];
    key[..16].copy_from_slice(&audio.0);
    key[16] = u8::from(missing);
    key[17..].copy_from_slice(&track.0.to_be_bytes());
    key
}

/// The id that a key ends with.
pub(crate) fn last_id(key: &[u8]) -> u64 {
    let id = key.last_chunk::<8>().copied().unwrap_or_default();
    u64::from_be_bytes(id)
}

/// The part of a path above its last slash, and the name below.
pub(crate) fn folder_and_name(path: &[u8]) -> (&[u8], &[u8]) {
    match path.iter().rposition(|byte| *byte == b'/') {
        Some(slash) => (&path[..slash], &path[slash + 1..]),
        None => (&[], path),
    }
}

/// The path in what a [`picture_key`] has behind its library.
pub(crate) fn picture_path(place: &[u8]) -> Vec<u8> {
    let path: Vec<u8> = place.iter().map(|byte| if *byte == 0 { b'/' } else { *byte }).collect();
    // A picture at the root has no folder before its name.
    path.strip_prefix(b"/").map(<[u8]>::to_vec).unwrap_or(path)
}

/// The library that a key by place, or the value of a track's entry, begins with.
pub(crate) fn library_of(bytes: &[u8]) -> LibraryId {
    let id = bytes.first_chunk::<8>().copied().unwrap_or_default();
    LibraryId(u64::from_be_bytes(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_stand_behind_their_file_and_before_the_next() {
        let mut places: Vec<Vec<u8>> = vec![b"a.flac".to_vec(), b"a.flac.mp3".to_vec()];
        places.extend([100, 20, 3].map(|part| place(b"a.flac", Some(part)).into_owned()));
        places.sort();
        let read: Vec<_> = places.iter().map(|place| path_and_part(place)).collect();
        let file = b"a.flac".as_slice();
        let parts = [None, Some(3), Some(20), Some(100)].map(|part| (file, part));
        assert_eq!(read, [parts.as_slice(), &[(b"a.flac.mp3", None)]].concat());
    }
}
