//! Counterpoint for a Small Room: quarter circles, discs and bars on a grid, no two neighbours alike.

use super::canvas::{Canvas, Colour, float, length, rectangle, rgb};
use crate::dsp::Noise;

const GRID: usize = 5;
const CELL: f32 = 136.0;
const EDGE: f32 = 60.0;
const PALETTE: [u32; 6] = [0xe4_572e, 0x17_3f5f, 0xf3_a712, 0x2a_9d8f, 0xf2_e3c9, 0x8d_2f4b];

pub(super) fn draw() -> Canvas {
    let paper = rgb(0xf7_f0e3);
    let mut canvas = Canvas::new(|_, _| paper);
    let mut noise = Noise::new(22);
    let mut above = [0; GRID];
    let mut beside = 0;
    for cell in 0..GRID * GRID {
        let (column, row) = (cell % GRID, cell / GRID);
        let mut ground = pick(&mut noise);
        while ground == above[column] || (column > 0 && ground == beside) {
            ground = pick(&mut noise);
        }
        (above[column], beside) = (ground, ground);
        let mut figure = pick(&mut noise);
        while figure == ground {
            figure = pick(&mut noise);
        }
        let mut accent = pick(&mut noise);
        while accent == ground || accent == figure {
            accent = pick(&mut noise);
        }
        let centre = (EDGE + CELL * (float(column) + 0.5), EDGE + CELL * (float(row) + 0.5));
        let colours = [ground, figure, accent].map(|index| rgb(PALETTE[index]));
        tile(&mut canvas, centre, colours, &mut noise);
    }
    canvas.grain(5, 0.022);
    canvas
}

fn pick(noise: &mut Noise) -> usize {
    (0..PALETTE.len()).nth(usize::from(noise.bits().to_be_bytes()[0]) % PALETTE.len()).unwrap_or(0)
}

fn tile(
    canvas: &mut Canvas,
    centre: (f32, f32),
    [ground, figure, accent]: [Colour; 3],
    noise: &mut Noise,
) {
    let half = CELL / 2.0;
    canvas.shape(centre, half, ground, |_, _| -1.0);
    let [kind, turn, ..] = noise.bits().to_be_bytes();
    let (right, down) = (f32::from(turn & 1) * 2.0 - 1.0, f32::from(turn >> 1 & 1) * 2.0 - 1.0);
    let corner = move |x: f32, y: f32| length(x + right * half, y + down * half);
    match kind % 6 {
        0 => {
            canvas.shape(centre, half, figure, move |x, y| corner(x, y) - CELL);
            canvas.shape(centre, half, accent, move |x, y| corner(x, y) - half);
        }
        1 => {
            for (radius, colour) in [(1.0, figure), (0.75, ground), (0.5, accent), (0.25, ground)] {
                canvas.shape(centre, half, colour, move |x, y| corner(x, y) - CELL * radius);
            }
        }
        2 => {
            canvas.shape(centre, half, figure, |x, y| length(x, y) - half * 0.78);
            canvas.shape(centre, half, accent, move |x, y| {
                (length(x, y) - half * 0.78).max(x * right)
            });
        }
        3 => {
            for bar in 0..4 {
                let place = (float(bar) - 1.5) * CELL / 4.0;
                let colour = if bar % 2 == 0 { figure } else { accent };
                canvas.shape(centre, half, colour, move |x, y| {
                    let across = if right > 0.0 { x } else { y };
                    (across - place).abs() - CELL / 11.0
                });
            }
        }
        4 => {
            canvas.shape(centre, half, figure, move |x, y| x * right + y * down);
            canvas.shape(centre, half, accent, |x, y| length(x, y) - half * 0.36);
        }
        _ => {
            for dot in 0..9 {
                let place = (float(dot % 3) - 1.0, float(dot / 3) - 1.0);
                let colour = if dot % 2 == 0 { figure } else { accent };
                let middle = (centre.0 + place.0 * CELL / 3.2, centre.1 + place.1 * CELL / 3.2);
                canvas.shape(middle, 24.0, colour, |x, y| {
                    if dot % 2 == 0 {
                        length(x, y) - 15.0
                    } else {
                        rectangle(x, y, 13.0, 13.0, 3.0)
                    }
                });
            }
        }
    }
}
