//! What outlives every incarnation of the service: the store and its mirror, the hashing threads,
//! the secret key, the clock, the throttle and the claim.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hexachord_contracts::{Clock, Pool, authentication::AuthenticationError, steady::SteadyClock};
use hexachord_storage::{Store, StoreError};
use rand::{Rng, rngs::StdRng};
use redb::{ReadTransaction, WriteTransaction};

use crate::{
    mirror::{Mirror, Uses},
    secret_key::SecretKey,
    settings::Settings,
    store::{Change, Effect, Stop, load, refusal},
    throttle::Throttle,
};

/// Cheap to clone: the clones are one.
#[derive(Clone)]
pub struct Resources {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) store: Store,
    pub(crate) hashers: Arc<Pool>,
    pub(crate) key: Arc<SecretKey>,
    pub(crate) time: SteadyClock,
    pub(crate) throttle: Throttle,
    /// The hash of the claim code that is valid now.
    pub(crate) claim: Mutex<Option<blake3::Hash>>,
    rng: Mutex<StdRng>,
    mirror: Mutex<Mirror>,
    /// Held from a change's write until the mirror knows of it, so that the mirror learns changes
    /// in the order in which they became durable. `true` once the mirror was filled.
    turn: tokio::sync::Mutex<bool>,
}

impl Resources {
    /// `rng` makes ids, salts and secrets: seeded by the operating system, except in tests.
    pub fn new(
        store: Store,
        hashers: Arc<Pool>,
        key: Arc<SecretKey>,
        clock: Clock,
        rng: StdRng,
    ) -> Self {
        let shared = Shared {
            store,
            hashers,
            key,
            time: SteadyClock::new(clock),
            throttle: Throttle::default(),
            claim: Mutex::new(None),
            rng: Mutex::new(rng),
            mirror: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Writes what was only noted in memory, finishes what waits, ends the threads and closes the
    /// store. Blocks: for the end of the program, never on a runtime thread.
    pub fn close(&self) {
        let uses = self.shared.mirror().take_uses();
        let now = self.shared.time.now();
        let written = self.shared.store.write_blocking(move |write| {
            let mut change = Change::begin(write)?;
            uses.write(&mut change)?;
            change.finish(write, now)
        });
        if let Err(error) = written {
            tracing::warn!(%error, "the last uses of credentials could not be written");
        }
        self.shared.hashers.close();
        self.shared.store.close();
    }
}

impl Shared {
    /// Fills the mirror from the store.
    pub(crate) async fn fill_mirror(&self) -> Result<(), StoreError> {
        let mut filled = self.turn.lock().await;
        if *filled {
            // A write that an earlier incarnation left behind comes before this one.
            let uses = self.mirror().take_uses();
            let written = self.store.write(move |write| uses.write(&mut Change::begin(write)?));
            match written.await {
                // Who is there already may stay on a full disk.
                Err(StoreError::DiskFull) | Ok(()) => {}
                Err(error) => return Err(error),
            }
        }
        let key = Arc::clone(&self.key);
        let first = !*filled;
        let load = move |read: &ReadTransaction| -> Result<_, StoreError> {
            let (facts, last_look) = load(read)?;
            let unopened = if first { unopened_device_keys(&facts, &key) } else { 0 };
            Ok((facts, last_look, unopened))
        };
        let (facts, last_look, unopened) = self.store.read(load).await?;
        if unopened > 0 {
            tracing::error!(
                "secret.key is not the one that sealed {unopened} device keys: put it back, or \
                 revoke them"
            );
        }
        if let Some(last_look) = last_look {
            self.time.go_on_from(last_look);
        }
        let mut mirror = Mirror::default();
        mirror.apply(facts);
        *self.mirror() = mirror;
        *filled = true;
        Ok(())
    }

    /// Changes the facts: what is answered is durable, and known to the mirror. `work` may run
    /// again on another transaction, and refuses before it inserts anything.
    pub(crate) async fn change<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&mut Change<'_>) -> Result<T, Stop> + Send + 'static,
    ) -> Result<T, AuthenticationError> {
        let _turn = self.turn.lock().await;
        let now = self.time.now();
        let job = move |write: &WriteTransaction| -> Result<_, StoreError> {
            let mut change = Change::begin(write)?;
            match work(&mut change) {
                Ok(answer) => Ok(Ok((answer, change.finish(write, now)?))),
                Err(Stop::Refused(error)) => Ok(Err(error)),
                Err(Stop::Failed(error)) => Err(error),
            }
        };
        let outcome: Result<(T, Vec<Effect>), _> = self.store.write(job).await.map_err(refusal)?;
        let (answer, effects) = outcome?;
        self.mirror().apply(effects);
        Ok(answer)
    }

    /// Writes when credentials were used, and removes sessions that have ended by themselves.
    pub(crate) async fn write_uses(&self, settings: Settings) {
        let (uses, expired) = {
            let mut mirror = self.mirror();
            (mirror.take_uses(), mirror.expired_sessions(self.time.now(), &settings))
        };
        let written = self.change(move |change| {
            uses.write(change)?;
            for (account, session) in &expired {
                change.end_session(*account, *session)?;
            }
            Ok(())
        });
        if let Err(error) = written.await {
            tracing::warn!(%error, "the last uses of credentials could not be written");
        }
    }

    pub(crate) fn mirror(&self) -> MutexGuard<'_, Mirror> {
        // The mirror is filled anew after a panic.
        self.mirror.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn random_id(&self) -> u64 {
        u64::from_le_bytes(self.random())
    }

    pub(crate) fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.rng.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut bytes);
        bytes
    }
}

/// Device keys whose text is lost with the secret key that sealed them. They are still known by
/// their hashes, so nobody else would notice.
fn unopened_device_keys(facts: &[Effect], key: &SecretKey) -> usize {
    let is_unopened = |fact: &&Effect| match fact {
        Effect::DeviceKey(_, id, row) => key.reveal(*id, &row.sealed).is_none(),
        _ => false,
    };
    facts.iter().filter(is_unopened).count()
}

impl Uses {
    fn write(&self, change: &mut Change<'_>) -> Result<(), StoreError> {
        for (account, session, used) in &self.sessions {
            change.note_session_use(*account, *session, *used)?;
        }
        for (account, key, used) in &self.device_keys {
            change.note_device_key_use(*account, *key, *used)?;
        }
        for (account, seen) in &self.accounts {
            if let Some(mut row) = change.account(*account)? {
                row.last_seen_at = Some(*seen);
                change.note_account(*account, row)?;
            }
        }
        Ok(())
    }
}
