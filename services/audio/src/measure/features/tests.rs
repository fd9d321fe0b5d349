//! Sounds that are alike to the ear have close features, and loudness, rate and silence do not matter.

use std::f32::consts::TAU;

use crate::{
    layout::Layout,
    measure::{Finding, Measure, MeasureKind},
};

use super::Features;

const RATE: u32 = 22_050;
const SECONDS: u32 = 8;

/// What is played; each is a family of pieces that differ in key, tempo and noise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Drums,
    Pads,
    Plucked,
    Drone,
}

const KINDS: [Kind; 4] = [Kind::Drums, Kind::Pads, Kind::Plucked, Kind::Drone];

/// Noise between -1 and 1 that is the same every time.
fn noise(seed: u32, place: u32) -> f32 {
    let mut x = seed.wrapping_mul(0x9E37_79B9) ^ place.wrapping_mul(0x85EB_CA6B);
    x ^= x >> 15;
    x = x.wrapping_mul(0x2C1B_3C6D);
    x ^= x >> 13;
    let unit = f32::from(u16::try_from(x >> 16).unwrap_or(0)) / f32::from(u16::MAX);
    2.0 * unit - 1.0
}

/// A piece of a kind in `variant` of it, for so many seconds.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "some seconds of samples"
)]
fn piece(kind: Kind, variant: u32, rate: u32, seconds: u32) -> Vec<f32> {
    let tempo = 100.0 + 4.0 * variant as f32;
    let root = 220.0 * 2_f32.powf(variant as f32 * 5.0 / 12.0 % 1.0);
    let sample = |place: u32| {
        let time = place as f32 / rate as f32;
        let beat = time * tempo / 60.0;
        let tone = |factor: f32| (TAU * root * factor * time).sin();
        match kind {
            // One noise for a tenth of a millisecond, whatever the rate.
            Kind::Drums => {
                0.6 * noise(variant, (time * 16_000.0) as u32) * (-12.0 * beat.fract()).exp()
            }
            Kind::Pads => {
                let swell = 0.6 + 0.4 * (TAU * time / 4.0).sin();
                0.2 * swell * (tone(1.0) + tone(1.26) + tone(1.498))
            }
            Kind::Plucked => {
                let step = [1.0, 1.189, 1.498, 1.782][(2.0 * beat) as usize % 4];
                let harmonics = (1..6).map(|n| tone(step * n as f32) / n as f32).sum::<f32>();
                0.3 * harmonics * (-5.0 * (2.0 * beat).fract()).exp()
            }
            Kind::Drone => {
                let buzz = (1..20).map(|n| tone(0.25 * n as f32) / (n as f32).sqrt()).sum::<f32>();
                0.08 * buzz + 0.02 * noise(variant, (time * 16_000.0) as u32)
            }
        }
    };
    (0..seconds * rate).map(sample).collect()
}

fn heard(samples: &[f32], rate: u32, layout: Layout) -> Option<Features> {
    let mut measure = Measure::new(layout, rate, &[MeasureKind::Features]).unwrap();
    for part in samples.chunks(layout.channels() * 701) {
        measure.add(part);
    }
    match measure.finish().pop() {
        Some(Finding::Features(features)) => features,
        other => panic!("{other:?}"),
    }
}

fn features_of(kind: Kind, variant: u32) -> Features {
    heard(&piece(kind, variant, RATE, SECONDS), RATE, Layout::MONO).unwrap()
}

fn numbers(features: &Features) -> Vec<f64> {
    let Features { timbre, rhythm, harmony } = features;
    [timbre, rhythm, harmony].into_iter().flatten().map(|number| f64::from(*number)).collect()
}

/// How far apart two are, where each number counts by how much it differs over all.
fn distance(one: &[f64], other: &[f64], deviations: &[f64]) -> f64 {
    let squares = one.iter().zip(other).zip(deviations);
    squares.map(|((a, b), deviation)| ((a - b) / deviation.max(1.0)).powi(2)).sum()
}

#[expect(clippy::cast_precision_loss, reason = "a few pieces")]
fn deviations(all: &[Vec<f64>]) -> Vec<f64> {
    let count = all.len() as f64;
    let column = |place: usize| all.iter().map(move |numbers| numbers[place]);
    let deviation = |place: usize| {
        let mean = column(place).sum::<f64>() / count;
        (column(place).map(|number| (number - mean).powi(2)).sum::<f64>() / count).sqrt()
    };
    (0..all[0].len()).map(deviation).collect()
}

#[test]
fn what_is_nearest_is_of_the_same_kind() {
    let pieces: Vec<(Kind, Vec<f64>)> = KINDS
        .into_iter()
        .flat_map(|kind| (0..4).map(move |variant| (kind, numbers(&features_of(kind, variant)))))
        .collect();
    let all: Vec<Vec<f64>> = pieces.iter().map(|(_, numbers)| numbers.clone()).collect();
    let deviations = deviations(&all);
    for (place, (kind, numbers)) in pieces.iter().enumerate() {
        let others = pieces.iter().enumerate().filter(|(other, _)| *other != place);
        let far = |numbers_of: &[f64]| distance(numbers, numbers_of, &deviations);
        let nearest = others.min_by(|(_, a), (_, b)| far(&a.1).total_cmp(&far(&b.1))).unwrap();
        assert_eq!(nearest.1.0, *kind, "piece {place}");
    }
}

#[test]
fn loudness_rate_and_channels_hardly_matter() {
    let all = KINDS.map(|kind| numbers(&features_of(kind, 1)));
    let deviations = deviations(&all);
    let one = &all[2];
    let others = [0, 1, 3].map(|other| distance(one, &all[other], &deviations));
    let apart = others.into_iter().fold(f64::INFINITY, f64::min);
    let near = |what: &str, numbers_of: &[f64]| {
        let far = distance(one, numbers_of, &deviations);
        assert!(far < 0.01 * apart, "{what}: {far} of {apart}");
    };
    let samples = piece(Kind::Plucked, 1, RATE, SECONDS);
    let quieter: Vec<f32> = samples.iter().map(|sample| 0.25 * sample).collect();
    near("quieter", &numbers(&heard(&quieter, RATE, Layout::MONO).unwrap()));
    let both: Vec<f32> = samples.iter().flat_map(|sample| [*sample; 2]).collect();
    near("stereo", &numbers(&heard(&both, RATE, Layout::STEREO).unwrap()));
    let inverted: Vec<f32> = samples.iter().flat_map(|sample| [*sample, -sample]).collect();
    near("one channel inverted", &numbers(&heard(&inverted, RATE, Layout::STEREO).unwrap()));
    for rate in [44_100, 48_000, 96_000] {
        let samples = piece(Kind::Plucked, 1, rate, SECONDS);
        near(&rate.to_string(), &numbers(&heard(&samples, rate, Layout::MONO).unwrap()));
    }
}

#[test]
fn all_that_is_heard_has_as_many_numbers_and_silence_none() {
    let features = features_of(Kind::Drone, 0);
    let Features { timbre, rhythm, harmony } = &features;
    assert_eq!((timbre.len(), rhythm.len(), harmony.len()), (37, 12, 8));
    assert_eq!(heard(&vec![0.0; 100_000], RATE, Layout::MONO), None);
    assert_eq!(heard(&piece(Kind::Drums, 0, RATE, 1)[..4_000], RATE, Layout::MONO), None);
    assert_eq!(heard(&[], RATE, Layout::MONO), None);
}

#[test]
fn silence_around_it_changes_little_but_how_much_the_level_varies() {
    let without_level = |timbre: &[i16]| [&timbre[..12], &timbre[13..]].concat();
    let hop = RATE as usize / 50;
    for kind in [Kind::Drums, Kind::Plucked] {
        let alone = features_of(kind, 0);
        let mut framed = vec![0.0; 12 * hop];
        framed.extend(piece(kind, 0, RATE, SECONDS));
        framed.extend(vec![0.0; 70 * hop]);
        let framed = heard(&framed, RATE, Layout::MONO).unwrap();
        let pairs = [
            (without_level(&framed.timbre), without_level(&alone.timbre)),
            (framed.rhythm, alone.rhythm),
            (framed.harmony, alone.harmony),
        ];
        for (framed, alone) in pairs {
            let differs = |(a, b): (&i16, &i16)| a.abs_diff(*b) > 30;
            assert!(!framed.iter().zip(&alone).any(differs), "{kind:?} {framed:?} {alone:?}");
        }
    }
}

#[test]
fn no_sample_breaks_it() {
    for odd in [f32::NAN, f32::INFINITY, f32::MIN, f32::MIN_POSITIVE, 1e30] {
        let mut samples = piece(Kind::Drums, 2, RATE, 2);
        samples.iter_mut().step_by(5).for_each(|sample| *sample = odd);
        let features = heard(&samples, RATE, Layout::MONO).unwrap();
        assert!(numbers(&features).iter().any(|number| *number != 0.0), "{odd}");
    }
    for rate in [4_000, 8_000, 11_025, 192_000, 384_000] {
        assert!(heard(&piece(Kind::Plucked, 0, rate, 2), rate, Layout::MONO).is_some(), "{rate}");
    }
    assert_eq!(heard(&vec![0.5; 100_000], 3_999, Layout::MONO), None);
}
