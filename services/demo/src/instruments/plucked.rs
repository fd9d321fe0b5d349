//! Plucked strings after Karplus and Strong (1983): a burst of noise circulates in a delay line of
//! one period and loses its high partials on each way round. An all-pass filter tunes it (Jaffe and
//! Smith 1983).

use super::Note;
use crate::dsp::{Noise, RATE, decay, samples, single};

pub(super) struct Plucked {
    /// Seconds until a ringing note has fallen by 60 dB, at middle C.
    ring: f64,
    /// How much the loop smooths: 0 keeps every partial, 0.5 loses them soonest.
    damping: f32,
    /// How much of the burst's high partials is kept.
    brightness: f32,
    /// Where along the string it is plucked; the partials with a node there are missing.
    position: f64,
    /// Seconds that a note sounds on after it was held.
    release: f64,
}

pub(super) const GUITAR: Plucked =
    Plucked { ring: 3.5, damping: 0.32, brightness: 0.42, position: 0.17, release: 0.35 };
pub(super) const HARP: Plucked =
    Plucked { ring: 4.5, damping: 0.4, brightness: 0.3, position: 0.36, release: 1.1 };
pub(super) const KOTO: Plucked =
    Plucked { ring: 3.0, damping: 0.2, brightness: 0.65, position: 0.09, release: 1.4 };

impl Plucked {
    pub(super) fn sound(&self, note: &Note, noise: &mut Noise) -> Vec<f32> {
        // The smoothing filter delays by `damping` samples, the all-pass by 0.5 to 1.5.
        let period = RATE / note.hertz - f64::from(self.damping);
        let whole = (period - 0.5).floor();
        let fraction = period - whole;
        let tuning = single((1.0 - fraction) / (1.0 + fraction));
        let mut line = self.burst(samples(whole / RATE), note.strength, noise);

        let seconds = self.ring * (261.6 / note.hertz).sqrt().min(2.0);
        let loss = single(decay(-6.907_755 / (note.hertz * seconds)));
        let tail = samples(self.release);
        let mut sound = Vec::with_capacity(note.held + tail);
        let fade = single(decay(-6.9 / (self.release * RATE)));
        let (mut gain, mut place) = (1.0_f32, 0);
        let (mut before, mut passed_in, mut passed_out) = (0.0_f32, 0.0_f32, 0.0_f32);
        for index in 0..note.held + tail {
            let current = line[place];
            let smooth = loss * ((1.0 - self.damping) * current + self.damping * before);
            before = current;
            passed_out = tuning * (smooth - passed_out) + passed_in;
            passed_in = smooth;
            line[place] = passed_out;
            place = if place + 1 == line.len() { 0 } else { place + 1 };
            if index > note.held {
                gain *= fade;
            }
            sound.push(current * gain);
        }
        sound
    }

    /// The noise that the string starts with, of the same energy for every pitch.
    fn burst(&self, length: usize, strength: f32, noise: &mut Noise) -> Vec<f32> {
        let keep = (self.brightness * (0.5 + 0.5 * strength)).clamp(0.05, 1.0);
        let mut smooth = [0.0_f32; 2];
        let raw: Vec<f32> = (0..length)
            .map(|_| {
                smooth[0] += (noise.signed() - smooth[0]) * keep;
                smooth[1] += (smooth[0] - smooth[1]) * keep;
                smooth[1]
            })
            .collect();
        let period = f64::from(u32::try_from(length).unwrap_or(u32::MAX));
        let node = samples(period * self.position / RATE);
        let comb: Vec<f32> = (0..length)
            .map(|index| raw[index] - 0.9 * raw[(index + length - node.min(length)) % length])
            .collect();
        let energy: f32 = comb.iter().map(|sample| sample * sample).sum();
        let scale = 0.35 * strength * (single(period) / energy.max(1e-9)).sqrt();
        comb.iter().map(|sample| sample * scale).collect()
    }
}
