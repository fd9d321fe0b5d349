//! Cut, damaged and malicious files: an answer or an error, soon, and without much memory.

use std::fs::File;
use std::os::unix::fs::FileExt;

use hexachord_audio::{ProbeError, Scratch, probe};
use hexachord_fixtures::{Format, Piece, mangle};
use proptest::{prelude::*, test_runner::RngSeed};

use crate::{probe_bytes, probe_with};

#[test]
fn a_cut_file_ends_in_a_fingerprint_or_a_reason() {
    let mut scratch = Scratch::new();
    for format in Format::ALL {
        let bytes = Piece { frames: 150, ..Piece::new(format, 20) }.bytes();
        let whole = probe_with(&bytes, &mut scratch).unwrap();
        for part in 1..50 {
            let cut = &bytes[..bytes.len() * part / 50];
            match probe_with(cut, &mut scratch) {
                Ok(found) => assert_ne!(found.fingerprint, whole.fingerprint),
                Err(ProbeError::Truncated(_)) => {}
                Err(other) => panic!("{format:?} cut at {part}/50: {other}"),
            }
        }
        // Index at the end: without it there is nothing to read. All others keep what is there.
        let half = probe_with(&bytes[..bytes.len() / 2], &mut scratch);
        assert_eq!(half.is_err(), matches!(format, Format::Aac | Format::Alac), "{format:?}");
    }
}

#[test]
fn a_cut_file_with_its_index_in_front_keeps_a_fingerprint() {
    let bytes = mangle::mp4_faststart(&Piece::new(Format::Alac, 21).bytes(), 0);
    let whole = probe_bytes(&bytes).unwrap();
    let cut = probe_bytes(&bytes[..bytes.len() / 2]).unwrap();
    assert!(cut.payload_bytes < whole.payload_bytes);
    assert_ne!(cut.fingerprint, whole.fingerprint);
}

#[test]
fn headers_that_promise_thirty_gigabytes_are_refused_or_clipped() {
    for format in Format::ALL {
        let bytes = Piece { frames: 20, ..Piece::new(format, 22) }.bytes();
        // Every aligned and unaligned field of the headers, as the largest number it can be.
        for at in 0..bytes.len().min(700) {
            let mut hostile = bytes.clone();
            let end = (at + 4).min(hostile.len());
            hostile[at..end].fill(0xFF);
            if let Ok(found) = probe_bytes(&hostile) {
                assert!(found.payload_bytes <= bytes.len() as u64, "{format:?} at {at}");
            }
        }
    }
    let movie = mangle::mp4_faststart(&Piece::new(Format::Aac, 22).bytes(), 0);
    for table in [b"stsz", b"stsc", b"stco"] {
        let at = movie.windows(4).position(|window| window == table).unwrap();
        let mut hostile = movie.clone();
        hostile[at + 8..at + 16].fill(0xFF);
        assert!(probe_bytes(&hostile).is_err(), "{table:?}");
    }
}

#[test]
fn thirty_gigabytes_of_nothing_are_read_in_no_time() {
    const LEN: u64 = 30 << 30;
    let mut scratch = Scratch::new();
    let heads: [&[u8]; 9] = [
        b"",
        b"ID3\x04\0\0\x7F\x7F\x7F\x7F",
        b"fLaC\0\0\0\x22",
        b"RF64\xFF\xFF\xFF\xFFWAVE",
        b"FORM\0\0\0\0AIFF",
        b"OggS\0\x02",
        b"\0\0\0\x08ftyp\0\0\0\0moov\0\0\0\0trak",
        b"\xFF\xFB\x90\0",
        b"wvpk\x18\0\0\0\x10\x04",
    ];
    for head in heads {
        let file = tempfile::tempfile().unwrap();
        file.set_len(LEN).unwrap();
        file.write_all_at(head, 0).unwrap();
        assert!(probe(&file, LEN, &mut scratch).is_err(), "{head:?}");
    }
}

#[test]
fn a_large_sparse_file_has_a_fingerprint_of_its_ends_and_middle() {
    const LEN: u64 = 5 << 30;
    let file = tempfile::tempfile().unwrap();
    file.set_len(LEN).unwrap();
    let wav = Piece::new(Format::Wav, 23).bytes();
    file.write_all_at(&wav[..40], 0).unwrap();
    file.write_all_at(&[0xFF; 4], 40).unwrap();
    let found = |file: &File| probe(file, LEN, &mut Scratch::new()).unwrap();
    let silent = found(&file);
    assert_eq!(silent.payload_bytes, LEN - 44);
    file.write_all_at(b"sound", LEN / 2).unwrap();
    assert_ne!(found(&file).fingerprint, silent.fingerprint);
}

#[test]
fn a_file_that_shrinks_while_it_is_read_is_an_error() {
    for (format, frames) in [(Format::Wav, 100), (Format::Wav, 900), (Format::Mp3, 900)] {
        let path = tempfile::NamedTempFile::new().unwrap();
        Piece { frames, ..Piece::new(format, 24) }.write(&path).unwrap();
        let file = path.as_file();
        let len = file.metadata().unwrap().len();
        file.set_len(len / 3).unwrap();
        assert!(matches!(probe(file, len, &mut Scratch::new()), Err(ProbeError::Truncated(_))));
    }
}

/// A change to a file: a place (as a share of the length), and the bytes that are written there.
fn changes() -> impl Strategy<Value = Vec<(f64, Vec<u8>)>> {
    let bytes = prop_oneof![
        proptest::collection::vec(any::<u8>(), 1..5),
        Just(vec![0xFF; 4]),
        Just(vec![0; 4]),
        Just(vec![0x7F; 8]),
    ];
    // Half of the changes hit the first or last hundredth, where headers and tags are.
    let place = prop_oneof![0.0..1.0, 0.0..0.01, 0.99..1.0];
    proptest::collection::vec((place, bytes), 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    #[test]
    fn mutated_files_never_panic(index in 0..Format::ALL.len(), changes in changes(), mangling in 0..5_usize) {
        let piece = Piece { frames: 40, ..Piece::new(Format::ALL[index], 25) };
        let mut manglings = mangle::all(&piece);
        let mut bytes = match manglings.len() {
            0 => piece.bytes(),
            count => manglings.swap_remove(mangling % count).1,
        };
        for (place, new) in changes {
            // A share of the length: its fraction is of no interest.
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a random place")]
            let at = (place * bytes.len() as f64) as usize;
            let end = (at + new.len()).min(bytes.len());
            bytes[at..end].copy_from_slice(&new[..end - at]);
        }
        if let Ok(found) = probe_bytes(&bytes) {
            prop_assert!(found.payload_bytes > 0);
        }
    }

    #[test]
    fn random_bytes_never_panic(magic in 0..10_usize, tail in proptest::collection::vec(any::<u8>(), 0..600)) {
        let magics: [&[u8]; 10] = [
            b"", b"ID3\x04\0\0\0\0\0\x01", b"fLaC", b"OggS\0\x02", b"RIFF\0\0\0\0WAVE",
            b"FORM\0\0\0\0AIFC", b"\0\0\0\x08ftyp", b"\0\0\x01\0moov", b"\xFF\xFB",
            b"wvpk\xFE\0\0\0\x10\x04",
        ];
        let bytes = [magics[magic], &tail].concat();
        let answer = probe_bytes(&bytes);
        prop_assert!(answer.is_err() || answer.is_ok_and(|found| found.payload_bytes <= bytes.len() as u64));
    }
}
