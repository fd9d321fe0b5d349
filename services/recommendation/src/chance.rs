//! Chance that stays the same for an account and a day.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hash};

use hexachord_contracts::{Timestamp, ids::AccountId};

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Chance {
    account: AccountId,
    day: i64,
}

/// Days since 1970, of UTC.
pub(crate) fn day(now: Timestamp) -> i64 {
    now.as_millis().div_euclid(DAY_MILLIS)
}

impl Chance {
    pub(crate) fn of(account: AccountId, now: Timestamp) -> Self {
        Self { account, day: day(now) }
    }

    /// From 0 to 1, whoever else asks for what else before.
    pub(crate) fn share(self, of: impl Hash) -> f32 {
        let hasher = BuildHasherDefault::<DefaultHasher>::default();
        let number = hasher.hash_one((self.account, self.day, of));
        #[expect(clippy::cast_precision_loss, reason = "16 bits")]
        let share = (number >> 48) as f32 / 65_536.0;
        share
    }

    /// A place that comes the sooner the more `weight` it has: in the order of these places, things
    /// are drawn by their weights, each once (Efraimidis and Spirakis 2006).
    pub(crate) fn place(self, of: impl Hash, weight: f32) -> f32 {
        -(1.0 - self.share(of)).ln() / weight.max(f32::MIN_POSITIVE)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn it_stays_for_the_day_and_the_account() {
        let noon = Timestamp::from_millis(DAY_MILLIS * 20_000 + DAY_MILLIS / 2);
        let shares = |account, now| {
            let chance = Chance::of(AccountId(account), now);
            (0..1_000).map(|number| chance.share(number)).collect::<Vec<_>>()
        };
        let today = shares(1, noon);
        assert_eq!(today, shares(1, noon.plus(Duration::from_hours(11))));
        assert_ne!(today, shares(1, noon.plus(Duration::from_hours(13))));
        assert_ne!(today, shares(2, noon));
        assert!(today.iter().all(|share| (0.0..1.0).contains(share)));
        let mean: f32 = today.iter().sum::<f32>() / 1_000.0;
        assert!((mean - 0.5).abs() < 0.05, "{mean}");
    }

    #[test]
    fn what_weighs_more_is_mostly_drawn_first() {
        let day = |day| Timestamp::from_millis(day * DAY_MILLIS);
        let is_first = |number| {
            let chance = Chance::of(AccountId(1), day(number));
            chance.place("heavy", 3.0) < chance.place("light", 1.0)
        };
        let first = (0..1_000).filter(|number| is_first(*number)).count();
        assert!((700..800).contains(&first), "three of four times: {first}");
    }
}
