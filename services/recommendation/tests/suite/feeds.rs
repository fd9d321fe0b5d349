//! The catalog and profile as recommendation sees them: feeds answered from a list.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use hexachord_contracts::{
    Service,
    catalog::{self, CatalogChange, Features},
    feed::{Changes, FeedCursor, Snapshot},
    ids::{AccountId, TrackId},
    item::ItemId,
    profile::{self, ProfileChange},
};
use tokio::{sync::watch, time::timeout};

/// What is in a feed; the clones are one.
pub(crate) struct Feed<C> {
    inner: Arc<Inner<C>>,
}

struct Inner<C> {
    state: Mutex<State<C>>,
    told: watch::Sender<usize>,
}

struct State<C> {
    epoch: u64,
    entries: Vec<C>,
    /// What there is now, by a key.
    facts: BTreeMap<Key, C>,
}

/// An account, or what is said of a track (0: itself, 1: its sound), and an item.
type Key = (u64, ItemId);

impl<C> Clone for Feed<C> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner) }
    }
}

impl<C: Clone> Feed<C> {
    pub(crate) fn new() -> Self {
        let state = State { epoch: 1, entries: Vec::new(), facts: BTreeMap::new() };
        let inner = Inner { state: Mutex::new(state), told: watch::Sender::new(0) };
        Self { inner: Arc::new(inner) }
    }

    /// Where somebody is that knows everything.
    pub(crate) fn head(&self) -> FeedCursor {
        let state = self.inner.state.lock().expect("nobody panics with it");
        FeedCursor { epoch: state.epoch, sequence: state.entries.len() as u64 }
    }

    /// As after a restore: cursors mean nothing any more, and what `keep` refuses never was.
    pub(crate) fn start_over(&self, keep: impl Fn(&C) -> bool) {
        let mut state = self.inner.state.lock().expect("nobody panics with it");
        state.epoch += 1;
        state.entries.clear();
        state.facts.retain(|_, fact| keep(fact));
        drop(state);
        self.inner.told.send_modify(|count| *count += 1);
    }

    fn tell(&self, change: C, keep: impl FnOnce(&mut BTreeMap<Key, C>)) {
        let mut state = self.inner.state.lock().expect("nobody panics with it");
        state.entries.push(change);
        keep(&mut state.facts);
        drop(state);
        self.inner.told.send_modify(|count| *count += 1);
    }

    async fn changes(&self, after: FeedCursor, limit: u32, wait_ms: u64) -> Changes<C> {
        let mut told = self.inner.told.subscribe();
        loop {
            told.mark_unchanged();
            let page = self.page(after, limit as usize);
            if !matches!(&page, Changes::Page { cursor, .. } if *cursor == after) {
                return page;
            }
            let wait = Duration::from_millis(wait_ms);
            if !matches!(timeout(wait, told.changed()).await, Ok(Ok(()))) {
                return page;
            }
        }
    }

    fn page(&self, after: FeedCursor, limit: usize) -> Changes<C> {
        let state = self.inner.state.lock().expect("nobody panics with it");
        let from = usize::try_from(after.sequence).expect("a small number");
        if after.epoch != state.epoch || from > state.entries.len() {
            return Changes::StartOver;
        }
        let items: Vec<C> = state.entries[from..].iter().take(limit).cloned().collect();
        let sequence = after.sequence + items.len() as u64;
        Changes::Page { items, cursor: FeedCursor { sequence, ..after } }
    }

    fn snapshot(&self, after: Option<String>, limit: u32) -> Snapshot<C> {
        let head = self.head();
        let state = self.inner.state.lock().expect("nobody panics with it");
        let from: usize = after.map_or(0, |text| text.parse().expect("it was given out"));
        let items: Vec<C> = state.facts.values().skip(from).take(limit as usize).cloned().collect();
        let to = from + items.len();
        let next = (to < state.facts.len()).then(|| to.to_string());
        Snapshot { items, next, head }
    }
}

impl Feed<CatalogChange> {
    pub(crate) fn put(&self, track: catalog::Track) {
        let key = (0, ItemId::Track(track.id));
        let change = CatalogChange::Track(Box::new(track));
        self.tell(change.clone(), |facts| drop(facts.insert(key, change)));
    }

    pub(crate) fn forget(&self, track: TrackId) {
        self.tell(CatalogChange::TrackGone(track), |facts| {
            facts.remove(&(0, ItemId::Track(track)));
            facts.remove(&(1, ItemId::Track(track)));
        });
    }

    /// Somebody has listened to a track, or it has other audio now.
    pub(crate) fn hear(&self, track: TrackId, features: Option<Features>) {
        let (key, is_known) = ((1, ItemId::Track(track)), features.is_some());
        let change = CatalogChange::Features { track, features: features.map(Box::new) };
        self.tell(change.clone(), |facts| {
            facts.remove(&key);
            facts.extend(is_known.then_some((key, change)));
        });
    }
}

impl Feed<ProfileChange> {
    pub(crate) fn annotate(&self, account: AccountId, annotation: profile::Annotation) {
        let key = (account.0, annotation.item);
        let change = ProfileChange::Annotation { account, annotation };
        self.tell(change.clone(), |facts| {
            if annotation.is_none() {
                facts.remove(&key);
            } else {
                facts.insert(key, change);
            }
        });
    }

    pub(crate) fn forget(&self, account: AccountId) {
        self.tell(ProfileChange::AccountGone(account), |facts| {
            facts.retain(|(of, _), _| *of != account.0);
        });
    }
}

impl Service for Feed<CatalogChange> {
    type Contract = catalog::Catalog;

    async fn handle(self: Arc<Self>, request: catalog::Request) {
        match request {
            catalog::Request::FollowCatalog(ask) => {
                ask.answer_while_wanted(async |call, _| {
                    Ok(self.changes(call.after, call.limit, call.wait_ms).await)
                })
                .await;
            }
            catalog::Request::CatalogSnapshot(ask) => {
                ask.answer(async |call, _| Ok(self.snapshot(call.after, call.limit))).await;
            }
            other => panic!("nobody should ask this: {other:?}"),
        }
    }
}

impl Service for Feed<ProfileChange> {
    type Contract = profile::Profile;

    async fn handle(self: Arc<Self>, request: profile::Request) {
        match request {
            profile::Request::FollowProfile(ask) => {
                ask.answer_while_wanted(async |call, _| {
                    Ok(self.changes(call.after, call.limit, call.wait_ms).await)
                })
                .await;
            }
            profile::Request::ProfileSnapshot(ask) => {
                ask.answer(async |call, _| Ok(self.snapshot(call.after, call.limit))).await;
            }
            other => panic!("nobody should ask this: {other:?}"),
        }
    }
}
