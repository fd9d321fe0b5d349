//! How other services follow the accounts. An entry of the outbox is an account's id: followers
//! get the account as it is now, so nothing of a removed one is left.

use std::time::Duration;

use hexachord_contracts::{
    Caller, Context,
    authentication::{AccountChange, AccountsSnapshot, AuthenticationError, FollowAccounts},
    feed::{Changes, FeedCursor, Snapshot},
    ids::AccountId,
};
use hexachord_storage::{Outbox, StoreError};
use redb::ReadTransaction;

use crate::{
    names::invalid,
    service::Authentication,
    store::{AccountRow, accounts_after, find_account, refusal},
};

/// Accounts on a page of the snapshot.
const LONGEST_PAGE: u32 = 1000;
/// Left of a caller's deadline when a wait without news is answered.
const TO_ANSWER: Duration = Duration::from_millis(250);

impl Authentication {
    pub(crate) async fn follow_accounts(
        &self,
        call: FollowAccounts,
        context: Context,
    ) -> Result<Changes<AccountChange>, AuthenticationError> {
        services_only(&context)?;
        let wait = Duration::from_millis(call.wait_ms);
        let wait = wait.min(context.remaining().saturating_sub(TO_ANSWER));
        self.outbox.after(call.after, call.limit, wait, resolve).await.map_err(refusal)
    }

    pub(crate) async fn accounts_snapshot(
        &self,
        call: AccountsSnapshot,
        context: Context,
    ) -> Result<Snapshot<AccountChange>, AuthenticationError> {
        services_only(&context)?;
        let place = call.after.as_deref().map(read_place).transpose()?;
        let limit = call.limit.clamp(1, LONGEST_PAGE) as usize;
        let outbox = Outbox::new(self.shared.store.clone());
        let page = self.shared.store.read(move |read| {
            let head = match place {
                Some((head, _)) if outbox.has(read, head)? => head,
                Some(_) => return Ok(None),
                None => outbox.head(read)?,
            };
            let after = place.map(|(_, account)| account);
            Ok(Some((head, accounts_after(read, after, limit + 1)?)))
        });
        let (head, mut rows) = page.await.map_err(refusal)?.ok_or_else(no_place)?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let last = rows.last().filter(|_| more);
        let next = last.map(|(id, _)| format!("{}.{}.{}", head.epoch, head.sequence, id.0));
        let changed = |(id, row): &(AccountId, _)| change_of(*id, Some(row));
        Ok(Snapshot { items: rows.iter().map(changed).collect(), next, head })
    }
}

/// Where a snapshot goes on: its head, and the last account of its page before.
fn read_place(after: &str) -> Result<(FeedCursor, AccountId), AuthenticationError> {
    let numbers: Result<Vec<u64>, _> = after.split('.').map(str::parse).collect();
    match numbers.as_deref() {
        Ok(&[epoch, sequence, account]) => Ok((FeedCursor { epoch, sequence }, AccountId(account))),
        _ => Err(no_place()),
    }
}

fn no_place() -> AuthenticationError {
    invalid("after", "use `next` of the page before, or start without it")
}

fn services_only(context: &Context) -> Result<(), AuthenticationError> {
    match context.caller {
        Caller::System => Ok(()),
        Caller::Anonymous | Caller::Account { .. } => Err(AuthenticationError::Forbidden),
    }
}

fn resolve(
    read: &ReadTransaction,
    entries: Vec<Vec<u8>>,
) -> Result<Vec<AccountChange>, StoreError> {
    let change = |entry: Vec<u8>| {
        let id = entry.try_into().map(u64::from_be_bytes).map(AccountId);
        let id = id.map_err(|_other| StoreError::Damaged("an entry of the outbox".to_owned()))?;
        Ok(change_of(id, find_account(read, id)?.as_ref()))
    };
    entries.into_iter().map(change).collect()
}

fn change_of(id: AccountId, row: Option<&AccountRow>) -> AccountChange {
    match row {
        Some(row) => AccountChange::Changed(row.account(id)),
        None => AccountChange::Removed(id),
    }
}
