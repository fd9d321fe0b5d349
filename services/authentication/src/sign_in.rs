//! Signing in, and the sessions that every way in opens.

use std::future::Future;

use hexachord_contracts::{
    authentication::{Account, AuthenticationError, Origin, Secret, SignIn, SignedIn},
    ids::{AccountId, SessionId},
    steady::Moment,
};

use crate::{
    names::Username, passwords::Verdict, service::Authentication, store::SessionRow, tokens,
};

/// Characters of what a client says about itself.
const LONGEST_AGENT: usize = 200;
const LONGEST_ADDRESS: usize = 64;

/// A session that is not in the store yet.
pub(crate) struct NewSession {
    pub(crate) id: SessionId,
    pub(crate) row: SessionRow,
    token: Secret,
}

impl Authentication {
    pub(crate) async fn sign_in(&self, call: SignIn) -> Result<SignedIn, AuthenticationError> {
        // What cannot be a username is nobody's: the same answer in the same time.
        let name = Username::parse(&call.username).ok().map(|name| name.folded);
        let attempt = self.verify_and_open(name.as_deref(), &call);
        self.throttled(name.as_deref(), &call.origin, attempt).await
    }

    async fn verify_and_open(
        &self,
        name: Option<&str>,
        call: &SignIn,
    ) -> Result<SignedIn, AuthenticationError> {
        let found = name.and_then(|name| {
            let mirror = self.shared.mirror();
            let (id, row) = mirror.account_named(name).filter(|(_, row)| row.enabled)?;
            Some((id, row.password_hash.clone()))
        });
        let (id, stored) = found.unzip();
        let salt = self.shared.random();
        let verdict = self.passwords.verify(&call.password, stored.clone(), salt).await?;
        let (Some(id), Some(stored), Verdict::Right { upgraded }) = (id, stored, verdict) else {
            return Err(AuthenticationError::WrongPassword);
        };
        let session = self.new_session(&call.origin);
        let (session_id, row, seen) = (session.id, session.row.clone(), session.row.opened.wall);
        let account = self.shared.change(move |change| {
            // The account may have changed while its password was verified.
            let known = change.account(id)?.filter(|a| a.enabled && a.password_hash == stored);
            let mut account = known.ok_or(AuthenticationError::WrongPassword)?;
            account.last_seen_at = Some(seen);
            if let Some(upgraded) = &upgraded {
                account.password_hash = upgraded.clone();
            }
            let answer = account.account(id);
            change.note_account(id, account)?;
            change.add_session(id, session_id, row.clone())?;
            Ok(answer)
        });
        Ok(self.signed_in(session, account.await?))
    }

    /// Runs an attempt to get in under the throttle.
    pub(crate) async fn throttled<T>(
        &self,
        name: Option<&str>,
        origin: &Origin,
        attempt: impl Future<Output = Result<T, AuthenticationError>>,
    ) -> Result<T, AuthenticationError> {
        let now = self.shared.time.now().steady;
        let begun = self.shared.throttle.begin(name, &origin.address, now)?;
        let outcome = attempt.await;
        begun.settle(&outcome);
        outcome
    }

    pub(crate) fn new_session(&self, origin: &Origin) -> NewSession {
        let token = tokens::session_token(self.shared.random());
        let now = self.now();
        let row = SessionRow {
            token: tokens::hash(token.reveal()),
            opened: now,
            used: now,
            origin: Origin {
                address: origin.address.chars().take(LONGEST_ADDRESS).collect(),
                agent: origin.agent.chars().take(LONGEST_AGENT).collect(),
            },
        };
        NewSession { id: SessionId(self.shared.random_id()), row, token }
    }

    pub(crate) fn signed_in(&self, session: NewSession, account: Account) -> SignedIn {
        let NewSession { id, row, token } = session;
        let expires_at = row.expires_at(row.opened, &self.settings);
        SignedIn { token, expires_at, session: id, account }
    }

    pub(crate) fn now(&self) -> Moment {
        self.shared.time.now()
    }

    pub(crate) fn fresh_account_id(&self) -> AccountId {
        AccountId(self.shared.random_id())
    }
}
