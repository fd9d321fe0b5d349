//! How each service is: for `/readyz`, the administrator's page and the metrics.

use std::sync::{Mutex, MutexGuard, PoisonError};

use hexachord_contracts::{Clock, Timestamp};
use serde::Serialize;
use tokio::sync::watch;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Starting,
    Running,
    /// Failed, and waiting for its next incarnation.
    Restarting,
    Stopped,
}

/// What is known of one service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ServiceHealth {
    pub name: &'static str,
    pub state: State,
    /// When it came into this state.
    pub since: Timestamp,
    /// Incarnations that failed since the program began.
    pub restarts: u32,
    pub last_failure: Option<String>,
}

/// One service's health, written by its supervisor.
pub struct Health {
    facts: Mutex<ServiceHealth>,
    state: watch::Sender<State>,
    clock: Clock,
}

impl Health {
    pub fn new(name: &'static str, clock: Clock) -> Self {
        let (state, since) = (State::Starting, clock.now());
        let facts = ServiceHealth { name, state, since, restarts: 0, last_failure: None };
        Self { facts: Mutex::new(facts), state: watch::channel(state).0, clock }
    }

    pub fn facts(&self) -> ServiceHealth {
        self.lock().clone()
    }

    pub fn is_running(&self) -> bool {
        *self.state.borrow() == State::Running
    }

    pub fn watch(&self) -> watch::Receiver<State> {
        self.state.subscribe()
    }

    pub(super) fn set(&self, state: State) {
        let mut facts = self.lock();
        facts.state = state;
        facts.since = self.clock.now();
        self.state.send_replace(state);
    }

    pub(super) fn failed(&self, why: String) {
        {
            let mut facts = self.lock();
            facts.restarts += 1;
            facts.last_failure = Some(why);
        }
        self.set(State::Restarting);
    }

    fn lock(&self) -> MutexGuard<'_, ServiceHealth> {
        // Nothing panics while it is held.
        self.facts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
