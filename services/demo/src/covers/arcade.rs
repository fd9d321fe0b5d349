//! Pocket Cartridge: a low sun, hills and small visitors, in large square pixels.

use super::canvas::{Canvas, Colour, float, length, rgb, wave};
use crate::dsp::Noise;

const PIXEL: f32 = 10.0;

pub(super) fn draw() -> Canvas {
    let sky = [0x1b_1145, 0x2d_1b69, 0x5b_2a86, 0xa2_3b8f, 0xe8_5d75, 0xff_9a5a].map(rgb);
    let mut canvas = Canvas::new(|x, y| scene(&sky, (x / PIXEL).floor(), (y / PIXEL).floor()));
    let mut noise = Noise::new(31);
    for _ in 0..46 {
        let place = |unit: f32, cells: f32| (unit * cells).floor() * PIXEL + PIXEL / 2.0;
        let (x, y) = (place(noise.unit(), 80.0), place(noise.unit(), 30.0));
        let shade = if noise.unit() > 0.6 { 0xff_f6d5 } else { 0x9d_7bd8 };
        square(&mut canvas, (x, y), rgb(shade));
    }
    for (column, row, colour) in
        [(7, 9, 0x6c_f5c2), (24, 15, 0xff_d166), (45, 8, 0x6c_f5c2), (63, 14, 0xff_7bac)]
    {
        visitor(&mut canvas, column, row, rgb(colour), &mut noise);
    }
    canvas
}

fn scene(sky: &[Colour], column: f32, row: f32) -> Colour {
    let hill = 56.0 - (5.0 * wave(column / 47.0 + 0.2) + 3.0 * wave(column / 19.0)).floor();
    if row >= hill + 9.0 {
        // The floor is a grid that runs towards the horizon.
        let depth = row - 55.0;
        let ray = ((column - 39.5) / depth * 2.2).rem_euclid(1.0) < 0.14;
        let line = [66.0, 68.0, 71.0, 75.0].contains(&row);
        return rgb(if ray || line { 0x35_e0d0 } else { 0x12_0b33 });
    }
    if row >= hill {
        return rgb(if row < hill + 1.0 { 0x7a_2f8f } else { 0x2a_1257 });
    }
    let from_sun = length(column - 39.5, row - 42.5);
    let slit = row > 40.0 && (row - 40.0).rem_euclid(4.0) < 1.0;
    if from_sun < 17.5 && !slit {
        let bands = [0xff_f3b0, 0xff_d95a, 0xff_b347, 0xff_7e6b].map(rgb);
        let band = ((row - 25.0) / 9.0).clamp(0.0, 3.0);
        return bands
            .iter()
            .enumerate()
            .rev()
            .find(|(index, _)| band >= float(*index))
            .map_or(bands[0], |(_, colour)| *colour);
    }
    let steps = (row / 58.0 * 5.99).max(0.0);
    let index = (0..sky.len()).rev().find(|&index| steps >= float(index)).unwrap_or(0);
    // Between two bands of the sky, every other pixel already has the next colour.
    let blend = steps - float(index) > 0.72 && (column + row).rem_euclid(2.0) < 1.0;
    sky[(index + usize::from(blend)).min(sky.len() - 1)]
}

/// A figure of eleven by eight pixels, mirrored, with eyes.
fn visitor(canvas: &mut Canvas, column: usize, row: usize, colour: Colour, noise: &mut Noise) {
    for y in 0..8_usize {
        for x in 0..6_usize {
            let body = (2..6).contains(&y) && x > 0;
            let edge = noise.unit() < 0.52;
            let eye = y == 3 && x == 3;
            if !eye && (body || edge) {
                for mirrored in [x, 10 - x] {
                    let place = (float(column + mirrored) + 0.5, float(row + y) + 0.5);
                    square(canvas, (place.0 * PIXEL, place.1 * PIXEL), colour);
                }
            }
        }
    }
}

fn square(canvas: &mut Canvas, centre: (f32, f32), colour: Colour) {
    canvas.shape(centre, PIXEL / 2.0, colour, |x, y| x.abs().max(y.abs()) - PIXEL / 2.0);
}
