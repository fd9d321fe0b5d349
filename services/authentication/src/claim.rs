//! The first administrator: a one-time code that the console prints, and its use.

use std::sync::{MutexGuard, PoisonError};

use hexachord_contracts::{
    Caller, Context, LibraryAccess, Role,
    authentication::{AuthenticationError, Claim, ClaimCode, Secret, SignedIn},
};

use crate::{
    codes, names::Username, passwords::NewPassword, register::add_account, service::Authentication,
};

impl Authentication {
    pub(crate) fn issue_claim(
        &self,
        context: &Context,
    ) -> Result<Option<ClaimCode>, AuthenticationError> {
        if context.caller != Caller::System {
            return Err(AuthenticationError::Forbidden);
        }
        if self.shared.mirror().has_administrator() {
            return Ok(None);
        }
        let code = codes::code(self.shared.random());
        *self.claim_slot() = Some(codes::hash(&code));
        Ok(Some(ClaimCode { code }))
    }

    pub(crate) async fn claim(&self, call: Claim) -> Result<SignedIn, AuthenticationError> {
        self.throttled(None, &call.origin, self.use_claim(&call)).await
    }

    async fn use_claim(&self, call: &Claim) -> Result<SignedIn, AuthenticationError> {
        self.check_claim(&call.code)?;
        let name = Username::parse(&call.username)?;
        let password = NewPassword::parse("password", &call.password)?;
        self.refuse_taken(&name)?;
        let row = self.new_account(name, password, Role::Administrator, LibraryAccess::All).await?;
        let id = self.fresh_account_id();
        let session = self.new_session(&call.origin);
        let (session_id, session_row) = (session.id, session.row.clone());
        let account = self.shared.change(move |change| {
            // Of two with the same code, one comes first.
            if change.has_administrator(None)? {
                return Err(AuthenticationError::InvalidClaim.into());
            }
            let answer = add_account(change, id, row.clone())?;
            change.add_session(id, session_id, session_row.clone())?;
            Ok(answer)
        });
        let account = account.await?;
        *self.claim_slot() = None;
        Ok(self.signed_in(session, account))
    }

    fn check_claim(&self, code: &Secret) -> Result<(), AuthenticationError> {
        let valid = *self.claim_slot();
        match valid.filter(|valid| *valid == codes::hash(code)) {
            Some(_) => Ok(()),
            None => Err(AuthenticationError::InvalidClaim),
        }
    }

    fn claim_slot(&self) -> MutexGuard<'_, Option<blake3::Hash>> {
        self.shared.claim.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
