//! Spectra of short frames that lie half over each other, and their energy in mel bands.

use std::{f32::consts::TAU, ops::Range, sync::Arc};

use rustfft::{Fft, FftPlanner, num_complex::Complex};

/// Bands of a spectrum.
pub(super) const BANDS: usize = 32;
/// Frames that begin each second; each is as long as two. Long enough to tell notes apart, short enough
/// for beats, and whole samples at the usual rates, so that the rate of a file does not matter.
const FRAMES_A_SECOND: u32 = 50;
/// What is listened to, in Hz. Lossy files and old recordings have nothing above.
const LOWEST: f32 = 30.0;
const HIGHEST: f32 = 8_000.0;
/// Music has at least so many samples a second.
const SLOWEST: u32 = 4_000;
const FASTEST: u32 = 768_000;
/// A mean square of -70 dB below full scale.
const SILENCE: f32 = 1e-7;
/// What lies 60 dB below the loudest band is not heard beside it, whatever the loudness of the track.
const MASKED: f32 = 1e-6;
/// Of the loudest band of a frame without anything.
const NOTHING: f32 = 1e-20;

/// One frame.
pub(super) struct Spectrum<'a> {
    /// Natural logarithms of the energy of each band.
    pub(super) bands: &'a [f32; BANDS],
    /// Power of each bin up to 8 kHz.
    pub(super) power: &'a [f32],
    /// Hz a bin.
    pub(super) width: f32,
    mean_square: f32,
}

impl Spectrum<'_> {
    pub(super) fn is_silent(&self) -> bool {
        self.mean_square < SILENCE
    }
}

/// Makes spectra of samples.
pub(super) struct Analyser {
    rate: u32,
    fft: Arc<dyn Fft<f32>>,
    /// Hann.
    window: Vec<f32>,
    /// Of each band, from which bin on and what each weighs.
    triangles: Vec<(usize, Vec<f32>)>,
    /// Samples of frames that are not whole.
    waiting: Vec<f32>,
    buffer: Vec<Complex<f32>>,
    scratch: Vec<Complex<f32>>,
    power: Vec<f32>,
}

impl Analyser {
    /// For samples at `rate` Hz; `None` for rates that no music has.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "rates and sizes are small and positive"
    )]
    pub(super) fn new(rate: u32) -> Option<Self> {
        if !(SLOWEST..=FASTEST).contains(&rate) {
            return None;
        }
        let size = 2 * (rate / FRAMES_A_SECOND) as usize;
        let fft = FftPlanner::new().plan_fft_forward(size);
        let hann = |n: usize| 0.5 - 0.5 * (TAU * n as f32 / size as f32).cos();
        let width = rate as f32 / size as f32;
        let bins = ((HIGHEST / width) as usize + 1).min(size / 2);
        Some(Self {
            rate,
            scratch: vec![Complex::default(); fft.get_inplace_scratch_len()],
            fft,
            window: (0..size).map(hann).collect(),
            triangles: triangles(width, bins),
            waiting: Vec::with_capacity(2 * size),
            buffer: vec![Complex::default(); size],
            power: vec![0.0; bins],
        })
    }

    fn size(&self) -> usize {
        self.window.len()
    }

    /// Hz a bin.
    #[expect(clippy::cast_precision_loss, reason = "both are small")]
    pub(super) fn width(&self) -> f32 {
        self.rate as f32 / self.size() as f32
    }

    pub(super) fn bins(&self) -> usize {
        self.power.len()
    }

    pub(super) fn frames_a_second(&self) -> f32 {
        2.0 * self.width()
    }

    /// Takes samples, full scale at 1, and shows each frame that they complete.
    pub(super) fn add(
        &mut self,
        samples: impl Iterator<Item = f32>,
        mut show: impl FnMut(&Spectrum<'_>),
    ) {
        // What is no number would be all that is left in every sum.
        let number = |sample: f32| if sample.is_finite() { sample.clamp(-8.0, 8.0) } else { 0.0 };
        for sample in samples {
            self.waiting.push(number(sample));
            if self.waiting.len() == self.size() {
                self.show(&mut show);
                self.waiting.drain(..self.window.len() / 2);
            }
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a frame has some thousand samples")]
    fn show(&mut self, show: &mut impl FnMut(&Spectrum<'_>)) {
        let size = self.size() as f32;
        let mean_square = self.waiting.iter().map(|sample| sample * sample).sum::<f32>() / size;
        for ((bin, sample), weight) in self.buffer.iter_mut().zip(&self.waiting).zip(&self.window) {
            *bin = Complex::new(sample * weight, 0.0);
        }
        self.fft.process_with_scratch(&mut self.buffer, &mut self.scratch);
        // A sine of full scale has 1 in its bin: the window keeps half of it.
        let scale = (4.0 / size).powi(2);
        for (power, bin) in self.power.iter_mut().zip(&self.buffer) {
            *power = scale * bin.norm_sqr();
        }
        let mut bands = [0.0; BANDS];
        for (band, (from, weights)) in bands.iter_mut().zip(&self.triangles) {
            let bins = self.power[*from..].iter().zip(weights);
            *band = bins.map(|(power, weight)| power * weight).sum();
        }
        let floor = bands.iter().copied().fold(NOTHING, f32::max) * MASKED;
        let bands = bands.map(|energy: f32| energy.max(floor).ln());
        let width = self.width();
        show(&Spectrum { bands: &bands, power: &self.power, width, mean_square });
    }
}

/// Triangles at equal distances on the mel scale (O'Shaughnessy 1987), each as high as it weighs 1 in all.
#[expect(clippy::cast_precision_loss, reason = "some hundred bins")]
fn triangles(width: f32, bins: usize) -> Vec<(usize, Vec<f32>)> {
    let mel = |hertz: f32| 2595.0 * (1.0 + hertz / 700.0).log10();
    let hertz = |mel: f32| 700.0 * (10_f32.powf(mel / 2595.0) - 1.0);
    let step = (mel(HIGHEST) - mel(LOWEST)) / (BANDS + 1) as f32;
    let corner = |number: usize| hertz(mel(LOWEST) + step * number as f32);
    let triangle = |band: usize| {
        let (low, middle, high) = (corner(band), corner(band + 1), corner(band + 2));
        let height = |bin: usize| {
            let at = bin as f32 * width;
            ((at - low) / (middle - low)).min((high - at) / (high - middle)).max(0.0)
        };
        let range = covered(low, high, width, bins);
        let from = range.start;
        let mut weights: Vec<f32> = range.map(height).collect();
        let sum: f32 = weights.iter().sum();
        if sum > 0.0 {
            for weight in &mut weights {
                *weight /= sum;
            }
        } else if let Some(nearest) = weights.first_mut() {
            // A band between two bins.
            *nearest = 1.0;
        }
        (from, weights)
    };
    (0..BANDS).map(triangle).collect()
}

/// Bins between two frequencies: at least one, unless they are above all.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "frequencies are positive and below 8 kHz"
)]
fn covered(low: f32, high: f32, width: f32, bins: usize) -> Range<usize> {
    let from = ((low / width).round() as usize).min(bins);
    let to = ((high / width) as usize + 1).max(from + 1).min(bins);
    from..to
}
