//! Identities mirrored at the edge, so that a request costs no call to authentication.
//!
//! The mirror follows authentication's feed and forgets whatever changed. It is believed only
//! while that feed answers: with authentication down, nothing is known here either.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use hexachord_contracts::{
    Call, CallError, Caller, Client, Clock, Context,
    authentication::{
        AccountChange, AccountsSnapshot, Authentication, AuthenticationError, DeviceProof,
        FollowAccounts, Identify, IdentifyDevice, Identity, Origin, Secret,
    },
    feed::{Changes, FeedCursor},
    ids::AccountId,
};
use tokio::time::{Duration, Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::arrival::Arrival;

/// After so long authentication is asked again, which also tells it that the session is used.
const FRESH: Duration = Duration::from_mins(1);
/// Credentials that are remembered; beyond it all are forgotten and asked for anew.
const MOST: usize = 10_000;
const LONG_POLL: Duration = Duration::from_secs(20);
const RETRY: Duration = Duration::from_millis(100);

/// A credential's owner, ready to ask in its name.
#[derive(Debug)]
pub struct Known {
    pub identity: Identity,
    pub caller: Caller,
    asked_at: Instant,
}

#[derive(Default)]
struct State {
    /// The feed answers.
    live: bool,
    /// Grows with everything that is forgotten: an answer from before must not be kept.
    generation: u64,
    /// By the hash of the credential.
    known: HashMap<[u8; 32], Arc<Known>>,
}

pub struct Mirror {
    authentication: Client<Authentication>,
    clock: Clock,
    state: RwLock<State>,
}

impl Mirror {
    pub fn new(authentication: Client<Authentication>, clock: Clock) -> Self {
        Self { authentication, clock, state: RwLock::default() }
    }

    /// Whose credential this is: from memory, or from authentication.
    pub async fn identify(
        &self,
        credential: &str,
        arrival: &Arrival,
        origin: impl FnOnce() -> Origin,
    ) -> Result<Arc<Known>, CallError<AuthenticationError>> {
        let key = *blake3::hash(credential.as_bytes()).as_bytes();
        let ask = || Identify { credential: Secret::new(credential), origin: origin() };
        self.known(key, arrival, ask).await
    }

    /// Whose device key is shown so, by somebody of this name.
    pub async fn identify_device(
        &self,
        username: &str,
        proof: DeviceProof,
        arrival: &Arrival,
        origin: impl FnOnce() -> Origin,
    ) -> Result<Arc<Known>, CallError<AuthenticationError>> {
        let (kind, shown, salt) = match &proof {
            DeviceProof::Secret(secret) => ("secret", secret, ""),
            DeviceProof::Salted { token, salt } => ("salted", token, salt.reveal()),
        };
        let mut hasher = blake3::Hasher::new_derive_key("hexachord device proof");
        for part in [kind, username, shown.reveal(), salt] {
            hasher.update(&part.len().to_le_bytes());
            hasher.update(part.as_bytes());
        }
        let key = *hasher.finalize().as_bytes();
        let username = username.to_owned();
        let ask = || IdentifyDevice { username, proof, origin: origin() };
        self.known(key, arrival, ask).await
    }

    /// What is remembered under a key, or what authentication answers.
    async fn known<C: Call<To = Authentication, Reply = Identity>>(
        &self,
        key: [u8; 32],
        arrival: &Arrival,
        ask: impl FnOnce() -> C,
    ) -> Result<Arc<Known>, CallError<AuthenticationError>> {
        if let Some(known) = self.recall(&key) {
            return Ok(known);
        }
        let generation = self.read().generation;
        let context = arrival.context(Caller::Anonymous);
        let identity = self.authentication.call(&context, ask()).await?;
        let account = &identity.account;
        let caller = Caller::Account {
            id: account.id,
            role: account.role,
            libraries: account.libraries.clone(),
        };
        let known = Arc::new(Known { identity, caller, asked_at: Instant::now() });
        self.remember(key, generation, Arc::clone(&known));
        Ok(known)
    }

    /// Forgets the credentials of an account: called before a change of them is acknowledged.
    pub fn forget(&self, account: AccountId) {
        let mut state = self.write();
        state.generation += 1;
        state.known.retain(|_, known| known.identity.account.id != account);
    }

    /// Follows authentication's feed until told to stop.
    pub async fn follow(&self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.follow_once() => {
                    self.set_live(false);
                    sleep(RETRY).await;
                }
            }
        }
    }

    /// Returns when the feed does not answer any more, or wants to be read anew.
    async fn follow_once(&self) {
        let Some(mut cursor) = self.head().await else { return };
        self.set_live(true);
        loop {
            let wait_ms = u64::try_from(LONG_POLL.as_millis()).unwrap_or(u64::MAX);
            let ask = FollowAccounts { after: cursor, limit: 500, wait_ms };
            let context = Context::system(LONG_POLL * 2);
            match self.authentication.call(&context, ask).await {
                Ok(Changes::Page { items, cursor: next }) => {
                    cursor = next;
                    for change in items {
                        match change {
                            AccountChange::Changed(account) => self.forget(account.id),
                            AccountChange::Removed(account) => self.forget(account),
                        }
                    }
                }
                Ok(Changes::StartOver) | Err(_) => return,
            }
        }
    }

    async fn head(&self) -> Option<FeedCursor> {
        let context = Context::system(RETRY * 50);
        let ask = AccountsSnapshot { after: None, limit: 1 };
        self.authentication.call(&context, ask).await.ok().map(|page| page.head)
    }

    fn recall(&self, key: &[u8; 32]) -> Option<Arc<Known>> {
        let state = self.read();
        let known = state.known.get(key).filter(|_| state.live)?;
        let fresh = known.asked_at.elapsed() < FRESH;
        let valid = known.identity.valid_until.is_none_or(|until| self.clock.now() < until);
        (fresh && valid).then(|| Arc::clone(known))
    }

    fn remember(&self, key: [u8; 32], generation: u64, known: Arc<Known>) {
        let mut state = self.write();
        if !state.live || state.generation != generation {
            return;
        }
        if state.known.len() >= MOST {
            // Apps that salt anew for each request leave many that nobody shows again.
            state.known.retain(|_, known| known.asked_at.elapsed() < FRESH);
        }
        if state.known.len() >= MOST {
            state.known.clear();
        }
        state.known.insert(key, known);
    }

    fn set_live(&self, live: bool) {
        let mut state = self.write();
        state.live = live;
        state.generation += 1;
        state.known.clear();
    }

    // Nothing panics under this lock, so poison means nothing.
    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}
