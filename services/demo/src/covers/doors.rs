//! Six Doors: two rows of arched doors, each of its own colour, one of them open and lit.

use super::canvas::{Canvas, Colour, float, length, mix, rectangle, rgb};

const DOORS: [(u32, u32); 6] = [
    (0x2f_6f8f, 0x1d_4a63),
    (0xc8_553d, 0x8f_3527),
    (0x3f_7d58, 0x28_563b),
    (0xe0_a030, 0xa8_7118),
    (0x6d_4c7d, 0x49_3056),
    (0xb5_6576, 0x7f_4150),
];
const OPEN: usize = 3;

pub(super) fn draw() -> Canvas {
    let (wall, shade) = (rgb(0xf1_e4cf), rgb(0xd9_c3a3));
    let mut canvas = Canvas::new(|x, y| mix(wall, shade, (x + y) / 1900.0));
    for (index, (face, panel)) in DOORS.into_iter().enumerate() {
        let centre = (162.0 + 238.0 * float(index % 3), 232.0 + 356.0 * float(index / 3));
        frame(&mut canvas, centre);
        if index == OPEN {
            open(&mut canvas, centre, rgb(face));
        } else {
            closed(&mut canvas, centre, rgb(face), rgb(panel));
        }
        let step = (centre.0, centre.1 + 148.0);
        canvas.shape(step, 120.0, rgb(0x9a_8468), |x, y| rectangle(x, y, 96.0, 9.0, 3.0));
        canvas.shape(step, 120.0, rgb(0xc9_b391), |x, y| rectangle(x, y + 5.0, 96.0, 4.0, 3.0));
    }
    canvas.grain(29, 0.026);
    canvas
}

/// The signed distance to an arch: a rectangle with half a disc on top.
fn arch(x: f32, y: f32, half_width: f32, bottom: f32) -> f32 {
    let top = -50.0;
    let body = rectangle(x, y - f32::midpoint(bottom, top), half_width, (bottom - top) / 2.0, 0.0);
    body.min(length(x, y - top) - half_width)
}

fn frame(canvas: &mut Canvas, centre: (f32, f32)) {
    for (grow, colour) in [(16.0, 0xb9_9f7c), (12.0, 0xfb_f3e4), (3.0, 0x4a_3b30)] {
        canvas.shape(centre, 180.0, rgb(colour), |x, y| arch(x, y, 76.0 + grow, 140.0));
    }
}

fn closed(canvas: &mut Canvas, centre: (f32, f32), face: Colour, panel: Colour) {
    canvas.shape(centre, 160.0, face, |x, y| arch(x, y, 76.0, 140.0));
    // Rays in the arch, two pairs of panels, a knob.
    canvas.shape((centre.0, centre.1 - 50.0), 80.0, panel, |x, y| {
        let ring = (length(x, y) - 62.0).max(22.0 - length(x, y)).max(y + 8.0);
        let spoke = [(1.0_f32, 0.0_f32), (0.707, 0.707), (0.707, -0.707)]
            .iter()
            .map(|(across, up)| (x * across + y * up).abs())
            .fold(f32::MAX, f32::min);
        ring.max(4.0 - spoke)
    });
    for (side, top) in [(-1.0, -4.0), (1.0, -4.0), (-1.0, 84.0), (1.0, 84.0)] {
        let middle = (centre.0 + side * 34.0, centre.1 + top);
        canvas.shape(middle, 50.0, panel, |x, y| rectangle(x, y, 24.0, 36.0, 4.0));
        canvas.shape(middle, 50.0, mix(panel, face, 0.55), |x, y| rectangle(x, y, 18.0, 30.0, 3.0));
    }
    canvas
        .shape((centre.0 + 66.0, centre.1 + 40.0), 8.0, rgb(0xf6_d27a), |x, y| length(x, y) - 5.0);
}

fn open(canvas: &mut Canvas, centre: (f32, f32), face: Colour) {
    canvas.shape(centre, 160.0, rgb(0xff_e9a8), |x, y| arch(x, y, 76.0, 140.0));
    canvas.shape(centre, 160.0, rgb(0xff_f7dc), |x, y| arch(x, y - 18.0, 48.0, 122.0));
    // The leaf has swung inwards: its far edge is shorter.
    canvas.shape(centre, 160.0, face, |x, y| {
        let slant = (x + 76.0) * 0.34;
        arch(x, y, 76.0, 140.0).max(x + 30.0).max(-120.0 + slant - y).max(y - 140.0 + slant * 0.6)
    });
    canvas.glow((centre.0, centre.1 + 60.0), 210.0, rgb(0xff_d070), 0.32);
}
