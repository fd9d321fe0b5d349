//! What listeners wait for: the first bytes of a stream; and how many of them a server holds.

use std::{
    cell::LazyCell,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use criterion::Criterion;
use futures_util::future::join_all;
use hexachord_audio::{Encode, Flac, FlacSettings, Layout};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{
    ratio::{Line, Took, Unit, compare, fact},
    server::{self, Server},
    stream::is_in_path,
};

const FILE: &str = "long.flac";
const SECONDS: usize = 300;
const RATE: u32 = 44_100;
/// MPEG frames up to the end of a segment in the middle of the track, each segment has 64.
const MPEG_FRAMES: usize = 90 * 64;
/// Bits a second of that MP3, and the bytes of the frame that describes it.
const MP3_BITRATE: usize = 192_000;
const MP3_TAG: usize = 626;
const LISTENERS: usize = 500;
/// How long they listen.
const LISTENED: Duration = Duration::from_secs(10);
/// Each takes a piece so often.
const TURN: Duration = Duration::from_millis(500);
/// Transcodes that are asked for at a time, and in all.
const AT_ONCE: usize = 2;
const TRANSCODES: usize = 16;

struct Setup {
    server: Server,
    stream: String,
    music: TempDir,
    size: u64,
}

pub(crate) fn benches(criterion: &mut Criterion) {
    let setup = LazyCell::new(Setup::start);
    let mut group = criterion.benchmark_group("listeners");
    let has_ffmpeg = is_in_path("ffmpeg");
    let floor = if has_ffmpeg { "ffmpeg's first byte" } else { "a direct stream's first byte" };
    // Another start each time, so that nothing was made before.
    let mut number = 0;
    for (name, query, from) in [
        ("first byte of Opus", "format=opus&bitrate=128", 0),
        ("first byte of Opus from the middle", "format=opus&bitrate=128", 150_000),
        ("first byte of FLAC from the middle", "format=flac", 150_000),
    ] {
        let line = Line { name, floor, goal: "≤ 30 ms", unit: Unit::Time };
        let ours = |setup: &Setup, times| {
            first_bytes(times, || {
                number += 1;
                let query = format!("{query}&start_ms={}", from + number);
                setup.first_byte(&format!("{}?{query}", setup.stream));
            })
        };
        let theirs = |setup: &Setup, times| {
            first_bytes(times, || {
                if has_ffmpeg {
                    setup.first_byte_of_ffmpeg(from);
                } else {
                    setup.first_byte(&setup.stream);
                }
            })
        };
        compare(&mut group, "listeners", &line, &setup, ours, theirs);
    }
    let goal = "≤ 30 ms";
    let line = Line { name: "first byte of a range of MP3", floor, goal, unit: Unit::Time };
    let ours = |setup: &Setup, times| {
        first_bytes(times, || {
            // Another start each time, as above: other bytes than any that were made before.
            number += 1;
            let query = format!("format=mp3&bitrate=192&start_ms={number}");
            setup.first_byte_of_a_range(&format!("{}?{query}", setup.stream));
        })
    };
    let theirs = |setup: &Setup, times| {
        first_bytes(times, || {
            if has_ffmpeg {
                setup.first_byte_of_ffmpeg(150_000);
            } else {
                setup.first_byte(&setup.stream);
            }
        })
    };
    compare(&mut group, "listeners", &line, &setup, ours, theirs);
    group.finish();
    once(criterion, "listeners/direct", || setup.listen_directly());
    once(criterion, "listeners/transcodes", || setup.transcode());
}

/// Under criterion only so that a filter can leave it out.
fn once(criterion: &mut Criterion, name: &str, tell: impl Fn()) {
    let mut is_told = false;
    criterion.bench_function(name, |bencher| {
        if !std::mem::replace(&mut is_told, true) {
            tell();
        }
        bencher.iter_custom(Duration::from_nanos);
    });
}

fn first_bytes(times: u64, mut ask: impl FnMut()) -> Took {
    let began = Instant::now();
    for _ in 0..times {
        ask();
    }
    Took { units: times, wall: began.elapsed(), cpu: None }
}

impl Setup {
    fn start() -> Self {
        let music = tempfile::tempdir().expect("a temporary folder can be made");
        let path = music.path().join(FILE);
        write_music(&path);
        let size = std::fs::metadata(&path).expect("it was written").len();
        let server = server::populated(&[music.path()]);
        let track = server.find("/api/v1/tracks", |_| true).expect("the file is music");
        let stream = format!("/api/v1/tracks/{}/stream", track["id"].as_str().expect("a text"));
        Self { server, stream, music, size }
    }

    /// From the request over a new connection to the first bytes of the body.
    fn first_byte(&self, path: &str) {
        self.first_byte_of(&self.server.get(path));
    }

    /// The same of a range that begins in the last frame of a segment: all of the segment is made for it.
    fn first_byte_of_a_range(&self, path: &str) {
        let from = MP3_TAG + MPEG_FRAMES * 144 * MP3_BITRATE / RATE as usize - 300;
        let mut request = self.server.get(path);
        // In place of the line that ends its head.
        request.truncate(request.len() - b"\r\n".len());
        request.extend_from_slice(format!("range: bytes={from}-\r\n\r\n").as_bytes());
        self.first_byte_of(&request);
    }

    fn first_byte_of(&self, request: &[u8]) {
        let mut stream = TcpStream::connect(self.server.child.address).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_mins(1))).expect("it is not zero");
        stream.write_all(request).expect("the server reads");
        let (mut answer, mut buffer) = (Vec::new(), [0; 16 * 1024]);
        while body_of(&answer).is_none_or(<[u8]>::is_empty) {
            let count = stream.read(&mut buffer).expect("the server answers");
            assert!(count > 0, "the server closed the connection");
            answer.extend_from_slice(&buffer[..count]);
        }
        assert!(answer.starts_with(b"HTTP/1.1 2"), "{}", String::from_utf8_lossy(&answer));
    }

    /// From the start of the program, as a server would that has none of its own.
    fn first_byte_of_ffmpeg(&self, from_ms: u64) {
        let mut command = Command::new("ffmpeg");
        command.args(["-v", "error", "-nostdin", "-ss", &format!("{from_ms}ms"), "-i", FILE]);
        command.args(["-c:a", "libopus", "-b:a", "128k", "-f", "ogg", "-"]);
        command.current_dir(self.music.path()).stdout(Stdio::piped());
        let mut process = command.spawn().expect("ffmpeg is installed");
        let output = process.stdout.as_mut().expect("it is piped");
        output.read_exact(&mut [0]).expect("ffmpeg encodes");
        drop(process.kill());
        drop(process.wait());
    }

    /// Many listeners of the file, each as fast as it plays.
    fn listen_directly(&self) {
        let (address, idle) = (self.server.child.address, self.server.child.memory());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("an event queue can be made");
        let a_second = self.size / SECONDS as u64;
        let request = self.server.get(&self.stream);
        let used = self.server.child.cpu();
        let late: Vec<Duration> = runtime.block_on(async {
            let listen = (0..LISTENERS).map(|_| listen(address, &request, a_second));
            join_all(listen).await
        });
        let cpu = self.server.child.cpu().saturating_sub(used);
        let memory = self.server.child.memory();
        let latest = late.into_iter().max().unwrap_or_default();
        fact(format_args!(
            "listeners: {LISTENERS} direct streams of {} kbit/s for {} s take {:.1} % of a processor and \
             {:.1} MB more memory (from {:.1} MB); the latest piece came {} ms late",
            a_second * 8 / 1000,
            LISTENED.as_secs(),
            100.0 * cpu.as_secs_f64() / LISTENED.as_secs_f64(),
            memory.now - idle.now,
            idle.now,
            latest.as_millis(),
        ));
    }

    /// Whole streams of Opus, some at a time, as fast as they come.
    fn transcode(&self) {
        let (address, idle) = (self.server.child.address, self.server.child.memory());
        let (began, used) = (Instant::now(), self.server.child.cpu());
        std::thread::scope(|scope| {
            for first in 0..AT_ONCE {
                scope.spawn(move || {
                    for number in (first..TRANSCODES).step_by(AT_ONCE) {
                        // Another one each time, and all about as long.
                        let path =
                            format!("{}?format=opus&bitrate=128&start_ms={number}", self.stream);
                        let ask = self.server.get(&path);
                        let bytes = read_to_end(address, &ask);
                        assert!(bytes > SECONDS * 8000, "a stream of {bytes} bytes");
                    }
                });
            }
        });
        #[expect(clippy::cast_precision_loss, reason = "seconds of music")]
        let music = (TRANSCODES * SECONDS) as f64;
        let (wall, cpu) = (began.elapsed(), self.server.child.cpu().saturating_sub(used));
        let memory = self.server.child.memory();
        fact(format_args!(
            "listeners: {:.0} transcodes to Opus in real time at once ({:.0} × real time a second of processor), \
             with {:.1} MB at most (from {:.1} MB)",
            music / wall.as_secs_f64(),
            music / cpu.as_secs_f64(),
            memory.peak,
            idle.now,
        ));
    }
}

/// Takes so many bytes a second; how late the latest of them came.
async fn listen(address: SocketAddr, request: &[u8], a_second: u64) -> Duration {
    let mut stream = tokio::net::TcpStream::connect(address).await.expect("the server listens");
    stream.write_all(request).await.expect("the server reads");
    let turns = u32::try_from(LISTENED.as_millis() / TURN.as_millis()).expect("a few");
    let piece = a_second * u64::try_from(TURN.as_millis()).expect("it is short") / 1000;
    let mut buffer = vec![0; usize::try_from(piece).expect("it is small")];
    let (began, mut latest) = (tokio::time::Instant::now(), Duration::ZERO);
    for turn in 1..=turns {
        stream.read_exact(&mut buffer).await.expect("the server sends");
        let due = began + TURN * turn;
        latest = latest.max(tokio::time::Instant::now().saturating_duration_since(due));
        tokio::time::sleep_until(due).await;
    }
    latest
}

fn read_to_end(address: SocketAddr, request: &[u8]) -> usize {
    let mut stream = TcpStream::connect(address).expect("the server listens");
    stream.set_read_timeout(Some(Duration::from_mins(1))).expect("it is not zero");
    stream.write_all(request).expect("the server reads");
    let (mut bytes, mut end) = (0, Vec::new());
    let mut buffer = vec![0; 256 * 1024];
    // Chunks end with an empty one.
    while !end.ends_with(b"\r\n0\r\n\r\n") {
        let count = stream.read(&mut buffer).expect("the server answers");
        assert!(count > 0, "the server closed the connection after {bytes} bytes");
        assert!(bytes > 0 || buffer.starts_with(b"HTTP/1.1 200"), "the server refuses");
        bytes += count;
        end.extend_from_slice(&buffer[..count]);
        let kept = end.len().saturating_sub(16);
        end.drain(..kept);
    }
    bytes
}

fn body_of(answer: &[u8]) -> Option<&[u8]> {
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n")? + 4;
    Some(&answer[end..])
}

/// Chords over faint noise: a file as large as one of music.
fn write_music(path: &Path) {
    let settings = FlacSettings {
        layout: Layout::STEREO,
        sample_rate: RATE,
        bits: 16,
        dither: None,
        frames: Some(SECONDS as u64 * u64::from(RATE)),
    };
    let mut flac = Flac::new(&settings).expect("FLAC has such settings");
    let (mut noise, mut bytes, mut frames) = (1_u32, Vec::new(), Vec::new());
    for second in 0..SECONDS {
        frames.clear();
        for frame in 0..RATE {
            for root in [110.0, 151.0] {
                let at = f64::from(frame) / f64::from(RATE);
                let tone = |ratio: f64| (std::f64::consts::TAU * (root * ratio).round() * at).sin();
                noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let hiss = f64::from(noise >> 8) / f64::from(1 << 23) - 1.0;
                let chord = tone(1.0) + 0.5 * tone(2.5) + 0.3 * tone(5.02) + 0.15 * tone(11.9);
                #[expect(clippy::cast_possible_truncation, reason = "samples are small")]
                frames.push((0.2 * chord + 0.01 * hiss) as f32);
            }
        }
        flac.encode(&frames, &mut bytes).unwrap_or_else(|error| panic!("second {second}: {error}"));
    }
    flac.finish(&mut bytes).expect("it is audio");
    std::fs::write(path, bytes).expect("there is room");
}
