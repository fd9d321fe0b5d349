//! What the others may ask authentication: who is this, may they, and everything about accounts,
//! sessions, device keys and invites.
//!
//! It owns the accounts and every credential. Others learn of removed accounts and ended
//! sessions from its feed. Administrators' calls are refused to anyone else by the service itself.

mod calls;
mod error;
mod types;

pub use calls::*;
pub use error::AuthenticationError;
pub use types::*;

use crate::{feed, follow::feed_of, page::Page};

contract!("authentication", Authentication, AuthenticationError {
    SignIn => SignedIn,
    Register => SignedIn,
    Claim => SignedIn,
    IssueClaim => Option<ClaimCode>,
    Identify => Identity,
    IdentifyDevice => Identity,
    GetMe => Account,
    ChangePassword => (),
    SignOut => (),
    ListSessions => Vec<Session>,
    RevokeSession => (),
    RevokeOtherSessions => u32,
    CreateDeviceKey => NewDeviceKey,
    ListDeviceKeys => Vec<DeviceKey>,
    RevokeDeviceKey => (),
    CreateInvite => NewInvite,
    ListInvites => Vec<Invite>,
    RevokeInvite => (),
    CreateAccount => Account,
    ListAccounts => Page<Account>,
    GetAccount => Account,
    FindAccount => Account,
    UpdateAccount => Account,
    ResetPassword => (),
    RemoveAccount => (),
    FollowAccounts => feed::Changes<AccountChange>,
    AccountsSnapshot => feed::Snapshot<AccountChange>,
});

feed_of!(Authentication, AccountChange, FollowAccounts, AccountsSnapshot);
