//! Lamps in the Harbour: paper lanterns over dark water, with their reflections.

use super::canvas::{Canvas, along, float, length, mix, rectangle, rgb, wave};
use crate::dsp::Noise;

const SHORE: f32 = 520.0;

/// Where each lantern hangs, and its size.
const LAMPS: [(f32, f32, f32); 9] = [
    (92.0, 236.0, 30.0),
    (196.0, 322.0, 42.0),
    (300.0, 178.0, 26.0),
    (400.0, 268.0, 58.0),
    (512.0, 148.0, 24.0),
    (596.0, 340.0, 40.0),
    (700.0, 224.0, 34.0),
    (120.0, 420.0, 22.0),
    (496.0, 410.0, 26.0),
];

pub(super) fn draw() -> Canvas {
    let sky = [0x0b_1430, 0x18_2a52, 0x3b_3a6b, 0x8a_4f6d, 0xd9_7f5b].map(rgb);
    let mut canvas = Canvas::new(|_, y| along(&sky, y / SHORE));
    stars(&mut canvas);
    hills(&mut canvas);
    for (x, y, size) in LAMPS {
        canvas.shape((x, y / 2.0), y / 2.0, rgb(0x1a_1c38), |across, _| across.abs() - 0.7);
        canvas.glow((x, y), size * 4.6, rgb(0xff_a040), 0.55);
        lamp(&mut canvas, x, y, size);
    }
    water(&mut canvas);
    canvas.grain(11, 0.018);
    canvas
}

fn stars(canvas: &mut Canvas) {
    let mut noise = Noise::new(4);
    for _ in 0..110 {
        let (x, y) = (noise.unit() * 800.0, noise.unit() * 300.0);
        let size = 0.5 + noise.unit();
        canvas.glow((x, y), 3.0 * size, rgb(0xff_f4d6), 0.9 * (1.0 - y / 330.0));
    }
}

fn hills(canvas: &mut Canvas) {
    for (base, height, phase, colour) in
        [(470.0, 46.0, 0.13, 0x3a_2f57), (498.0, 30.0, 0.61, 0x1d_1b3a)]
    {
        canvas.shape((400.0, 400.0), 400.0, rgb(colour), |x, y| {
            let swell = wave(x / 520.0 + phase) + 0.5 * wave(x / 210.0 + 2.3 * phase);
            base - height * swell - (y + 400.0)
        });
    }
}

fn lamp(canvas: &mut Canvas, x: f32, y: f32, size: f32) {
    let paper = rgb(0xff_c45a);
    canvas.shape((x, y), size * 1.5, paper, |across, up| length(across, up * 0.86) - size);
    canvas.glow((x, y + size * 0.2), size * 1.1, rgb(0xff_f0c0), 0.7);
    let rib = rgb(0xc9_6a2a);
    for fold in 0..5 {
        let place = (float(fold) - 2.0) * size * 0.36;
        canvas.shape((x, y), size * 1.2, rib, |across, up| {
            let bow = up - place - 0.06 * (size - across * across / size);
            (bow.abs() - 0.6).max(length(across, up * 0.86) - size + 1.0)
        });
    }
    for end in [-1.0, 1.0] {
        canvas.shape((x, y + end * size * 1.16), size, rgb(0x2a_1d33), |across, up| {
            rectangle(across, up, size * 0.4, size * 0.09, 2.0)
        });
    }
}

fn water(canvas: &mut Canvas) {
    let deep = rgb(0x07_0d24);
    canvas.shape((400.0, SHORE + 141.0), 400.0, rgb(0x14_1b3c), |_, y| -141.0 - y);
    canvas.each(|colour, _, y| {
        let down = ((y - SHORE) / (800.0 - SHORE)).max(0.0);
        mix(colour, deep, 0.85 * down)
    });
    let mut noise = Noise::new(9);
    for (x, y, size) in LAMPS {
        // Each lamp leaves a column of broken strokes that widens towards the viewer.
        for stroke in 0..34 {
            let far = float(stroke) / 34.0;
            let down = SHORE + 6.0 + 262.0 * far * (0.35 + 0.65 * y / 430.0);
            let wide = size * (0.35 + 0.75 * noise.unit()) * (1.0 - 0.5 * far);
            let aside = x + noise.signed() * size * (0.2 + 0.7 * far);
            let light = mix(rgb(0xff_c062), rgb(0x9a_4a4a), far);
            let shade = mix(light, deep, 0.15 + 0.6 * far);
            canvas.shape((aside, down), wide + 2.0, shade, |across, up| {
                rectangle(across, up, wide, 1.0 + 1.6 * far, 1.0)
            });
        }
    }
}
