//! The Clockwork Cradle: a crescent among stars inside the pinned rings of a music box.

use super::canvas::{Canvas, along, float, length, rgb, wave};
use crate::dsp::Noise;

const MIDDLE: (f32, f32) = (400.0, 400.0);

pub(super) fn draw() -> Canvas {
    let night = [0x3d_4f7c, 0x2a_3763, 0x1a_2248, 0x11_1735].map(rgb);
    let mut canvas = Canvas::new(|x, y| along(&night, length(x - 400.0, y - 400.0) / 560.0));
    let mut noise = Noise::new(77);
    rings(&mut canvas, &mut noise);
    canvas.glow(MIDDLE, 260.0, rgb(0xff_e2a8), 0.5);
    canvas.shape(MIDDLE, 150.0, rgb(0xff_eac2), |x, y| {
        (length(x, y) - 128.0).max(112.0 - length(x - 52.0, y + 26.0))
    });
    for (x, y, size) in [(452.0, 362.0, 26.0), (496.0, 440.0, 15.0), (430.0, 448.0, 11.0)] {
        star(&mut canvas, (x, y), size);
    }
    canvas.grain(13, 0.016);
    canvas
}

/// Circles with pins on them, as on a music box's disc; outer ones are fainter.
fn rings(canvas: &mut Canvas, noise: &mut Noise) {
    let pins = [0xf6_c6a8, 0xe9_8f8f, 0xa7_c7e7, 0xff_e9b8].map(rgb);
    for ring in 0..8_usize {
        let radius = 190.0 + 44.0 * float(ring);
        let line = along(&[rgb(0x6c_7bb0), rgb(0x2b_3560)], float(ring) / 7.0);
        canvas.shape(MIDDLE, 400.0, line, |x, y| (length(x, y) - radius).abs() - 0.6);
        let slots = 24 + 6 * ring;
        for slot in 0..slots {
            let chance = noise.unit();
            if chance > 0.42 {
                continue;
            }
            let turns = float(slot) / float(slots) + 0.013 * float(ring);
            let centre = (400.0 + radius * wave(turns), 400.0 - radius * wave(turns + 0.25));
            let size = 4.0 + 14.0 * chance;
            let colour = pins[(slot + 3 * ring) % pins.len()];
            canvas.glow(centre, size * 3.4, colour, 0.35);
            canvas.shape(centre, size + 2.0, colour, |x, y| length(x, y) - size);
        }
    }
}

/// Four points, drawn in where the axes are far away.
fn star(canvas: &mut Canvas, centre: (f32, f32), size: f32) {
    canvas.glow(centre, size * 2.2, rgb(0xff_e2a8), 0.5);
    canvas.shape(centre, size + 1.0, rgb(0xff_f7e0), |x, y| {
        let root = x.abs().sqrt() + y.abs().sqrt();
        root * root - size
    });
}
