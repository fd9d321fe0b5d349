//! What music sounds like, in numbers: timbre, rhythm and harmony, whatever its loudness, its rate and
//! its tags. Tracks that sound alike have numbers that are close.

mod harmony;
mod rhythm;
mod spectrum;
mod statistics;
#[cfg(test)]
mod tests;
mod timbre;

use serde::{Deserialize, Serialize};

use super::{Finding, Meter};
use harmony::Harmony;
use rhythm::Rhythm;
use spectrum::Analyser;
use timbre::Timbre;

/// Shorter pieces say too little: frames that are not silent.
const FEWEST_FRAMES: u64 = 16;

/// Audio features of a track, each group in hundredths of its own units. Numbers of one group stand for
/// the same in every track.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Features {
    /// Means, deviations and movement of cepstral coefficients (Davis, Mermelstein 1980), and the shape of
    /// the spectrum: centroid, flatness, roll-off.
    pub timbre: Vec<i16>,
    /// How strong beats of ten ranges of tempo are, and how many onsets there are.
    pub rhythm: Vec<i16>,
    /// Which intervals sound together, whatever the key; how tonal it is; major or minor.
    pub harmony: Vec<i16>,
}

/// Hears a track for its features.
pub(super) struct Listener {
    /// How much each channel counts. Not all the same: what stands in two of them the other way round
    /// would not be heard.
    weights: Vec<f32>,
    /// Absent for rates that no music has.
    ears: Option<Ears>,
}

struct Ears {
    analyser: Analyser,
    timbre: Timbre,
    rhythm: Rhythm,
    harmony: Harmony,
    /// Frames that are not silent.
    heard: u64,
}

impl Listener {
    pub(super) fn new(channels: usize, rate: u32) -> Self {
        let weight = |channel: usize| if channel.is_multiple_of(2) { 5.0 } else { 3.0 };
        let weights: Vec<f32> = (0..channels).map(weight).collect();
        let sum: f32 = weights.iter().sum();
        let weights = weights.into_iter().map(|weight| weight / sum).collect();
        Self { weights, ears: Analyser::new(rate).map(Ears::new) }
    }
}

impl Meter for Listener {
    fn add(&mut self, frames: &[f32]) {
        let Self { weights, ears: Some(ears) } = self else { return };
        let mixed =
            |frame: &[f32]| frame.iter().zip(&*weights).map(|(one, weight)| one * weight).sum();
        ears.add(frames.chunks_exact(weights.len()).map(mixed));
    }

    fn finish(self: Box<Self>) -> Finding {
        Finding::Features(self.ears.and_then(|ears| ears.read()))
    }
}

impl Ears {
    fn new(analyser: Analyser) -> Self {
        let harmony = Harmony::new(&analyser);
        let rhythm = Rhythm::new(analyser.frames_a_second());
        Self { analyser, timbre: Timbre::new(), rhythm, harmony, heard: 0 }
    }

    fn add(&mut self, samples: impl Iterator<Item = f32>) {
        let Self { analyser, timbre, rhythm, harmony, heard } = self;
        analyser.add(samples, |spectrum| {
            rhythm.add(spectrum);
            if !spectrum.is_silent() {
                *heard += 1;
                timbre.add(spectrum);
                harmony.add(spectrum);
            }
        });
    }

    fn read(&self) -> Option<Features> {
        (self.heard >= FEWEST_FRAMES).then(|| Features {
            timbre: hundredths(self.timbre.read()),
            rhythm: hundredths(self.rhythm.read()),
            harmony: hundredths(self.harmony.read()),
        })
    }
}

#[expect(clippy::cast_possible_truncation, reason = "it is held in its range before")]
fn hundredths(values: Vec<f64>) -> Vec<i16> {
    let one = |value: f64| (value * 100.0).round().clamp(i16::MIN.into(), i16::MAX.into()) as i16;
    values.into_iter().map(one).collect()
}
