//! Files that are broken, or made to hurt.

use hexachord_fixtures::{Tags as Written, tag};
use proptest::{prelude::*, test_runner::RngSeed};

use super::*;

#[test]
fn reasons_are_sentences() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("x.mp3");
    assert_eq!(reason(&path), "the file is no longer there");
    fs::write(&path, b"").unwrap();
    assert_eq!(reason(&path), "the file is empty");
    fs::write(&path, "just words ".repeat(1000)).unwrap();
    assert_eq!(reason(&path), "not an audio file although its name says so");
    assert_eq!(reason(folder.path()), "the file cannot be read: it is not a file");
}

#[test]
fn one_bad_file_costs_only_itself() {
    let folder = TempDir::new().unwrap();
    let good = piece(&folder, Format::Flac);
    let bad = folder.path().join("bad.mp3");
    fs::write(&bad, b"").unwrap();
    let jobs = [&good, &bad, &good].map(|path| ReadJob::of(path));
    let outcomes = read_batch(&jobs, &mut Reader::new());
    let is_music = |outcome: &ReadOutcome| matches!(outcome, ReadOutcome::Music(_));
    assert_eq!(outcomes.iter().map(is_music).collect::<Vec<_>>(), [true, false, true]);
}

#[test]
fn a_cut_tag_costs_only_itself() {
    let folder = TempDir::new().unwrap();
    let frames =
        [frame(*b"TIT2", b"\x03Kept"), b"TALB\x7F\x7F\x7F\x7F\0\0\x03Cut".to_vec()].concat();
    let tags = music(&mp3_with(&folder, &id3v2_tag(4, &frames))).tags;
    assert_eq!(tags.title.as_deref(), Some("Kept"));
}

#[test]
fn control_and_direction_marks_are_gone() {
    let folder = TempDir::new().unwrap();
    let frames = [
        frame(*b"TIT2", "\x03\u{202E}evil\u{7}\u{2066} name".as_bytes()),
        frame(*b"TPE1", b"\x03One\0Two\0\0Three"),
    ];
    let tags = music(&mp3_with(&folder, &id3v2_tag(4, &frames.concat()))).tags;
    assert_eq!(tags.title.as_deref(), Some("evil name"));
    assert_eq!(tags.artists, ["One", "Two", "Three"]);
}

#[test]
fn a_tag_of_ten_megabytes_is_bounded() {
    let folder = TempDir::new().unwrap();
    for format in [Format::Mp3, Format::Flac, Format::Opus, Format::Aac, Format::Aiff] {
        let path = piece(&folder, format);
        let mut written = Written { title: "t".repeat(10_000_000), ..Written::default() };
        written.artists = vec!["a".into()];
        tag(&path, &written).unwrap();
        let tags = music(&path).tags;
        assert_eq!(tags.title.unwrap().len(), 1_000, "{format:?}");
        assert_eq!(tags.artists, ["a"], "{format:?}");
    }
}

#[test]
fn a_hundred_thousand_frames_are_bounded() {
    let folder = TempDir::new().unwrap();
    let texts: Vec<u8> = (0..100_000).flat_map(|n| format!("\0{n}").into_bytes()).collect();
    let artists = [b"\x03".as_slice(), &texts].concat();
    let same = frame(*b"TXXX", b"\x03a\0b").repeat(100_000);
    for (frames, kept) in [(frame(*b"TPE1", &artists), 100), (same, 0)] {
        let path = mp3_with(&folder, &id3v2_tag(4, &frames));
        assert_eq!(music(&path).tags.artists.len(), kept);
    }
}

#[test]
fn a_million_comments_are_bounded() {
    let folder = TempDir::new().unwrap();
    let path = piece(&folder, Format::Flac);
    let flac = fs::read(&path).unwrap();
    let mut comments = [0_u32.to_le_bytes(), 1_000_000_u32.to_le_bytes()].concat();
    for _ in 0..1_000_000 {
        comments.extend(b"\x08\0\0\0ARTIST=a");
    }
    let size = u32::try_from(comments.len()).unwrap().to_be_bytes();
    let mut grown = flac[..42].to_vec();
    grown[4] &= 0x7F;
    grown.extend([4 | 0x80, size[1], size[2], size[3]]);
    grown.extend(comments);
    grown.extend(&flac[42..]);
    fs::write(&path, grown).unwrap();
    assert_eq!(music(&path).tags.artists, ["a"]);
}

#[test]
fn what_is_no_picture_is_not_taken_for_one() {
    let folder = TempDir::new().unwrap();
    let svg = [b"\x03image/svg+xml\0\x03\0".as_slice(), b"<svg onload='alert(1)'/>"].concat();
    let path = mp3_with(&folder, &id3v2_tag(4, &frame(*b"APIC", &svg)));
    assert_eq!(music(&path).picture, None);
}

#[test]
fn the_front_cover_is_preferred() {
    let folder = TempDir::new().unwrap();
    let apic = |kind: u8, picture: Vec<u8>| {
        let content = [b"\x03image/png\0".as_slice(), &[kind, 0], &picture].concat();
        frame(*b"APIC", &content)
    };
    let frames = [apic(4, png(50)), apic(0, png(60)), apic(3, png(70)), apic(3, png(80))].concat();
    let path = mp3_with(&folder, &id3v2_tag(4, &frames));
    assert_eq!(music(&path).picture, Some(PictureId::of(&png(70))));
}

#[test]
fn cut_files_end_without_a_panic() {
    let folder = TempDir::new().unwrap();
    for format in Format::ALL {
        let path = piece(&folder, format);
        let written =
            Written { title: "T".into(), picture: Some(png(5_000)), ..Written::default() };
        tag(&path, &written).unwrap();
        let whole = fs::read(&path).unwrap();
        for fiftieth in 0..50 {
            fs::write(&path, &whole[..whole.len() * fiftieth / 50]).unwrap();
            if let ReadOutcome::Unreadable { reason } = outcome(&path) {
                assert!(!reason.contains("contradicts"), "{format:?} {fiftieth}: {reason}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    #[test]
    fn changed_bytes_give_an_outcome(
        format in 0..Format::ALL.len(),
        changes in prop::collection::vec((0..3_000_usize, any::<u8>()), 1..20),
    ) {
        let folder = TempDir::new().unwrap();
        let path = piece(&folder, Format::ALL[format]);
        let written = Written { title: "T".into(), picture: Some(png(500)), ..Written::default() };
        tag(&path, &written).unwrap();
        let mut bytes = fs::read(&path).unwrap();
        for (at, value) in changes {
            bytes[at] = value;
        }
        fs::write(&path, bytes).unwrap();
        if let ReadOutcome::Music(music) = outcome(&path) {
            prop_assert!(music.tags.artists.len() <= 100);
        }
    }
}
