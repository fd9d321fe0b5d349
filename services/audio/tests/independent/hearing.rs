//! How far above or below what can be heard a difference lies: the ratio of noise to mask, after
//! PEAQ (ITU-R BS.1387-1, basic version). It shares nothing with the encoders' models of hearing.

use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlanner};
use std::sync::Arc;

const FRAME: usize = 2048;
const HOP: usize = FRAME / 2;
/// Bands of a quarter of a Bark.
const WIDTH: f32 = 0.25;
/// The level at which the loudest tone is played, in dB.
const PLAYED_AT: f32 = 92.0;

/// Measures at one rate.
pub(crate) struct Hearing {
    fft: Arc<dyn Fft<f32>>,
    window: Vec<f32>,
    /// What the ear's outside lets through, of each bin.
    weights: Vec<f32>,
    /// Where each band begins, in bins, and the end.
    edges: Vec<usize>,
    bands: Vec<Band>,
}

struct Band {
    /// In Bark, and in Hz.
    place: f32,
    frequency: f32,
    inner_noise: f32,
    /// How far below the sound its mask lies.
    mask: f32,
}

/// What was found out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Noise {
    /// The mean over time of the noise over the mask in dB: below 0 it is hidden on the whole.
    pub(crate) to_mask: f32,
    /// How many of the frames have noise that stands out of the mask in some band.
    pub(crate) heard: f32,
}

impl Hearing {
    pub(crate) fn new(rate: u32) -> Self {
        let bin = rate as f32 / FRAME as f32;
        let bark = |frequency: f32| 7.0 * (frequency / 650.0).asinh();
        let highest = 18_000_f32.min(rate as f32 * 0.48);
        let audible = (0..FRAME / 2).filter(|&at| (80.0..highest).contains(&(at as f32 * bin)));
        let mut edges: Vec<usize> = Vec::new();
        for at in audible {
            let reached = |&edge: &usize| bark(at as f32 * bin) >= bark(edge as f32 * bin) + WIDTH;
            if edges.last().is_none_or(reached) {
                edges.push(at);
            }
        }
        let weight = |bin_number: usize| {
            let kilohertz = (bin_number as f32 * bin / 1000.0).max(0.01);
            let level = -0.6 * 3.64 * kilohertz.powf(-0.8)
                + 6.5 * (-0.6 * (kilohertz - 3.3).powi(2)).exp()
                - 0.001 * kilohertz.powf(3.6);
            power(level)
        };
        let bands = edges.windows(2).map(|edges| {
            let frequency = (edges[0] + edges[1]) as f32 / 2.0 * bin;
            let place = bark(frequency);
            Band {
                place,
                frequency,
                inner_noise: power(1.456 * (frequency / 1000.0).powf(-0.8)),
                mask: power(if place < 12.0 { 3.0 } else { 0.25 * place }),
            }
        });
        let angle = |at: usize| std::f32::consts::TAU * at as f32 / FRAME as f32;
        // A tone of full scale has a quarter of the squared length of the frame.
        let scale = (power(PLAYED_AT) * 16.0).sqrt() / FRAME as f32;
        Self {
            fft: FftPlanner::new().plan_fft_forward(FRAME),
            window: (0..FRAME).map(|at| scale * (0.5 - 0.5 * angle(at).cos())).collect(),
            weights: (0..=FRAME / 2).map(weight).collect(),
            bands: bands.collect(),
            edges,
        }
    }

    /// Compares one channel with what it was.
    pub(crate) fn noise(&self, expected: &[f32], found: &[f32]) -> Noise {
        let (mut sum, mut heard, mut count) = (0.0, 0, 0);
        for first in (0..expected.len().saturating_sub(FRAME)).step_by(HOP) {
            let (was, is) = (&expected[first..first + FRAME], &found[first..first + FRAME]);
            if was.iter().map(|sample| sample * sample).sum::<f32>() < 1e-6 * FRAME as f32 {
                continue;
            }
            let (was, is) = (self.spectrum(was), self.spectrum(is));
            let mask = self.mask(&self.powers(was.iter().map(|size| size * size)));
            let off = was.iter().zip(&is).map(|(was, is)| (was - is) * (was - is));
            let ratios: Vec<f32> =
                self.powers(off).iter().zip(mask).map(|(noise, mask)| noise / mask).collect();
            let mean = ratios.iter().sum::<f32>() / ratios.len() as f32;
            sum += 10.0 * mean.max(1e-10).log10();
            heard += u32::from(ratios.iter().any(|&ratio| ratio > power(1.5)));
            count += 1;
        }
        let count = count.max(1) as f32;
        Noise { to_mask: sum / count, heard: heard as f32 / count }
    }

    /// The sizes of a frame's bins, inside the ear.
    fn spectrum(&self, samples: &[f32]) -> Vec<f32> {
        let windowed = samples.iter().zip(&self.window);
        let mut bins: Vec<Complex<f32>> =
            windowed.map(|(sample, weight)| Complex::new(sample * weight, 0.0)).collect();
        self.fft.process(&mut bins);
        let weighted = bins.iter().zip(&self.weights);
        weighted.map(|(bin, weight)| (bin.norm_sqr() * weight).sqrt()).collect()
    }

    fn powers(&self, bins: impl Iterator<Item = f32>) -> Vec<f32> {
        let bins: Vec<f32> = bins.collect();
        self.edges.windows(2).map(|edges| bins[edges[0]..edges[1]].iter().sum()).collect()
    }

    /// What is hidden in each band.
    fn mask(&self, powers: &[f32]) -> Vec<f32> {
        let mut spread = vec![0.0; powers.len()];
        let mut whole = vec![0.0; powers.len()];
        for (band, (from, own)) in self.bands.iter().zip(powers).enumerate() {
            let with_noise = own + from.inner_noise;
            let level = 10.0 * with_noise.log10();
            for (power_there, level, spread) in
                [(with_noise, level, &mut spread), (1.0, 0.0, &mut whole)]
            {
                let up = -24.0 - 230.0 / from.frequency + 0.2 * level;
                let slope = |other: usize| {
                    let distance = self.bands[other].place - from.place;
                    power(distance * if distance < 0.0 { 27.0 } else { up })
                };
                let near = band.saturating_sub(16)..(band + 60).min(powers.len());
                let all: f32 = near.clone().map(slope).sum();
                for other in near {
                    spread[other] += (power_there * slope(other) / all).powf(0.4);
                }
            }
        }
        let bands = spread.iter().zip(&whole).zip(&self.bands);
        bands.map(|((spread, whole), band)| (spread / whole).powf(2.5) / band.mask).collect()
    }
}

/// A level in dB as a power.
fn power(level: f32) -> f32 {
    10_f32.powf(level / 10.0)
}
