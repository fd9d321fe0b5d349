//! Lines into integers: their size to the power of 3/4, in steps.

use std::sync::LazyLock;

use super::format::GRANULE;
use super::huffman::LARGEST;

/// What rounds: less than a half, for the distance of the values that are decoded grows.
const ROUND: f32 = 0.4054;
/// The smallest step, in quarters of a power of two.
const FINEST: i32 = -400;
/// The largest.
pub(super) const COARSEST: i32 = 120;

struct Tables {
    /// The sizes of steps.
    sizes: Vec<f32>,
    /// One over the sizes' power of 3/4.
    inverses: Vec<f32>,
    /// What each value is decoded as.
    decoded: Vec<f32>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let steps = || (FINEST..=COARSEST).map(f64::from);
    Tables {
        sizes: steps().map(|step| (step / 4.0).exp2() as f32).collect(),
        inverses: steps().map(|step| (-step * 3.0 / 16.0).exp2() as f32).collect(),
        decoded: (0..=LARGEST).map(|value| f64::from(value).powf(4.0 / 3.0) as f32).collect(),
    }
});

fn place(step: i32) -> usize {
    (step.clamp(FINEST, COARSEST) - FINEST) as usize
}

/// The smallest step with which a line of this size can be coded.
pub(super) fn finest(largest: f32) -> i32 {
    // `LARGEST` to the power of 4/3.
    ((largest / 165_140.0).log2() * 4.0).ceil().max(FINEST as f32) as i32
}

/// A line's size to the power of 3/4.
pub(super) fn power(size: f32) -> f32 {
    (size * size.sqrt()).sqrt()
}

/// Quantises lines, given by their powers.
pub(super) fn quantize(powers: &[f32], step: i32, out: &mut [u16]) {
    let inverse = TABLES.inverses[place(step)];
    for (power, out) in powers.iter().zip(out) {
        *out = ((power * inverse + ROUND) as i32).min(i32::from(LARGEST)) as u16;
    }
}

/// The power of the noise that quantising brings.
pub(super) fn noise(sizes: &[f32], powers: &[f32], step: i32) -> f32 {
    let tables = &*TABLES;
    let (inverse, step) = (tables.inverses[place(step)], tables.sizes[place(step)]);
    let mut values = [0_u16; GRANULE];
    let values = &mut values[..powers.len()];
    for (power, value) in powers.iter().zip(values.iter_mut()) {
        *value = ((power * inverse + ROUND) as i32).min(i32::from(LARGEST)) as u16;
    }
    let lines = sizes.iter().zip(values);
    lines
        .map(|(size, value)| {
            let off = size - tables.decoded[usize::from(*value)] * step;
            off * off
        })
        .sum()
}
