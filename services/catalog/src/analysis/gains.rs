//! What to add to play everything equally loud: as tagged, or as measured.

use hexachord_contracts::{
    catalog::{AlbumLoudness, Loudness, ReplayGain},
    decibels::Decibels,
};

/// What everything is brought to, in LUFS: as tags are made (ReplayGain 2.0).
const REFERENCE: Decibels = Decibels(-1800);

/// Which gains go first, where both are known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum GainsFrom {
    #[default]
    Tags,
    Measured,
}

impl GainsFrom {
    /// A gain comes with its own peak; only where it has none, with the other's.
    pub(crate) fn choose(self, tagged: &ReplayGain, measured: &ReplayGain) -> ReplayGain {
        let (first, second) = match self {
            Self::Tags => (tagged, measured),
            Self::Measured => (measured, tagged),
        };
        let (track_gain, track_peak) =
            one((first.track_gain, first.track_peak), (second.track_gain, second.track_peak));
        let (album_gain, album_peak) =
            one((first.album_gain, first.album_peak), (second.album_gain, second.album_peak));
        ReplayGain { track_gain, album_gain, track_peak, album_peak }
    }
}

type GainAndPeak = (Option<Decibels>, Option<u32>);

fn one(first: GainAndPeak, second: GainAndPeak) -> GainAndPeak {
    let (best, other) = if first.0.is_some() { (first, second) } else { (second, first) };
    (best.0, best.1.or(other.1))
}

/// The gains that follow from what was measured.
pub(crate) fn measured_gains(track: Option<Loudness>, album: Option<AlbumLoudness>) -> ReplayGain {
    let gain = |integrated: Decibels| Decibels(REFERENCE.0 - integrated.0);
    ReplayGain {
        track_gain: track.map(|loudness| gain(loudness.integrated)),
        album_gain: album.map(|loudness| gain(loudness.integrated)),
        track_peak: track.map(|loudness| millionths(loudness.true_peak)),
        album_peak: album.map(|loudness| millionths(loudness.true_peak)),
    }
}

/// Of full scale, rounded up: nothing may clip because of it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is above zero, and what is too much becomes the most"
)]
fn millionths(peak: Decibels) -> u32 {
    (10_f64.powf(peak.db() / 20.0) * 1e6).ceil() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn db(db: f64) -> Decibels {
        Decibels::from_db(db).unwrap()
    }

    fn measured() -> ReplayGain {
        let loudness = Loudness { integrated: db(-12.5), range: db(3.0), true_peak: db(0.0) };
        let album = AlbumLoudness { integrated: db(-20.0), true_peak: db(-6.0) };
        measured_gains(Some(loudness), Some(album))
    }

    #[test]
    fn everything_is_brought_to_the_reference() {
        let gains = measured();
        assert_eq!((gains.track_gain, gains.album_gain), (Some(db(-5.5)), Some(db(2.0))));
        assert_eq!((gains.track_peak, gains.album_peak), (Some(1_000_000), Some(501_188)));
        assert_eq!(measured_gains(None, None), ReplayGain::default());
    }

    #[test]
    fn what_goes_first_has_gaps_filled_by_the_other() {
        let tagged = ReplayGain { track_gain: Some(db(-7.0)), ..ReplayGain::default() };
        let chosen = GainsFrom::Tags.choose(&tagged, &measured());
        assert_eq!((chosen.track_gain, chosen.track_peak), (Some(db(-7.0)), Some(1_000_000)));
        assert_eq!((chosen.album_gain, chosen.album_peak), (Some(db(2.0)), Some(501_188)));
        assert_eq!(GainsFrom::Measured.choose(&tagged, &measured()), measured());
        let with_peaks = ReplayGain { track_peak: Some(5), ..tagged };
        assert_eq!(GainsFrom::Tags.choose(&with_peaks, &measured()).track_peak, Some(5));
        let nothing = ReplayGain::default();
        assert_eq!(GainsFrom::Measured.choose(&with_peaks, &nothing), with_peaks);
        // The gain that is left is the measured one, and so is its peak.
        let only_peak = ReplayGain { track_peak: Some(5), ..nothing };
        assert_eq!(GainsFrom::Tags.choose(&only_peak, &measured()), measured());
    }
}
