//! How each service is: for `/readyz`, the administrator's page and the metrics.

use hexachord_contracts::{Clock, Timestamp};
use serde::Serialize;
use tokio::sync::watch;

/// Without these nobody can come in or hear anything.
pub const NEEDED: [&str; 2] = ["authentication", "catalog"];

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
///
/// Everything is behind the one lock of the channel, which who waits holds while it looks: a
/// condition judges the facts it is given and asks nothing here.
pub struct Health {
    facts: watch::Sender<ServiceHealth>,
    clock: Clock,
}

impl Health {
    pub fn new(name: &'static str, clock: Clock) -> Self {
        let (state, since) = (State::Starting, clock.now());
        let facts = ServiceHealth { name, state, since, restarts: 0, last_failure: None };
        Self { facts: watch::channel(facts).0, clock }
    }

    pub fn facts(&self) -> ServiceHealth {
        self.facts.borrow().clone()
    }

    pub fn is_running(&self) -> bool {
        self.facts.borrow().is_running()
    }

    pub fn watch(&self) -> watch::Receiver<ServiceHealth> {
        self.facts.subscribe()
    }

    pub(super) fn set(&self, state: State) {
        let since = self.clock.now();
        self.facts.send_modify(|facts| (facts.state, facts.since) = (state, since));
    }

    pub(super) fn failed(&self, why: String) {
        let since = self.clock.now();
        self.facts.send_modify(|facts| {
            (facts.state, facts.since) = (State::Restarting, since);
            facts.restarts += 1;
            facts.last_failure = Some(why);
        });
    }
}

impl ServiceHealth {
    /// Does it answer requests?
    pub fn is_running(&self) -> bool {
        self.state == State::Running
    }
}
