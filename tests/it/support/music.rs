//! Folders of small music files.

use std::path::{Path, PathBuf};

use hexachord_fixtures::{Format, Piece, Tags, tag};
use image::{ImageFormat, Rgb, RgbImage};

/// Writes one tagged file, with the folders above it; `seed` makes its audio distinct.
pub(crate) fn write(path: &Path, format: Format, seed: u64, tags: &Tags) {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).expect("a folder can be made");
    }
    Piece::new(format, seed).write(path).expect("a file can be written");
    tag(path, tags).expect("a file can be tagged");
}

/// One track of an album by one artist.
pub(crate) fn tags(title: &str, artist: &str, album: &str, track: u32) -> Tags {
    Tags {
        title: title.to_owned(),
        artists: vec![artist.to_owned()],
        album: album.to_owned(),
        album_artists: vec![artist.to_owned()],
        track: Some(track),
        ..Tags::default()
    }
}

/// `count` FLAC files of one album, `track 1` and so on, in `folder`.
pub(crate) fn album(folder: &Path, artist: &str, title: &str, count: u32) -> Vec<PathBuf> {
    (1..=count)
        .map(|number| {
            let path = folder.join(title).join(format!("{number}.flac"));
            let seed = title.bytes().fold(u64::from(number), |seed, byte| {
                seed.wrapping_mul(31).wrapping_add(u64::from(byte))
            });
            let tags = tags(&format!("track {number}"), artist, title, number);
            write(&path, Format::Flac, seed, &tags);
            path
        })
        .collect()
}

/// A picture in colours, `side` pixels wide and high.
pub(crate) fn picture(side: u32, format: ImageFormat) -> Vec<u8> {
    let picture = RgbImage::from_fn(side, side, |x, y| {
        let part = |at: u32| u8::try_from(at * 255 / side).unwrap_or(255);
        Rgb([part(x), part(y), 128])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("a picture can be encoded");
    bytes.into_inner()
}

/// As PNG counts.
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 }
        })
    })
}
