//! Mean and spread of scores, so that scores of different kinds can be added.

/// Scores and their squares are summed as whole numbers of this size: their sum does not depend on
/// the order in which tracks became known, so the same facts give the same answer to the last bit.
const ONE: f64 = 1_073_741_824.0;
const ONE_SQUARE: f64 = 17_592_186_044_416.0;
/// Greater scores count as this, so that the sums of any library fit.
const GREATEST: f32 = 1_024.0;

#[derive(Debug, Default)]
pub(crate) struct Moments {
    count: u32,
    sum: i64,
    squares: u64,
}

/// Turns a score into how far it lies above the mean, in standard deviations.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standard {
    mean: f32,
    scale: f32,
}

impl Moments {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "they fit, a square is not below zero, and NaN is nothing"
    )]
    pub(crate) fn add(&mut self, score: f32) {
        let score = f64::from(score.clamp(-GREATEST, GREATEST));
        self.count += 1;
        self.sum = self.sum.saturating_add((score * ONE) as i64);
        self.squares = self.squares.saturating_add((score * score * ONE_SQUARE) as u64);
    }

    /// Scores that are all the same say nothing: they become zero.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "exact sums are rounded once"
    )]
    pub(crate) fn standard(&self) -> Standard {
        let count = f64::from(self.count.max(1));
        let mean = self.sum as f64 / ONE / count;
        let variance = self.squares as f64 / ONE_SQUARE / count - mean * mean;
        let deviation = variance.max(0.0).sqrt();
        let scale = if deviation > 1e-6 { 1.0 / deviation } else { 0.0 };
        Standard { mean: mean as f32, scale: scale as f32 }
    }

    /// As if one more score of zero had been added: the mean of few is not far from zero.
    #[expect(clippy::cast_precision_loss, reason = "an exact sum is rounded once")]
    pub(crate) fn cautious_mean(&self) -> f64 {
        self.sum as f64 / ONE / (f64::from(self.count) + 1.0)
    }
}

impl Standard {
    pub(crate) fn of(self, score: f32) -> f32 {
        (score - self.mean) * self.scale
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(scores: &[f32]) -> Moments {
        let mut moments = Moments::default();
        for score in scores {
            moments.add(*score);
        }
        moments
    }

    #[test]
    fn standard_scores_have_mean_zero_and_deviation_one() {
        let standard = moments(&[1.0, 2.0, 3.0, 4.0]).standard();
        assert!(standard.of(2.5).abs() < 1e-6);
        assert!((standard.of(4.0) - 1.5 / 1.25_f32.sqrt()).abs() < 1e-5);
    }

    #[test]
    fn a_mean_of_few_is_nearer_to_zero() {
        assert!((moments(&[2.0]).cautious_mean() - 1.0).abs() < 1e-6);
        assert!((moments(&[2.0; 9]).cautious_mean() - 1.8).abs() < 1e-6);
        assert!(moments(&[]).cautious_mean().abs() < 1e-6);
    }

    #[test]
    fn what_is_equal_or_no_number_says_nothing() {
        for scores in [&[][..], &[0.3, 0.3], &[f32::NAN, f32::NAN]] {
            assert!(moments(scores).standard().of(0.3).abs() < 1e-6, "{scores:?}");
        }
        let huge = moments(&[f32::MAX, f32::MIN, f32::INFINITY]);
        assert!(huge.standard().of(1.0).is_finite());
    }
}
