//! How much each number of what tracks sound like says in this library.

use hexachord_contracts::catalog::Features;

use crate::knowledge::Library;

/// How much the groups of [`Features`] count: timbre, rhythm, harmony.
const SHARES: [f32; 3] = [0.5, 0.3, 0.2];
/// Numbers of music differ at least by so much: a library of one song says nothing of what differs.
const LEAST_VARIANCE: f64 = 100.0;

/// What a squared difference of each number counts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Weights(Vec<f32>);

impl Weights {
    /// Of a number that differs much between the tracks a difference says little.
    pub(crate) fn of(library: &Library) -> Self {
        let heard = || library.slots().filter_map(|slot| library.features(slot));
        let mut sums = vec![(0_i64, 0_i64); Features::LENGTHS.iter().sum()];
        for numbers in heard() {
            for ((sum, squares), number) in sums.iter_mut().zip(numbers) {
                let number = i64::from(*number);
                // Whole numbers: the sum does not depend on the order in which tracks became known.
                *sum += number;
                *squares += number * number;
            }
        }
        let shares = Features::LENGTHS.into_iter().zip(SHARES);
        let shares =
            shares.flat_map(|(length, share)| std::iter::repeat_n((length, share), length));
        let weight = |((length, share), sums): ((usize, f32), &(i64, i64))| {
            weight(share, length, variance(*sums, library.heard()))
        };
        Self(shares.zip(&sums).map(weight).collect())
    }

    /// Squared; two tracks that were drawn at random are 2 apart in the mean.
    pub(crate) fn distance(&self, one: &[f32], other: &[i16]) -> f32 {
        let squares = self.0.iter().zip(one).zip(other).map(|((weight, one), other)| {
            let difference = one - f32::from(*other);
            weight * difference * difference
        });
        squares.sum()
    }
}

#[expect(clippy::cast_precision_loss, reason = "fractions do not count")]
fn variance((sum, squares): (i64, i64), count: usize) -> f64 {
    let count = count.max(1) as f64;
    let mean = sum as f64 / count;
    squares as f64 / count - mean * mean
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "a weight need not be exact"
)]
fn weight(share: f32, length: usize, variance: f64) -> f32 {
    share / length as f32 / variance.max(LEAST_VARIANCE) as f32
}
