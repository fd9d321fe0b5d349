//! A square of pixels in linear steps from 0 to 1, and the few ways of painting that covers need.
//! Shapes are given by their signed distance in pixels (negative inside), which smooths their edges.

use crate::dsp::{Noise, sine};

/// Pixels on each side.
pub(super) const SIZE: u32 = 800;

pub(super) type Colour = [f32; 3];

pub(super) struct Canvas {
    pixels: Vec<Colour>,
}

/// 0xRRGGBB as a colour.
pub(super) fn rgb(hex: u32) -> Colour {
    let [_, red, green, blue] = hex.to_be_bytes();
    [red, green, blue].map(|part| f32::from(part) / 255.0)
}

pub(super) fn mix(from: Colour, to: Colour, amount: f32) -> Colour {
    std::array::from_fn(|part| from[part] + (to[part] - from[part]) * amount)
}

/// The colour at `position` (0 to 1) along evenly spaced stops.
pub(super) fn along(stops: &[Colour], position: f32) -> Colour {
    let mut rest = position.clamp(0.0, 1.0) * float(stops.len() - 1);
    for pair in stops.windows(2) {
        if rest <= 1.0 {
            return mix(pair[0], pair[1], rest);
        }
        rest -= 1.0;
    }
    stops[stops.len() - 1]
}

#[expect(clippy::cast_precision_loss, reason = "counts of shapes and pixels are small")]
pub(super) fn float(count: usize) -> f32 {
    count as f32
}

/// sin(2π · `turns`) for turns of either sign.
pub(super) fn wave(turns: f32) -> f32 {
    sine(turns + 1024.0)
}

pub(super) fn length(x: f32, y: f32) -> f32 {
    (x * x + y * y).sqrt()
}

/// The signed distance to a rectangle with its middle at the origin and rounded corners.
pub(super) fn rectangle(x: f32, y: f32, half_width: f32, half_height: f32, round: f32) -> f32 {
    let (across, up) = (x.abs() - half_width + round, y.abs() - half_height + round);
    length(across.max(0.0), up.max(0.0)) + across.max(up).min(0.0) - round
}

impl Canvas {
    /// Colours every pixel by its place, in pixels from the upper left.
    pub(super) fn new(colour: impl Fn(f32, f32) -> Colour) -> Self {
        let side = 0..SIZE as usize;
        let pixels = side
            .clone()
            .flat_map(|y| side.clone().map(move |x| (x, y)))
            .map(|(x, y)| colour(float(x) + 0.5, float(y) + 0.5))
            .collect();
        Self { pixels }
    }

    /// Paints where `distance` is below zero, inside the box of `reach` pixels around `centre`.
    pub(super) fn shape(
        &mut self,
        centre: (f32, f32),
        reach: f32,
        colour: Colour,
        distance: impl Fn(f32, f32) -> f32,
    ) {
        self.within(centre, reach, |pixel, x, y| {
            *pixel = mix(*pixel, colour, (0.5 - distance(x, y)).clamp(0.0, 1.0));
        });
    }

    /// Adds light that falls off from `centre`, nothing beyond `reach` pixels.
    pub(super) fn glow(&mut self, centre: (f32, f32), reach: f32, colour: Colour, strength: f32) {
        self.within(centre, reach, |pixel, x, y| {
            let near = (1.0 - length(x, y) / reach).max(0.0);
            for (part, light) in pixel.iter_mut().zip(colour) {
                *part += light * strength * near * near * near;
            }
        });
    }

    /// Changes every pixel by its place.
    pub(super) fn each(&mut self, change: impl Fn(Colour, f32, f32) -> Colour) {
        let half = float(SIZE as usize) / 2.0;
        self.within((half, half), half + 1.0, |pixel, x, y| {
            *pixel = change(*pixel, x + half, y + half);
        });
    }

    /// Fine noise: it hides the steps of soft gradients and looks like paper.
    pub(super) fn grain(&mut self, seed: u64, strength: f32) {
        let mut noise = Noise::new(seed);
        for pixel in &mut self.pixels {
            let speck = noise.signed() * strength;
            *pixel = pixel.map(|part| part + speck);
        }
    }

    /// Eight bits each of red, green and blue, row by row.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to a byte's range before"
    )]
    pub(super) fn into_rgb(self) -> Vec<u8> {
        let byte = |part: f32| (part.clamp(0.0, 1.0) * 255.0 + 0.5) as u8;
        self.pixels.into_iter().flatten().map(byte).collect()
    }

    /// Visits the pixels of a box with their place relative to its middle.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to the canvas before"
    )]
    fn within(
        &mut self,
        (left, top): (f32, f32),
        reach: f32,
        mut paint: impl FnMut(&mut Colour, f32, f32),
    ) {
        let side = SIZE as usize;
        let clamp = |place: f32| place.clamp(0.0, float(side)) as usize;
        for y in clamp(top - reach)..clamp(top + reach + 1.0) {
            for x in clamp(left - reach)..clamp(left + reach + 1.0) {
                let place = (float(x) + 0.5 - left, float(y) + 0.5 - top);
                paint(&mut self.pixels[y * side + x], place.0, place.1);
            }
        }
    }
}
