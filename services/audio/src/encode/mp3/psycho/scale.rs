//! The ear's scale of frequencies: a spectrum's bins in parts of it, and parts in coded bands.

use super::{MOST_BANDS, Masks, decibels};

/// More than a spectrum has parts.
pub(super) const MOST_PARTS: usize = 96;
/// A part's width in Bark, where bins are not wider.
const WIDTH: f32 = 1.0 / 3.0;
/// The level of a sound of full scale, in dB above the faintest audible pressure.
const FULL_SCALE: f32 = 96.0;

const LOWEST_BELOW: f32 = 26.0;
const BELOW_A_BARK: f32 = 2.6;

/// Of a spectrum at one rate.
pub(super) struct Scale {
    /// Where each part begins, in bins, and the end.
    edges: Vec<usize>,
    /// How much of each other part each part hears, for each the first part that it hears.
    places: Vec<f32>,
    spreading: Vec<(usize, Vec<f32>)>,
    /// For each band, its share of some parts, from the first one on.
    bands: Vec<(usize, Vec<f32>)>,
    /// What cannot be heard at all, by bands.
    silence: Vec<f32>,
}

impl Scale {
    /// `band_edges` are those of the coded bands in lines, of which there are `lines` up to half the
    /// rate. `line` is the power of noise in a line over that in a bin.
    pub(super) fn new(
        rate: f32,
        len: usize,
        band_edges: &[usize],
        lines: usize,
        line: f32,
    ) -> Self {
        let bin_width = rate / len as f32;
        let frequency = |bin: usize| (bin as f32 - 0.5).max(0.0) * bin_width;
        let mut edges = vec![0];
        while edges[edges.len() - 1] < len / 2 {
            let first = edges[edges.len() - 1];
            let end = bark(frequency(first)) + WIDTH;
            let within = (first + 1..len / 2).take_while(|&bin| bark(frequency(bin)) < end).count();
            edges.push(first + within.max(1));
            if edges[edges.len() - 1] + 1 >= len / 2 {
                let last = edges.len() - 1;
                edges[last] = len / 2;
            }
        }
        let range = |part: usize| (frequency(edges[part]), frequency(edges[part + 1]));
        let parts = edges.len() - 1;
        let places: Vec<f32> =
            (0..parts).map(|part| bark(f32::midpoint(range(part).0, range(part).1))).collect();
        let spreading = places.iter().map(|&place| heard(place, &places)).collect();

        let line_width = rate / 2.0 / lines as f32;
        let mut bands = Vec::new();
        let mut silence = Vec::new();
        // Lines and bins have other widths: a band of white noise has this much of their powers.
        let per_hertz = line * bin_width / line_width;
        for edge in band_edges.windows(2) {
            let (low, high) = (edge[0] as f32 * line_width, edge[1] as f32 * line_width);
            let share = |part: usize| {
                let (begin, end) = range(part);
                let common = high.min(end) - low.max(begin);
                common.max(0.0) / (end - begin) * per_hertz
            };
            let all: Vec<f32> = (0..parts).map(share).collect();
            let first = all.iter().position(|&share| share > 0.0).unwrap_or(parts - 1);
            let count = all[first..].iter().take_while(|&&share| share > 0.0).count();
            bands.push((first, all[first..first + count].to_vec()));
            // A tone of full scale has a quarter of the squared sum of the window's weights.
            let full = 3.0 / 8.0 * (len * len) as f32 / 4.0 * per_hertz;
            let faintest = (0..=8)
                .map(|eighth| threshold(low + (high - low) * eighth as f32 / 8.0))
                .fold(f32::INFINITY, f32::min);
            silence.push(full * decibels(faintest - FULL_SCALE));
        }
        Self { edges, places, spreading, bands, silence }
    }

    /// How far below a sound, in dB, noise is hidden at least: at low frequencies it is heard as
    /// roughness.
    pub(super) fn least_below(&self, part: usize) -> f32 {
        LOWEST_BELOW - BELOW_A_BARK * self.places[part]
    }

    pub(super) fn parts(&self) -> usize {
        self.edges.len() - 1
    }

    /// Sums bins up by parts.
    pub(super) fn powers(&self, mut bins: impl Iterator<Item = f32>, out: &mut [f32; MOST_PARTS]) {
        for (edges, out) in self.edges.windows(2).zip(out) {
            *out = bins.by_ref().take(edges[1] - edges[0]).sum();
        }
    }

    /// What is heard at each part of all of them.
    pub(super) fn spread(&self, powers: &[f32; MOST_PARTS], out: &mut [f32; MOST_PARTS]) {
        for ((first, weights), out) in self.spreading.iter().zip(out) {
            let heard = weights.iter().zip(&powers[*first..]);
            *out = heard.map(|(weight, power)| weight * power).sum();
        }
    }

    /// What is hidden in each band, if that is hidden in parts; never less than what cannot be heard.
    pub(super) fn bands(&self, parts: &[f32; MOST_PARTS], out: &mut Masks) {
        debug_assert!(self.bands.len() <= MOST_BANDS);
        for (((first, shares), silence), out) in self.bands.iter().zip(&self.silence).zip(out) {
            let hidden = shares.iter().zip(&parts[*first..]).map(|(share, part)| share * part);
            *out = hidden.sum::<f32>().max(*silence);
        }
    }
}

/// The weights with which a place hears others, as far as they are not negligible; together one.
fn heard(place: f32, places: &[f32]) -> (usize, Vec<f32>) {
    let weight = |&other: &f32| {
        let distance = place - other + 0.474;
        let level = 15.81 + 7.5 * distance - 17.5 * (1.0 + distance * distance).sqrt();
        if level > -60.0 { decibels(level) } else { 0.0 }
    };
    let all: Vec<f32> = places.iter().map(weight).collect();
    let whole: f32 = all.iter().sum();
    let first = all.iter().position(|&weight| weight > 0.0).unwrap_or_default();
    let last = all.iter().rposition(|&weight| weight > 0.0).unwrap_or_default();
    (first, all[first..=last].iter().map(|weight| weight / whole).collect())
}

/// Zwicker's scale of critical bands.
fn bark(frequency: f32) -> f32 {
    let kilohertz = frequency / 1000.0;
    13.0 * (0.76 * kilohertz).atan() + 3.5 * (kilohertz / 7.5).powi(2).atan()
}

/// Terhardt's threshold of hearing in dB, less steep at high frequencies than his: young ears.
fn threshold(frequency: f32) -> f32 {
    let kilohertz = (frequency / 1000.0).max(0.02);
    3.64 * kilohertz.powf(-0.8) - 6.5 * (-0.6 * (kilohertz - 3.3).powi(2)).exp()
        + 0.000_6 * kilohertz.powi(4)
}
