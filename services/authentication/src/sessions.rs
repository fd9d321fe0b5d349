//! The sessions of the account that asks.

use hexachord_contracts::{
    Context,
    authentication::{AuthenticationError, ListSessions, RevokeOtherSessions, Session},
    ids::SessionId,
};

use crate::service::{Authentication, no_such};

impl Authentication {
    pub(crate) fn list_sessions(
        &self,
        call: &ListSessions,
        context: &Context,
    ) -> Result<Vec<Session>, AuthenticationError> {
        let (account, _) = self.asker(context)?;
        let now = self.now();
        Ok(self.shared.mirror().sessions(account, call.current, now, &self.settings))
    }

    /// Signs out, or revokes.
    pub(crate) async fn end_session(
        &self,
        session: SessionId,
        context: Context,
    ) -> Result<(), AuthenticationError> {
        let (account, _) = self.asker(&context)?;
        let ended = self.shared.change(move |change| Ok(change.end_session(account, session)?));
        if ended.await? { Ok(()) } else { Err(no_such("session")) }
    }

    pub(crate) async fn revoke_other_sessions(
        &self,
        call: RevokeOtherSessions,
        context: Context,
    ) -> Result<u32, AuthenticationError> {
        let (account, _) = self.asker(&context)?;
        let ended = self.shared.change(move |change| Ok(change.end_sessions(account, call.keep)?));
        ended.await
    }
}
