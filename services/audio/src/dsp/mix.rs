//! Fewer channels out of many (ITU-R BS.775): surround is 3 dB quieter, low frequencies are left out.

use std::f32::consts::FRAC_1_SQRT_2;

use crate::layout::{
    BACK_LEFT, BACK_RIGHT, FRONT_CENTRE, FRONT_LEFT, FRONT_RIGHT, LOW_FREQUENCIES, Layout,
    SIDE_LEFT, SIDE_RIGHT,
};

/// Mixes frames of one layout down (or mono up) to stereo or mono.
pub(crate) struct Mixer {
    channels: usize,
    /// A row of weights for each channel that comes out.
    rows: Vec<Vec<f32>>,
}

impl Mixer {
    /// A mixer to mono where `mono`, else to stereo. What comes out is never louder than full scale
    /// when what goes in is not.
    pub(crate) fn new(from: Layout, mono: bool) -> Self {
        let places = (0..32).map(|bit| 1 << bit).filter(|place| from.mask() & place != 0);
        let (left, right): (Vec<f32>, Vec<f32>) = places.map(weights).unzip();
        let mut rows = if from == Layout::MONO && !mono {
            vec![vec![1.0], vec![1.0]]
        } else if mono {
            vec![left.iter().zip(&right).map(|(left, right)| left + right).collect()]
        } else {
            vec![left, right]
        };
        let loudest = rows.iter().map(|row| row.iter().sum()).fold(1.0, f32::max);
        rows.iter_mut().flatten().for_each(|weight| *weight /= loudest);
        Self { channels: from.channels(), rows }
    }

    /// Appends the mix of whole frames.
    pub(crate) fn mix(&self, frames: &[f32], out: &mut Vec<f32>) {
        for frame in frames.chunks_exact(self.channels) {
            let sum = |row: &Vec<f32>| {
                row.iter().zip(frame).map(|(weight, one)| weight * one).sum::<f32>()
            };
            out.extend(self.rows.iter().map(sum));
        }
    }
}

/// How much of a place goes to the left and to the right.
const fn weights(place: u32) -> (f32, f32) {
    match place {
        FRONT_LEFT => (1.0, 0.0),
        FRONT_RIGHT => (0.0, 1.0),
        FRONT_CENTRE => (FRAC_1_SQRT_2, FRAC_1_SQRT_2),
        BACK_LEFT | SIDE_LEFT => (FRAC_1_SQRT_2, 0.0),
        BACK_RIGHT | SIDE_RIGHT => (0.0, FRAC_1_SQRT_2),
        LOW_FREQUENCIES => (0.0, 0.0),
        // The centre at the back, heights and wides.
        _ => (0.5, 0.5),
    }
}
