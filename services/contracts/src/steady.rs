//! Time that does not leap when somebody sets the machine's clock.
//!
//! Sessions, the throttle and subscriptions count *steady* time: the forward steps that the clock was seen to
//! make, added up. A step backwards counts nothing, nor does one of more than [`LEAP`]: a clock
//! that was set (a board without a battery that wakes in 1970, a wrong year typed in) looks like
//! that. So no wrong clock signs everybody out, locks anybody out or ends what somebody paid for. The price: what
//! passes while nobody asks anything for longer than [`LEAP`] does not age a session. The sum is
//! kept in the store, so steps are also seen across restarts.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use crate::{Clock, Timestamp};
use serde::{Deserialize, Serialize};

/// A step of the clock that is longer is not believed.
pub const LEAP: Duration = Duration::from_hours(90 * 24);

/// Milliseconds of steady time since the store was made.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Steady(u64);

/// One look at the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// What the clock said: for people.
    pub wall: Timestamp,
    /// For limits.
    pub steady: Steady,
}

pub struct SteadyClock {
    clock: Clock,
    /// The last look; `None` before the first.
    seen: Mutex<Option<Moment>>,
}

impl Steady {
    /// How long ago `earlier` was; zero when it lies ahead.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }

    #[must_use]
    pub fn plus(self, by: Duration) -> Self {
        Self(self.0.saturating_add(u64::try_from(by.as_millis()).unwrap_or(u64::MAX)))
    }
}

impl SteadyClock {
    pub fn new(clock: Clock) -> Self {
        Self { clock, seen: Mutex::new(None) }
    }

    /// Goes on from the last look of an earlier run, unless this run has looked already.
    pub fn go_on_from(&self, last: Moment) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(last);
    }

    pub fn now(&self) -> Moment {
        let wall = self.clock.now();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let last = seen.unwrap_or(Moment { wall, steady: Steady::default() });
        let step = wall.since(last.wall);
        let believed = if step > LEAP { Duration::ZERO } else { step };
        let now = Moment { wall, steady: last.steady.plus(believed) };
        *seen = Some(now);
        now
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    const DAY_MS: i64 = 24 * 60 * 60 * 1000;

    #[test]
    fn counts_steps_but_no_leaps() {
        let millis = std::sync::Arc::new(AtomicI64::new(1_800_000_000_000));
        let clock = SteadyClock::new(Clock::Manual(millis.clone()));
        let start = clock.now().steady;
        let mut expected = 0;
        // (days that the clock moves, days that count)
        for (moves, counts) in [(31, 31), (-365, 0), (365, 0), (2, 2), (365, 0), (-365, 0), (1, 1)]
        {
            millis.fetch_add(moves * DAY_MS, Ordering::Relaxed);
            expected += counts;
            let passed = clock.now().steady.since(start);
            assert_eq!(passed, Duration::from_secs(24 * 60 * 60 * expected), "after {moves}");
        }
    }

    #[test]
    fn goes_on_where_the_last_run_ended() {
        let wall = Timestamp::from_millis(1_800_000_000_000);
        let clock = SteadyClock::new(Clock::manual(wall.plus(Duration::from_secs(5))));
        clock.go_on_from(Moment { wall, steady: Steady(1_000) });
        assert_eq!(clock.now().steady, Steady(6_000));
        clock.go_on_from(Moment { wall, steady: Steady(0) });
        assert_eq!(clock.now().steady, Steady(6_000), "a later incarnation changes nothing");
    }
}
