//! From file to stream: lengths, places, channels, rates, and listeners who leave.

use std::f32::consts::FRAC_1_SQRT_2;
use std::f64::consts::TAU;
use std::thread;

use crossbeam_channel::bounded;
use hexachord_audio::{Decoder, Ended, Layout, Target, Transcode, TranscodeError};
use hexachord_fixtures::{Format, Piece};

use crate::support::{decoder, rest, snr, tones, wav};

/// All bytes of a transcode.
pub(crate) fn transcoded(decoder: &mut Decoder, transcode: &Transcode) -> Vec<u8> {
    let (mut pieces, received) = bounded(2);
    thread::scope(|scope| {
        let gathered = scope.spawn(move || received.iter().flatten().collect());
        assert_eq!(transcode.run(decoder, &mut pieces).unwrap(), Ended::Complete);
        drop(pieces);
        gathered.join().unwrap()
    })
}

/// The samples of a transcode, whose length must be as promised.
pub(crate) fn heard(bytes: Vec<u8>, transcode: &Transcode) -> Vec<f32> {
    let mut source = decoder(bytes).unwrap();
    let promised = transcode.stream_facts(source.facts());
    let mut stream = decoder(transcoded(&mut source, transcode)).unwrap();
    let facts = *stream.facts();
    assert_eq!((facts.sample_rate, facts.layout), (promised.sample_rate, promised.layout));
    let samples = rest(&mut stream).unwrap();
    let frames = (samples.len() / facts.layout.channels()) as u64;
    assert_eq!((Some(frames), Some(frames)), (promised.frames, facts.frames), "{transcode:?}");
    samples
}

pub(crate) const FLOATS: Target = Target::Wav { bits: 32 };

#[test]
fn lossless_streams_of_lossless_files_are_exact() {
    for format in [Format::Wav, Format::Aiff, Format::Flac] {
        let bytes = Piece::new(format, 1).bytes();
        let samples = rest(&mut decoder(bytes.clone()).unwrap()).unwrap();
        for target in
            [Target::Wav { bits: 16 }, Target::Flac { bits: 16 }, Target::Flac { bits: 24 }, FLOATS]
        {
            for start in [0, 1, 5_000, 12_799] {
                let transcode = Transcode { start, ..Transcode::new(target) };
                let at = start as usize * 2;
                let found = heard(bytes.clone(), &transcode);
                assert!(found == samples[at..], "{format:?} to {target:?} from {start}");
            }
        }
    }
}

#[test]
fn opus_streams_begin_and_end_where_they_should() {
    for rate in [44_100, 48_000, 96_000] {
        let samples = tones(rate as usize * 2 + 123, 2, rate);
        let bytes = wav(&samples, Layout::STEREO, rate);
        for start in [0, 1, 777, 50_000] {
            let transcode =
                Transcode { start, ..Transcode::new(Target::Opus { bitrate: 192_000 }) };
            let found = heard(bytes.clone(), &transcode);
            let rate = u64::from(rate);
            let begin = (start * 48_000 + rate / 2) as usize / rate as usize;
            let expected = tones(begin + found.len() / 2, 2, 48_000).split_off(begin * 2);
            // Rounding the start to a frame of the stream is half a frame off at most.
            let alike = snr(&expected[..found.len() - 2000], &found[..found.len() - 2000]);
            assert!(alike > 17.0, "{rate} from {start}: {alike:.1} dB");
            let first = snr(&expected[..1000], &found[..1000]);
            assert!(first > 12.0, "{rate} from {start}: {first:.1} dB at first");
        }
    }
}

#[test]
fn resampled_tones_are_the_same_tones() {
    for (from, to) in [(96_000, 44_100), (192_000, 48_000), (48_000, 44_100), (44_100, 32_000)] {
        let tone = |rate: u32| -> Vec<f32> {
            let angle = |frame| TAU * 997.0 * f64::from(frame) / f64::from(rate);
            (0..rate).map(|frame| (0.5 * angle(frame).sin()) as f32).collect()
        };
        let bytes = wav(&tone(from), Layout::MONO, from);
        let transcode = Transcode { most_rate: Some(to), ..Transcode::new(FLOATS) };
        let found = heard(bytes.clone(), &transcode);
        let expected = tone(to);
        assert_eq!(found.len(), expected.len());
        let inner = 2_000..expected.len() - 2_000;
        let alike = snr(&expected[inner.clone()], &found[inner]);
        assert!(alike > 105.0, "{from} to {to}: {alike:.1} dB");
        // From the middle it is what it is from the start.
        for start in [1, 10_000, 30_001] {
            let later = heard(bytes.clone(), &Transcode { start, ..transcode });
            let alike = snr(&found[found.len() - later.len()..], &later);
            assert!(alike > 110.0, "{from} to {to} from {start}: {alike:.1} dB");
        }
    }
}

#[test]
fn nothing_above_the_new_rate_is_left() {
    let rate = 96_000;
    let angle = |frame| TAU * 30_000.0 * f64::from(frame) / f64::from(rate);
    let tone = |frame| (0.5 * angle(frame).sin()) as f32;
    let samples: Vec<f32> = (0..rate).map(tone).collect();
    let transcode = Transcode { most_rate: Some(44_100), ..Transcode::new(FLOATS) };
    let found = heard(wav(&samples, Layout::MONO, rate), &transcode);
    let loudest = found[2_000..42_000].iter().fold(0.0_f32, |most, one| most.max(one.abs()));
    assert!(loudest < 2e-6, "{loudest}");
}

#[test]
fn rates_that_nobody_has_are_refused() {
    for rate in [1, 999, 768_001, u32::MAX] {
        let mut source = decoder(wav(&[0.5; 100], Layout::MONO, rate)).unwrap();
        let (mut pieces, _received) = bounded(8);
        let opus = Transcode::new(Target::Opus { bitrate: 64_000 });
        assert!(
            matches!(opus.run(&mut source, &mut pieces), Err(TranscodeError::Encode(_))),
            "{rate}"
        );
    }
}

#[test]
fn channels_are_mixed_as_the_standard_says() {
    // One channel at a time, in the order of WAVE.
    let half = FRAC_1_SQRT_2;
    let surround = [(1.0, 0.0), (0.0, 1.0), (half, half), (0.0, 0.0), (half, 0.0), (0.0, half)];
    let sides = [(half, 0.0), (0.0, half)];
    let cases = [
        (Layout::SURROUND_5_1, surround.to_vec(), 1.0 + 2.0 * half),
        (Layout::SURROUND_7_1, [&surround[..], &sides].concat(), 1.0 + 3.0 * half),
        (Layout::MONO, vec![(1.0, 1.0)], 1.0),
    ];
    for (layout, weights, loudest) in cases {
        let channels = layout.channels();
        for (channel, (left, right)) in weights.into_iter().enumerate() {
            let mut samples = vec![0.0; channels * 100];
            samples.iter_mut().skip(channel).step_by(channels).for_each(|one| *one = 0.8);
            let bytes = wav(&samples, layout, 48_000);
            let most_channels = 2;
            let stereo = Transcode { most_channels, ..Transcode::new(FLOATS) };
            let found = if layout == Layout::MONO {
                // Mono stays mono.
                let found = heard(bytes.clone(), &stereo);
                found.iter().flat_map(|&one| [one, one]).collect()
            } else {
                heard(bytes.clone(), &stereo)
            };
            for frame in found.chunks(2) {
                assert!((frame[0] - 0.8 * left / loudest).abs() < 1e-6, "{layout:?} {channel}");
                assert!((frame[1] - 0.8 * right / loudest).abs() < 1e-6, "{layout:?} {channel}");
            }
            let mono = heard(bytes, &Transcode { most_channels: 1, ..stereo });
            assert_eq!(mono.len(), 100);
        }
        // All at full scale: not louder than that.
        let full = wav(&vec![1.0; channels * 100], layout, 48_000);
        for most_channels in [1, 2] {
            let found = heard(full.clone(), &Transcode { most_channels, ..Transcode::new(FLOATS) });
            assert!(found.iter().all(|&one| one <= 1.000_001 && one > 0.9), "{layout:?}");
        }
    }
}

#[test]
fn layouts_that_a_format_lacks_become_stereo() {
    let two_one = Layout::from_mask(0xB).unwrap();
    let bytes = wav(&tones(5_000, 3, 48_000), two_one, 48_000);
    for (target, layout) in [
        (Target::Opus { bitrate: 96_000 }, Layout::STEREO),
        (Target::Flac { bits: 16 }, Layout::STEREO),
        (FLOATS, two_one),
    ] {
        let transcode = Transcode { most_channels: 8, ..Transcode::new(target) };
        let source = decoder(bytes.clone()).unwrap();
        assert_eq!(transcode.stream_facts(source.facts()).layout, layout);
        heard(bytes.clone(), &transcode);
    }
}

#[test]
fn a_listener_who_leaves_stops_the_work() {
    let samples = tones(48_000 * 20, 2, 48_000);
    for target in [FLOATS, Target::Flac { bits: 16 }, Target::Opus { bitrate: 128_000 }] {
        let mut source = decoder(wav(&samples, Layout::STEREO, 48_000)).unwrap();
        let (mut pieces, received) = bounded(1);
        let frames = thread::scope(|scope| {
            let source = &mut source;
            let work = scope.spawn(move || {
                let ended = Transcode::new(target).run(source, &mut pieces).unwrap();
                assert_eq!(ended, Ended::Cancelled);
                source.position()
            });
            assert!(!received.recv().unwrap().is_empty());
            drop(received);
            work.join().unwrap()
        });
        // Not much further than what fits into the channel and the next piece.
        assert!(frames < 48_000 * 8, "{target:?}: {frames} frames were decoded");
    }
}

#[test]
fn the_first_piece_comes_before_the_work_is_done() {
    let samples = tones(48_000 * 10, 2, 48_000);
    let mut source = decoder(wav(&samples, Layout::STEREO, 48_000)).unwrap();
    let (mut pieces, received) = bounded(0);
    thread::scope(|scope| {
        let source = &mut source;
        let work = scope.spawn(move || {
            let ended = Transcode::new(Target::Opus { bitrate: 128_000 }).run(source, &mut pieces);
            assert_eq!(ended.unwrap(), Ended::Cancelled);
            source.position()
        });
        let first = received.recv().unwrap();
        assert!(first.starts_with(b"OggS"));
        drop(received);
        assert!(work.join().unwrap() < 48_000 * 8);
    });
}
