//! Rhythm: where sounds begin, and at which tempos that repeats.

use super::{
    spectrum::{BANDS, Spectrum},
    statistics::Statistics,
};

/// Borders of the ranges of tempo, in beats a minute: ten ranges, each a quarter wider than the one before.
const SLOWEST: f64 = 30.0;
const FASTEST: f64 = 280.0;
const RANGES: u32 = 10;
/// So much of a track is enough to tell, in seconds; a day of waves is not kept.
const LONGEST: f32 = 1_200.0;
/// Frames that may hold the silence before them, or differ from one that does.
const AFTER_SILENCE: usize = 2;

pub(super) struct Rhythm {
    frames_a_second: f32,
    before: Option<[f32; BANDS]>,
    /// Frames since silence.
    sounding: usize,
    /// By frame from the first sound on: how much louder the bands got, in the mean.
    onsets: Vec<f32>,
    /// Up to the last sound.
    end: usize,
    most: usize,
}

impl Rhythm {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "some hundred frames a second at most"
    )]
    pub(super) const fn new(frames_a_second: f32) -> Self {
        let most = (LONGEST * frames_a_second) as usize;
        Self { frames_a_second, before: None, sounding: 0, onsets: Vec::new(), end: 0, most }
    }

    #[expect(clippy::cast_precision_loss, reason = "some bands")]
    pub(super) fn add(&mut self, spectrum: &Spectrum<'_>) {
        let is_silent = spectrum.is_silent();
        if self.onsets.len() == self.most || (is_silent && self.onsets.is_empty()) {
            return;
        }
        self.sounding = if is_silent { 0 } else { self.sounding + 1 };
        let now = *spectrum.bands;
        let before = self.before.replace(now);
        // What begins after silence is no beat, and would be louder than all of them.
        let onset = before.filter(|_| self.sounding > AFTER_SILENCE).map_or(0.0, |before| {
            let louder = now.iter().zip(before).map(|(now, before)| (now - before).max(0.0));
            louder.sum::<f32>() / BANDS as f32
        });
        self.onsets.push(onset);
        if !is_silent {
            self.end = self.onsets.len();
        }
    }

    fn heard(&self) -> &[f32] {
        &self.onsets[..self.end]
    }

    pub(super) fn read(&self) -> Vec<f64> {
        let mut statistics = Statistics::default();
        self.heard().iter().for_each(|onset| statistics.add((*onset).into()));
        let (mean, deviation) = (statistics.mean(), statistics.deviation());
        let unevenness = deviation / mean.max(1e-3);
        let strengths = (0..RANGES).map(|range| 10.0 * self.strength(range, mean));
        strengths.chain([10.0 * mean, unevenness.min(20.0)]).collect()
    }

    /// How much the onsets of a track repeat at a tempo of this range: 1 is exactly, 0 not at all.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "lags are below some hundred frames"
    )]
    fn strength(&self, range: u32, mean: f64) -> f64 {
        let border = |number: u32| {
            let exponent = f64::from(number) / f64::from(RANGES);
            SLOWEST * (FASTEST / SLOWEST).powf(exponent)
        };
        let lag = |tempo: f64| 60.0 * f64::from(self.frames_a_second) / tempo;
        let shortest = lag(border(range + 1)).ceil().max(1.0) as usize;
        let longest = lag(border(range)).ceil() as usize;
        let lags = shortest..longest.max(shortest + 1);
        lags.map(|lag| self.correlation(lag, mean)).fold(0.0, f64::max)
    }

    fn correlation(&self, lag: usize, mean: f64) -> f64 {
        let Some(later) = self.heard().get(lag..).filter(|later| later.len() > lag) else {
            return 0.0;
        };
        let around = |onset: &f32| f64::from(*onset) - mean;
        let (mut product, mut square) = (0.0, 0.0);
        for (now, later) in self.heard().iter().zip(later) {
            let (now, later) = (around(now), around(later));
            product += now * later;
            square += 0.5 * (now * now + later * later);
        }
        if square > 0.0 { product / square } else { 0.0 }
    }
}
