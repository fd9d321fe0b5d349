//! How much noise each band hides, much as psychoacoustic model 2 of ISO 11172-3 (annex D) has it:
//! the powers of a spectrum, in thirds of a Bark, spread over their neighbours as the ear spreads
//! them (Schroeder's function), and less of it where they are tones, which hide less than noise.

mod scale;

use std::sync::Arc;

use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlanner};

use super::format::{Format, GRANULE, MOST_BANDS, Window};
use scale::Scale;

/// Samples of a long spectrum, and of each short one.
const LONG: usize = 1024;
const SHORT: usize = 256;
/// Where spectra lie: their middle is that of the window that is coded.
const MIDDLE: usize = 240;
/// Samples before a granule that are looked at.
pub(super) const BEFORE: usize = MIDDLE + LONG / 2;

/// In dB, how far below a tone, and below noise, is what they hide.
const TONE: f32 = 24.0;
const NOISE: f32 = 6.0;
/// The same for short spectra, in which tones cannot be told from noise.
const SUDDEN: f32 = 12.0;
/// What is hidden does not rise faster than so many times from granule to granule: the ear hears
/// what comes before a sound.
const RISE: f32 = 4.0;
/// But after silence something has to be hidden, too.
const LEAST_RISEN: f32 = 0.05;

/// The noise, in the power of lines, that each band hides.
pub(super) type Masks = [f32; MOST_BANDS];

/// The model of one or two channels.
pub(super) struct Model {
    long: Scale,
    short: Scale,
    long_fft: Arc<dyn Fft<f32>>,
    short_fft: Arc<dyn Fft<f32>>,
    long_window: Vec<f32>,
    short_window: Vec<f32>,
    buffer: Vec<Complex<f32>>,
    scratch: Vec<Complex<f32>>,
    channels: [Channel; 2],
    bands: usize,
}

/// What is remembered of a channel.
struct Channel {
    /// The two latest spectra: their phases as complex numbers of length one, and their lengths.
    before: [Vec<(Complex<f32>, f32)>; 2],
    spectrum: Vec<Complex<f32>>,
    masks: Vec<f32>,
}

impl Model {
    pub(super) fn new(format: &Format, noise_power: f32) -> Self {
        let mut planner = FftPlanner::new();
        let (long_fft, short_fft) =
            (planner.plan_fft_forward(LONG), planner.plan_fft_forward(SHORT));
        let scratch = long_fft.get_inplace_scratch_len().max(short_fft.get_inplace_scratch_len());
        let rate = format.sample_rate as f32;
        let bands = format.bands(Window::Long);
        // Of noise of power one: a line of the coded spectrum over a bin of ours.
        let (long_line, short_line) = (noise_power / 9.0, noise_power / 3.0);
        let bin = |len: usize| 3.0 / 8.0 * len as f32;
        let long = Scale::new(rate, LONG, &bands.edges, GRANULE, long_line / bin(LONG));
        let edges: Vec<usize> =
            format.bands(Window::Short).edges.iter().step_by(3).map(|edge| edge / 3).collect();
        let short = Scale::new(rate, SHORT, &edges, GRANULE / 3, short_line / bin(SHORT));
        let channel = || Channel {
            before: [
                vec![(Complex::default(), 0.0); LONG / 2],
                vec![(Complex::default(), 0.0); LONG / 2],
            ],
            spectrum: vec![Complex::default(); LONG / 2],
            masks: vec![f32::INFINITY; long.parts()],
        };
        Self {
            channels: [channel(), channel()],
            long_window: hann(LONG),
            short_window: hann(SHORT),
            buffer: vec![Complex::default(); LONG],
            scratch: vec![Complex::default(); scratch],
            bands: edges.len() - 1,
            long,
            short,
            long_fft,
            short_fft,
        }
    }

    /// What a granule hides; `samples` are each channel's, with [`BEFORE`] of them before the granule.
    pub(super) fn masks(&mut self, samples: &[&[f32]], window: Window, masks: &mut [Masks; 2]) {
        self.transform(samples, BEFORE - MIDDLE - LONG / 2, LONG);
        for (channel, masks) in self.channels.iter_mut().zip(masks.iter_mut()).take(samples.len()) {
            channel.long(&self.long, masks);
        }
        if window == Window::Short {
            for number in 0..3 {
                // 192 samples apart.
                let first = BEFORE - MIDDLE - SHORT / 2 + 192 * number - 192;
                self.transform(samples, first, SHORT);
                let channels = self.channels.iter_mut().zip(masks.iter_mut());
                for (channel, masks) in channels.take(samples.len()) {
                    let bins = &channel.spectrum[..SHORT / 2];
                    let mut powers = [0.0; scale::MOST_PARTS];
                    self.short.powers(bins.iter().map(Complex::norm_sqr), &mut powers);
                    let mut hidden = [0.0; scale::MOST_PARTS];
                    self.short.spread(&powers, &mut hidden);
                    let factor = decibels(-SUDDEN);
                    for hidden in &mut hidden {
                        *hidden *= factor;
                    }
                    let mut short = [0.0; MOST_BANDS];
                    self.short.bands(&hidden, &mut short);
                    for band in 0..self.bands {
                        masks[3 * band + number] = short[band];
                    }
                }
            }
        }
    }

    /// The spectra of `len` samples from `first` on, of both channels at once: one as the real, one as
    /// the imaginary part.
    fn transform(&mut self, samples: &[&[f32]], first: usize, len: usize) {
        let (fft, window) = if len == LONG {
            (&self.long_fft, &self.long_window)
        } else {
            (&self.short_fft, &self.short_window)
        };
        let left = &samples[0][first..first + len];
        let right = &samples[samples.len() - 1][first..first + len];
        let buffer = &mut self.buffer[..len];
        for (((out, window), left), right) in buffer.iter_mut().zip(window).zip(left).zip(right) {
            *out = Complex::new(left * window, right * window);
        }
        fft.process_with_scratch(buffer, &mut self.scratch);
        let [one, other] = &mut self.channels;
        for bin in 0..len / 2 {
            let (here, there) = (buffer[bin], buffer[(len - bin) % len].conj());
            one.spectrum[bin] = (here + there) * 0.5;
            let difference = (here - there) * 0.5;
            other.spectrum[bin] = Complex::new(difference.im, -difference.re);
        }
    }
}

impl Channel {
    fn long(&mut self, scale: &Scale, masks: &mut Masks) {
        // How far each bin is from what the two spectra before make expect: noise is far, tones near.
        let [before, earlier] = &mut self.before;
        let mut powers = [0.0; scale::MOST_PARTS];
        let mut chaos = [0.0; scale::MOST_PARTS];
        let mut uncertain = [0.0_f32; LONG / 2];
        let mut power = [0.0_f32; LONG / 2];
        for (bin, now) in self.spectrum.iter().enumerate() {
            let (phase, size) = before[bin];
            let (earlier_phase, earlier_size) = earlier[bin];
            let expected = phase * phase * earlier_phase.conj() * (2.0 * size - earlier_size);
            let now_size = now.norm_sqr().sqrt();
            let off = (now - expected).norm_sqr().sqrt();
            let whole = now_size + (2.0 * size - earlier_size).abs() + f32::MIN_POSITIVE;
            power[bin] = now_size * now_size;
            uncertain[bin] = power[bin] * (off / whole).min(1.0);
            earlier[bin] = (*now / (now_size + f32::MIN_POSITIVE), now_size);
        }
        self.before.swap(0, 1);
        scale.powers(power.into_iter(), &mut powers);
        scale.powers(uncertain.into_iter(), &mut chaos);
        let (mut hidden, mut spread_chaos) = ([0.0; scale::MOST_PARTS], [0.0; scale::MOST_PARTS]);
        scale.spread(&powers, &mut hidden);
        scale.spread(&chaos, &mut spread_chaos);
        for part in 0..scale.parts() {
            let chaos = spread_chaos[part] / (hidden[part] + f32::MIN_POSITIVE);
            // The standard's line between what is expected exactly and what is not at all.
            let tonality = (-0.299 - 0.43 * chaos.max(1e-4).ln()).clamp(0.0, 1.0);
            let below = (NOISE + tonality * (TONE - NOISE)).max(scale.least_below(part));
            let mask = hidden[part] * decibels(-below);
            hidden[part] = mask.min((RISE * self.masks[part]).max(LEAST_RISEN * mask));
            self.masks[part] = mask;
        }
        scale.bands(&hidden, masks);
    }
}

/// A power of ten's tenth as a factor of powers.
pub(super) fn decibels(level: f32) -> f32 {
    (level * (std::f32::consts::LOG2_10 / 10.0)).exp2()
}

fn hann(len: usize) -> Vec<f32> {
    let angle = |at: usize| std::f64::consts::TAU * (at as f64 + 0.5) / len as f64;
    (0..len).map(|at| (0.5 - 0.5 * angle(at).cos()) as f32).collect()
}
