//! The limiter's promises.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "numbers of frames are small here"
)]

use std::f32::consts::TAU;

use proptest::{prelude::*, test_runner::RngSeed};

use super::{CEILING, Limiter};
use crate::dsp::gain::Gain;

const RATE: u32 = 48_000;

/// All of it through a limiter, in pieces of an awkward size.
fn limited(samples: &[f32], decibels: f32, channels: usize) -> Vec<f32> {
    let mut limiter = Limiter::new(Gain::from_decibels(decibels), RATE, channels);
    let mut out = Vec::new();
    for piece in samples.chunks(channels * 331) {
        limiter.push(piece, &mut out);
    }
    limiter.finish(&mut out);
    out
}

fn tone(frames: usize, pitch: f32, loudness: f32) -> Vec<f32> {
    let sample = |frame| loudness * (TAU * pitch * frame as f32 / RATE as f32).sin();
    (0..frames).map(sample).collect()
}

fn amplified(samples: &[f32], decibels: f32) -> Vec<f32> {
    let factor = 10_f32.powf(decibels / 20.0);
    samples.iter().map(|sample| sample * factor).collect()
}

#[test]
fn what_is_not_too_loud_is_amplified_and_nothing_else() {
    let samples = tone(30_000, 440.0, 0.4);
    for decibels in [-20.0, 0.0, 3.5, 6.0] {
        assert!(limited(&samples, decibels, 1) == amplified(&samples, decibels), "{decibels}");
    }
    assert_eq!(limited(&[], 6.0, 2), [0.0; 0]);
}

#[test]
fn what_is_too_loud_comes_down_to_the_ceiling_without_another_tone() {
    let found = limited(&tone(RATE as usize, 1_000.0, 0.9), 6.0, 1);
    let loudest = found.iter().fold(0.0_f32, |most, one| most.max(one.abs()));
    assert!(loudest <= CEILING && loudest > CEILING * 0.98, "{loudest}");
    // A steady tone is quieter by the same everywhere: clipping would add its harmonics.
    let mut same = tone(RATE as usize, 1_000.0, 1.0);
    let product = |one: &[f32], two: &[f32]| one.iter().zip(two).map(|(a, b)| a * b).sum::<f32>();
    let scale = product(&found, &same) / product(&same, &same);
    for sample in &mut same {
        *sample *= scale;
    }
    let rest: Vec<f32> = found.iter().zip(&same).map(|(a, b)| a - b).collect();
    let distortion = 10.0 * (product(&rest, &rest) / product(&same, &same)).log10();
    assert!(distortion < -70.0, "{distortion:.1} dB");
}

#[test]
fn peaks_between_samples_count() {
    // A quarter of the rate, with the samples beside the tops: these are 3 dB higher.
    let sample = |frame: i32| [0.9, 0.9, -0.9, -0.9][frame.rem_euclid(4) as usize];
    let samples: Vec<f32> = (0..20_000).map(sample).collect();
    let found = limited(&samples, 0.0, 1);
    let loudest = found[1_000..19_000].iter().fold(0.0_f32, |most, one| most.max(one.abs()));
    let top = loudest * std::f32::consts::SQRT_2;
    assert!((CEILING * 0.97..CEILING * 1.02).contains(&top), "{top}");
}

#[test]
fn a_peak_is_over_after_a_while() {
    let mut samples = tone(3 * RATE as usize, 300.0, 0.2);
    samples[50_000] = 1.9;
    let found = limited(&samples, 0.0, 1);
    assert!(found[50_000] <= CEILING && found[50_000] > CEILING * 0.99);
    assert!(found[..49_700] == samples[..49_700], "nothing is changed long before");
    assert!(found[49_900..50_500] != samples[49_900..50_500]);
    assert!(found[80_000..] == samples[80_000..], "it has recovered");
}

#[test]
fn channels_stay_together() {
    let (mut left, right) = (tone(20_000, 200.0, 0.3), tone(20_000, 300.0, 0.3));
    left[9_000..9_100].fill(1.5);
    let samples: Vec<f32> = left.iter().zip(&right).flat_map(|(&a, &b)| [a, b]).collect();
    let found = limited(&samples, 0.0, 2);
    let factor = found[9_050 * 2] / 1.5;
    assert!(factor < 0.6);
    assert!((found[9_050 * 2 + 1] - right[9_050] * factor).abs() < 1e-6);
}

#[test]
fn from_the_middle_it_is_what_it_is_from_the_start() {
    let mut samples = tone(4 * RATE as usize, 300.0, 0.5);
    for at in (1_000..samples.len() - 20).step_by(7_919) {
        samples[at..at + 20].fill(1.0 + (at % 1_000) as f32 / 500.0);
    }
    let all = limited(&samples, 2.0, 1);
    let memory = Limiter::new(Gain::from_decibels(2.0), RATE, 1).memory() as usize;
    for start in [memory, 60_000, 99_991, 150_000] {
        let later = limited(&samples[start - memory..], 2.0, 1);
        assert!(later[memory..] == all[start..], "from {start}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 60,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    #[test]
    fn nothing_is_above_the_ceiling(
        samples in proptest::collection::vec(-8.0_f32..8.0, 0..3_000),
        loud in proptest::collection::vec((0..3_000_usize, prop_oneof![Just(f32::MAX), -1e6_f32..1e6]), 0..5),
        decibels in -30.0_f32..30.0,
        channels in 1..4_usize,
    ) {
        let mut samples = samples;
        let whole = samples.len() / channels * channels;
        samples.truncate(whole);
        for (at, value) in loud {
            if let Some(sample) = samples.get_mut(at) {
                *sample = value;
            }
        }
        let found = limited(&samples, decibels, channels);
        prop_assert_eq!(found.len(), samples.len());
        prop_assert!(found.iter().all(|sample| sample.abs() <= CEILING));
    }

    #[test]
    fn below_the_ceiling_nothing_happens(
        samples in proptest::collection::vec(-0.3_f32..0.3, 0..3_000),
        decibels in -30.0_f32..0.0,
    ) {
        // Even the worst of them all has no peak above the ceiling between them.
        let gain = Gain::from_decibels(decibels).decibels();
        prop_assert_eq!(limited(&samples, decibels, 1), amplified(&samples, gain));
    }
}
