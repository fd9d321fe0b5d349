//! From a score to 16-bit stereo: every note sounded, placed, put into a room, warmed, faded, levelled.

use super::arrange::arrange;
use super::dsp::{Noise, hertz, samples, single};
use super::instruments::Note;
use super::reverb;
use super::score::Score;

/// The loudest sample, relative to full scale: -1 dBFS.
const PEAK: f32 = 0.891;
/// Seconds after the last note, for its tail and the room's.
const TAIL: f64 = 2.4;
const FADE: f64 = 1.6;

/// The audio of a score: interleaved 16-bit little-endian samples, left first, at 44.1 kHz.
///
/// `seed` decides the small differences between equal notes; the same seed gives the same bytes.
pub(super) fn render(score: &Score, seed: u64) -> Vec<u8> {
    let (mut left, mut right) = mix(score, seed);
    reverb::apply(&mut left, &mut right, score.reverb);
    for channel in [&mut left, &mut right] {
        block_offset(channel);
        warm(channel);
        fade_out(channel);
    }
    quantise(&left, &right, &mut Noise::new(seed ^ 0xd17e))
}

fn mix(score: &Score, seed: u64) -> (Vec<f32>, Vec<f32>) {
    let (cues, end) = arrange(score);
    let length = samples(end + TAIL);
    let (mut left, mut right) = (vec![0.0_f32; length], vec![0.0_f32; length]);
    let mut noise = Noise::new(seed);
    for cue in &cues {
        let part = &score.parts[cue.part];
        // Nobody plays exactly on the beat or equally loud.
        let late = f64::from(noise.unit()) * 0.008;
        let note = Note {
            pitch: cue.pitch,
            hertz: hertz(cue.pitch),
            held: samples(cue.held * 0.97),
            strength: cue.strength * (0.94 + 0.06 * noise.unit()),
        };
        let sound = part.instrument.sound(&note, &mut noise);
        let above = single(f64::from(cue.pitch - 60));
        let pan = (part.pan + part.instrument.spread() * above).clamp(-0.9, 0.9);
        // Equal power: the squares of the two gains always add up to one.
        let (to_left, to_right) = ((0.5 - 0.5 * pan).sqrt(), (0.5 + 0.5 * pan).sqrt());
        let start = samples(cue.start + late).min(length);
        let places = left[start..].iter_mut().zip(&mut right[start..]);
        for ((left, right), sample) in places.zip(&sound) {
            *left += part.gain * to_left * sample;
            *right += part.gain * to_right * sample;
        }
    }
    (left, right)
}

/// A high-pass filter at about 14 Hz: plucked noise may have a mean.
fn block_offset(channel: &mut [f32]) {
    let (mut before, mut passed) = (0.0_f32, 0.0_f32);
    for sample in channel {
        passed = *sample - before + 0.998 * passed;
        before = *sample;
        *sample = passed;
    }
}

/// Two gentle low-pass filters, 6 dB down at 6 kHz: raw synthesis is harsher than wood and air, and
/// what it has up there would cost a seventh of the FLAC files.
fn warm(channel: &mut [f32]) {
    let (mut first, mut second) = (0.0_f32, 0.0_f32);
    for sample in channel {
        first += (*sample - first) * 0.55;
        second += (first - second) * 0.55;
        *sample = second;
    }
}

fn fade_out(channel: &mut [f32]) {
    let step = 1.0 / single(FADE * 44_100.0);
    channel.iter_mut().rev().take(samples(FADE)).fold(0.0_f32, |level, sample| {
        *sample *= level * level;
        level + step
    });
}

/// Levels to the peak and rounds with triangular dither of one step.
#[expect(clippy::cast_possible_truncation, reason = "the cast saturates at the 16-bit range")]
fn quantise(left: &[f32], right: &[f32], noise: &mut Noise) -> Vec<u8> {
    let loudest = left.iter().chain(right).fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
    let gain = 32_768.0 * PEAK / loudest.max(1e-6);
    let mut bytes = Vec::with_capacity(left.len() * 4);
    for sample in left.iter().zip(right).flat_map(|(left, right)| [left, right]) {
        let dither = noise.unit() - noise.unit();
        let level = sample * gain + dither;
        // The cast cuts towards zero and saturates.
        let rounded = (level + 0.5_f32.copysign(level)) as i16;
        bytes.extend_from_slice(&rounded.to_le_bytes());
    }
    bytes
}
