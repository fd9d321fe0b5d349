//! One listening to one track on one device, as its reports tell it.

use std::time::Duration;

use hexachord_contracts::{
    Timestamp,
    ids::TrackId,
    profile::{PlaybackState, ReportPlayback},
};

/// Clients report late.
const GRACE: Duration = Duration::from_secs(30);
/// A pause that lasts longer is an end.
const LONGEST_PAUSE: Duration = Duration::from_mins(30);
/// Players tell where they are a little late.
const JUMP_MS: u64 = 2_000;
/// A track of unknown length, or one that does not move, is over after so long without a report.
const UNKNOWN: Duration = Duration::from_mins(10);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listening {
    pub(super) track: TrackId,
    pub(super) duration_ms: u64,
    pub(super) started_at: Timestamp,
    /// The last report: when it came, and what it said.
    pub(super) reported_at: Timestamp,
    pub(super) position_ms: u64,
    pub(super) state: PlaybackState,
    pub(super) rate_permille: u32,
    pub(super) count: bool,
    /// Of the track, until the last report.
    pub(super) heard_ms: u64,
}

impl Listening {
    pub(super) fn begin(report: &ReportPlayback, duration_ms: u64, now: Timestamp) -> Self {
        Self {
            track: report.track,
            duration_ms,
            started_at: now,
            reported_at: now,
            position_ms: report.position_ms,
            state: report.state,
            rate_permille: report.rate_permille,
            count: report.count,
            heard_ms: 0,
        }
    }

    /// Does the report tell of another listening to the same track? A player that repeats a track may
    /// only tell that it is at the beginning again.
    pub(super) fn is_begun_anew_by(&self, report: &ReportPlayback, now: Timestamp) -> bool {
        match report.state {
            PlaybackState::Stopped => false,
            _ if self.state == PlaybackState::Stopped => true,
            PlaybackState::Starting => self.state != PlaybackState::Starting,
            PlaybackState::Playing | PlaybackState::Paused => {
                self.is_over_at(now) && report.position_ms < self.position_at(now) / 2
            }
        }
    }

    /// Goes on with a report of the same listening.
    pub(super) fn go_on(&mut self, report: &ReportPlayback, now: Timestamp) {
        let passed = self.heard_since(now);
        // A player that had to wait for its stream has come less far than the clock. One that went
        // back says nothing of what was heard.
        let way = report.position_ms.checked_sub(self.position_ms).unwrap_or(u64::MAX);
        self.heard_ms = self.heard_ms.saturating_add(passed.min(way));
        self.reported_at = now;
        self.position_ms = report.position_ms;
        self.state = report.state;
        self.rate_permille = report.rate_permille;
        self.count = report.count;
    }

    /// Another track began on the device: this one was heard until then, if that can be.
    pub(super) fn end(&mut self, now: Timestamp) {
        if now <= self.ends_at() {
            self.heard_ms = self.heard_ms.saturating_add(self.heard_since(now));
        }
        self.position_ms = self.position_at(now);
        self.reported_at = now;
        self.state = PlaybackState::Stopped;
    }

    /// Do others see it? What nothing is heard of any more has ended by itself.
    pub(super) fn is_shown_at(&self, now: Timestamp) -> bool {
        self.state != PlaybackState::Stopped && now <= self.ends_at()
    }

    /// Is what is known `now` another thing than what follows from the report before?
    pub(super) fn is_otherwise(&self, after: &Self, now: Timestamp) -> bool {
        let jumped = self.position_at(now).abs_diff(after.position_at(now)) > JUMP_MS;
        let known = |listening: &Self| {
            (listening.track, listening.started_at, listening.state, listening.rate_permille)
        };
        jumped || known(self) != known(after)
    }

    /// Where it must be, as far as its reports tell.
    pub(super) fn position_at(&self, now: Timestamp) -> u64 {
        self.position_ms.saturating_add(self.heard_since(now))
    }

    /// Without another report it is over then.
    pub(super) fn ends_at(&self) -> Timestamp {
        let rest = match self.state {
            PlaybackState::Paused => return self.reported_at.plus(LONGEST_PAUSE),
            PlaybackState::Stopped => return self.reported_at,
            PlaybackState::Starting | PlaybackState::Playing => self.rest_ms(),
        };
        let rest =
            rest.and_then(|rest| rest.saturating_mul(1000).checked_div(self.rate_permille.into()));
        self.reported_at.plus(rest.map_or(UNKNOWN, Duration::from_millis).saturating_add(GRACE))
    }

    fn is_over_at(&self, now: Timestamp) -> bool {
        self.rest_ms().is_some_and(|rest| self.heard_since(now) >= rest)
    }

    /// What of the track lies behind the position; `None`: its length is not known.
    fn rest_ms(&self) -> Option<u64> {
        (self.duration_ms > 0).then(|| self.duration_ms.saturating_sub(self.position_ms))
    }

    /// What of the track was heard since the last report: never more than is left of it.
    fn heard_since(&self, now: Timestamp) -> u64 {
        if !matches!(self.state, PlaybackState::Starting | PlaybackState::Playing) {
            return 0;
        }
        let passed = u64::try_from(now.since(self.reported_at).as_millis()).unwrap_or(u64::MAX);
        let heard = passed.saturating_mul(self.rate_permille.into()) / 1000;
        heard.min(self.rest_ms().unwrap_or(u64::MAX))
    }
}
