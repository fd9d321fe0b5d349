//! How much is learned, and when.

use crate::als::Parameters;

#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Numbers a track is described by.
    pub factors: usize,
    /// How much long vectors cost; a third of it and three times as much are tried too.
    pub regularisation: f32,
    /// How much it says against a track that somebody did not hear it.
    pub alpha: f32,
    pub iterations: usize,
    pub seed: u64,
    /// Threads of a training.
    pub threads: usize,
    /// The factors are computed anew when this share of what is known of listeners has changed…
    pub retrain_share: f32,
    /// …or this many facts, if that is less; on large servers at least one in a hundred.
    pub retrain_changes: u64,
}

impl Default for Settings {
    fn default() -> Self {
        let Parameters { factors, regularisation, alpha, iterations, seed, threads } =
            Parameters::default();
        Self {
            factors,
            regularisation,
            alpha,
            iterations,
            seed,
            threads,
            retrain_share: 0.1,
            retrain_changes: 200,
        }
    }
}

impl Settings {
    pub(crate) fn parameters(&self) -> Parameters {
        Parameters {
            factors: self.factors.clamp(1, 512),
            regularisation: self.regularisation,
            alpha: self.alpha,
            iterations: self.iterations,
            seed: self.seed,
            threads: self.threads,
        }
    }

    /// So many changed facts are reason enough to train anew.
    pub(crate) fn enough_changes(&self, interactions: u64) -> u64 {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a rough share"
        )]
        let share = (interactions as f32 * self.retrain_share.max(0.0)) as u64;
        share.min(self.retrain_changes).max(interactions / 100).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_little_a_number_of_more_and_a_percent_of_much() {
        let settings = Settings::default();
        let enough = [0, 50, 1_000, 10_000, 1_000_000].map(|all| settings.enough_changes(all));
        assert_eq!(enough, [1, 5, 100, 200, 10_000]);
    }
}
