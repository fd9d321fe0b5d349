//! Finds where the sound begins suddenly: coded in one long window, the noise of coding would be
//! heard before it.

use super::format::GRANULE;

/// Samples whose power is compared.
const STEP: usize = 64;
/// Steps in a granule.
const STEPS: usize = GRANULE / STEP;
/// How many steps before one are taken for what was there before it: longer than the distance of
/// the pulses of a low voice.
const PAST: usize = 9;
/// Steps around the border of two granules that are heard through the short windows of the second,
/// those before the border first.
const EARLY: usize = 8;
const LATE: usize = 2;
/// So many times the power before is an attack.
const RATIO: f32 = 8.0;
/// What is more silent hides nothing and is heard by nobody.
const FAINTEST: f32 = 1e-7;

/// Samples after a granule that have to be known for it.
pub(super) const AHEAD: usize = LATE * STEP;

/// The powers of one channel's latest steps.
#[derive(Default)]
pub(super) struct Attacks {
    powers: [f32; PAST + EARLY + LATE],
}

impl Attacks {
    /// Takes the `GRANULE` samples that end [`AHEAD`] samples after a border, with one more before
    /// them. Whether an attack lies around the border.
    pub(super) fn push(&mut self, samples: &[f32]) -> bool {
        self.powers.rotate_left(STEPS);
        let first = self.powers.len() - STEPS;
        for (step, power) in self.powers[first..].iter_mut().enumerate() {
            let samples = &samples[step * STEP..][..=STEP];
            // High frequencies alone: those are what an attack brings.
            let change = samples.windows(2).map(|pair| pair[1] - pair[0]);
            *power = change.map(|change| change * change).sum();
        }
        (PAST..self.powers.len()).any(|at| {
            let before =
                self.powers[at - PAST..at].iter().fold(FAINTEST, |most, &one| one.max(most));
            self.powers[at] > RATIO * before
        })
    }
}
