//! Tracks of one recording join without a click in a browser: noise is cut where no packet ends, its
//! pieces are encoded one by one, played through a `MediaSource`, recorded and compared.

use std::path::Path;

use hexachord_audio::{
    Encode, FlacSettings, Layout, Mp4Flac, Mp4Opus, OPUS_FRAME, OPUS_RATE, OpusSettings,
};
use serde_json::{Value, json};

use crate::programs::{chromium_hears, ffmpeg_decode};
use crate::signals::{noise, snr};

/// Where the noise begins, is cut and ends.
const CUTS: [usize; 4] = [0, 47_123, 99_991, 140_007];
/// What is looked for in the recording.
const WINDOW: usize = 1_024;
/// How far it is looked for.
const FARTHEST: usize = 800;

/// Heard from `from` on; the samples begin `warm_up` frames earlier.
fn encode(samples: &[f32], from: u64, warm_up: usize, gain: i16) -> Vec<u8> {
    let settings = OpusSettings::new(Layout::STEREO, 256_000);
    let mut encoder = Mp4Opus::new(&settings, from, warm_up, gain).unwrap();
    let mut stream = Vec::new();
    for piece in samples.chunks(2 * 701) {
        encoder.encode(piece, &mut stream).unwrap();
    }
    encoder.finish(&mut stream).unwrap();
    stream
}

/// The first channel of interleaved frames.
fn first(samples: &[f32]) -> Vec<f32> {
    samples.chunks_exact(2).map(|frame| frame[0]).collect()
}

/// Where in `recording` between two places `wanted` is most alike, and how alike, up to 1.
fn found(recording: &[f32], wanted: &[f32], between: std::ops::Range<usize>) -> (usize, f32) {
    let product = |one: &[f32], two: &[f32]| one.iter().zip(two).map(|(a, b)| a * b).sum::<f32>();
    let wanted_power = product(wanted, wanted);
    let alike = |at: usize| {
        let there = &recording[at..at + wanted.len()];
        product(there, wanted) / (product(there, there) * wanted_power).sqrt().max(f32::EPSILON)
    };
    let best = between.map(|at| (at, alike(at))).max_by(|(_, a), (_, b)| a.total_cmp(b));
    best.expect("there is somewhere to look")
}

fn play(folder: &Path, pieces: &[Value]) -> Vec<f32> {
    std::fs::write(folder.join("pieces.json"), json!(pieces).to_string()).unwrap();
    chromium_hears(folder, "pieces.json")
}

/// Everything is heard in its place, also around the cuts.
#[track_caller]
fn is_heard_in_place(recording: &[f32], original: &[f32]) {
    let middle = CUTS[1] / 2;
    let wanted = &original[middle..middle + WINDOW];
    let (at, alike) = found(recording, wanted, 0..recording.len() - WINDOW);
    assert!(alike > 0.9, "the first piece is not heard: {alike}");
    let late = at.cast_signed() - middle.cast_signed();
    for place in (WINDOW..CUTS[3] - WINDOW).step_by(WINDOW) {
        let expected = place.checked_add_signed(late).unwrap();
        let wanted = &original[place..place + WINDOW];
        let between = expected.saturating_sub(FARTHEST)..expected + FARTHEST;
        let between = between.start..between.end.min(recording.len() - WINDOW);
        let (at, alike) = found(recording, wanted, between);
        assert!(at == expected && alike > 0.9, "{place} is at {at}, not {expected}: {alike}");
    }
}

fn flac(samples: &[f32]) -> Vec<u8> {
    let (layout, sample_rate) = (Layout::STEREO, OPUS_RATE);
    let frames = Some(samples.len() as u64 / 2);
    let settings = FlacSettings { layout, sample_rate, bits: 16, dither: None, frames };
    let mut encoder = Mp4Flac::new(&settings, 0).unwrap();
    let mut stream = Vec::new();
    for piece in samples.chunks(2 * 701) {
        encoder.encode(piece, &mut stream).unwrap();
    }
    encoder.finish(&mut stream).unwrap();
    stream
}

/// What is heard of the noise when its pieces are encoded one by one, as these codecs in turns.
fn heard_in_pieces(original: &[f32], codecs: &[&str]) -> Vec<f32> {
    let folder = tempfile::tempdir().unwrap();
    let mut pieces = Vec::new();
    for (cuts, codec) in CUTS.windows(2).zip(codecs.iter().cycle()) {
        let piece = &original[cuts[0] * 2..cuts[1] * 2];
        let (stream, delay) = match *codec {
            "opus" => (encode(piece, 0, 0, 0), Mp4Opus::DELAY),
            _ => (flac(piece), 0),
        };
        let file = folder.path().join(format!("{}.mp4", cuts[0]));
        std::fs::write(&file, stream).unwrap();
        pieces.push(json!({
            "file": file, "mime": format!("audio/mp4; codecs=\"{codec}\""), "rate": OPUS_RATE,
            "frames": cuts[1] - cuts[0], "delay": delay,
        }));
    }
    play(folder.path(), &pieces)
}

#[test]
#[ignore = "needs chromium"]
fn pieces_join_to_the_sample() {
    let original = noise(CUTS[3], 2);
    for codecs in [&["opus"][..], &["opus", "flac"]] {
        is_heard_in_place(&heard_in_pieces(&original, codecs), &first(&original));
    }
}

#[test]
#[ignore = "needs chromium"]
fn flac_is_heard_bit_for_bit() {
    let round = |sample: f32| (sample * 32_768.0).round() / 32_768.0;
    let original: Vec<f32> = noise(CUTS[3], 2).into_iter().map(round).collect();
    let recording = heard_in_pieces(&original, &["flac"]);
    let original = first(&original);
    let begin = original.iter().position(|sample| *sample != 0.0).unwrap();
    let heard = recording.iter().position(|sample| *sample != 0.0).unwrap();
    let recorded = &recording[heard..][..original.len() - begin];
    // A browser may divide by 32,767 where we do by 32,768: less than a step of the integers.
    let differ =
        |(one, other): (&f32, &f32)| (one - other).abs() > other.abs() / 32_767.0 + 0.1 / 32_768.0;
    assert_eq!(recorded.iter().zip(&original[begin..]).position(differ), None);
}

#[test]
#[ignore = "needs ffmpeg"]
fn ffmpeg_hears_every_frame_where_it_belongs() {
    let folder = tempfile::tempdir().unwrap();
    let original = noise(CUTS[1], 2);
    std::fs::write(folder.path().join("a.mp4"), encode(&original, 0, 0, 0)).unwrap();
    let heard = ffmpeg_decode(folder.path(), "a.mp4");
    let delay = usize::try_from(Mp4Opus::DELAY).unwrap();
    let packets = (CUTS[1] + delay).div_ceil(OPUS_FRAME);
    assert_eq!(heard.len(), packets * OPUS_FRAME * 2, "every packet keeps its full duration");
    let heard = &heard[delay * 2..][..original.len()];
    assert!(snr(&original, heard) > 10.0, "{:.1} dB", snr(&original, heard));

    // From the middle, on the same timeline, and half as loud for whoever decodes.
    let from = 20 * OPUS_FRAME;
    let samples = &original[(from - OPUS_FRAME) * 2..];
    let later = encode(samples, from as u64, OPUS_FRAME, -6 * 256);
    std::fs::write(folder.path().join("b.mp4"), later).unwrap();
    let quiet: Vec<f32> = original.iter().map(|sample| sample * 0.501_187).collect();
    let heard = ffmpeg_decode(folder.path(), "b.mp4");
    // One packet comes before it.
    let heard = &heard[(OPUS_FRAME + delay) * 2..][..(CUTS[1] - from) * 2];
    let expected = &quiet[from * 2..];
    assert!(snr(expected, heard) > 10.0, "{:.1} dB", snr(expected, heard));
    let first = snr(&expected[..1920], &heard[..1920]);
    assert!(first > 10.0, "{first:.1} dB in the first packet");
}
