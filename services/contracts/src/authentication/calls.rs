//! The calls of authentication. `GetMe`, `ChangePassword` and the calls about sessions and device
//! keys are about the account that asks (`Context::account`); the rest says who may ask.

use serde::{Deserialize, Serialize};

use super::types::{DeviceProof, Origin, Secret};
use crate::{
    LibraryAccess,
    context::Role,
    feed::FeedCursor,
    ids::{AccountId, DeviceKeyId, InviteId, SessionId},
    page::Paging,
};

/// Anyone: a session for a name and a password. The same answer, in the same time, for a wrong
/// password, an unknown name and a disabled account.
#[derive(Debug, Serialize, Deserialize)]
pub struct SignIn {
    pub username: String,
    pub password: Secret,
    pub origin: Origin,
}

/// Anyone: a new account and its first session, where registration is open or an invite is given.
#[derive(Debug, Serialize, Deserialize)]
pub struct Register {
    pub username: String,
    pub password: Secret,
    pub invite: Option<Secret>,
    pub origin: Origin,
}

/// Anyone with the claim code: the first administrator.
#[derive(Debug, Serialize, Deserialize)]
pub struct Claim {
    pub code: Secret,
    pub username: String,
    pub password: Secret,
    pub origin: Origin,
}

/// The program: a fresh claim code while there is no administrator, which voids earlier ones.
#[derive(Debug, Serialize, Deserialize)]
pub struct IssueClaim {}

/// The edge: whose credential is this?
#[derive(Debug, Serialize, Deserialize)]
pub struct Identify {
    /// The token of a session, or the secret of a device key.
    pub credential: Secret,
    pub origin: Origin,
}

/// The edge: whose device key is this, for apps that tell a name and prove that they have one of its
/// keys? The account's password is no proof: it is looked at only to say so
/// ([`DeviceKeyNeeded`](super::AuthenticationError::DeviceKeyNeeded)).
#[derive(Debug, Serialize, Deserialize)]
pub struct IdentifyDevice {
    pub username: String,
    pub proof: DeviceProof,
    pub origin: Origin,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct GetMe {}

/// Ends every other session; `keep` is the one that asks.
#[derive(Debug, Serialize, Deserialize)]
pub struct ChangePassword {
    pub current: Secret,
    pub new: Secret,
    pub keep: Option<SessionId>,
    pub origin: Origin,
}

/// Ends the session that asks.
#[derive(Debug, Serialize, Deserialize)]
pub struct SignOut {
    pub session: SessionId,
}

/// Newest first; `current` marks the session that asks.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListSessions {
    pub current: Option<SessionId>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct RevokeSession {
    pub session: SessionId,
}

/// Ends all sessions of the account but `keep`; answers how many.
#[derive(Debug, Serialize, Deserialize)]
pub struct RevokeOtherSessions {
    pub keep: Option<SessionId>,
}

/// For the account that asks; the program and administrators may name another.
#[derive(Debug, Serialize, Deserialize)]
pub struct CreateDeviceKey {
    pub label: String,
    pub account: Option<AccountId>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct ListDeviceKeys {}

#[derive(Debug, Serialize, Deserialize)]
pub struct RevokeDeviceKey {
    pub key: DeviceKeyId,
}

/// Administrators. It works once and for `valid_seconds` (absent: a week; at most a year).
#[derive(Debug, Serialize, Deserialize)]
pub struct CreateInvite {
    pub role: Role,
    pub libraries: LibraryAccess,
    pub valid_seconds: Option<u64>,
}

/// Administrators: newest first, used and expired ones too.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListInvites {}

/// Administrators.
#[derive(Debug, Serialize, Deserialize)]
pub struct RevokeInvite {
    pub invite: InviteId,
}

/// Administrators and the program.
#[derive(Debug, Serialize, Deserialize)]
pub struct CreateAccount {
    pub username: String,
    pub password: Secret,
    pub role: Role,
    pub libraries: LibraryAccess,
}

/// Administrators: by name.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListAccounts {
    pub paging: Paging,
}

/// Administrators.
#[derive(Debug, Serialize, Deserialize)]
pub struct GetAccount {
    pub account: AccountId,
}

/// Administrators and the program: by name, without regard to case.
#[derive(Debug, Serialize, Deserialize)]
pub struct FindAccount {
    pub username: String,
}

/// Administrators: what is absent stays. The last enabled administrator keeps role and state.
/// Disabling ends every session of the account for good; its device keys are refused while it is
/// disabled, and work again once it is enabled.
#[derive(Debug, Serialize, Deserialize)]
pub struct UpdateAccount {
    pub account: AccountId,
    pub role: Option<Role>,
    pub libraries: Option<LibraryAccess>,
    pub enabled: Option<bool>,
}

/// Administrators and the program: a new password. Ends every session and every device key of the
/// account: it is the way back after a theft, and a thief may have made either.
#[derive(Debug, Serialize, Deserialize)]
pub struct ResetPassword {
    pub account: AccountId,
    pub password: Secret,
}

/// Administrators. The last enabled administrator stays.
#[derive(Debug, Serialize, Deserialize)]
pub struct RemoveAccount {
    pub account: AccountId,
}

/// Other services: what changed after `after`; waits up to `wait_ms` when nothing did.
#[derive(Debug, Serialize, Deserialize)]
pub struct FollowAccounts {
    pub after: FeedCursor,
    pub limit: u32,
    pub wait_ms: u64,
}

/// Other services: every account, in pages.
#[derive(Debug, Serialize, Deserialize)]
pub struct AccountsSnapshot {
    pub after: Option<String>,
    pub limit: u32,
}
