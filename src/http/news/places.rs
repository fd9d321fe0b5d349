//! The streams of each account: how many are open, and what they hear of its own queue.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use hexachord_contracts::ids::AccountId;
use tokio::sync::watch;

#[derive(Default)]
pub struct Places(Mutex<HashMap<AccountId, OfAccount>>);

struct OfAccount {
    streams: usize,
    /// How often its queue was changed.
    queue: watch::Sender<u64>,
}

/// A stream that is open.
pub struct Place {
    places: Arc<Places>,
    account: AccountId,
    pub queue: watch::Receiver<u64>,
}

impl Places {
    /// Streams of one account at a time: a few pages on each of its devices.
    pub const MOST: usize = 8;

    /// `None`: the account has as many as it may.
    pub fn take(self: &Arc<Self>, account: AccountId) -> Option<Place> {
        let mut all = self.lock();
        let new = || OfAccount { streams: 0, queue: watch::channel(0).0 };
        let of_account = all.entry(account).or_insert_with(new);
        if of_account.streams == Self::MOST {
            return None;
        }
        of_account.streams += 1;
        let queue = of_account.queue.subscribe();
        Some(Place { places: Arc::clone(self), account, queue })
    }

    /// The queues of these accounts have changed; `None`: those of all may have.
    pub fn tell_of_queues(&self, accounts: Option<&[AccountId]>) {
        let all = self.lock();
        let tell = |of_account: &OfAccount| of_account.queue.send_modify(|count| *count += 1);
        match accounts {
            Some(accounts) => accounts.iter().filter_map(|account| all.get(account)).for_each(tell),
            None => all.values().for_each(tell),
        }
    }

    // Nothing panics under this lock, so poison means nothing.
    fn lock(&self) -> MutexGuard<'_, HashMap<AccountId, OfAccount>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut all = self.places.lock();
        if let Some(of_account) = all.get_mut(&self.account) {
            of_account.streams -= 1;
            if of_account.streams == 0 {
                all.remove(&self.account);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_by_account_and_given_back() {
        let places = Arc::new(Places::default());
        let (anna, ben) = (AccountId(1), AccountId(2));
        let mut taken: Vec<_> = (0..Places::MOST).filter_map(|_| places.take(anna)).collect();
        assert_eq!(taken.len(), Places::MOST);
        assert!(places.take(anna).is_none());
        let of_ben = places.take(ben).expect("others have places of their own");
        places.tell_of_queues(Some(&[anna]));
        assert!(taken[0].queue.has_changed().is_ok_and(|changed| changed));
        assert!(of_ben.queue.has_changed().is_ok_and(|changed| !changed));
        places.tell_of_queues(None);
        assert!(of_ben.queue.has_changed().is_ok_and(|changed| changed));
        taken.pop();
        assert!(places.take(anna).is_some());
        drop((taken, of_ben));
        assert!(places.lock().is_empty(), "nobody is remembered");
    }
}
