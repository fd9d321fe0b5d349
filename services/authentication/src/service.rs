//! One incarnation of the service, and which method answers which call.

use std::{future::ready, sync::Arc};

use hexachord_contracts::{
    BoxError, Context, Service,
    authentication::{self as contract, AuthenticationError, Request},
    ids::AccountId,
};
use hexachord_storage::Outbox;
use tokio_util::task::TaskTracker;

use crate::{
    devices::decoy, mirror::SealedKey, passwords::Passwords, resources::Resources,
    resources::Shared, settings::Settings, store::AccountRow,
};

pub struct Authentication {
    pub(crate) settings: Settings,
    pub(crate) shared: Arc<Shared>,
    pub(crate) passwords: Passwords,
    /// A device key that nobody has.
    pub(crate) decoy: SealedKey,
    pub(crate) outbox: Outbox,
    /// Writes that no answer waits for.
    pub(crate) tasks: TaskTracker,
}

impl Authentication {
    /// Builds an incarnation. Whatever an earlier one was doing when it ended is either in the
    /// store, and so in the mirror, or was never answered.
    pub async fn new(settings: Settings, resources: Resources) -> Result<Self, BoxError> {
        let shared = resources.shared;
        shared.fill_mirror().await?;
        let passwords = Passwords::new(
            Arc::clone(&shared.hashers),
            settings.password_cost,
            shared.random(),
            shared.random(),
        )?;
        let (decoy, outbox) = (decoy(&shared), Outbox::new(shared.store.clone()));
        Ok(Self { settings, shared, passwords, decoy, outbox, tasks: TaskTracker::new() })
    }

    /// The account that asks.
    pub(crate) fn asker(
        &self,
        context: &Context,
    ) -> Result<(AccountId, AccountRow), AuthenticationError> {
        let id = context.account().ok_or(AuthenticationError::InvalidCredential)?;
        let row = self.shared.mirror().account(id).cloned();
        // It may have been removed or disabled since its credential was looked at.
        let row = row.filter(|row| row.enabled).ok_or(AuthenticationError::InvalidCredential)?;
        Ok((id, row))
    }
}

/// Administrators and the program go on.
pub(crate) fn administrators_only(context: &Context) -> Result<(), AuthenticationError> {
    if context.may_administer() { Ok(()) } else { Err(AuthenticationError::Forbidden) }
}

pub(crate) fn no_such(what: &str) -> AuthenticationError {
    AuthenticationError::NotFound { what: what.to_owned() }
}

impl Service for Authentication {
    type Contract = contract::Authentication;

    async fn handle(self: Arc<Self>, request: Request) {
        match request {
            Request::SignIn(ask) => ask.answer(|call, _| self.sign_in(call)).await,
            Request::Register(ask) => ask.answer(|call, _| self.register(call)).await,
            Request::Claim(ask) => ask.answer(|call, _| self.claim(call)).await,
            Request::IssueClaim(ask) => ask.answer(|_, who| ready(self.issue_claim(&who))).await,
            Request::Identify(ask) => ask.answer(|call, _| ready(self.identify(&call))).await,
            Request::IdentifyDevice(ask) => ask.answer(|c, _| self.identify_device(c)).await,
            Request::GetMe(ask) => ask.answer(|_, who| ready(self.get_me(&who))).await,
            Request::ChangePassword(ask) => ask.answer(|c, who| self.change_password(c, who)).await,
            Request::SignOut(ask) => ask.answer(|c, who| self.end_session(c.session, who)).await,
            Request::ListSessions(ask) => {
                ask.answer(|call, who| ready(self.list_sessions(&call, &who))).await;
            }
            Request::RevokeSession(ask) => {
                ask.answer(|call, who| self.end_session(call.session, who)).await;
            }
            Request::RevokeOtherSessions(ask) => {
                ask.answer(|call, who| self.revoke_other_sessions(call, who)).await;
            }
            Request::CreateDeviceKey(ask) => {
                ask.answer(|call, who| self.create_device_key(call, who)).await;
            }
            Request::ListDeviceKeys(ask) => {
                ask.answer(|_, who| ready(self.list_device_keys(&who))).await;
            }
            Request::RevokeDeviceKey(ask) => {
                ask.answer(|call, who| self.revoke_device_key(call, who)).await;
            }
            Request::CreateInvite(ask) => ask.answer(|c, who| self.create_invite(c, who)).await,
            Request::ListInvites(ask) => ask.answer(|_, who| ready(self.list_invites(&who))).await,
            Request::RevokeInvite(ask) => ask.answer(|c, who| self.revoke_invite(c, who)).await,
            Request::CreateAccount(ask) => ask.answer(|c, who| self.create_account(c, who)).await,
            Request::ListAccounts(ask) => {
                ask.answer(|call, who| ready(self.list_accounts(&call.paging, &who))).await;
            }
            Request::GetAccount(ask) => {
                ask.answer(|call, who| ready(self.get_account(&call, &who))).await;
            }
            Request::FindAccount(ask) => {
                ask.answer(|call, who| ready(self.find_account(&call, &who))).await;
            }
            Request::UpdateAccount(ask) => ask.answer(|c, who| self.update_account(c, who)).await,
            Request::ResetPassword(ask) => ask.answer(|c, who| self.reset_password(c, who)).await,
            Request::RemoveAccount(ask) => ask.answer(|c, who| self.remove_account(c, who)).await,
            Request::FollowAccounts(ask) => {
                ask.answer_while_wanted(|call, who| self.follow_accounts(call, who)).await;
            }
            Request::AccountsSnapshot(ask) => {
                ask.answer(|call, who| self.accounts_snapshot(call, who)).await;
            }
        }
    }

    fn retire(&self) {
        self.outbox.retire();
        self.write_uses_by_itself();
    }
}
