//! Authentication as payment sees it: a feed of accounts that a test writes.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use hexachord_contracts::{
    Client, LibraryAccess, Role, Service, Timestamp,
    authentication::{Account, AccountChange, Authentication, FollowAccounts, Request},
    feed::{Changes, FeedCursor, Snapshot},
    harness,
    ids::AccountId,
};
use tokio::{sync::watch, time::timeout};

use crate::house::PATIENCE;

/// Accounts on a page of the snapshot: few, so that there are several pages.
const PAGE: usize = 2;

pub(crate) struct Accounts {
    state: Mutex<State>,
    changed: watch::Sender<u64>,
    /// How far the follower has taken what it was told.
    taken: watch::Sender<Option<FeedCursor>>,
}

struct State {
    epoch: u64,
    there: BTreeSet<AccountId>,
    log: Vec<AccountChange>,
}

impl State {
    fn head(&self) -> FeedCursor {
        FeedCursor { epoch: self.epoch, sequence: self.log.len() as u64 }
    }
}

impl Accounts {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::new(State { epoch: 1, there: BTreeSet::new(), log: Vec::new() }),
            changed: watch::Sender::default(),
            taken: watch::Sender::default(),
        })
    }

    pub(crate) fn client(self: &Arc<Self>) -> Client<Authentication> {
        let [mailbox, _] = harness::both_ways(Feed(Arc::clone(self)));
        mailbox.client
    }

    pub(crate) fn add(&self, id: AccountId) {
        self.tell(|state| {
            state.there.insert(id);
            state.log.push(AccountChange::Changed(account(id)));
        });
    }

    pub(crate) fn remove(&self, id: AccountId) {
        self.tell(|state| {
            state.there.remove(&id);
            state.log.push(AccountChange::Removed(id));
        });
    }

    /// As if the store had been restored: another epoch, in which only these accounts are there.
    pub(crate) fn restore(&self, there: &[AccountId]) {
        self.tell(|state| {
            state.epoch += 1;
            state.there = there.iter().copied().collect();
            state.log.clear();
        });
    }

    fn tell(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap());
        self.changed.send_modify(|count| *count += 1);
    }

    /// Waits until the follower has taken everything.
    pub(crate) async fn caught_up(&self) {
        let head = self.state.lock().unwrap().head();
        let mut taken = self.taken.subscribe();
        let caught_up = taken.wait_for(|taken| {
            taken.is_some_and(|at| at.epoch == head.epoch && at.sequence >= head.sequence)
        });
        timeout(PATIENCE, caught_up).await.unwrap().unwrap();
    }

    /// Waits until nobody waits for news any more.
    pub(crate) async fn left_alone(&self) {
        timeout(PATIENCE, self.changed.closed()).await.unwrap();
    }

    async fn follow(&self, after: FeedCursor, limit: u32, wait_ms: u64) -> Changes<AccountChange> {
        self.taken.send_replace(Some(after));
        let mut changed = self.changed.subscribe();
        loop {
            {
                let state = self.state.lock().unwrap();
                let from = usize::try_from(after.sequence).unwrap();
                if after.epoch != state.epoch || from > state.log.len() {
                    return Changes::StartOver;
                }
                let items: Vec<_> =
                    state.log[from..].iter().take(limit as usize).cloned().collect();
                if !items.is_empty() {
                    let sequence = after.sequence + items.len() as u64;
                    return Changes::Page { items, cursor: FeedCursor { sequence, ..after } };
                }
            }
            let news = timeout(Duration::from_millis(wait_ms), changed.changed());
            if news.await.is_err() {
                return Changes::Page { items: Vec::new(), cursor: after };
            }
        }
    }

    fn snapshot(&self, after: Option<&str>) -> Snapshot<AccountChange> {
        let state = self.state.lock().unwrap();
        let after = after.map_or(0, |after| after.parse::<u64>().unwrap());
        let rest: Vec<_> = state.there.iter().filter(|id| id.0 > after).collect();
        let page: Vec<_> = rest.iter().take(PAGE).map(|id| **id).collect();
        let next = page.last().filter(|_| rest.len() > PAGE).map(|id| id.0.to_string());
        let items = page.into_iter().map(|id| AccountChange::Changed(account(id))).collect();
        Snapshot { items, next, head: state.head() }
    }
}

struct Feed(Arc<Accounts>);

impl Service for Feed {
    type Contract = Authentication;

    async fn handle(self: Arc<Self>, request: Request) {
        match request {
            Request::FollowAccounts(ask) => {
                let follow = async |call: FollowAccounts, _| {
                    Ok(self.0.follow(call.after, call.limit, call.wait_ms).await)
                };
                ask.answer_while_wanted(follow).await;
            }
            Request::AccountsSnapshot(ask) => {
                ask.answer(async |call, _| Ok(self.0.snapshot(call.after.as_deref()))).await;
            }
            other => drop(other),
        }
    }
}

fn account(id: AccountId) -> Account {
    Account {
        id,
        username: format!("listener-{}", id.0),
        role: Role::Listener,
        libraries: LibraryAccess::All,
        enabled: true,
        created_at: Timestamp::from_millis(1_800_000_000_000),
        last_seen_at: None,
    }
}
