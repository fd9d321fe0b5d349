//! What outlives every incarnation of the service: the store, the threads and the clock.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use hexachord_contracts::{Clock, Pool};
use hexachord_storage::{Store, StoreError};
use tokio_util::sync::CancellationToken;

use crate::{mixes::Today, store};

/// Threads that answer, and calls that may wait for one.
const ANSWERING: usize = 2;
const WAITING: usize = 64;

/// Cheap to clone: the clones are one.
#[derive(Clone)]
pub struct Resources {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    path: PathBuf,
    pub(crate) clock: Clock,
    store: Mutex<Store>,
    /// The mixes of this day.
    pub(crate) today: Today,
    /// Answers calls.
    pub(crate) answers: Pool,
    /// The one thread that changes the store and what is in memory: it does so in one order.
    pub(crate) keeper: Pool,
    /// The one thread that trains.
    pub(crate) training: Pool,
    /// Counts incarnations: only the newest one may write.
    incarnation: AtomicU64,
    /// The program ends: who trains stops.
    pub(crate) closing: CancellationToken,
}

impl Resources {
    /// Opens or makes the store at `path`; one that is damaged or of another schema is made
    /// anew. Blocks.
    pub fn new(path: PathBuf, clock: Clock) -> Result<Self, StoreError> {
        let store = Mutex::new(store::open(&path)?);
        let shared = Shared {
            path,
            clock,
            store,
            today: Today::default(),
            answers: Pool::new("recommendation", ANSWERING, WAITING)?,
            keeper: Pool::new("recommendation-keep", 1, WAITING)?,
            training: Pool::giving_way("recommendation-train", 1, WAITING, 10)?,
            incarnation: AtomicU64::new(0),
            closing: CancellationToken::new(),
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Finishes what waits, ends the threads and closes the store. Blocks: for the end of the
    /// program, never on a runtime thread.
    pub fn close(&self) {
        self.shared.closing.cancel();
        self.shared.training.close();
        self.shared.keeper.close();
        self.shared.answers.close();
        self.shared.store().close();
    }
}

impl Shared {
    pub(crate) fn store(&self) -> Store {
        self.store.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Begins an incarnation: those before may not write any more.
    pub(crate) fn begin(&self) -> u64 {
        self.incarnation.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub(crate) fn is_newest(&self, incarnation: u64) -> bool {
        self.incarnation.load(Ordering::Relaxed) == incarnation
    }

    /// Makes a store anew that opens but cannot be read. Blocks.
    pub(crate) fn renew_store(&self, error: &StoreError) -> Result<(), StoreError> {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        store.close();
        if self.path.exists() {
            store::discard(&self.path, error)?;
        }
        *store = store::open(&self.path)?;
        Ok(())
    }
}
