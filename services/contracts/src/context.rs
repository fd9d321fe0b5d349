//! Who asks, in which request, until when: it travels with every call.

use std::fmt;

use serde::{Deserialize, Serialize};
use tokio::time::{Duration, Instant};

use crate::{
    access::LibraryAccess,
    ids::{AccountId, LibraryId},
};

/// Names one request in every log line, metric and error body: 16 lower-case hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RequestId(pub u64);

impl RequestId {
    /// A fresh random id.
    pub fn random() -> Self {
        Self(rand::random())
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// What an account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Administrator,
    Listener,
}

/// On whose behalf a call is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Caller {
    /// Nobody has signed in; may sign in, register, claim.
    Anonymous,
    /// The program itself: the command line on this machine, schedules, other services.
    System,
    Account {
        id: AccountId,
        role: Role,
        libraries: LibraryAccess,
    },
}

/// Travels with every call, so that permission and deadline are part of the question.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Context {
    pub request_id: RequestId,
    pub caller: Caller,
    /// On a wire: the milliseconds that are left.
    #[serde(with = "remaining_ms", rename = "remaining_ms")]
    pub deadline: Instant,
    #[serde(skip, default = "tracing::Span::none")]
    pub span: tracing::Span,
}

impl Context {
    pub fn new(request_id: RequestId, caller: Caller, allowed: Duration) -> Self {
        let deadline = Instant::now() + allowed;
        Self { request_id, caller, deadline, span: tracing::Span::current() }
    }

    /// A context for work that the program does on its own account.
    pub fn system(allowed: Duration) -> Self {
        Self::new(RequestId::random(), Caller::System, allowed)
    }

    pub fn remaining(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// The account that asks, if one does.
    pub fn account(&self) -> Option<AccountId> {
        match self.caller {
            Caller::Account { id, .. } => Some(id),
            Caller::Anonymous | Caller::System => None,
        }
    }

    /// An administrator, or the program itself.
    pub fn may_administer(&self) -> bool {
        match self.caller {
            Caller::System => true,
            Caller::Account { role, .. } => role == Role::Administrator,
            Caller::Anonymous => false,
        }
    }

    /// May this caller see what is in `library`?
    pub fn may_see(&self, library: LibraryId) -> bool {
        match &self.caller {
            Caller::System => true,
            Caller::Account { libraries, .. } => libraries.allows(library),
            Caller::Anonymous => false,
        }
    }
}

/// An `Instant` means nothing in another process: what is left of it does.
mod remaining_ms {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use tokio::time::{Duration, Instant};

    /// No call may ask for more than a day.
    const LONGEST_MS: u64 = 24 * 60 * 60 * 1000;

    pub(super) fn serialize<S: Serializer>(at: &Instant, to: S) -> Result<S::Ok, S::Error> {
        let left = at.saturating_duration_since(Instant::now());
        u64::try_from(left.as_millis()).unwrap_or(LONGEST_MS).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Instant, D::Error> {
        let left = u64::deserialize(from)?.min(LONGEST_MS);
        Ok(Instant::now() + Duration::from_millis(left))
    }
}
