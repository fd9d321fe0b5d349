//! Harmony: how strong each of the twelve pitch classes is, and what that says whatever the key.

use super::spectrum::{Analyser, Spectrum};

const CLASSES: usize = 12;
/// Where notes are told apart, in Hz: about A3 to C7.
const LOWEST: f32 = 215.0;
const HIGHEST: f32 = 2_100.0;
/// The pitch of A4, in Hz.
const A4: f32 = 440.0;
/// How well each step above the key note fits a key (Krumhansl 1990, table 2.1).
const MAJOR: [f64; CLASSES] =
    [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88];
const MINOR: [f64; CLASSES] =
    [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17];

pub(super) struct Harmony {
    /// The first bin that counts, and of each from there its pitch class.
    first: usize,
    classes: Vec<usize>,
    /// How strong each pitch class is, summed up over frames that weigh the same.
    chroma: [f64; CLASSES],
}

impl Harmony {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "some hundred bins, and a remainder below twelve"
    )]
    pub(super) fn new(analyser: &Analyser) -> Self {
        let width = analyser.width();
        let first = (LOWEST / width).ceil() as usize;
        let last = ((HIGHEST / width) as usize).min(analyser.bins().saturating_sub(1));
        let class = |bin: usize| {
            let semitones = 12.0 * (bin as f32 * width / A4).log2();
            semitones.round().rem_euclid(12.0) as usize % CLASSES
        };
        Self { first, classes: (first..=last).map(class).collect(), chroma: [0.0; CLASSES] }
    }

    pub(super) fn add(&mut self, spectrum: &Spectrum<'_>) {
        let mut strengths = [0.0; CLASSES];
        let heard = spectrum.power.get(self.first..).unwrap_or_default();
        let is_peak = |bin: usize| {
            let at = |place: usize| spectrum.power.get(place).copied().unwrap_or(0.0);
            at(bin) >= at(bin.wrapping_sub(1)) && at(bin) > at(bin + 1)
        };
        for (place, (power, class)) in heard.iter().zip(&self.classes).enumerate() {
            if is_peak(self.first + place) {
                strengths[*class] += f64::from(power.sqrt());
            }
        }
        let sum: f64 = strengths.iter().sum();
        if sum > 0.0 {
            for (all, strength) in self.chroma.iter_mut().zip(strengths) {
                *all += strength / sum;
            }
        }
    }

    pub(super) fn read(&self) -> Vec<f64> {
        let sum: f64 = self.chroma.iter().sum::<f64>().max(f64::MIN_POSITIVE);
        let shares = self.chroma.map(|strength| strength / sum);
        let intervals = (1..=6).map(|steps| 10.0 * turned_product(&shares, &shares, steps));
        let entropy: f64 =
            shares.iter().filter(|share| **share > 0.0).map(|share| -share * share.ln()).sum();
        let fits = |key: &[f64; CLASSES]| {
            let all = (0..CLASSES).map(|key_note| turned_product(&shares, key, key_note));
            all.fold(f64::NEG_INFINITY, f64::max)
        };
        let mode = fits(&MAJOR) - fits(&MINOR);
        intervals.chain([10.0 * (12_f64.ln() - entropy), 10.0 * mode]).collect()
    }
}

/// The correlation of `one`, read from `steps` on, with `other`.
#[expect(clippy::cast_precision_loss, reason = "twelve")]
fn turned_product(one: &[f64; CLASSES], other: &[f64; CLASSES], steps: usize) -> f64 {
    let mean = |values: &[f64; CLASSES]| values.iter().sum::<f64>() / CLASSES as f64;
    let (one_mean, other_mean) = (mean(one), mean(other));
    let (mut product, mut one_square, mut other_square) = (0.0, 0.0, 0.0);
    for (place, other) in other.iter().enumerate() {
        let (a, b) = (one[(place + steps) % CLASSES] - one_mean, other - other_mean);
        product += a * b;
        one_square += a * a;
        other_square += b * b;
    }
    let length = (one_square * other_square).sqrt();
    if length > 0.0 { product / length } else { 0.0 }
}
