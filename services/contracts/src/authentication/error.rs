//! Why authentication refuses.

use serde::{Deserialize, Serialize};

/// One error for the whole service; the edge maps it once to a status and a code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum AuthenticationError {
    /// Also for an unknown name and a disabled account.
    #[error("the username or the password is wrong")]
    WrongPassword,
    /// Only device keys open this door. Also for an unknown name where nothing can be told apart.
    #[error(
        "the account's password is not accepted here: make a device key for this app, and use it"
    )]
    DeviceKeyNeeded,
    /// Unknown, expired or revoked.
    #[error("sign in again: this credential is not valid (any more)")]
    InvalidCredential,
    #[error("the claim code is wrong or was used already")]
    InvalidClaim,
    #[error("the invite is unknown, used or expired")]
    InvalidInvite,
    #[error("registration is closed: ask an administrator for an account")]
    RegistrationClosed,
    #[error("registration needs an invite: ask an administrator for one")]
    InviteNeeded,
    #[error("too many failed attempts: try again in {retry_after_seconds} seconds")]
    Throttled { retry_after_seconds: u64 },
    /// `field` is the name of the call's field.
    #[error("{field}: {reason}")]
    Invalid { field: String, reason: String },
    #[error("the username `{0}` is taken")]
    UsernameTaken(String),
    #[error("only an administrator may do this")]
    Forbidden,
    #[error("this is the last administrator: make another one first")]
    LastAdministrator,
    /// `what` is "account", "session", "device key" or "invite".
    #[error("no such {what}")]
    NotFound { what: String },
    #[error("too much work is waiting: try again in a moment")]
    Busy,
    /// The store could not be written for want of space.
    #[error("the disk that holds the data folder is full")]
    DiskFull,
    #[error("storage failed: {0}")]
    Storage(String),
}
