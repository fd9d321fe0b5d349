//! Our Opus streams in ffmpeg and opus-tools: lengths to the sample, and as much like the music as
//! the reference encoder's.

use std::path::Path;

use hexachord_audio::{Encode, Layout, OPUS_WARM_UP, OggOpus, OpusSettings};

use crate::programs::{chromium_decode, ffmpeg_decode, run};
use crate::signals::{float_wav, music, snr};

const SECOND: usize = 48_000;

const LENGTHS: [usize; 15] =
    [0, 1, 2, 311, 647, 648, 649, 959, 960, 961, 1921, 9_599, 9_600, 48_001, 99_991];

fn encode(samples: &[f32], layout: Layout, bitrate: u32, warm_up: usize) -> Vec<u8> {
    let mut stream = Vec::new();
    let mut encoder = OggOpus::new(&OpusSettings::new(layout, bitrate), warm_up, 1).unwrap();
    // In pieces of an awkward size.
    for piece in samples.chunks(layout.channels() * 701) {
        encoder.encode(piece, &mut stream).unwrap();
    }
    encoder.finish(&mut stream).unwrap();
    stream
}

/// How many bytes of samples a WAV file of opusdec's holds, which says its length as a stream does.
fn opusdec_frames(folder: &Path, file: &str, channels: usize) -> usize {
    let raw = run("opusdec", folder, &["--quiet", "--no-dither", file, "out.pcm"]);
    assert!(raw.is_empty());
    std::fs::read(folder.join("out.pcm")).unwrap().len() / 2 / channels
}

#[test]
#[ignore = "needs ffmpeg and opus-tools"]
fn lengths_are_exact() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.opus");
    for channels in [1, 2, 6, 8] {
        let layout = Layout::usual(channels).unwrap();
        for frames in LENGTHS {
            let samples = music(frames, channels, 48_000);
            std::fs::write(&path, encode(&samples, layout, 64_000 * channels as u32, 0)).unwrap();
            let found = ffmpeg_decode(folder.path(), "a.opus").len();
            assert_eq!(found, frames * channels, "ffmpeg, {channels} channels, {frames} frames");
            let found = opusdec_frames(folder.path(), "a.opus", channels);
            assert_eq!(found, frames, "opusdec, {channels} channels, {frames} frames");
            let said = run("opusinfo", folder.path(), &["a.opus"]);
            let said = String::from_utf8(said).unwrap();
            assert!(!said.contains("WARNING") && !said.contains("ERROR"), "{said}");
        }
    }
}

#[test]
#[ignore = "needs ffmpeg and opus-tools"]
fn as_much_like_the_music_as_the_reference_encoders() {
    let folder = tempfile::tempdir().unwrap();
    let all = [(1, 64), (1, 96), (2, 64), (2, 96), (2, 128), (2, 192), (2, 320), (6, 320)];
    for (channels, bitrate) in all {
        let layout = Layout::usual(channels).unwrap();
        let samples = music(4 * SECOND + 17, channels, 48_000);
        let ours = encode(&samples, layout, bitrate * 1000, 0);
        std::fs::write(folder.path().join("ours.opus"), &ours).unwrap();
        let wav = float_wav(&samples, channels as u16, 48_000);
        std::fs::write(folder.path().join("music.wav"), wav).unwrap();
        let rate = bitrate.to_string();
        let arguments = ["--quiet", "--music", "--bitrate", &rate, "music.wav", "theirs.opus"];
        run("opusenc", folder.path(), &arguments);
        let theirs = std::fs::metadata(folder.path().join("theirs.opus")).unwrap().len();
        let found = |file| snr(&samples, &ffmpeg_decode(folder.path(), file));
        let (our_snr, their_snr) = (found("ours.opus"), found("theirs.opus"));
        let what = format!("{channels} channels at {bitrate}: {our_snr:.1}, {their_snr:.1} dB");
        println!("{what}");
        assert!(our_snr > their_snr - 1.5, "{what}");
        assert!(
            (ours.len() as f64) < theirs as f64 * 1.03,
            "{what}: {} bytes, {theirs}",
            ours.len()
        );
    }
}

#[test]
#[ignore = "needs ffmpeg and opus-tools"]
fn a_stream_from_the_middle_begins_at_its_sample() {
    let folder = tempfile::tempdir().unwrap();
    let samples = music(3 * SECOND, 2, 48_000);
    for start in [OPUS_WARM_UP, 20_011, 77_777] {
        let stream =
            encode(&samples[(start - OPUS_WARM_UP) * 2..], Layout::STEREO, 128_000, OPUS_WARM_UP);
        std::fs::write(folder.path().join("a.opus"), stream).unwrap();
        let found = ffmpeg_decode(folder.path(), "a.opus");
        let expected = &samples[start * 2..];
        assert_eq!(found.len(), expected.len(), "from {start}");
        assert_eq!(opusdec_frames(folder.path(), "a.opus", 2), expected.len() / 2);
        // As good in the first 20 ms as anywhere.
        let (first, all) = (snr(&expected[..1920], &found[..1920]), snr(expected, &found));
        assert!(first > all - 3.0, "from {start}: {first:.1} dB, all {all:.1} dB");
    }
}

#[test]
#[ignore = "needs chromium"]
fn chromium_decodes_the_same_samples() {
    let folder = tempfile::tempdir().unwrap();
    let lengths = [1, 960, 961, 48_001, 99_991];
    let mut files = Vec::new();
    for channels in [1, 2, 6] {
        let layout = Layout::usual(channels).unwrap();
        for frames in lengths {
            let name = format!("{channels}-{frames}.opus");
            let samples = music(frames, channels, 48_000);
            let stream = encode(&samples, layout, 96_000 * channels as u32, 0);
            std::fs::write(folder.path().join(&name), stream).unwrap();
            files.push((name, frames, channels));
        }
    }
    let names: Vec<&str> = files.iter().map(|(name, ..)| name.as_str()).collect();
    let decoded = chromium_decode(folder.path(), &names);
    assert_eq!(decoded.len(), files.len());
    for ((name, frames, channels), found) in files.iter().zip(decoded) {
        assert_eq!((found.frames, found.channels), (*frames, *channels), "{name}");
        let all = ffmpeg_decode(folder.path(), name);
        let first: Vec<f32> = all.chunks_exact(*channels).map(|frame| frame[0]).collect();
        let alike = snr(&first, &found.samples);
        assert!(*frames < 960 || alike > 40.0, "{name}: {alike:.1} dB");
    }
}
