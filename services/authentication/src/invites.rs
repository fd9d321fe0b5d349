//! Invites: codes with which somebody makes an account for oneself, once.

use std::{cmp::Reverse, time::Duration};

use hexachord_contracts::{
    Context,
    authentication::{AuthenticationError, CreateInvite, Invite, NewInvite, RevokeInvite},
    ids::InviteId,
};

use crate::{
    accounts::tidy,
    codes,
    names::invalid,
    service::{Authentication, administrators_only, no_such},
    store::InviteRow,
};

const WEEK: u64 = 7 * 24 * 60 * 60;
const YEAR: u64 = 365 * 24 * 60 * 60;

impl Authentication {
    pub(crate) async fn create_invite(
        &self,
        call: CreateInvite,
        context: Context,
    ) -> Result<NewInvite, AuthenticationError> {
        administrators_only(&context)?;
        let valid_seconds = call.valid_seconds.unwrap_or(WEEK);
        if !(1..=YEAR).contains(&valid_seconds) {
            return Err(invalid("valid_seconds", "use 1 to 31536000 (a year)"));
        }
        let code = codes::code(self.shared.random());
        let created_at = self.now().wall;
        let row = InviteRow {
            code: *codes::hash(&code).as_bytes(),
            role: call.role,
            libraries: tidy(call.libraries)?,
            created_at,
            expires_at: created_at.plus(Duration::from_secs(valid_seconds)),
            used_by: None,
        };
        let id = InviteId(self.shared.random_id());
        let invite = row.invite(id);
        self.shared.change(move |change| Ok(change.put_invite(id, row.clone())?)).await?;
        Ok(NewInvite { invite, code })
    }

    pub(crate) fn list_invites(
        &self,
        context: &Context,
    ) -> Result<Vec<Invite>, AuthenticationError> {
        administrators_only(context)?;
        let mirror = self.shared.mirror();
        let mut invites: Vec<_> = mirror.invites().map(|(id, row)| row.invite(id)).collect();
        invites.sort_unstable_by_key(|invite| Reverse((invite.created_at, invite.id)));
        Ok(invites)
    }

    pub(crate) async fn revoke_invite(
        &self,
        call: RevokeInvite,
        context: Context,
    ) -> Result<(), AuthenticationError> {
        administrators_only(&context)?;
        let ended = self.shared.change(move |change| Ok(change.end_invite(call.invite)?));
        if ended.await? { Ok(()) } else { Err(no_such("invite")) }
    }
}

impl InviteRow {
    fn invite(&self, id: InviteId) -> Invite {
        Invite {
            id,
            role: self.role,
            libraries: self.libraries.clone(),
            created_at: self.created_at,
            expires_at: self.expires_at,
            used_by: self.used_by,
        }
    }
}
