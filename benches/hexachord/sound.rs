//! Decoding of every format, and transcoding of each into those that streams are made in: a second of
//! music against ffmpeg, where it is installed, in processes that throw away what they make.

use std::{
    cell::LazyCell,
    fs::File,
    io::BufReader,
    ops::ControlFlow,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

use criterion::{Criterion, Throughput};
use hexachord_audio::{Decoder, Ended, Mp3Rate, Sink, Target, Transcode};
use tempfile::TempDir;

use crate::{
    ratio::{Line, Took, Unit, compare, fact},
    stream::is_in_path,
};

/// Seconds of music that are decoded, and that are transcoded.
const LONG: usize = 180;
const SHORT: usize = 30;
const RATE: usize = 48_000;
/// The name of a file, and how ffmpeg makes it.
const FORMATS: [(&str, &[&str]); 8] = [
    ("music.wav", &["-c:a", "pcm_s16le"]),
    ("music.flac", &["-c:a", "flac", "-sample_fmt", "s16"]),
    ("music.alac.m4a", &["-c:a", "alac", "-sample_fmt", "s16p"]),
    ("music.wv", &["-c:a", "wavpack", "-sample_fmt", "s16p"]),
    ("music.mp3", &["-c:a", "libmp3lame", "-b:a", "256k"]),
    ("music.aac.m4a", &["-c:a", "aac", "-b:a", "192k"]),
    ("music.ogg", &["-c:a", "libvorbis", "-b:a", "192k"]),
    ("music.opus", &["-c:a", "libopus", "-b:a", "128k"]),
];

/// The name of a target, the target, and how ffmpeg makes it.
const TARGETS: [(&str, Target, &[&str]); 4] = [
    (
        "opus",
        Target::Opus { bitrate: 128_000 },
        &["-c:a", "libopus", "-b:a", "128k", "-f", "ogg", "-y", "/dev/null"],
    ),
    (
        "mp3",
        Target::Mp3 { rate: Mp3Rate::Constant(192) },
        &["-c:a", "libmp3lame", "-b:a", "192k", "-f", "mp3", "-y", "/dev/null"],
    ),
    (
        "flac",
        Target::Flac { bits: 16 },
        &["-c:a", "flac", "-sample_fmt", "s16", "-f", "flac", "-y", "/dev/null"],
    ),
    ("wav", Target::Wav { bits: 16 }, &["-c:a", "pcm_s16le", "-f", "wav", "-y", "/dev/null"]),
];

pub(crate) fn benches(criterion: &mut Criterion) {
    if !is_in_path("ffmpeg") {
        return fact("sound: not measured, because ffmpeg is not installed");
    }
    let mut group = criterion.benchmark_group("sound");
    group.throughput(Throughput::Elements(LONG as u64));
    let long = LazyCell::new(|| Music::new(LONG));
    for (file, _) in FORMATS {
        let name = format!("decode {}", file.trim_start_matches("music."));
        let line = Line { name: &name, floor: "ffmpeg", goal: "≤ 1 ×", unit: Unit::Time };
        compare(
            &mut group,
            "sound",
            &line,
            &long,
            |music, times| measured(times, LONG, || decode(&music.file(file))),
            |music, times| measured(times, LONG, || music.ffmpeg(file, &["-f", "null", "-"])),
        );
    }
    drop(long);
    group.throughput(Throughput::Elements(SHORT as u64));
    let short = LazyCell::new(|| Music::new(SHORT));
    for (file, _) in FORMATS {
        for (target_name, target, how) in TARGETS {
            let name = format!("{} to {target_name}", file.trim_start_matches("music."));
            let line = Line { name: &name, floor: "ffmpeg", goal: "≤ 1 ×", unit: Unit::Time };
            compare(
                &mut group,
                "sound",
                &line,
                &short,
                |music, times| measured(times, SHORT, || transcode(&music.file(file), target)),
                |music, times| measured(times, SHORT, || music.ffmpeg(file, how)),
            );
        }
    }
    group.finish();
}

/// One piece of music in every format.
struct Music {
    folder: TempDir,
}

impl Music {
    fn new(seconds: usize) -> Self {
        let folder = tempfile::tempdir().expect("there is room");
        let music = Self { folder };
        let source = music.file("source.f32");
        std::fs::write(&source, samples(seconds)).expect("there is room");
        for (file, how) in FORMATS {
            let source = ["-f", "f32le", "-ar", "48000", "-ac", "2", "-i", "source.f32"];
            music.run(&[&source, how, &[file]].concat());
        }
        std::fs::remove_file(source).expect("it was written");
        music
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn ffmpeg(&self, file: &str, to: &[&str]) {
        self.run(&[&["-threads", "1", "-i", file], to].concat());
    }

    fn run(&self, arguments: &[&str]) {
        let mut command = Command::new("ffmpeg");
        command.args(["-v", "error", "-nostdin"]).args(arguments);
        command.current_dir(self.folder.path()).stdout(Stdio::null());
        let status = command.status().expect("ffmpeg is installed");
        assert!(status.success(), "ffmpeg {arguments:?} failed");
    }
}

/// Chords over faint noise, another one in each channel.
fn samples(seconds: usize) -> Vec<u8> {
    let mut noise = 1_u32;
    let mut bytes = Vec::with_capacity(seconds * RATE * 8);
    for frame in 0..seconds * RATE {
        #[expect(clippy::cast_precision_loss, reason = "it is a time")]
        let seconds = frame as f32 / RATE as f32;
        for root in [110.0, 151.0] {
            let tone = |ratio: f32| (std::f32::consts::TAU * root * ratio * seconds).sin();
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            #[expect(clippy::cast_precision_loss, reason = "it is noise")]
            let hiss = (noise >> 8) as f32 / (1 << 23) as f32 - 1.0;
            let swell = 0.6 + 0.4 * (seconds * root / 25.0).sin();
            let chord = tone(1.0) + 0.5 * tone(2.5) + 0.3 * tone(5.02) + 0.15 * tone(11.9);
            bytes.extend_from_slice(&(0.2 * swell * chord + 0.01 * hiss).to_le_bytes());
        }
    }
    bytes
}

fn decode(path: &Path) {
    let mut decoder = open(path);
    while let Some(block) = decoder.next_block().expect("it is not damaged") {
        std::hint::black_box(block);
    }
}

fn transcode(path: &Path, target: Target) {
    let ended = Transcode::new(target).run(&mut open(path), &mut Nowhere);
    assert_eq!(ended.expect("it is not damaged"), Ended::Complete);
}

fn open(path: &Path) -> Decoder {
    let file = BufReader::new(File::open(path).expect("ffmpeg made it"));
    Decoder::open(file).expect("it is music")
}

struct Nowhere;

impl Sink for Nowhere {
    fn take(&mut self, piece: Vec<u8>) -> ControlFlow<()> {
        std::hint::black_box(piece);
        ControlFlow::Continue(())
    }
}

fn measured(times: u64, seconds: usize, mut work: impl FnMut()) -> Took {
    let began = Instant::now();
    for _ in 0..times {
        work();
    }
    Took { units: times * seconds as u64, wall: began.elapsed(), cpu: None }
}
