//! A granule of one channel on its way from lines to bits.

use super::factors::{Factors, NONE};
use super::format::{Bands, Format, GRANULE, MOST_BANDS, Window};
use super::huffman::Coding;
use super::mdct::Spectrum;
use super::psycho::Masks;
use super::quantize::{COARSEST, finest, noise, power, quantize};
use crate::encode::flac::bits::Bits;

/// The most bits of one granule of a channel that its length can say.
pub(super) const MOST_BITS: u32 = 4095;

/// How many times more noise than is hidden leaves no choice but to let bands be all noise.
const TOO_LOUD: f32 = 16.0;

/// How much of what bands differ in that they hide is levelled out then: what is loud is kept from
/// drowning in noise, at the cost of what is faint.
const LEVELLED: f32 = 0.6;

/// Lines in the order in which they are coded, and how they are.
pub(super) struct Block {
    pub(super) window: Window,
    pub(super) lines: Spectrum,
    sizes: [f32; GRANULE],
    powers: [f32; GRANULE],
    /// Of each band: its power, its largest line, and the sum of the roots of its lines.
    pub(super) energies: [f32; MOST_BANDS],
    largest: [f32; MOST_BANDS],
    roots: [f32; MOST_BANDS],
    /// How far what a line of the band hides lies below the mean of all, in powers of two.
    depths: [f32; MOST_BANDS],
    /// The noise that each band hides.
    pub(super) masks: Masks,
    pub(super) factors: Factors,
    pub(super) coding: Coding,
    values: [u16; GRANULE],
}

impl Block {
    pub(super) fn new() -> Self {
        Self {
            window: Window::Long,
            lines: [0.0; GRANULE],
            sizes: [0.0; GRANULE],
            powers: [0.0; GRANULE],
            energies: [0.0; MOST_BANDS],
            largest: [0.0; MOST_BANDS],
            roots: [0.0; MOST_BANDS],
            depths: [0.0; MOST_BANDS],
            masks: [0.0; MOST_BANDS],
            factors: Factors::default(),
            coding: Coding::default(),
            values: [0; GRANULE],
        }
    }

    /// Takes lines by frequency, of three windows one after another where it is so.
    pub(super) fn fill(&mut self, spectrum: &Spectrum, window: Window, bands: &Bands) {
        self.window = window;
        if window == Window::Short {
            for band in 0..bands.count() {
                let first = bands.edges[band - band % 3] / 3 + band % 3 * (GRANULE / 3);
                let lines = bands.lines(band);
                let len = lines.len();
                self.lines[lines].copy_from_slice(&spectrum[first..first + len]);
            }
        } else {
            self.lines = *spectrum;
        }
        self.measure_energies(bands);
    }

    pub(super) fn measure_energies(&mut self, bands: &Bands) {
        for band in 0..bands.count() {
            self.energies[band] =
                self.lines[bands.lines(band)].iter().map(|line| line * line).sum();
        }
    }

    /// Prepares for [`Self::code`], after which the lines do not change any more.
    pub(super) fn prepare(&mut self, bands: &Bands) {
        for ((line, size), power_of) in self.lines.iter().zip(&mut self.sizes).zip(&mut self.powers)
        {
            *size = line.abs();
            *power_of = power(*size);
        }
        for band in 0..bands.count() {
            let sizes = &self.sizes[bands.lines(band)];
            self.largest[band] = sizes.iter().fold(0.0, |most, &size| size.max(most));
            self.roots[band] = sizes.iter().map(|size| size.sqrt()).sum();
        }
        self.measure_depths(bands);
    }

    fn measure_depths(&mut self, bands: &Bands) {
        let (mut sum, mut all) = (0.0, 0.0);
        for band in 0..bands.count() {
            let lines = bands.lines(band).len() as f32;
            let height = (self.masks[band] / lines).max(f32::MIN_POSITIVE).log2();
            self.depths[band] = -height;
            if self.energies[band] > self.masks[band] {
                sum += lines * height;
                all += lines;
            }
        }
        let mean = if all > 0.0 { sum / all } else { 0.0 };
        for depth in &mut self.depths[..bands.count()] {
            *depth += mean;
        }
    }

    /// Codes the lines with so many times the noise that is hidden, and finds out how many bits that
    /// takes. How `finer` steps may become is explained at [`Factors::new`].
    pub(super) fn code(&mut self, format: &Format, louder: f32, finer: i32) -> u32 {
        let bands = format.bands(self.window);
        let mut wanted = [NONE; MOST_BANDS];
        for (band, wanted) in wanted.iter_mut().enumerate().take(bands.count()) {
            *wanted = self.coarsest(bands, band, louder);
        }
        self.factors = Factors::new(format, bands, &wanted, finer);
        for (band, wanted) in wanted.iter().enumerate().take(bands.count()) {
            let lines = bands.lines(band);
            if *wanted == NONE {
                self.values[lines].fill(0);
            } else {
                let step = self.factors.step(bands, band);
                quantize(&self.powers[lines.clone()], step, &mut self.values[lines]);
            }
        }
        self.coding = Coding::best(&self.values, self.window, bands);
        self.bits()
    }

    pub(super) fn bits(&self) -> u32 {
        self.factors.bits + self.coding.bits
    }

    /// The coarsest step with no more noise than allowed.
    fn coarsest(&self, bands: &Bands, band: usize, louder: f32) -> i32 {
        let energy = self.energies[band];
        if energy <= self.masks[band] * louder.min(1.0) {
            return NONE;
        }
        let limit = energy * bands.most_noise[band] * (louder / TOO_LOUD).max(1.0);
        let levelled = LEVELLED * (louder.log2() / TOO_LOUD.log2()).clamp(0.0, 1.0);
        let allowed = self.masks[band] * louder * (levelled * self.depths[band]).exp2();
        let allowed = allowed.min(limit);
        if allowed >= energy || energy < 1e-20 {
            return NONE;
        }
        let lines = bands.lines(band);
        let (sizes, powers) = (&self.sizes[lines.clone()], &self.powers[lines]);
        let least = finest(self.largest[band]);
        // From the noise of even errors; coarse steps are not so simple.
        let guess = (allowed * 6.75 / self.roots[band]).log2() * (8.0 / 3.0);
        let mut step = (guess as i32).clamp(least, COARSEST);
        if noise(sizes, powers, step) <= allowed {
            while step < COARSEST && noise(sizes, powers, step + 1) <= allowed {
                step += 1;
            }
        } else {
            while step > least {
                step -= 1;
                if noise(sizes, powers, step) <= allowed {
                    break;
                }
            }
        }
        step
    }

    pub(super) fn write(&self, format: &Format, out: &mut Bits) {
        self.factors.write(format, format.bands(self.window), out);
        self.coding.write(&self.values, &self.lines, out);
    }
}
