//! Timbre: the smoothed shape of the spectrum, how much it differs over a track, and how fast it moves.

use std::f64::consts::PI;

use super::{
    spectrum::{BANDS, Spectrum},
    statistics::Statistics,
};

/// Cepstral coefficients. The first is the level: only how much it varies is kept.
const COEFFICIENTS: usize = 13;
/// Those whose movement from frame to frame is kept.
const MOVING: usize = 6;
/// The share of the power that lies below the roll-off.
const BELOW_ROLL_OFF: f32 = 0.85;

pub(super) struct Timbre {
    /// By coefficient and band: the discrete cosine transform.
    cosines: Vec<[f64; BANDS]>,
    before: Option<[f64; COEFFICIENTS]>,
    coefficients: [Statistics; COEFFICIENTS],
    movement: [Statistics; MOVING],
    /// In octaves above 1 Hz.
    centroid: Statistics,
    /// Natural logarithms; 0 is noise.
    flatness: Statistics,
    /// In octaves above 1 Hz.
    roll_off: Statistics,
}

impl Timbre {
    #[expect(clippy::cast_precision_loss, reason = "some bands")]
    pub(super) fn new() -> Self {
        let bands = BANDS as f64;
        let row = |coefficient: usize| {
            let share: f64 = if coefficient == 0 { 1.0 } else { 2.0 };
            let scale = (share / bands).sqrt();
            std::array::from_fn(|band| {
                scale * (PI * coefficient as f64 * (band as f64 + 0.5) / bands).cos()
            })
        };
        Self {
            cosines: (0..COEFFICIENTS).map(row).collect(),
            before: None,
            coefficients: Default::default(),
            movement: Default::default(),
            centroid: Statistics::default(),
            flatness: Statistics::default(),
            roll_off: Statistics::default(),
        }
    }

    pub(super) fn add(&mut self, spectrum: &Spectrum<'_>) {
        let bands = spectrum.bands.map(f64::from);
        let now: [f64; COEFFICIENTS] = std::array::from_fn(|coefficient| {
            self.cosines[coefficient].iter().zip(bands).map(|(cosine, band)| cosine * band).sum()
        });
        for (statistics, value) in self.coefficients.iter_mut().zip(now) {
            statistics.add(value);
        }
        if let Some(before) = self.before.replace(now) {
            for (place, statistics) in self.movement.iter_mut().enumerate() {
                statistics.add((now[place] - before[place]).abs());
            }
        }
        self.flatness.add(flatness(&bands));
        let (centroid, roll_off) = centre_and_roll_off(spectrum);
        self.centroid.add(centroid);
        self.roll_off.add(roll_off);
    }

    pub(super) fn read(&self) -> Vec<f64> {
        let means = self.coefficients[1..].iter().map(Statistics::mean);
        let deviations = self.coefficients.iter().map(Statistics::deviation);
        let movement = self.movement.iter().map(Statistics::mean);
        let shapes = [&self.centroid, &self.flatness, &self.roll_off];
        let shapes = shapes.into_iter().flat_map(|shape| [shape.mean(), shape.deviation()]);
        means.chain(deviations).chain(movement).chain(shapes).collect()
    }
}

/// The geometric mean of the bands by their arithmetic mean, as a logarithm.
#[expect(clippy::cast_precision_loss, reason = "some bands")]
fn flatness(bands: &[f64; BANDS]) -> f64 {
    let count = BANDS as f64;
    let mean = bands.iter().map(|band| band.exp()).sum::<f64>() / count;
    bands.iter().sum::<f64>() / count - mean.ln()
}

#[expect(clippy::cast_precision_loss, reason = "some hundred bins")]
fn centre_and_roll_off(spectrum: &Spectrum<'_>) -> (f64, f64) {
    let octaves = |hertz: f32| f64::from(hertz.max(1.0).log2());
    let (mut sum, mut weighed) = (0.0, 0.0);
    for (bin, power) in spectrum.power.iter().enumerate() {
        sum += power;
        weighed += power * bin as f32;
    }
    let mut below = 0.0;
    let is_below = |power: &&f32| {
        below += **power;
        below < BELOW_ROLL_OFF * sum
    };
    let roll_off = spectrum.power.iter().take_while(is_below).count() as f32;
    let centroid = if sum > 0.0 { weighed / sum } else { 0.0 };
    (octaves(centroid * spectrum.width), octaves(roll_off * spectrum.width))
}
