//! Who is who: users of the other program, and accounts here.

use hexachord_contracts::{Page, authentication::Account, ids::AccountId};
use http::Method;

use super::{Error, foreign::Foreign};
use crate::cli::backend::{Backend, BackendError};

/// The account that a listener is here.
#[derive(Debug, Clone)]
pub(super) struct Owner {
    pub(super) id: AccountId,
    pub(super) name: String,
}

/// The account of each listener, in their order. Nobody is made up: who has none is left out.
pub(super) async fn owners(
    backend: &mut Backend,
    foreign: &Foreign,
    named: &[(String, String)],
) -> Result<Vec<Option<Owner>>, Error> {
    let accounts = accounts(backend).await?;
    let same = |one: &str, other: &str| one.trim().to_lowercase() == other.trim().to_lowercase();
    let account = |name: &str| accounts.iter().find(|account| same(&account.username, name));
    for (theirs, ours) in named {
        if !foreign.listeners.iter().any(|listener| same(&listener.name, theirs)) {
            let known = foreign.listeners.iter().map(|listener| listener.name.as_str());
            let known = known.collect::<Vec<_>>().join(", ");
            return Err(
                format!("--user: there is nobody called {theirs} there, but {known}").into()
            );
        }
        if account(ours).is_none() {
            return Err(format!("--user: there is no account called {ours}").into());
        }
    }
    let owner = |name: &str| {
        let named = named.iter().find(|(theirs, _)| same(theirs, name));
        let account = account(named.map_or(name, |(_, ours)| ours))?;
        Some(Owner { id: account.id, name: account.username.clone() })
    };
    Ok(foreign.listeners.iter().map(|listener| owner(&listener.name)).collect())
}

async fn accounts(backend: &mut Backend) -> Result<Vec<Account>, BackendError> {
    let mut accounts = Vec::new();
    let mut path = "/api/v1/admin/accounts?limit=500".to_owned();
    loop {
        let page: Page<Account> = backend.ask(Method::GET, &path, None).await?;
        accounts.extend(page.items);
        let Some(cursor) = page.next_cursor else { return Ok(accounts) };
        path = format!("/api/v1/admin/accounts?limit=500&cursor={cursor}");
    }
}
