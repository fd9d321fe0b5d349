//! What authentication's answers are made of.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    LibraryAccess, Timestamp,
    context::Role,
    ids::{AccountId, DeviceKeyId, InviteId, SessionId},
};

/// Text that must not be logged: passwords, tokens, keys, codes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself: look twice where it goes.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Account {
    pub id: AccountId,
    /// As its owner writes it; unique without regard to case.
    pub username: String,
    pub role: Role,
    pub libraries: LibraryAccess,
    /// A disabled account keeps everything and can do nothing.
    pub enabled: bool,
    pub created_at: Timestamp,
    pub last_seen_at: Option<Timestamp>,
}

/// Where a sign-in or a use of a credential came from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Origin {
    /// The peer's address without port; empty for the command line on this machine.
    pub address: String,
    /// What the client calls itself (`User-Agent`), cut to 200 characters by the service.
    pub agent: String,
}

/// A fresh session and the only time that its token is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignedIn {
    pub token: Secret,
    /// The absolute end; an idle session ends sooner.
    pub expires_at: Timestamp,
    pub session: SessionId,
    pub account: Account,
}

/// Which credential a request came with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialId {
    Session(SessionId),
    DeviceKey(DeviceKeyId),
}

/// How an app shows that it has a device key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceProof {
    /// The key's secret itself.
    Secret(Secret),
    /// The MD5 of the secret with a salt behind it, in hexadecimal digits.
    Salted { token: Secret, salt: Secret },
}

/// Who a credential belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    pub account: Account,
    pub credential: CredentialId,
    /// The credential is worthless from then on.
    pub valid_until: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Session {
    pub id: SessionId,
    pub created_at: Timestamp,
    pub last_used_at: Timestamp,
    pub expires_at: Timestamp,
    pub origin: Origin,
    /// The session that asks.
    pub current: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeviceKey {
    pub id: DeviceKeyId,
    pub label: String,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

/// A fresh device key and the only time that its secret is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NewDeviceKey {
    pub id: DeviceKeyId,
    pub label: String,
    pub created_at: Timestamp,
    pub secret: Secret,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Invite {
    pub id: InviteId,
    pub role: Role,
    pub libraries: LibraryAccess,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    /// An invite works once.
    pub used_by: Option<AccountId>,
}

/// A fresh invite and the only time that its code is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NewInvite {
    #[serde(flatten)]
    pub invite: Invite,
    pub code: Secret,
}

/// The code of the one-time claim link with which a first administrator is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimCode {
    pub code: Secret,
}

/// What others must hear of accounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountChange {
    /// New, or another name, role, access or state; also: some of its credentials ended.
    Changed(Account),
    /// Gone with everything it owned: others remove what they keep of it.
    Removed(AccountId),
}
