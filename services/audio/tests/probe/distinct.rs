//! Different pieces have different fingerprints, also when they begin alike and are equally long.

use std::collections::HashMap;

use hexachord_audio::Scratch;
use hexachord_fixtures::{Format, Piece};

use crate::probe_with;

#[test]
fn hundreds_of_pieces_are_all_distinct() {
    let mut seen = HashMap::new();
    let mut scratch = Scratch::new();
    for format in Format::ALL {
        for seed in 0..60 {
            // Half of them are silent over much more than the first 16 KiB, up to the middle.
            let silent_opening = if seed % 2 == 0 { 0 } else { 70 };
            let piece = Piece { format, seed, silent_opening, frames: 140 };
            let found = probe_with(&piece.bytes(), &mut scratch).unwrap();
            let other = seen.insert(found.fingerprint, piece);
            assert!(other.is_none(), "{piece:?} looks like {other:?}");
        }
    }
    assert_eq!(seen.len(), 540);
}

#[test]
fn pieces_with_a_silent_opening_begin_alike_and_are_equally_long() {
    for format in Format::ALL {
        let piece = |seed| Piece { format, seed, silent_opening: 100, frames: 200 };
        let (one, other) = (piece(1).bytes(), piece(2).bytes());
        let first = one.iter().zip(&other).position(|(a, b)| a != b).unwrap();
        assert_eq!(one.len(), other.len());
        assert!(first > one.len() * 2 / 5, "{format:?} differs at {first} of {}", one.len());
    }
}

#[test]
fn a_longer_or_shorter_piece_is_another() {
    for format in Format::ALL {
        let piece = |frames| Piece { format, seed: 3, silent_opening: 500, frames };
        let mut scratch = Scratch::new();
        let mut found = |frames| probe_with(&piece(frames).bytes(), &mut scratch).unwrap();
        // All silent: only the count of bytes tells them apart.
        assert_ne!(found(300).fingerprint, found(301).fingerprint, "{format:?}");
    }
}
