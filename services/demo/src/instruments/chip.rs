//! The voices of an old game console: rectangles, a triangle, and noise for drums.

use super::Note;
use crate::dsp::{Envelope, Noise, RATE, decay, samples, sine, single};

/// A rectangle wave with the given duty cycle; its edges are rounded against aliasing (`PolyBLEP`).
pub(super) fn rectangle(note: &Note, duty: f32) -> Vec<f32> {
    let shape = Envelope { attack: 0.004, decay: 0.25, sustain: 0.6, release: 0.05 };
    let mut sound = vec![0.0_f32; shape.length(note.held)];
    let step = single(note.hertz / RATE);
    let mean = 2.0 * duty - 1.0;
    let mut phase = 0.0_f32;
    for sample in &mut sound {
        let plain = if phase < duty { 1.0 } else { -1.0 };
        let fallen = if phase < duty { phase - duty + 1.0 } else { phase - duty };
        *sample = 0.3 * note.strength * (plain - mean + corner(phase, step) - corner(fallen, step));
        phase = advance(phase, step);
    }
    shape.shape(&mut sound, note.held);
    sound
}

pub(super) fn triangle(note: &Note) -> Vec<f32> {
    let shape = Envelope { attack: 0.003, decay: 0.1, sustain: 0.9, release: 0.04 };
    let mut sound = vec![0.0_f32; shape.length(note.held)];
    let step = single(note.hertz / RATE);
    let mut phase = 0.25_f32;
    for sample in &mut sound {
        *sample = 0.7 * note.strength * (1.0 - 4.0 * (phase - 0.5).abs());
        phase = advance(phase, step);
    }
    shape.shape(&mut sound, note.held);
    sound
}

/// C is the kick, D the snare, anything else the hat.
pub(super) fn drum(note: &Note, noise: &mut Noise) -> Vec<f32> {
    match note.pitch % 12 {
        0 => kick(note.strength),
        2 => hiss(noise, 0.16, 0.45, 0.34 * note.strength),
        _ => hiss(noise, 0.045, 1.0, 0.07 * note.strength),
    }
}

/// A sine that falls from 170 Hz to 50 Hz.
fn kick(strength: f32) -> Vec<f32> {
    let (bend, fade) = (single(decay(-28.0 / RATE)), single(decay(-22.0 / RATE)));
    let (mut above, mut level, mut turns) = (120.0_f32, 0.8 * strength, 0.0_f32);
    (0..samples(0.3))
        .map(|_| {
            turns = advance(turns, (50.0 + above) / single(RATE));
            above *= bend;
            level *= fade;
            level * sine(turns)
        })
        .collect()
}

/// Noise that dies away within `seconds`; `keep` says how much of its high end is left.
fn hiss(noise: &mut Noise, seconds: f64, keep: f32, level: f32) -> Vec<f32> {
    let fade = single(decay(-6.9 / (seconds * RATE)));
    let (mut smooth, mut gain, mut before) = (0.0_f32, level, 0.0_f32);
    (0..samples(seconds * 1.2))
        .map(|_| {
            smooth += (noise.signed() - smooth) * keep;
            gain *= fade;
            let bright = smooth - 0.6 * before;
            before = smooth;
            gain * bright
        })
        .collect()
}

fn advance(phase: f32, step: f32) -> f32 {
    let next = phase + step;
    if next >= 1.0 { next - 1.0 } else { next }
}

/// The correction of a rising step at phase zero, for the two samples beside it.
fn corner(phase: f32, step: f32) -> f32 {
    if phase < step {
        let x = phase / step;
        x + x - x * x - 1.0
    } else if phase > 1.0 - step {
        let x = (phase - 1.0) / step;
        x * x + x + x + 1.0
    } else {
        0.0
    }
}
