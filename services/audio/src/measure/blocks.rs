//! Loudness of many tracks together, from what was kept of each.

use serde::{Deserialize, Serialize};

/// Quieter blocks count as silence (ITU-R BS.1770-5, annex 1), in LUFS.
const SILENCE: f64 = -70.0;
/// Blocks so far below the mean are not counted, in LU.
const GATE: f64 = 10.0;
/// How many of the kept steps a LU has.
const STEPS: f64 = 10.0;

/// How often each loudness was met, in steps of 0.1 LU, over blocks of 0.4 s of which one begins every
/// 0.1 s: some hundred bytes a track.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blocks {
    /// Steps above -70 LUFS and how often, by step.
    counts: Vec<(u16, u32)>,
}

impl Blocks {
    /// Counts a block, in LUFS.
    pub(super) fn add(&mut self, loudness: f64) {
        let Some(step) = step(loudness) else { return };
        match self.counts.binary_search_by_key(&step, |(step, _)| *step) {
            Ok(place) => self.counts[place].1 = self.counts[place].1.saturating_add(1),
            Err(place) => self.counts.insert(place, (step, 1)),
        }
    }

    /// The integrated loudness of several tracks one behind the other (an album), in LUFS, as exact as
    /// 0.1 LU; `None` for silence. Blocks that would lie over two tracks are not counted.
    pub fn integrated(all: &[Self]) -> Option<f64> {
        let above = |gate: f64| {
            let counts = all.iter().flat_map(|blocks| &blocks.counts);
            let heard = counts.filter(move |(step, _)| loudness(*step) > gate);
            let (count, energy) = heard.fold((0.0, 0.0), |(count, energy), (step, times)| {
                let times = f64::from(*times);
                (count + times, energy + times * 10_f64.powf(loudness(*step) / 10.0))
            });
            (count > 0.0).then(|| 10.0 * (energy / count).log10())
        };
        above(above(SILENCE)? - GATE)
    }
}

/// The middle of a step.
fn loudness(step: u16) -> f64 {
    SILENCE + (f64::from(step) + 0.5) / STEPS
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is between 0 and what was compared"
)]
fn step(loudness: f64) -> Option<u16> {
    let step = ((loudness - SILENCE) * STEPS).floor();
    (step >= 0.0).then(|| step.min(f64::from(u16::MAX)) as u16)
}
