//! Slow Weather: ranges of mountains that pale into the mist, under a soft sun.

use super::canvas::{Canvas, along, float, length, mix, rgb};
use crate::dsp::Noise;

const RANGES: usize = 7;
const POINTS: usize = 1024;

pub(super) fn draw() -> Canvas {
    let sky = [0x8f_b8c9, 0xb9_d0cf, 0xec_dccb, 0xf6_cfb2, 0xf0_b89a].map(rgb);
    let mut canvas = Canvas::new(|_, y| along(&sky, y / 520.0));
    let sun = (548.0, 236.0);
    canvas.glow(sun, 330.0, rgb(0xff_e8c8), 0.4);
    canvas.shape(sun, 90.0, rgb(0xff_f4e2), |x, y| length(x, y) - 74.0);
    let mut noise = Noise::new(58);
    for range in 0..RANGES {
        let near = float(range) / float(RANGES - 1);
        let ridge = ridge(&mut noise, 30.0 + 74.0 * near);
        let base = 330.0 + 350.0 * near * (0.55 + 0.45 * near);
        let rock = along(&[0xb8_b9bd, 0x82_98a8, 0x4b_6a82, 0x27_4458, 0x10_2433].map(rgb), near);
        let mist = mix(rock, rgb(0xf0_dccb), 0.55 - 0.35 * near);
        let height = |x: f32| {
            let place = x.clamp(0.0, 799.0) * float(POINTS - 1) / 800.0;
            at(&ridge, place) + base
        };
        canvas.each(|below, x, y| {
            let depth = y - height(x);
            let colour = mix(rock, mist, (depth / 150.0).clamp(0.0, 1.0));
            mix(below, colour, (depth + 0.5).clamp(0.0, 1.0))
        });
    }
    canvas.grain(17, 0.02);
    canvas
}

/// Heights by midpoint displacement: halves of halves move less and less.
fn ridge(noise: &mut Noise, height: f32) -> Vec<f32> {
    let mut points = vec![0.0_f32; POINTS + 1];
    points[0] = noise.signed() * height;
    points[POINTS] = noise.signed() * height;
    let (mut span, mut swing) = (POINTS, height);
    while span > 1 {
        for start in (0..POINTS).step_by(span) {
            let middle = f32::midpoint(points[start], points[start + span]);
            points[start + span / 2] = middle + noise.signed() * swing;
        }
        span /= 2;
        swing *= 0.5;
    }
    points
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped before")]
fn at(points: &[f32], place: f32) -> f32 {
    let index = place as usize;
    points[index] + (points[index + 1] - points[index]) * (place - float(index))
}
