//! One throttle for every way in: who fails again and again waits longer and longer.
//!
//! Failures are counted for the name that was tried and for the address they came from. An
//! attempt counts as a failure from its beginning, so that many at once gain nothing, and is taken
//! back when it turns out well (but not where anybody may make accounts, and made one). A name is closed for a minute at most, so that nobody can lock its
//! owner out; an address for a quarter of an hour. The command line on this machine (an empty
//! address) is exempt.

mod address;
#[cfg(test)]
mod tests;

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use hexachord_contracts::{authentication::AuthenticationError, steady::Steady};

use crate::tokens::TokenHash;

/// Failures that cost nothing.
const FREE: u32 = 5;
/// After each quiet time of this length one failure is forgiven.
const FORGIVE: Duration = Duration::from_mins(10);
/// Doors that are remembered; with more, those with the fewest failures are forgotten.
const MOST: usize = 10_000;
/// Wrong credentials, and wrong passwords of apps, that are remembered for each address.
const MOST_GUESSES: usize = 8;

/// What failures are counted for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Door {
    /// A username, folded.
    Name(String),
    /// Guesses of passwords and codes from an address.
    Address(String),
    /// Guesses of tokens and device keys from an address. Apart from the others, because a player
    /// that still has an ended session must not keep its household from signing in.
    Credential(String),
}

#[derive(Debug, Clone, Default)]
struct Failures {
    count: u32,
    last: Steady,
    /// The latest wrong credentials, or passwords of apps: one of them again is no new guess. Several, because the
    /// players of a household that still have ended sessions take turns.
    guesses: VecDeque<TokenHash>,
}

#[derive(Debug, Default)]
pub(crate) struct Throttle {
    doors: Mutex<HashMap<Door, Failures>>,
}

/// An attempt under way. Dropped unsettled it stays a failure.
#[derive(Debug)]
pub(crate) struct Attempt<'t> {
    throttle: &'t Throttle,
    began: Steady,
    /// With the failures from before.
    doors: Vec<(Door, Failures)>,
}

impl Door {
    fn longest(&self) -> Duration {
        match self {
            Self::Name(_) => Duration::from_mins(1),
            Self::Address(_) | Self::Credential(_) => Duration::from_mins(15),
        }
    }

    /// How long the door stays closed after the last of `count` failures.
    fn closed_for(&self, count: u32) -> Duration {
        match count.checked_sub(FREE + 1) {
            None => Duration::ZERO,
            Some(doublings) => Duration::from_secs(1 << doublings.min(16)).min(self.longest()),
        }
    }

    /// More failures are not counted: they would change nothing but the time to forgive them.
    fn most_counted(&self) -> u32 {
        FREE + 1 + self.longest().as_secs().next_power_of_two().trailing_zeros()
    }

    fn waits(&self, failures: &Failures, now: Steady) -> Duration {
        self.closed_for(failures.count).saturating_sub(now.since(failures.last))
    }
}

impl Failures {
    /// What is left of the count after the quiet time since the last failure.
    fn unforgiven(&self, now: Steady) -> u32 {
        let quiet = now.since(self.last).as_secs() / FORGIVE.as_secs();
        self.count.saturating_sub(u32::try_from(quiet).unwrap_or(u32::MAX))
    }

    fn remember(&mut self, guess: TokenHash) {
        if self.guesses.len() >= MOST_GUESSES {
            self.guesses.pop_front();
        }
        self.guesses.push_back(guess);
    }
}

impl Throttle {
    /// Begins an attempt to get in with a password or a code. `name` is a folded username.
    pub(crate) fn begin(
        &self,
        name: Option<&str>,
        address: &str,
        now: Steady,
    ) -> Result<Attempt<'_>, AuthenticationError> {
        let mut attempt = Attempt { throttle: self, began: now, doors: Vec::new() };
        let Some(network) = address::network(address) else { return Ok(attempt) };
        let name = name.map(|name| Door::Name(name.to_owned()));
        let doors = [Some(Door::Address(network)), name].into_iter().flatten();
        let mut all = self.lock();
        let known = |door: Door| {
            let before = all.get(&door).cloned().unwrap_or_default();
            (door, before)
        };
        attempt.doors = doors.map(known).collect();
        let waits = attempt.doors.iter().map(|(door, before)| door.waits(before, now));
        refuse_if_closed(waits.max().unwrap_or_default())?;
        for (door, before) in &attempt.doors {
            fail(&mut all, door, before.clone(), now);
        }
        Ok(attempt)
    }

    /// What to answer to a credential that is unknown.
    pub(crate) fn wrong_credential(
        &self,
        guess: TokenHash,
        address: &str,
        now: Steady,
    ) -> AuthenticationError {
        let Some(network) = address::network(address) else {
            return AuthenticationError::InvalidCredential;
        };
        let door = Door::Credential(network);
        let mut all = self.lock();
        let mut before = all.get(&door).cloned().unwrap_or_default();
        if before.guesses.contains(&guess) {
            return AuthenticationError::InvalidCredential;
        }
        if let Err(throttled) = refuse_if_closed(door.waits(&before, now)) {
            return throttled;
        }
        before.remember(guess);
        fail(&mut all, &door, before, now);
        AuthenticationError::InvalidCredential
    }

    /// Was exactly this (name, secret, and what it was held against) wrong just now, from there? It is
    /// no new guess: whoever sends it again learns nothing, so it need not be counted, nor looked at
    /// again. An app that goes on with an old password closes its household's door no more.
    pub(crate) fn is_repeated(&self, guess: &TokenHash, address: &str) -> bool {
        let Some(network) = address::network(address) else { return false };
        let all = self.lock();
        all.get(&Door::Address(network)).is_some_and(|known| known.guesses.contains(guess))
    }

    /// Remembers a wrong guess, which was counted.
    pub(crate) fn remember(&self, guess: TokenHash, address: &str) {
        let Some(network) = address::network(address) else { return };
        if let Some(failures) = self.lock().get_mut(&Door::Address(network))
            && !failures.guesses.contains(&guess)
        {
            failures.remember(guess);
        }
    }

    /// Opens the door of a name: its owner got in, or an administrator set a new password.
    pub(crate) fn open(&self, name: &str) {
        self.lock().remove(&Door::Name(name.to_owned()));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Door, Failures>> {
        self.doors.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Attempt<'_> {
    /// Looks at how the attempt ended. A wrong secret stays a failure, and so does a name that is
    /// taken, because the answer tells who has an account here.
    pub(crate) fn settle<T>(self, outcome: &Result<T, AuthenticationError>) {
        use AuthenticationError::{InvalidClaim, InvalidInvite, UsernameTaken, WrongPassword};
        if matches!(outcome, Err(WrongPassword | InvalidClaim | InvalidInvite | UsernameTaken(_))) {
            return;
        }
        let mut all = self.throttle.lock();
        for (door, before) in self.doors {
            if outcome.is_ok() && matches!(door, Door::Name(_)) {
                all.remove(&door);
            } else if let Some(failures) = all.get_mut(&door) {
                failures.count = failures.count.saturating_sub(1);
                if failures.last == self.began {
                    failures.last = before.last;
                }
            }
        }
    }
}

fn refuse_if_closed(wait: Duration) -> Result<(), AuthenticationError> {
    if wait.is_zero() {
        return Ok(());
    }
    let retry_after_seconds = wait.as_millis().div_ceil(1000);
    let retry_after_seconds = u64::try_from(retry_after_seconds).unwrap_or(u64::MAX);
    Err(AuthenticationError::Throttled { retry_after_seconds })
}

fn fail(all: &mut HashMap<Door, Failures>, door: &Door, before: Failures, now: Steady) {
    if all.len() >= MOST && !all.contains_key(door) {
        make_room(all, now);
    }
    let count = (before.unforgiven(now) + 1).min(door.most_counted());
    all.insert(door.clone(), Failures { count, last: now, ..before });
}

/// Forgets who is forgiven and, if that is not enough, an eighth of all: the fewest failures first.
fn make_room(all: &mut HashMap<Door, Failures>, now: Steady) {
    all.retain(|_, failures| failures.unforgiven(now) > 0);
    if all.len() < MOST {
        return;
    }
    let mut by_weight: Vec<_> =
        all.iter().map(|(door, f)| (f.count, f.last, door.clone())).collect();
    by_weight.sort_unstable_by_key(|(count, last, _)| (*count, *last));
    for (_, _, door) in by_weight.iter().take(MOST / 8) {
        all.remove(door);
    }
}
