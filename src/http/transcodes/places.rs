//! How many streams are made at a time: of all listeners, and of one.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use hexachord_contracts::{Context, ids::AccountId};
use http::StatusCode;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Duration, timeout},
};

use crate::http::{
    metrics::{Counted, TranscodeMeters},
    problem::Problem,
};

/// Who waits longer is told to come again.
const LONGEST_WAIT: Duration = Duration::from_secs(2);
/// Seconds until then.
const COME_AGAIN: u64 = 5;
/// Listeners that are remembered before those without a stream are forgotten.
const MANY: usize = 1000;

/// Whose streams are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Listener {
    Account(AccountId),
    /// Whoever owns the data folder.
    Owner,
}

impl Listener {
    pub fn of(context: &Context) -> Self {
        context.account().map_or(Self::Owner, Self::Account)
    }
}

pub(super) struct Places {
    all: Arc<Semaphore>,
    each: usize,
    listeners: Mutex<HashMap<Listener, Arc<Semaphore>>>,
    meters: TranscodeMeters,
}

/// The right to make one stream.
pub(super) struct Place {
    _of_all: OwnedSemaphorePermit,
    _of_listener: OwnedSemaphorePermit,
    _counted: Counted,
}

impl Places {
    pub(super) fn new(all: usize, each: usize, meters: TranscodeMeters) -> Self {
        let all = Arc::new(Semaphore::new(all));
        Self { all, each, listeners: Mutex::default(), meters }
    }

    /// A place for a listener, after a short wait if need be.
    pub(super) async fn take(&self, listener: Listener) -> Result<Place, Problem> {
        let _waiting = self.meters.waiting();
        let own = timeout(LONGEST_WAIT, self.of(listener).acquire_owned()).await;
        let Ok(Ok(of_listener)) = own else {
            let detail = format!(
                "{} streams are being made for you already: stop one, or try again in a moment",
                self.each
            );
            return Err(busy(detail));
        };
        let all = timeout(LONGEST_WAIT, Arc::clone(&self.all).acquire_owned()).await;
        let Ok(Ok(of_all)) = all else {
            let detail = "the server makes as many streams as it can: try again in a moment";
            return Err(busy(detail));
        };
        let counted = self.meters.running();
        Ok(Place { _of_all: of_all, _of_listener: of_listener, _counted: counted })
    }

    fn of(&self, listener: Listener) -> Arc<Semaphore> {
        let mut all = self.listeners.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MANY {
            // Every place that is taken, and whoever waits for one, holds its semaphore.
            all.retain(|_, places| Arc::strong_count(places) > 1);
        }
        let places = || Arc::new(Semaphore::new(self.each));
        Arc::clone(all.entry(listener).or_insert_with(places))
    }
}

fn busy(detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "too-many-transcodes", detail)
        .retry_after(COME_AGAIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(all: usize, each: usize) -> Places {
        Places::new(all, each, TranscodeMeters::default())
    }

    #[tokio::test(start_paused = true)]
    async fn one_listener_does_not_take_all_places() {
        let places = places(3, 2);
        let (one, two) = (Listener::Account(AccountId(1)), Listener::Account(AccountId(2)));
        let first = places.take(one).await.unwrap();
        let _second = places.take(one).await.unwrap();
        let refused = places.take(one).await.err().unwrap();
        assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!((refused.kind, refused.retry_after_seconds), ("too-many-transcodes", Some(5)));
        let _third = places.take(two).await.unwrap();
        assert!(places.take(two).await.is_err(), "there are three");
        drop(first);
        assert!(places.take(two).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_gets_the_next_place() {
        let places = places(1, 1);
        let first = places.take(Listener::Owner).await.unwrap();
        let waiting = places.take(Listener::Account(AccountId(1)));
        let leaving = async {
            tokio::time::sleep(LONGEST_WAIT / 2).await;
            drop(first);
        };
        assert!(tokio::join!(waiting, leaving).0.is_ok());
    }

    #[tokio::test]
    async fn who_left_is_forgotten() {
        let places = places(5, 1);
        let _kept = places.take(Listener::Owner).await.unwrap();
        for account in 0..2 * MANY as u64 {
            places.take(Listener::Account(AccountId(account))).await.unwrap();
        }
        assert!(places.listeners.lock().unwrap().len() <= MANY);
        assert!(places.listeners.lock().unwrap().contains_key(&Listener::Owner));
    }
}
