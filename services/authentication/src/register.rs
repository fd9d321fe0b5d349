//! Making an account for oneself, and what all ways to make one share.

use hexachord_contracts::{
    LibraryAccess, Role,
    authentication::{Account, AuthenticationError, Register, Secret, SignedIn},
    ids::{AccountId, InviteId},
};

use crate::{
    codes,
    names::Username,
    passwords::NewPassword,
    service::Authentication,
    settings::Registration,
    store::{AccountRow, Change, Stop},
};

impl Authentication {
    pub(crate) async fn register(&self, call: Register) -> Result<SignedIn, AuthenticationError> {
        let invite = call.invite.as_ref().filter(|code| !code.reveal().trim().is_empty());
        match (self.settings.registration, invite) {
            (Registration::Closed, _) => return Err(AuthenticationError::RegistrationClosed),
            (Registration::Invite, None) => return Err(AuthenticationError::InviteNeeded),
            _ => {}
        }
        let name = Username::parse(&call.username)?;
        let password = NewPassword::parse("password", &call.password)?;
        let attempt = async {
            let invite = invite.map(|code| self.find_invite(code)).transpose()?;
            self.refuse_taken(&name)?;
            let row = self.new_account(name, password, Role::Listener, LibraryAccess::All).await?;
            self.open_account(row, invite, &call).await
        };
        let begun = self.shared.throttle.begin(None, &call.origin.address, self.now().steady)?;
        let outcome = attempt.await;
        // An invite is used up. Without one, a new account counts like a failure of its address,
        // or anyone could make them without end.
        if outcome.is_err() || invite.is_some() {
            begun.settle(&outcome);
        }
        outcome
    }

    async fn open_account(
        &self,
        row: AccountRow,
        invite: Option<InviteId>,
        call: &Register,
    ) -> Result<SignedIn, AuthenticationError> {
        let id = self.fresh_account_id();
        let session = self.new_session(&call.origin);
        let (session_id, session_row) = (session.id, session.row.clone());
        let account = self.shared.change(move |change| {
            let mut account = row.clone();
            let mut used = None;
            if let Some(invite) = invite {
                let found = change.invite(invite)?.filter(|row| row.is_open(account.created_at));
                let mut row = found.ok_or(AuthenticationError::InvalidInvite)?;
                account.role = row.role;
                account.libraries = row.libraries.clone();
                row.used_by = Some(id);
                used = Some((invite, row));
            }
            let answer = add_account(change, id, account)?;
            if let Some((invite, row)) = used {
                change.put_invite(invite, row)?;
            }
            change.add_session(id, session_id, session_row.clone())?;
            Ok(answer)
        });
        Ok(self.signed_in(session, account.await?))
    }

    /// The invite with this code, if it may still be used.
    fn find_invite(&self, code: &Secret) -> Result<InviteId, AuthenticationError> {
        let hash = codes::hash(code);
        let now = self.now().wall;
        let mirror = self.shared.mirror();
        let found = mirror.invites().find(|(_, row)| row.is_open(now) && hash == row.code);
        found.map(|(id, _)| id).ok_or(AuthenticationError::InvalidInvite)
    }

    /// Refuses a name before its password is hashed; the transaction decides again.
    pub(crate) fn refuse_taken(&self, name: &Username) -> Result<(), AuthenticationError> {
        match self.shared.mirror().account_named(&name.folded) {
            Some(_) => Err(AuthenticationError::UsernameTaken(name.shown.clone())),
            None => Ok(()),
        }
    }

    pub(crate) async fn new_account(
        &self,
        name: Username,
        password: NewPassword,
        role: Role,
        libraries: LibraryAccess,
    ) -> Result<AccountRow, AuthenticationError> {
        let password_hash = self.passwords.hash(password, self.shared.random()).await?;
        Ok(AccountRow {
            username: name.shown,
            folded: name.folded,
            password_hash,
            role,
            libraries,
            enabled: true,
            created_at: self.now().wall,
            last_seen_at: None,
        })
    }
}

/// Adds the account unless its name is taken.
pub(crate) fn add_account(
    change: &mut Change<'_>,
    id: AccountId,
    row: AccountRow,
) -> Result<Account, Stop> {
    if change.is_taken(&row.folded)? {
        return Err(AuthenticationError::UsernameTaken(row.username).into());
    }
    let account = row.account(id);
    change.put_account(id, row)?;
    Ok(account)
}
