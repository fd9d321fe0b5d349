//! What outlives every incarnation of the service: the store and its mirror, the clock and the
//! source of ids.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use hexachord_contracts::{
    Clock,
    ids::AccountId,
    payment::PaymentError,
    steady::{Steady, SteadyClock},
};
use hexachord_storage::{Store, StoreError};
use rand::{Rng, rngs::StdRng};
use redb::WriteTransaction;
use tokio::{sync::watch, time::timeout};
use tokio_util::task::TaskTracker;

use crate::{
    mirror::Mirror,
    settings::Settings,
    store::{Change, Effect, Stop, last_look, load, refusal},
};

/// Subscriptions that one transaction looks after.
const DUE_AT_A_TIME: usize = 256;
/// While time counts it is written this often, so that no restart loses much of it.
const WRITE_TIME_EVERY: Duration = Duration::from_hours(6);

/// Cheap to clone: the clones are one.
#[derive(Clone)]
pub struct Resources {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) store: Store,
    pub(crate) time: SteadyClock,
    rng: Mutex<StdRng>,
    mirror: Mutex<Mirror>,
    /// Counts what the mirror learned.
    learned: watch::Sender<u64>,
    /// Held from a change's write until the mirror knows of it, so that the mirror learns changes
    /// in the order in which they became durable.
    turn: tokio::sync::Mutex<Turn>,
    /// Changes that go on when who asked for them has left.
    tasks: TaskTracker,
}

/// What only a change may know.
#[derive(Default)]
struct Turn {
    /// When the time was written last.
    time_written: Steady,
}

impl Resources {
    /// `rng` makes ids and references: seeded by the operating system, except in tests.
    pub fn new(store: Store, clock: Clock, rng: StdRng) -> Self {
        let shared = Shared {
            store,
            time: SteadyClock::new(clock),
            rng: Mutex::new(rng),
            mirror: Mutex::default(),
            learned: watch::Sender::default(),
            turn: tokio::sync::Mutex::default(),
            tasks: TaskTracker::new(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Writes the time, finishes what waits, ends the threads and closes the store. Blocks: for
    /// the end of the program, never on a runtime thread.
    pub fn close(&self) {
        if let Err(error) = self.write_time() {
            tracing::warn!(%error, "the time could not be written");
        }
        self.shared.store.close();
    }

    fn write_time(&self) -> Result<(), StoreError> {
        let Shared { store, time, .. } = &*self.shared;
        // No incarnation may have come so far as to go on from it.
        if let Some(last_look) = store.read_blocking(last_look)? {
            time.go_on_from(last_look);
        }
        let now = time.now();
        store.write_blocking(move |write| Change::begin(write, now, 0)?.finish().map(drop))
    }
}

impl Shared {
    /// Fills the mirror from the store, for an incarnation with these settings.
    pub(crate) async fn fill_mirror(&self, settings: Settings) -> Result<(), StoreError> {
        let _turn = self.turn.lock().await;
        self.fill_in_turn(settings).await
    }

    async fn fill_in_turn(&self, settings: Settings) -> Result<(), StoreError> {
        let read = self.store.read(|read| Ok((load(read)?, last_look(read)?)));
        let (facts, last_look) = read.await?;
        if let Some(last_look) = last_look {
            self.time.go_on_from(last_look);
        }
        let mut mirror = Mirror::new(settings);
        mirror.apply(facts);
        *self.mirror() = mirror;
        Ok(())
    }

    /// Changes the facts after what is due by now: what is answered is durable, and known to the
    /// mirror. `work` may run again on another transaction; when it stops, nothing of it is
    /// written.
    pub(crate) async fn change<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnMut(&mut Change<'_>) -> Result<T, Stop> + Send + 'static,
    ) -> Result<T, PaymentError> {
        let shared = Arc::clone(self);
        self.by_itself(async move {
            let mut turn = shared.turn.lock().await;
            shared.do_what_is_due(&mut turn).await?;
            shared.write(&mut turn, work).await
        })
        .await
    }

    /// Does what is due by now. A failure is logged: what is known goes on to serve.
    pub(crate) async fn look(self: &Arc<Self>) {
        if !self.mirror().is_due(self.time.now().steady) {
            return;
        }
        let shared = Arc::clone(self);
        let looked = self.by_itself(async move {
            let mut turn = shared.turn.lock().await;
            shared.do_what_is_due(&mut turn).await
        });
        if let Err(error) = looked.await {
            tracing::warn!(%error, "what is due could not be done");
        }
    }

    /// [`Shared::look`], and writes the time now and then while it counts.
    pub(crate) async fn look_and_write_time(self: &Arc<Self>) {
        self.look().await;
        let written = self.turn.lock().await.time_written;
        let now = self.time.now().steady;
        if self.mirror().counts_time()
            && now.since(written) >= WRITE_TIME_EVERY
            && let Err(error) = self.change(|_| Ok(())).await
        {
            tracing::warn!(%error, "the time could not be written");
        }
    }

    /// Removes an account with everything that is its own.
    pub(crate) async fn remove_account(
        self: &Arc<Self>,
        account: AccountId,
    ) -> Result<(), PaymentError> {
        let shared = Arc::clone(self);
        self.by_itself(async move {
            let mut turn = shared.turn.lock().await;
            while !shared.write(&mut turn, move |change| change.remove_some(account)).await? {}
            Ok(())
        })
        .await
    }

    /// Waits until an account is known, for as long as `patience` lasts: authentication tells of
    /// a new one a moment after its owner may already ask.
    pub(crate) async fn wait_for_account(&self, account: AccountId, patience: Duration) {
        let mut learned = self.learned.subscribe();
        let known =
            async { while !self.mirror().knows(account) && learned.changed().await.is_ok() {} };
        // Who is still unknown then is refused by the change itself.
        drop(timeout(patience, known).await);
    }

    pub(crate) fn mirror(&self) -> MutexGuard<'_, Mirror> {
        // Nothing panics under this lock, so poison means nothing.
        self.mirror.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `work` to its end, also when who waits for it leaves: otherwise a commit could be
    /// missed by the mirror.
    async fn by_itself<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, PaymentError>> + Send + 'static,
    ) -> Result<T, PaymentError> {
        match self.tasks.spawn(work).await {
            Ok(outcome) => outcome,
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(_ended) => Err(refusal(StoreError::Interrupted)),
        }
    }

    async fn do_what_is_due(&self, turn: &mut Turn) -> Result<(), PaymentError> {
        let doubted = self.mirror().doubted().cloned();
        if let Some(settings) = doubted {
            self.fill_in_turn(settings).await.map_err(refusal)?;
        }
        loop {
            let now = self.time.now().steady;
            let (due, settings) = {
                let mirror = self.mirror();
                (mirror.due(now, DUE_AT_A_TIME), mirror.settings().clone())
            };
            if due.is_empty() {
                return Ok(());
            }
            let work = move |change: &mut Change<'_>| {
                due.iter().try_for_each(|id| change.look_at(*id, &settings))
            };
            self.write(turn, work).await?;
        }
    }

    async fn write<T: Send + 'static>(
        &self,
        turn: &mut Turn,
        mut work: impl FnMut(&mut Change<'_>) -> Result<T, Stop> + Send + 'static,
    ) -> Result<T, PaymentError> {
        let now = self.time.now();
        let seed = self.rng.lock().unwrap_or_else(PoisonError::into_inner).next_u64();
        let refused = Arc::new(Mutex::new(None));
        let tell = Arc::clone(&refused);
        let job = move |write: &WriteTransaction| -> Result<(T, Vec<Effect>), StoreError> {
            let mut change = Change::begin(write, now, seed)?;
            match work(&mut change) {
                Ok(answer) => Ok((answer, change.finish()?)),
                Err(Stop::Failed(error)) => Err(error),
                // An error undoes what was written, whatever it was.
                Err(Stop::Refused(error)) => {
                    *tell.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                    Err(StoreError::Interrupted)
                }
            }
        };
        let written = self.store.write(job).await;
        let refused = refused.lock().unwrap_or_else(PoisonError::into_inner).take();
        let (answer, effects) = match (written, refused) {
            (Ok(done), _) => done,
            (Err(_undone), Some(refused)) => return Err(refused),
            (Err(error), None) => {
                // A commit that fails at its very end may be durable all the same.
                self.mirror().doubt();
                return Err(refusal(error));
            }
        };
        turn.time_written = now.steady;
        self.mirror().apply(effects);
        self.learned.send_modify(|count| *count = count.wrapping_add(1));
        Ok(answer)
    }
}

#[cfg(test)]
mod tests;
