//! Cut, changed and invented files: an end or an error, soon, and without much memory.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use hexachord_audio::{Decoder, Layout};
use hexachord_fixtures::{Format, Piece, mangle};
use proptest::{prelude::*, test_runner::RngSeed};

use crate::aac::{HE, HE_2, SURROUND};
use crate::attack;
use crate::support::{opus, tones};
use crate::wavpack;

/// How many [`files`] there are.
const FILES: usize = 22;

/// Files of all formats, some with their index in front.
fn files() -> Vec<Vec<u8>> {
    let piece = |format| Piece { frames: 40, ..Piece::new(format, 8) };
    let mut files: Vec<_> = Format::ALL.iter().map(|&format| piece(format).bytes()).collect();
    files.push(mangle::mp4_faststart(&piece(Format::Alac).bytes(), 0));
    files.push(mangle::mp4_faststart(&piece(Format::Aac).bytes(), 0));
    files.push(opus(&tones(12_000, 2, 48_000), Layout::STEREO, 0));
    files.push(opus(&tones(12_000, 6, 48_000), Layout::SURROUND_5_1, 0));
    files.extend([HE, HE_2, SURROUND].map(<[u8]>::to_vec));
    files.extend(wavpack::files());
    files
}

/// An MP3 of two streams with other rates, one behind the other.
#[test]
fn a_stream_of_another_rate_in_the_middle_is_passed_over() {
    let of_48_khz = [&[0xFF, 0xFB, 0x94, 0][..], &[0; 380]].concat();
    let of_44_1_khz = Piece { frames: 40, ..Piece::new(Format::Mp3, 3) }.bytes();
    let alone = attack::decode(of_44_1_khz.clone(), 0);
    let both = attack::decode([of_44_1_khz.clone(), of_48_khz.repeat(40)].concat(), 30 * 1152);
    assert!((alone..alone + 2 * 1152 * 40).contains(&both), "{alone}, {both}");
    let around = [of_44_1_khz.clone(), of_48_khz.repeat(40), of_44_1_khz].concat();
    assert!(attack::decode(around, 30 * 1152) >= alone);
}

#[test]
fn files_cut_anywhere_end() {
    for bytes in files() {
        for part in 0..60 {
            attack::decode(bytes[..bytes.len() * part / 60].to_vec(), 3_000);
        }
    }
}

#[test]
fn headers_full_of_the_largest_numbers_cost_nothing() {
    let began = Instant::now();
    for bytes in files() {
        for at in 0..bytes.len().min(250) {
            let mut hostile = bytes.clone();
            let end = (at + 4).min(hostile.len());
            hostile[at..end].fill(0xFF);
            attack::decode(hostile, u64::from(u32::MAX));
        }
    }
    assert!(began.elapsed() < Duration::from_mins(2));
}

#[test]
fn a_gigabyte_of_nothing_is_given_up() {
    for magic in [
        &b""[..],
        b"\xFF\xFB\x90\0",
        b"OggS\0\x02",
        b"fLaC\0\0\0\x22",
        b"ID3\x04\0\0\0\0\0\0",
        b"wvpk",
    ] {
        let mut file = tempfile::tempfile().unwrap();
        std::io::Write::write_all(&mut file, magic).unwrap();
        file.set_len(1 << 30).unwrap();
        let began = Instant::now();
        assert!(Decoder::open(file).is_err(), "{magic:?}");
        assert!(began.elapsed() < Duration::from_secs(20), "{magic:?}");
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

fn changed(index: usize, changes: Vec<(f64, Vec<u8>)>) -> Vec<u8> {
    static ALL: LazyLock<[Vec<u8>; FILES]> =
        LazyLock::new(|| files().try_into().expect("so many were counted"));
    let mut bytes = ALL[index].clone();
    for (place, new) in changes {
        #[expect(clippy::cast_sign_loss, reason = "a share of the length")]
        let at = (place * bytes.len() as f64) as usize;
        let end = (at + new.len()).min(bytes.len());
        bytes[at..end].copy_from_slice(&new[..end - at]);
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 3000,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    #[test]
    fn changed_files_end(index in 0..FILES, changes in changes(), place in 0..40_000_u64) {
        attack::decode(changed(index, changes), place);
    }

    #[test]
    fn invented_files_end(magic in 0..10_usize, tail in proptest::collection::vec(any::<u8>(), 0..600)) {
        let magics: [&[u8]; 10] = [
            b"", b"ID3\x04\0\0\0\0\0\x01", b"fLaC", b"OggS\0\x02", b"RIFF\0\0\0\0WAVE",
            b"FORM\0\0\0\0AIFC", b"\0\0\0\x08ftyp", b"\0\0\x01\0moov", b"\xFF\xFB",
            b"wvpk\xFE\0\0\0\x10\x04",
        ];
        attack::decode([magics[magic], &tail].concat(), 1000);
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    #[test]
    fn streams_of_changed_files_end(
        index in 0..FILES,
        changes in changes(),
        choice in any::<u32>(),
    ) {
        attack::transcode(changed(index, changes), choice);
    }
}
