//! What is read of files of every format, good and hostile.

use std::fs;
use std::path::{Path, PathBuf};

use hexachord_fixtures::{Format, Piece};
use tempfile::TempDir;

use super::*;

mod fields;
mod formats;
mod frames;
mod hostile;
mod measuring;
mod names;

/// A file of `format` in `folder`.
fn piece(folder: &TempDir, format: Format) -> PathBuf {
    let path = folder.path().join(format!("piece.{}", format.extension()));
    Piece::new(format, 7).write(&path).unwrap();
    path
}

fn outcome(path: &Path) -> ReadOutcome {
    read_batch(&[ReadJob::of(path)], &mut Reader::new()).remove(0)
}

#[track_caller]
fn music(path: &Path) -> MusicFile {
    match outcome(path) {
        ReadOutcome::Music(music) => *music,
        ReadOutcome::Unreadable { reason } => panic!("{}: {reason}", path.display()),
    }
}

#[track_caller]
fn reason(path: &Path) -> String {
    match outcome(path) {
        ReadOutcome::Music(_) => panic!("{} was read", path.display()),
        ReadOutcome::Unreadable { reason } => reason,
    }
}

/// A picture as far as a tag is concerned.
fn png(bytes: usize) -> Vec<u8> {
    let mut picture = b"\x89PNG\r\n\x1a\n".to_vec();
    picture.resize(bytes.max(8), 7);
    picture
}

/// An MP3 with `tag` before its audio.
fn mp3_with(folder: &TempDir, tag: &[u8]) -> PathBuf {
    let path = piece(folder, Format::Mp3);
    let audio = fs::read(&path).unwrap();
    fs::write(&path, [tag, &audio].concat()).unwrap();
    path
}

/// An `ID3v2` tag of `version` around `frames`.
fn id3v2_tag(version: u8, frames: &[u8]) -> Vec<u8> {
    let size = frames.len();
    let safe = [21, 14, 7, 0].map(|shift| u8::try_from(size >> shift & 0x7F).unwrap());
    [b"ID3", &[version, 0, 0][..], &safe, frames].concat()
}

fn frame(id: [u8; 4], content: &[u8]) -> Vec<u8> {
    let size = content.len();
    let safe = [21, 14, 7, 0].map(|shift| u8::try_from(size >> shift & 0x7F).unwrap());
    [&id[..], &safe, &[0, 0], content].concat()
}
