//! Accounts in memory: what profile asks authentication, and its feed.

use std::{
    collections::BTreeMap,
    future::ready,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use hexachord_contracts::{
    LibraryAccess, Role, Service, Timestamp,
    authentication::{Account, AccountChange, Authentication, AuthenticationError, Request},
    ids::AccountId,
};

use crate::fake_feed::FakeFeed;

pub(crate) struct FakeAccounts {
    names: Mutex<BTreeMap<u64, String>>,
    pub(crate) feed: FakeFeed<AccountChange>,
    /// It answers nothing but its feed.
    pub(crate) is_down: AtomicBool,
    /// An account that is asked about is removed, which its followers hear before the answer.
    pub(crate) asked_is_removed: AtomicBool,
}

impl FakeAccounts {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            names: Mutex::default(),
            feed: FakeFeed::new(),
            is_down: AtomicBool::new(false),
            asked_is_removed: AtomicBool::new(false),
        })
    }

    /// A new account, or another name of one; followers hear of it.
    pub(crate) fn put(&self, id: u64, name: &str) {
        self.put_quietly(id, name);
        self.feed.tell([AccountChange::Changed(account(id, name))]);
    }

    pub(crate) fn put_quietly(&self, id: u64, name: &str) {
        self.names().insert(id, name.to_owned());
    }

    pub(crate) fn remove(&self, id: u64) {
        self.remove_quietly(id);
        self.feed.tell([AccountChange::Removed(AccountId(id))]);
    }

    pub(crate) fn remove_quietly(&self, id: u64) {
        self.names().remove(&id);
    }

    fn names(&self) -> MutexGuard<'_, BTreeMap<u64, String>> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn everything(&self) -> Vec<AccountChange> {
        let names = self.names();
        names.iter().map(|(id, name)| AccountChange::Changed(account(*id, name))).collect()
    }
}

fn account(id: u64, name: &str) -> Account {
    Account {
        id: AccountId(id),
        username: name.to_owned(),
        role: Role::Listener,
        libraries: LibraryAccess::All,
        enabled: true,
        created_at: Timestamp::default(),
        last_seen_at: None,
    }
}

/// What serves them.
pub(crate) struct Serving(pub(crate) Arc<FakeAccounts>);

impl Service for Serving {
    type Contract = Authentication;

    async fn handle(self: Arc<Self>, request: Request) {
        let accounts = &self.0;
        match request {
            Request::FollowAccounts(ask) => {
                ask.answer_while_wanted(async |call, _| {
                    Ok(accounts.feed.after(call.after, call.limit, call.wait_ms).await)
                })
                .await;
            }
            Request::AccountsSnapshot(ask) => {
                ask.answer(|call, _| {
                    let all = accounts.everything();
                    ready(Ok(accounts.feed.snapshot(all, call.after.as_deref(), call.limit)))
                })
                .await;
            }
            _ if accounts.is_down.load(Ordering::Relaxed) => {}
            Request::GetAccount(ask) => {
                ask.answer(async |call, by| {
                    assert!(by.may_administer());
                    let id = call.account.0;
                    let found = accounts.names().get(&id).map(|name| account(id, name));
                    if accounts.asked_is_removed.load(Ordering::Relaxed) {
                        accounts.remove(id);
                        accounts.feed.is_followed().await;
                    }
                    found
                        .ok_or_else(|| AuthenticationError::NotFound { what: "account".to_owned() })
                })
                .await;
            }
            other => panic!("profile asked something else: {other:?}"),
        }
    }
}
