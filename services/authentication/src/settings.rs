//! What the operator decides about authentication.

use std::{io, time::Duration};

use hexachord_contracts::Pool;

const DAY: Duration = Duration::from_hours(24);
/// Passwords that may wait for each hashing thread; more are refused as busy.
const WAITING_PER_THREAD: usize = 32;

#[derive(Debug, Clone, Copy)]
pub struct Settings {
    pub registration: Registration,
    /// A session that nobody used for so long ends.
    pub session_idle: Duration,
    /// Every session ends so long after its sign-in.
    pub session_longest: Duration,
    /// Passwords that are hashed in parallel.
    pub hash_threads: usize,
    pub password_cost: PasswordCost,
}

/// Who may make an account without an administrator doing it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registration {
    /// Anyone; an invite is welcome and decides role and libraries.
    Open,
    /// Who has an invite.
    Invite,
    Closed,
}

/// What one hash of a password costs (argon2id, one lane); a changed cost is applied to each
/// password at its next sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordCost {
    /// At least 8.
    pub memory_kib: u32,
    /// At least 1.
    pub passes: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            registration: Registration::Invite,
            session_idle: 30 * DAY,
            session_longest: 365 * DAY,
            hash_threads: 2,
            password_cost: PasswordCost::default(),
        }
    }
}

impl Settings {
    /// The threads that hash passwords; they outlive every incarnation.
    pub fn hashers(&self) -> io::Result<Pool> {
        let threads = self.hash_threads.max(1);
        Pool::new("authentication-hash", threads, threads * WAITING_PER_THREAD)
    }
}

impl Default for PasswordCost {
    /// The second of OWASP's recommended settings for argon2id.
    fn default() -> Self {
        Self { memory_kib: 19_456, passes: 2 }
    }
}
