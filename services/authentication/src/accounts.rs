//! What administrators do with accounts.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hexachord_contracts::{
    Context, LibraryAccess, Page,
    authentication::{
        Account, AuthenticationError, CreateAccount, FindAccount, GetAccount, RemoveAccount,
        ResetPassword, UpdateAccount,
    },
    page::Paging,
};

use crate::{
    names::{Username, invalid},
    passwords::NewPassword,
    register::add_account,
    service::{Authentication, administrators_only, no_such},
};

/// Libraries that one account may be given by name.
const MOST_LIBRARIES: usize = 1000;
/// Tells a cursor of this list from those of others.
const CURSOR: &str = "accounts:";

impl Authentication {
    pub(crate) async fn create_account(
        &self,
        call: CreateAccount,
        context: Context,
    ) -> Result<Account, AuthenticationError> {
        administrators_only(&context)?;
        let name = Username::parse(&call.username)?;
        let password = NewPassword::parse("password", &call.password)?;
        let libraries = tidy(call.libraries)?;
        self.refuse_taken(&name)?;
        let row = self.new_account(name, password, call.role, libraries).await?;
        let id = self.fresh_account_id();
        self.shared.change(move |change| add_account(change, id, row.clone())).await
    }

    pub(crate) fn list_accounts(
        &self,
        paging: &Paging,
        context: &Context,
    ) -> Result<Page<Account>, AuthenticationError> {
        administrators_only(context)?;
        if !(1..=Paging::MOST).contains(&paging.limit) {
            return Err(invalid("limit", "use 1 to 500"));
        }
        let after = paging.cursor.as_deref().map(read_cursor).transpose()?;
        let limit = paging.limit as usize;
        let mirror = self.shared.mirror();
        let mut items: Vec<_> = mirror.accounts_after(after.as_deref()).take(limit + 1).collect();
        let more = items.len() > limit;
        items.truncate(limit);
        let last = items.last().filter(|_| more).and_then(|account| mirror.account(account.id));
        let next_cursor = last.map(|row| write_cursor(&row.folded));
        Ok(Page { items, next_cursor })
    }

    pub(crate) fn get_account(
        &self,
        call: &GetAccount,
        context: &Context,
    ) -> Result<Account, AuthenticationError> {
        administrators_only(context)?;
        let mirror = self.shared.mirror();
        let found = mirror.account(call.account).map(|row| row.account(call.account));
        found.ok_or_else(|| no_such("account"))
    }

    pub(crate) fn find_account(
        &self,
        call: &FindAccount,
        context: &Context,
    ) -> Result<Account, AuthenticationError> {
        administrators_only(context)?;
        let name = Username::parse(&call.username).map_err(|_nobodys| no_such("account"))?;
        let mirror = self.shared.mirror();
        let found = mirror.account_named(&name.folded).map(|(id, row)| row.account(id));
        found.ok_or_else(|| no_such("account"))
    }

    pub(crate) async fn update_account(
        &self,
        call: UpdateAccount,
        context: Context,
    ) -> Result<Account, AuthenticationError> {
        administrators_only(&context)?;
        let libraries = call.libraries.map(tidy).transpose()?;
        let UpdateAccount { account: id, role, enabled, .. } = call;
        let updated = self.shared.change(move |change| {
            let mut row = change.account(id)?.ok_or_else(|| no_such("account"))?;
            let was_administrator = row.is_enabled_administrator();
            row.role = role.unwrap_or(row.role);
            row.enabled = enabled.unwrap_or(row.enabled);
            row.libraries = libraries.clone().unwrap_or(row.libraries);
            if was_administrator
                && !row.is_enabled_administrator()
                && !change.has_administrator(Some(id))?
            {
                return Err(AuthenticationError::LastAdministrator.into());
            }
            if !row.enabled {
                // Enabling must not revive a session that was the reason to disable.
                change.end_sessions(id, None)?;
            }
            let answer = row.account(id);
            change.put_account(id, row)?;
            Ok(answer)
        });
        updated.await
    }

    pub(crate) async fn reset_password(
        &self,
        call: ResetPassword,
        context: Context,
    ) -> Result<(), AuthenticationError> {
        administrators_only(&context)?;
        let password = NewPassword::parse("password", &call.password)?;
        let id = call.account;
        if self.shared.mirror().account(id).is_none() {
            return Err(no_such("account"));
        }
        let hash = self.passwords.hash(password, self.shared.random()).await?;
        let name = self.shared.change(move |change| {
            let mut row = change.account(id)?.ok_or_else(|| no_such("account"))?;
            row.password_hash = hash.clone();
            let name = row.folded.clone();
            change.put_account(id, row)?;
            // Whoever knew the old password may have opened sessions and made device keys.
            change.end_sessions(id, None)?;
            change.end_device_keys(id)?;
            Ok(name)
        });
        self.shared.throttle.open(&name.await?);
        Ok(())
    }

    pub(crate) async fn remove_account(
        &self,
        call: RemoveAccount,
        context: Context,
    ) -> Result<(), AuthenticationError> {
        administrators_only(&context)?;
        let id = call.account;
        let removed = self.shared.change(move |change| {
            let row = change.account(id)?.ok_or_else(|| no_such("account"))?;
            if row.is_enabled_administrator() && !change.has_administrator(Some(id))? {
                return Err(AuthenticationError::LastAdministrator.into());
            }
            Ok(change.remove_account(id, &row)?)
        });
        removed.await
    }
}

/// Each library once.
pub(crate) fn tidy(libraries: LibraryAccess) -> Result<LibraryAccess, AuthenticationError> {
    let LibraryAccess::Only(libraries) = libraries else { return Ok(LibraryAccess::All) };
    if libraries.len() > MOST_LIBRARIES {
        return Err(invalid("libraries", "name at most 1000 libraries, or allow all"));
    }
    let mut libraries = libraries.to_vec();
    libraries.sort_unstable();
    libraries.dedup();
    Ok(LibraryAccess::Only(libraries.into()))
}

fn write_cursor(folded: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(format!("{CURSOR}{folded}"))
}

fn read_cursor(cursor: &str) -> Result<String, AuthenticationError> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    let name = text.as_deref().and_then(|text| text.strip_prefix(CURSOR)).map(str::to_owned);
    name.ok_or_else(|| invalid("cursor", "use the next_cursor of a page of this list"))
}
