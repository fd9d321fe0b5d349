//! Transcodes of ours, from files that ffmpeg made, in decoders that others wrote.

use std::fs::File as Open;
use std::path::Path;
use std::thread;

use crossbeam_channel::bounded;
use hexachord_audio::{Decoder, Ended, OPUS_FRAME, StreamFacts, Target, Transcode};

use crate::files::FILES;
use crate::programs::{chromium_decode, ffmpeg_decode, run};
use crate::signals::snr;

/// Transcodes one file in `folder` into another.
fn transcode(folder: &Path, from: &str, to: &str, transcode: &Transcode) -> StreamFacts {
    let mut decoder = Decoder::open(Open::open(folder.join(from)).unwrap()).unwrap();
    let facts = transcode.stream_facts(decoder.facts());
    let (mut pieces, received) = bounded(4);
    let stream: Vec<u8> = thread::scope(|scope| {
        let gathered = scope.spawn(move || received.iter().flatten().collect());
        assert_eq!(transcode.run(&mut decoder, &mut pieces).unwrap(), Ended::Complete);
        drop(pieces);
        gathered.join().unwrap()
    });
    std::fs::write(folder.join(to), stream).unwrap();
    facts
}

#[test]
#[ignore = "needs ffmpeg, flac, opus-tools and wavpack"]
fn every_pair_has_the_right_length() {
    let folder = tempfile::tempdir().unwrap();
    let targets = [
        ("out.wav", Target::Wav { bits: 16 }),
        ("out.flac", Target::Flac { bits: 16 }),
        ("out.opus", Target::Opus { bitrate: 96_000 }),
        ("flac.mp4", Target::FlacMp4 { bits: 16 }),
        ("opus.mp4", Target::OpusMp4 { bitrate: 96_000 }),
    ];
    for file in &FILES {
        let original = file.make(folder.path());
        let frames = (original.len() / file.channels) as u64;
        for (out, target) in targets {
            for start in [0, 12_345] {
                let what = format!("{} to {target:?} from {start}", file.name);
                let wanted = Transcode { start, most_channels: 8, ..Transcode::new(target) };
                let facts = transcode(folder.path(), file.name, out, &wanted);
                let found = ffmpeg_decode(folder.path(), out);
                let found = (found.len() / facts.layout.channels()) as u64;
                let rates = (u64::from(facts.sample_rate), u64::from(file.rate));
                let scaled = |frames: u64| (frames * rates.0 + rates.1 / 2) / rates.1;
                if file.is_exact_in_length() {
                    assert_eq!(facts.frames, Some(scaled(frames) - scaled(start)), "{what}");
                }
                let heard = if out == "opus.mp4" {
                    // Whole packets: one for the decoder, what is too early, the delay.
                    let packet = OPUS_FRAME as u64;
                    let before = facts.start - facts.begins_at.saturating_sub(packet);
                    let too_much = before + facts.delay;
                    let all = |frames: u64| (frames + too_much).div_ceil(packet) * packet;
                    assert_eq!(found, facts.frames.map_or(found, all), "{what}");
                    found - too_much
                } else {
                    found
                };
                let told = facts.frames.unwrap_or(heard);
                assert!(heard == told || (out == "opus.mp4" && heard > told), "{what}");
                if out == "out.flac" {
                    run("flac", folder.path(), &["--silent", "--test", out]);
                }
            }
        }
    }
}

#[test]
#[ignore = "needs ffmpeg and flac"]
fn lossless_streams_are_what_ffmpeg_decodes() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["16.flac", "24.flac", "7.1.flac", "16.m4a", "s24.aiff", "u8.wav", "mono.flac"] {
        let file = FILES.iter().find(|file| file.name == name).unwrap();
        file.make(folder.path());
        let expected = ffmpeg_decode(folder.path(), name);
        for (out, target) in
            [("out.flac", Target::Flac { bits: 24 }), ("out.wav", Target::Wav { bits: 24 })]
        {
            let wanted = Transcode { most_channels: 8, ..Transcode::new(target) };
            transcode(folder.path(), name, out, &wanted);
            assert!(ffmpeg_decode(folder.path(), out) == expected, "{name} to {out}");
        }
        let len = |name: &str| std::fs::metadata(folder.path().join(name)).unwrap().len() as f64;
        transcode(folder.path(), name, "out.flac", &Transcode::new(Target::Flac { bits: 16 }));
        transcode(folder.path(), name, "out.wav", &Transcode::new(Target::Wav { bits: 16 }));
        run("flac", folder.path(), &["--silent", "-f", "-5", "out.wav", "-o", "theirs.flac"]);
        let ratio = len("out.flac") / len("theirs.flac");
        println!("{name}: {ratio:.3} of the reference encoder's length");
        assert!(ratio < 1.15, "{name}: {ratio:.3} times as long as the reference encoder's");
    }
}

#[test]
#[ignore = "needs ffmpeg"]
fn the_mix_is_that_of_ffmpeg() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["5.1.flac", "7.1.flac"] {
        let file = FILES.iter().find(|file| file.name == name).unwrap();
        file.make(folder.path());
        transcode(folder.path(), name, "out.wav", &Transcode::new(Target::Wav { bits: 32 }));
        // Integers: with floats it lets the mix be too loud.
        let arguments = ["-v", "error", "-i", name, "-ac", "2", "-f", "s16le", "-"];
        let theirs = run("ffmpeg", folder.path(), &arguments);
        let read = |two: &[u8]| f32::from(i16::from_le_bytes([two[0], two[1]])) / 32_768.0;
        let theirs: Vec<f32> = theirs.chunks_exact(2).map(read).collect();
        let alike = snr(&theirs, &ffmpeg_decode(folder.path(), "out.wav"));
        println!("{name}: {alike:.1} dB");
        assert!(alike > 60.0, "{name}: {alike:.1} dB");
    }
}

#[test]
#[ignore = "needs ffmpeg and chromium"]
fn chromium_decodes_every_target() {
    let folder = tempfile::tempdir().unwrap();
    let file = FILES.iter().find(|file| file.name == "v0.mp3").unwrap();
    file.make(folder.path());
    let names = ["out.wav", "out.flac", "out.opus"];
    let targets =
        [Target::Wav { bits: 24 }, Target::Flac { bits: 16 }, Target::Opus { bitrate: 128_000 }];
    let mut expected = Vec::new();
    for (name, target) in names.into_iter().zip(targets) {
        let facts = transcode(
            folder.path(),
            file.name,
            name,
            &Transcode { start: 4_410, ..Transcode::new(target) },
        );
        let frames = facts.frames.unwrap();
        expected.push((frames * 48_000).div_ceil(facts.sample_rate.into()));
    }
    for (found, (expected, name)) in
        chromium_decode(folder.path(), &names).iter().zip(expected.into_iter().zip(names))
    {
        assert_eq!(found.channels, 2);
        // The browser resamples what is not at 48 kHz, and rounds as it likes.
        let off = (found.frames as u64).abs_diff(expected);
        assert!(
            off <= u64::from(name != "out.opus"),
            "{name}: {} frames, not {expected}",
            found.frames
        );
    }
}
