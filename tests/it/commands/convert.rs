//! `decode` and `transcode`: files into files, exactly as long, and nothing half in the end.

use std::{fs, fs::File, path::Path};

use hexachord_audio::Decoder;
use hexachord_fixtures::{Format, Piece};

use crate::support::Console;

/// The facts of a file that matter here, and its samples.
struct Heard {
    rate: u32,
    bits: Option<u8>,
    channels: usize,
    samples: Vec<f32>,
}

fn hear(path: &Path) -> Heard {
    let mut decoder = Decoder::open(File::open(path).expect("it is there")).expect("it is music");
    let facts = *decoder.facts();
    let mut samples = Vec::new();
    while let Some(block) = decoder.next_block().expect("it is whole") {
        samples.extend_from_slice(block);
    }
    let channels = facts.layout.channels();
    Heard { rate: facts.sample_rate, bits: facts.bit_depth, channels, samples }
}

/// A folder with a piece of noise in FLAC.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("there is room");
    Piece::new(Format::Flac, 1).write(folder.path().join("a.flac")).expect("there is room");
    folder
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("it is there");
    let name = |entry: std::io::Result<fs::DirEntry>| {
        entry.expect("it can be read").file_name().to_string_lossy().into_owned()
    };
    let mut names: Vec<String> = entries.map(name).collect();
    names.sort();
    names
}

#[test]
fn decoded_and_transcoded_without_loss_it_is_the_same() {
    let folder = folder();
    let console = || Console::new(folder.path());
    let original = hear(&folder.path().join("a.flac"));
    assert_eq!(console().words("decode a.flac -o a.wav").done(), "");
    assert_eq!(console().words("transcode a.wav --format flac --output b.flac").done(), "");
    for name in ["a.wav", "b.flac"] {
        let made = hear(&folder.path().join(name));
        assert_eq!((made.rate, made.bits), (original.rate, original.bits), "{name}");
        assert!(made.samples == original.samples, "{name}");
    }
    console().words("decode a.flac --bits 24 -o a.wav").done();
    let deeper = hear(&folder.path().join("a.wav"));
    assert_eq!(deeper.bits, Some(24), "an older file is replaced");
    assert!(deeper.samples == original.samples);
    assert_eq!(names(folder.path()), ["a.flac", "a.wav", "b.flac"]);
}

#[test]
fn a_link_a_pipe_and_standard_output_are_written_to() {
    let folder = folder();
    let path = |name: &str| folder.path().join(name);
    let console = || Console::new(folder.path());
    console().words("decode a.flac -o a.wav").done();
    let wav = fs::read(path("a.wav")).unwrap();
    fs::write(path("b.wav"), "another one").unwrap();
    std::os::unix::fs::symlink("b.wav", path("link.wav")).unwrap();
    console().words("decode a.flac -o link.wav").done();
    assert!(path("link.wav").is_symlink() && fs::read(path("b.wav")).unwrap() == wav);
    console().words("decode a.flac -o /dev/null").done();
    assert!(!Path::new("/dev/null").metadata().unwrap().is_file());
    // What the unfinished file could be called is nobody's.
    fs::rename(path("a.wav"), path("a.wav.part")).unwrap();
    console().words("decode a.wav.part -o a.wav").done();
    assert_eq!(fs::read(path("a.wav.part")).unwrap(), fs::read(path("a.wav")).unwrap());
    let mode = std::os::unix::fs::MetadataExt::mode(&path("a.wav").metadata().unwrap());
    assert_eq!(mode & 0o600, 0o600);
}

#[test]
fn opus_is_as_long_and_begins_where_it_is_told_to() {
    let folder = folder();
    let original = hear(&folder.path().join("a.flac"));
    let frames = |path: &str| {
        let made = hear(&folder.path().join(path));
        assert_eq!((made.rate, made.channels), (48_000, original.channels));
        (made.samples.len() / made.channels) as u64
    };
    let words = "transcode a.flac --format opus --bitrate 96 -o a.opus";
    let ended = Console::new(folder.path()).words(words).run();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.stderr.contains("s of music, "), "{ended:?}");
    let there = (original.samples.len() / original.channels) as u64;
    let all = there * 48_000 / u64::from(original.rate);
    assert!(frames("a.opus").abs_diff(all) <= 1);
    let words = "transcode a.flac --format opus --start-ms 200 -o b.opus";
    Console::new(folder.path()).words(words).done();
    assert!(frames("b.opus").abs_diff(all - 9_600) <= 1);
}

#[test]
fn mp3_is_exactly_as_long_at_a_bitrate_and_at_a_quality() {
    let folder = folder();
    let original = hear(&folder.path().join("a.flac"));
    for how in ["", "--bitrate 128", "--quality 2"] {
        let words = format!("transcode a.flac --format mp3 {how} -o a.mp3");
        Console::new(folder.path()).words(&words).done();
        let made = hear(&folder.path().join("a.mp3"));
        assert_eq!((made.rate, made.channels), (original.rate, original.channels), "{how}");
        assert_eq!(made.samples.len(), original.samples.len(), "{how}");
    }
}

#[test]
fn a_part_can_be_cut_out_and_made_quieter() {
    let folder = folder();
    let original = hear(&folder.path().join("a.flac"));
    let words = "transcode a.flac --format wav --start-ms 100 --end-ms 150 -o a.wav";
    Console::new(folder.path()).words(words).done();
    let part = hear(&folder.path().join("a.wav")).samples;
    let frame = |ms: usize| original.rate as usize * ms / 1000 * original.channels;
    assert!(part == original.samples[frame(100)..frame(150)]);
    let words = "transcode a.flac --format flac --gain -20 -o b.flac";
    Console::new(folder.path()).words(words).done();
    let quiet = hear(&folder.path().join("b.flac")).samples;
    assert_eq!(quiet.len(), original.samples.len());
    let off = |(quiet, sample): (&f32, &f32)| (quiet - sample / 10.0).abs();
    assert!(quiet.iter().zip(&original.samples).map(off).all(|off| off < 2.0 / 32_768.0));
}

#[test]
fn what_cannot_be_done_is_said_and_leaves_nothing() {
    let folder = folder();
    fs::write(folder.path().join("notes.txt"), "no music").unwrap();
    for (words, complaint) in [
        ("decode b.flac -o a.wav", "b.flac: No such file"),
        ("decode notes.txt -o a.wav", "notes.txt: "),
        ("decode . -o a.wav", ".: is not a file"),
        ("decode a.flac -o ./a.flac", "a.flac: would be overwritten"),
        ("decode a.flac -o .", ". is a folder"),
        ("decode a.flac -o there/a.wav", "there/a.wav cannot be written: No such file"),
        ("transcode a.flac --format flac --bitrate 96 -o b.flac", "a.flac: --bitrate is for"),
        ("transcode a.flac --format opus --quality 2 -o b.opus", "a.flac: --quality is for MP3"),
        ("transcode a.flac --format opus --start-ms 9000 -o b.opus", "a.flac: it ends before"),
        ("transcode a.flac --format wav --start-ms 9 --end-ms 9 -o b.wav", "a.flac: --end-ms is"),
    ] {
        let said = Console::new(folder.path()).words(words).fails(1);
        assert!(said.starts_with(complaint), "{words}: {said}");
    }
    for words in [
        "decode a.flac",
        "decode a.flac --bits 20 -o a.wav",
        "transcode a.flac -o b.opus",
        "transcode a.flac --format opus --bitrate 5 -o b.opus",
        "transcode a.flac --format mp3 --quality 10 -o b.mp3",
        "transcode a.flac --format mp3 --quality 2 --bitrate 128 -o b.mp3",
        "transcode a.flac --format midi -o b.mid",
        "transcode a.flac --format wav --gain 61 -o b.wav",
    ] {
        assert_eq!(Console::new(folder.path()).words(words).run().code, Some(2), "{words}");
    }
    assert_eq!(names(folder.path()), ["a.flac", "notes.txt"]);
}
