//! Our decoders beside ffmpeg's.

use std::fs::File as Open;
use std::path::Path;

use crossbeam_channel::bounded;
use hexachord_audio::{Codec, Decoder, Target, Transcode};

use crate::files::FILES;
use crate::programs::{ffmpeg_decode, floats, run};
use crate::signals::{float_wav, music, snr};

fn open(path: &Path) -> Decoder {
    Decoder::open(Open::open(path).unwrap()).unwrap_or_else(|error| panic!("{path:?}: {error}"))
}

fn rest(decoder: &mut Decoder) -> Vec<f32> {
    let mut samples = Vec::new();
    while let Some(block) = decoder.next_block().unwrap() {
        samples.extend_from_slice(block);
    }
    samples
}

#[test]
#[ignore = "needs ffmpeg and wavpack"]
fn every_format_decodes_to_the_same_samples() {
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    for file in &FILES {
        let name = file.name;
        let original = file.make(folder.path());
        let mut decoder = open(&folder.path().join(name));
        let facts = *decoder.facts();
        assert_eq!(
            (facts.layout.channels(), facts.sample_rate),
            (file.channels, file.rate),
            "{name}"
        );
        let frames = original.len() / file.channels;
        let ours = rest(&mut decoder);
        let theirs = if facts.codec == Codec::Opus {
            // The reference decoder, not ffmpeg's own.
            let arguments = ["-v", "error", "-c:a", "libopus", "-i", name, "-f", "f32le", "-"];
            floats(&run("ffmpeg", folder.path(), &arguments))
        } else {
            ffmpeg_decode(folder.path(), name)
        };
        // The bare one says nothing of its length; the encoder of the low one says 46 frames too many.
        if file.is_exact_in_length() {
            let right = facts.frames == Some(frames as u64) && ours.len() == original.len();
            let found = ours.len() / file.channels;
            if !right {
                wrong
                    .push(format!("{name}: {found} frames, says {:?}, not {frames}", facts.frames));
            }
        }
        // ffmpeg leaves AAC's padding at the end.
        if ours.len() != theirs.len() && !(facts.codec == Codec::Aac && ours.len() < theirs.len()) {
            wrong.push(format!("{name}: {} samples, ffmpeg {}", ours.len(), theirs.len()));
        }
        let common = ours.len().min(theirs.len());
        let alike = snr(&theirs[..common], &ours[..common]);
        let common = ours.len().min(original.len());
        let music = snr(&original[..common], &ours[..common]);
        println!("{name}: {alike:.1} dB like ffmpeg, {music:.1} dB like the music");
        if alike < file.alike {
            wrong.push(format!("{name}: {alike:.1} dB"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn is_wavpack(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "wv")
}

/// Also those whose numbers ffmpeg does not read the same way.
#[test]
#[ignore = "needs ffmpeg and wavpack"]
fn wavpack_is_what_its_own_decoder_says() {
    let folder = tempfile::tempdir().unwrap();
    let check = |path: &Path| {
        let ours = rest(&mut open(path));
        let name = path.to_str().unwrap();
        run("wvunpack", folder.path(), &["-q", "-y", "-m", name, "-o", "theirs.wav"]);
        let theirs = ffmpeg_decode(folder.path(), "theirs.wav");
        assert_eq!(ours.len(), theirs.len(), "{name}");
        let wrong = ours.iter().zip(&theirs).position(|(one, two)| one.to_bits() != two.to_bits());
        assert_eq!(wrong, None, "{name}: the first sample that differs");
    };
    for file in FILES.iter().filter(|file| is_wavpack(Path::new(file.name))) {
        file.make(folder.path());
        check(&folder.path().join(file.name));
    }
    // Those of the other suite.
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sound/files");
    let kept = kept.read_dir().unwrap().map(|entry| entry.unwrap().path());
    let kept: Vec<_> = kept.filter(|path| is_wavpack(path)).collect();
    assert_eq!(kept.len(), 12);
    for path in &kept {
        check(path);
    }
}

#[test]
#[ignore = "needs ffmpeg and wavpack"]
fn every_seek_lands_on_its_sample() {
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    for file in &FILES {
        file.make(folder.path());
        let mut decoder = open(&folder.path().join(file.name));
        let all = rest(&mut decoder);
        let frames = all.len() / file.channels;
        for place in [
            0,
            1,
            1151,
            1152,
            5_000,
            20_011,
            48_000,
            frames / 2,
            frames - 3000,
            frames - 1,
            frames,
            frames + 9,
        ] {
            let at = place.min(frames);
            decoder.seek_to(place as u64).unwrap();
            let found = rest(&mut decoder);
            let expected = &all[at * file.channels..];
            if found.len() != expected.len() {
                wrong.push(format!(
                    "{} from {place}: {} samples, not {}",
                    file.name,
                    found.len(),
                    expected.len()
                ));
                continue;
            }
            // AAC fills bands with noise of the decoder's choice; SILK predicts from far before.
            let enough = match file.name {
                "128.m4a" | "mono.m4a" | "48.m4a" | "speech.opus" => 35.0,
                "3.0.m4a" | "5.1.m4a" | "7.1.m4a" => 25.0,
                // What CELT still remembers after half a second is far below the last of 24 bits' noise.
                "128.opus" | "60ms.opus" | "5.1.opus" | "7.1.opus" => 140.0,
                _ => f64::INFINITY,
            };
            let alike = snr(expected, &found);
            if alike < enough {
                wrong.push(format!("{} from {place}: {alike:.1} dB", file.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Files of the other suite: ffmpeg makes none of this kind.
#[test]
#[ignore = "needs ffmpeg"]
fn replicated_bands_are_those_of_ffmpeg() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sound/files");
    for name in ["he.m4a", "he-2.m4a"] {
        let ours = rest(&mut open(&folder.join(name)));
        // It cuts twice as much as it should at the start, when it cuts.
        let arguments = ["-v", "error", "-ignore_editlist", "1", "-i", name, "-f", "f32le", "-"];
        let theirs = floats(&run("ffmpeg", &folder, &arguments));
        let delay = (0..8_000).step_by(2).find(|&delay| {
            theirs[delay..][..200].iter().zip(&ours).all(|(one, two)| (one - two).abs() < 1e-3)
        });
        assert_eq!(delay, Some(2 * 3_018), "{name}");
        let alike = snr(&theirs[2 * 3_018..][..ours.len()], &ours);
        println!("{name}: {alike:.1} dB like ffmpeg");
        // Where noise is added, each takes its own.
        assert!(alike > 60.0, "{name}: {alike:.1} dB");
    }
}

/// All samples as a stream with ranges has them: decoded in segments.
fn in_segments(path: &Path) -> Vec<f32> {
    // More than there are pieces.
    let (mut pieces, received) = bounded::<Vec<u8>>(10_000);
    let target = Target::Wav { bits: 32 };
    Transcode::new(target).run(&mut open(path), &mut pieces).unwrap();
    drop(pieces);
    let stream: Vec<u8> = received.iter().flatten().collect();
    rest(&mut Decoder::open(std::io::Cursor::new(stream)).unwrap())
}

#[test]
#[ignore = "needs ffmpeg"]
fn segments_join_without_a_step() {
    let folder = tempfile::tempdir().unwrap();
    let rate = 48_000;
    let samples = music(rate * 11, 2, rate as u32);
    let wav = float_wav(&samples, 2, rate as u32);
    std::fs::write(folder.path().join("music.wav"), wav).unwrap();
    // With the largest difference that there may be: in 16-bit steps.
    for (name, arguments, most) in [
        ("plain.m4a", &["-c:a", "aac", "-b:a", "128k", "-aac_pns", "0"][..], 0.01),
        ("noise.m4a", &["-c:a", "aac", "-b:a", "96k"], 200.0),
        ("128.opus", &["-c:a", "libopus", "-b:a", "128k"], 1.0),
        ("48.opus", &["-c:a", "libopus", "-b:a", "48k"], 1.0),
        ("5ms.opus", &["-c:a", "libopus", "-b:a", "128k", "-frame_duration", "5"], 1.0),
        ("speech.opus", &["-c:a", "libopus", "-b:a", "16k", "-application", "voip"], 200.0),
    ] {
        let input = ["-v", "error", "-y", "-i", "music.wav"];
        run("ffmpeg", folder.path(), &[&input, arguments, &[name]].concat());
        let path = folder.path().join(name);
        let (linear, found) = (rest(&mut open(&path)), in_segments(&path));
        assert_eq!(linear.len(), found.len(), "{name}");
        let apart = linear.iter().zip(&found).map(|(one, other)| (one - other).abs());
        let apart = apart.fold(0.0, f32::max) * 32_768.0;
        println!("{name}: {:.1} dB, {apart:.2} steps", snr(&linear, &found));
        assert!(apart < most, "{name}: {apart}");
    }
}
