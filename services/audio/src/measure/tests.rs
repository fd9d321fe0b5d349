//! Loudness by the signals of EBU Tech 3341 and 3342, and waveforms of every length.

use std::f64::consts::TAU;

use super::*;

const RATE: u32 = 48_000;

/// A sine of 1 kHz in all channels, so many dB below full scale, for so many tenths of a second.
fn sine(channels: usize, level: f64, tenths: usize) -> Vec<f32> {
    let amplitude = 10_f64.powf(level / 20.0);
    let frames = 0..tenths * RATE as usize / 10;
    let samples = frames.flat_map(|frame| {
        #[expect(clippy::cast_precision_loss, reason = "short")]
        let phase = TAU * 1_000.0 * frame as f64 / f64::from(RATE);
        #[expect(clippy::cast_possible_truncation, reason = "it is a sample")]
        let sample = (amplitude * phase.sin()) as f32;
        std::iter::repeat_n(sample, channels)
    });
    samples.collect()
}

/// What all kinds found.
struct Measured {
    loudness: Option<Loudness>,
    waveform: Waveform,
}

fn measured(layout: Layout, samples: &[f32]) -> Measured {
    let kinds = [MeasureKind::Loudness, MeasureKind::Waveform];
    let mut findings = findings(layout, samples, &kinds).into_iter();
    match (findings.next(), findings.next(), findings.next()) {
        (Some(Finding::Loudness(loudness)), Some(Finding::Waveform(waveform)), None) => {
            Measured { loudness, waveform }
        }
        other => panic!("{other:?}"),
    }
}

fn findings(layout: Layout, samples: &[f32], kinds: &[MeasureKind]) -> Vec<Finding> {
    let mut measure = Measure::new(layout, RATE, kinds).unwrap();
    // In pieces of an awkward size.
    for piece in samples.chunks(layout.channels() * 701) {
        measure.add(piece);
    }
    measure.finish()
}

#[track_caller]
fn is_about(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found}, expected {expected}");
}

#[test]
fn integrated_loudness_as_the_standard_says() {
    // Level, tenths of seconds; signals 1 to 5 of Tech 3341.
    for (parts, expected) in [
        (&[(-23.0, 200)][..], -23.0),
        (&[(-33.0, 200)], -33.0),
        (&[(-36.0, 100), (-23.0, 600), (-36.0, 100)], -23.0),
        (&[(-72.0, 100), (-36.0, 100), (-23.0, 600), (-36.0, 100), (-72.0, 100)], -23.0),
        (&[(-26.0, 200), (-20.0, 201), (-26.0, 200)], -23.0),
    ] {
        let samples: Vec<f32> =
            parts.iter().flat_map(|(level, tenths)| sine(2, *level, *tenths)).collect();
        let loudness = measured(Layout::STEREO, &samples).loudness.unwrap();
        is_about(loudness.integrated, expected, 0.1);
        is_about(Blocks::integrated(&[loudness.blocks]).unwrap(), expected, 0.1);
    }
}

#[test]
fn range_as_the_standard_says() {
    // Signals 1 and 2 of Tech 3342.
    for (levels, expected) in [([-20.0, -30.0], 10.0), ([-20.0, -15.0], 5.0)] {
        let samples: Vec<f32> = levels.iter().flat_map(|level| sine(2, *level, 200)).collect();
        is_about(measured(Layout::STEREO, &samples).loudness.unwrap().range, expected, 1.0);
    }
}

#[test]
fn channels_weigh_by_their_places() {
    let alone = |layout: Layout, channel: usize| {
        let mono = sine(1, -23.0, 20);
        let channels = layout.channels();
        let mut samples = vec![0.0; mono.len() * channels];
        for (frame, sample) in samples.chunks_exact_mut(channels).zip(mono) {
            frame[channel] = sample;
        }
        measured(layout, &samples).loudness.map(|loudness| loudness.integrated)
    };
    for channel in 0..3 {
        is_about(alone(Layout::SURROUND_5_1, channel).unwrap(), -26.0, 0.1);
    }
    assert_eq!(alone(Layout::SURROUND_5_1, 3), None, "low frequencies do not count");
    for channel in 4..6 {
        is_about(alone(Layout::SURROUND_5_1, channel).unwrap(), -24.5, 0.1);
    }
    for channel in 4..6 {
        is_about(alone(Layout::SURROUND_7_1, channel).unwrap(), -26.0, 0.1);
    }
    is_about(alone(Layout::MONO, 0).unwrap(), -26.0, 0.1);
}

#[test]
fn an_album_is_as_loud_as_its_tracks_one_behind_the_other() {
    let tracks = [sine(2, -14.0, 100), sine(2, -22.0, 300), sine(2, -45.0, 50)];
    let blocks = tracks.each_ref().map(|it| measured(Layout::STEREO, it).loudness.unwrap().blocks);
    let whole = measured(Layout::STEREO, &tracks.concat()).loudness.unwrap();
    is_about(Blocks::integrated(&blocks).unwrap(), whole.integrated, 0.15);
    assert_eq!(Blocks::integrated(&[]), None);
}

#[test]
fn peaks_between_the_samples() {
    // A quarter of the rate, met at 45 degrees: samples are 3 dB below the peaks.
    let samples: Vec<f32> = [0.707, 0.707, -0.707, -0.707].repeat(24_000);
    let measured = measured(Layout::MONO, &samples);
    is_about(measured.loudness.unwrap().true_peak, 0.0, 0.4);
    assert_eq!(measured.waveform.peaks[100], 180);
}

#[test]
fn silence_and_what_is_too_short_have_no_loudness() {
    for samples in [vec![], vec![0.0; 96_000], sine(2, -10.0, 3)] {
        assert_eq!(measured(Layout::STEREO, &samples).loudness, None);
    }
    assert!(matches!(Measure::new(Layout::MONO, 3, &MeasureKind::ALL), Err(MeasureError::Rate(3))));
}

#[test]
fn waveforms_have_a_point_for_every_piece() {
    for frames in [0, 1, 479, 480, 481, 48_000, 480_000, 480_001, 959_999, 960_001, 5_000_000] {
        let mut samples = vec![0.25; frames * 2];
        if let Some(last) = samples.last_mut() {
            *last = -1.5;
        }
        let Waveform { peaks, frames_a_point } = measured(Layout::STEREO, &samples).waveform;
        let points = frames.div_ceil(usize::try_from(frames_a_point).unwrap());
        assert_eq!(peaks.len(), points, "{frames} frames");
        assert!(frames < 480_000 || (500..=1_000).contains(&points), "{points} points");
        assert_eq!(peaks.last().copied(), (frames > 0).then_some(255));
        assert!(peaks.iter().rev().skip(1).all(|peak| *peak == 64));
    }
}

#[test]
fn samples_that_are_no_numbers_do_no_harm() {
    let mut samples = sine(2, -20.0, 20);
    samples[4_000] = f32::NAN;
    samples[4_001] = f32::INFINITY;
    let measured = measured(Layout::STEREO, &samples);
    assert!(measured.loudness.is_none_or(|loudness| loudness.integrated.is_finite()));
    assert!(!measured.waveform.peaks.is_empty());
}

#[test]
fn a_kind_that_is_measured_alone_is_what_it_is_among_others() {
    let samples = sine(2, -20.0, 20);
    let all = findings(Layout::STEREO, &samples, &MeasureKind::ALL);
    for (kind, finding) in MeasureKind::ALL.into_iter().zip(all) {
        assert_eq!(findings(Layout::STEREO, &samples, &[kind]), [finding]);
    }
    assert!(findings(Layout::STEREO, &samples, &[]).is_empty());
}

#[test]
fn what_an_older_version_lacks_is_known() {
    assert_eq!(MeasureKind::newer_than(0), MeasureKind::ALL);
    assert_eq!(MeasureKind::newer_than(MeasureKind::VERSION), []);
}
