//! Two channels as they are, or as what they have in common and how they differ: whatever takes
//! fewer bits for the same noise.

use std::f32::consts::FRAC_1_SQRT_2;

use super::block::Block;
use super::format::{Bands, MOST_BANDS};
use super::psycho::Masks;

/// About how many bits the lines of a band take with so much noise.
fn bits(energy: f32, noise: f32, lines: usize) -> f32 {
    if energy > noise {
        lines as f32 * 0.5 * (energy / noise.max(f32::MIN_POSITIVE)).log2()
    } else {
        0.0
    }
}

/// The middle and the side of a granule, before it is decided whether they are coded.
pub(super) struct MidSide {
    energies: [[f32; MOST_BANDS]; 2],
    masks: [Masks; 2],
}

impl MidSide {
    /// `pair` is a granule of both channels.
    pub(super) fn new(pair: &[Block], bands: &Bands) -> Self {
        let mut found = Self { energies: [[0.0; MOST_BANDS]; 2], masks: [[0.0; MOST_BANDS]; 2] };
        let (left, right) = (&pair[0], &pair[1]);
        for band in 0..bands.count() {
            let lines = bands.lines(band);
            let (mut middle, mut side) = (0.0, 0.0);
            for (left, right) in left.lines[lines.clone()].iter().zip(&right.lines[lines]) {
                middle += (left + right) * (left + right);
                side += (left - right) * (left - right);
            }
            let energies = [middle / 2.0, side / 2.0];
            // Each channel gets half of the noise of both: neither may get more than it hides. What
            // the one leaves, for there is less in it, the other may have.
            let mask = left.masks[band].min(right.masks[band]);
            for (one, other) in [(0, 1), (1, 0)] {
                found.energies[one][band] = energies[one];
                found.masks[one][band] = 2.0 * mask - energies[other].min(mask);
            }
        }
        found
    }

    /// How many bits less it takes than the channels as they are.
    pub(super) fn gain(&self, pair: &[Block], bands: &Bands, louder: f32) -> f32 {
        (0..bands.count())
            .map(|band| {
                let lines = bands.lines(band).len();
                let both = |energies: [f32; 2], masks: [f32; 2]| {
                    bits(energies[0], masks[0] * louder, lines)
                        + bits(energies[1], masks[1] * louder, lines)
                };
                let (left, right) = (&pair[0], &pair[1]);
                let plain = both(
                    [left.energies[band], right.energies[band]],
                    [left.masks[band], right.masks[band]],
                );
                let [middle, side] = &self.energies;
                let [middle_mask, side_mask] = &self.masks;
                plain - both([middle[band], side[band]], [middle_mask[band], side_mask[band]])
            })
            .sum()
    }

    /// Puts the middle into the first channel's place, and the side into the second's.
    pub(super) fn replace(&self, pair: &mut [Block]) {
        let (left, right) = pair.split_at_mut(1);
        let (left, right) = (&mut left[0], &mut right[0]);
        for (left, right) in left.lines.iter_mut().zip(&mut right.lines) {
            (*left, *right) = ((*left + *right) * FRAC_1_SQRT_2, (*left - *right) * FRAC_1_SQRT_2);
        }
        for ((block, energies), masks) in
            [left, right].into_iter().zip(&self.energies).zip(&self.masks)
        {
            block.energies = *energies;
            block.masks = *masks;
        }
    }
}
