//! What the tables hold. No row has the text of a secret.

use std::sync::Arc;

use hexachord_contracts::{
    LibraryAccess, Role, Timestamp,
    authentication::{Account, Origin},
    ids::AccountId,
    steady::{Moment, Steady},
};
use hexachord_storage::Record;
use serde::{Deserialize, Serialize};

use crate::tokens::TokenHash;

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct AccountRow {
    pub(crate) username: String,
    /// What the username is found by.
    pub(crate) folded: String,
    /// A PHC string.
    pub(crate) password_hash: Arc<str>,
    pub(crate) role: Role,
    pub(crate) libraries: LibraryAccess,
    pub(crate) enabled: bool,
    pub(crate) created_at: Timestamp,
    pub(crate) last_seen_at: Option<Timestamp>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct SessionRow {
    pub(crate) token: TokenHash,
    pub(crate) opened: Moment,
    pub(crate) used: Moment,
    pub(crate) origin: Origin,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct DeviceKeyRow {
    pub(crate) token: TokenHash,
    pub(crate) label: String,
    /// The key's text under `secret.key`.
    pub(crate) sealed: Vec<u8>,
    pub(crate) created_at: Timestamp,
    pub(crate) last_used_at: Option<Timestamp>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct InviteRow {
    pub(crate) code: [u8; 32],
    pub(crate) role: Role,
    pub(crate) libraries: LibraryAccess,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) used_by: Option<AccountId>,
}

impl Record for AccountRow {
    const VERSION: u8 = 1;
}
impl Record for SessionRow {
    const VERSION: u8 = 1;
}
impl Record for DeviceKeyRow {
    const VERSION: u8 = 1;
}
impl Record for InviteRow {
    const VERSION: u8 = 1;
}
impl AccountRow {
    pub(crate) fn account(&self, id: AccountId) -> Account {
        Account {
            id,
            username: self.username.clone(),
            role: self.role,
            libraries: self.libraries.clone(),
            enabled: self.enabled,
            created_at: self.created_at,
            last_seen_at: self.last_seen_at,
        }
    }

    pub(crate) fn is_enabled_administrator(&self) -> bool {
        self.enabled && self.role == Role::Administrator
    }
}

impl SessionRow {
    /// When it was last used, in steady time.
    pub(crate) fn idle_since(&self) -> Steady {
        self.used.steady
    }
}

impl InviteRow {
    pub(crate) fn is_open(&self, now: Timestamp) -> bool {
        self.used_by.is_none() && now < self.expires_at
    }
}
