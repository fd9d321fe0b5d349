//! Who asks, and which libraries that caller may see.

use hexachord_contracts::{Caller, Context, LibraryAccess, ids::AccountId, profile::ProfileError};

use crate::errors::Refusable;

/// The account that asks: what most calls are about.
#[derive(Debug, Clone)]
pub(crate) struct Listener {
    pub(crate) account: AccountId,
    pub(crate) access: LibraryAccess,
}

impl Listener {
    pub(crate) fn of(context: &Context) -> Refusable<Self> {
        match &context.caller {
            Caller::Account { id, libraries, .. } => {
                Ok(Self { account: *id, access: libraries.clone() })
            }
            Caller::System | Caller::Anonymous => Err(ProfileError::Forbidden),
        }
    }
}

/// Who may look at playlists: an account, or the program, which sees everything.
#[derive(Debug, Clone)]
pub(crate) struct Viewer {
    account: Option<AccountId>,
    pub(crate) access: LibraryAccess,
}

impl Viewer {
    pub(crate) fn of(context: &Context) -> Refusable<Self> {
        match &context.caller {
            Caller::System => Ok(Self { account: None, access: LibraryAccess::All }),
            Caller::Account { id, libraries, .. } => {
                Ok(Self { account: Some(*id), access: libraries.clone() })
            }
            Caller::Anonymous => Err(ProfileError::Forbidden),
        }
    }

    /// May it see a playlist of `owner` that is private?
    pub(crate) fn may_look_into(&self, owner: AccountId) -> bool {
        self.account.is_none_or(|account| account == owner)
    }
}

/// Feeds are for other services.
pub(crate) fn services_only(context: &Context) -> Refusable<()> {
    if context.caller == Caller::System { Ok(()) } else { Err(ProfileError::Forbidden) }
}
