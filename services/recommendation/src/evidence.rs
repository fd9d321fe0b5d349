//! What listening says, in numbers: all of them are here.
//!
//! Of a track: ln(1 + plays), and more for a favourite and a good rating. A rating of one or two
//! stars is evidence against it, whatever was played. Plays never count as they are: the tenth one
//! says less than the second. Albums and artists that somebody loves or rates speak for their
//! tracks a little.

use hexachord_contracts::Timestamp;

use crate::store::AnnotationRow;

/// To love a track says as much as three or four plays of it.
const FAVOURITE: f32 = 1.5;
/// What an album or an artist that is liked as much as can be adds to the taste, however many
/// tracks it has.
pub(crate) const LIKED_ALBUM: f32 = 1.0;
pub(crate) const LIKED_ARTIST: f32 = 1.0;
/// With so many tracks that others hear too, the factors say as much as the content does.
const HALF_TRUSTED: f32 = 50.0;
/// The same for one track, by its listeners.
const HALF_TRUSTED_TRACK: f32 = 10.0;
/// A track that was just heard is passed over, and less so every day until this one.
const HEARD_LATELY_DAYS: f32 = 30.0;
/// How far down a track goes for having been played long ago, of the way from the best to the
/// last: most of what is recommended is new to the listener.
const PLAYED: f32 = 0.2;
const PLAYED_OFTEN: f32 = 0.05;
const MOST_FOR_PLAYED: f32 = 0.5;
/// Played so often, a track or an album is dear to somebody who says nothing else of it.
pub(crate) const DEAR_TRACK: u32 = 3;
pub(crate) const DEAR_ALBUM: u32 = 10;
/// What is dear is missed from then on…
const MISSED_DAYS: f32 = 60.0;
/// …and in so many days half as much as can be.
const HALF_MISSED_DAYS: f32 = 180.0;
const DAY_SECONDS: f32 = 24.0 * 60.0 * 60.0;

impl AnnotationRow {
    /// How much it says for the track (or, below zero, against it).
    pub(crate) fn evidence(&self) -> f32 {
        let rated = match self.rating {
            Some(1) => return -1.0,
            Some(2) => return -0.5,
            Some(3) => 0.25,
            Some(4) => 0.75,
            Some(_) => 1.5,
            None => 0.0,
        };
        let loved = if self.favourite { FAVOURITE } else { 0.0 };
        ln_one_and(self.plays) + loved + rated
    }

    /// One or two stars: never recommended.
    pub(crate) fn is_disliked(&self) -> bool {
        matches!(self.rating, Some(1 | 2))
    }

    /// Played so many times, loved or rated well.
    pub(crate) fn is_dear(&self, plays: u32) -> bool {
        let is_rated = self.rating.is_some_and(|stars| stars >= 4);
        !self.is_disliked() && (self.favourite || is_rated || self.plays >= plays)
    }

    /// How much it is missed, from 0 to 1; what was never played is missed half as much as can be.
    /// `None`: it was heard not long ago.
    pub(crate) fn missed(&self, now: Timestamp) -> Option<f32> {
        let Some(last) = self.last_played_at else { return Some(0.5) };
        let days = now.since(last).as_secs_f32() / DAY_SECONDS;
        (days >= MISSED_DAYS).then(|| 1.0 - (-days / HALF_MISSED_DAYS).exp2())
    }

    /// How much an album or an artist is liked, from -1 to 1. Its plays are those of its tracks.
    pub(crate) fn liking(&self) -> f32 {
        let rated = self.rating.map_or(0.0, |stars| (f32::from(stars.min(5)) - 3.0) / 2.0);
        let loved = if self.favourite { 1.0 } else { 0.0 };
        (rated + loved).clamp(-1.0, 1.0)
    }

    /// How far down it goes for having been heard, from 0 to 1 of the way.
    pub(crate) fn heard(&self, now: Timestamp) -> f32 {
        let lately = self.last_played_at.map_or(0.0, |last| {
            let days = now.since(last).as_secs_f32() / DAY_SECONDS;
            (1.0 - days / HEARD_LATELY_DAYS).max(0.0)
        });
        let often =
            if self.plays > 0 { PLAYED + PLAYED_OFTEN * ln_one_and(self.plays) } else { 0.0 };
        lately.max(often.min(MOST_FOR_PLAYED))
    }
}

/// The share of the factors in a recommendation to somebody of whose tracks `shared` are heard by
/// others too.
pub(crate) fn trust(shared: usize) -> f32 {
    share(shared, HALF_TRUSTED)
}

/// The share of the factors in what is like a track with so many listeners.
pub(crate) fn trust_track(listeners: u32) -> f32 {
    share(listeners as usize, HALF_TRUSTED_TRACK)
}

fn share(evidence: usize, half: f32) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "a number of tracks")]
    let evidence = evidence as f32;
    evidence / (evidence + half)
}

fn ln_one_and(plays: u32) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "a logarithm is taken")]
    let plays = plays as f32;
    plays.ln_1p()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const NOTHING: AnnotationRow = AnnotationRow::NOTHING;

    #[test]
    fn evidence_grows_slowly_with_plays_and_a_bad_rating_turns_it() {
        assert!(NOTHING.evidence().abs() < 1e-6);
        let played = |plays| AnnotationRow { plays, ..NOTHING }.evidence();
        assert!(played(2) - played(1) > played(11) - played(10));
        let loved = AnnotationRow { favourite: true, ..NOTHING };
        assert!(loved.evidence() > played(3));
        let bad = AnnotationRow { plays: 1000, favourite: true, rating: Some(2), ..NOTHING };
        assert!(bad.evidence() < 0.0 && bad.is_disliked());
    }

    #[test]
    fn what_was_heard_comes_back_with_time() {
        let now = Timestamp::from_millis(1_800_000_000_000);
        let day = Duration::from_hours(24);
        let heard = |days: u32, plays| {
            let last = Timestamp::from_millis(now.as_millis() - 1000 * 86_400 * i64::from(days));
            AnnotationRow { plays, last_played_at: Some(last), ..NOTHING }.heard(now)
        };
        assert!((heard(0, 1) - 1.0).abs() < 1e-3);
        assert!(heard(10, 1) > heard(20, 1));
        assert!(heard(400, 1) < heard(400, 100));
        assert!(heard(400, u32::MAX) < 0.6);
        let ahead = AnnotationRow { plays: 1, last_played_at: Some(now.plus(day)), ..NOTHING };
        assert!((ahead.heard(now) - 1.0).abs() < 1e-3);
    }

    #[test]
    fn what_is_dear_is_missed_more_from_month_to_month() {
        let now = Timestamp::from_millis(1_800_000_000_000);
        let day = |days: i64| Some(Timestamp::from_millis(now.as_millis() - 86_400_000 * days));
        let missed = |days| AnnotationRow { last_played_at: day(days), ..NOTHING }.missed(now);
        assert_eq!((missed(59), missed(-3)), (None, None));
        assert!((missed(180).unwrap() - 0.5).abs() < 1e-3);
        assert!(missed(60) < missed(61) && missed(3_650) < Some(1.001));
        assert_eq!(NOTHING.missed(now), Some(0.5));
        let rated = |rating| AnnotationRow { plays: 1, rating: Some(rating), ..NOTHING }.is_dear(3);
        assert_eq!([1, 3, 4].map(rated), [false, false, true]);
        assert!(AnnotationRow { plays: 3, ..NOTHING }.is_dear(3) && !NOTHING.is_dear(3));
        assert!(!AnnotationRow { plays: 90, rating: Some(2), ..NOTHING }.is_dear(3));
    }

    #[test]
    fn trust_needs_evidence() {
        assert!(trust(0).abs() < 1e-6);
        assert!((trust(50) - 0.5).abs() < 1e-6);
        assert!(trust(5_000) > 0.98);
    }
}
