//! What outlives every incarnation of the service: the store, the clock, the source of ids and secrets,
//! what is played at the moment.

use std::sync::{Arc, Mutex, PoisonError};

use hexachord_contracts::{Clock, ids::PlaylistId};
use hexachord_storage::Store;
use rand::{RngExt, rngs::StdRng};

use crate::{news::News, playing::Playing};

/// Cheap to clone: the clones are one.
#[derive(Clone)]
pub struct Resources {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) playing: Arc<Playing>,
    pub(crate) news: Arc<News>,
    rng: Arc<Mutex<StdRng>>,
}

impl Resources {
    /// `rng` makes ids and the secrets of shares: seeded by the operating system, except in tests.
    pub fn new(store: Store, clock: Clock, rng: StdRng) -> Self {
        let news = Arc::new(News::new(clock.now()));
        Self { store, clock, playing: Arc::default(), news, rng: Arc::new(Mutex::new(rng)) }
    }

    /// Finishes what waits and closes the store. Blocks: for the end of the program, never on a
    /// runtime thread.
    pub fn close(&self) {
        self.store.close();
    }

    pub(crate) fn random_playlist_id(&self) -> PlaylistId {
        PlaylistId(self.random_number())
    }

    pub(crate) fn random_number(&self) -> u64 {
        self.rng.lock().unwrap_or_else(PoisonError::into_inner).random()
    }

    /// 128 bits that nobody guesses.
    pub(crate) fn random_secret(&self) -> u128 {
        self.rng.lock().unwrap_or_else(PoisonError::into_inner).random()
    }
}
