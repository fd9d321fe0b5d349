//! What people love, rate and play, in memory: it moves what was found gently forward, and answers
//! what a query asks of it.
//!
//! It is told anew at every start. An item that somebody touched costs about 30 bytes.

mod changes;
mod following;
mod state;

use std::sync::{Arc, PoisonError, RwLock};

use hexachord_contracts::{feed::FeedCursor, ids::AccountId, item::ItemId};

use state::State;

pub(crate) use following::TasteFollower;
pub(crate) use state::{Account, Own};

/// Items that are looked up while nothing can change.
const AT_A_TIME: usize = 4096;

#[derive(Default)]
pub(crate) struct Taste {
    state: RwLock<State>,
}

/// What one caller's searches know of it.
#[derive(Clone, Default)]
pub(crate) struct Liking {
    pub(crate) own: Arc<Account>,
    /// Grows when a boost of this caller changes: of its own items, of all people's.
    pub(crate) generation: (u64, u64),
}

impl Liking {
    /// The same moment, without what the caller likes.
    pub(crate) fn of_all(&self) -> Self {
        Self { own: Arc::default(), generation: (0, self.generation.1) }
    }
}

impl Taste {
    pub(crate) fn cursor(&self) -> Option<FeedCursor> {
        self.read(|state| state.cursor)
    }

    pub(crate) fn liking(&self, account: Option<AccountId>) -> Liking {
        self.read(|state| {
            let own = account.and_then(|account| state.accounts.get(&account).cloned());
            let own = own.unwrap_or_default();
            let generation = (own.changes.generation(), state.changes.generation());
            Liking { own, generation }
        })
    }

    fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.write().unwrap_or_else(PoisonError::into_inner));
    }

    /// The items whose boost has changed since this generation, and their boosts; `None` when they
    /// may be any.
    pub(crate) fn changed(&self, liking: &Liking, since: (u64, u64)) -> Option<Vec<(ItemId, u8)>> {
        let own = liking.own.changes.since(since.0)?;
        self.read(|state| {
            let items = own.chain(state.changes.since(since.1)?);
            Some(items.map(|item| (item, state.boost(&liking.own, item))).collect())
        })
    }

    /// All that the account has touched, and their boosts.
    pub(crate) fn boosts_of(&self, own: &Account) -> Vec<(ItemId, u8)> {
        self.read(|state| own.items().map(|item| (item, state.boost(own, item))).collect())
    }

    /// The boosts of these items for one account, in their order. What changes meanwhile is told by
    /// [`Taste::changed`].
    pub(crate) fn boosts(
        &self,
        own: &Account,
        items: impl Iterator<Item = Option<ItemId>>,
    ) -> Vec<u8> {
        let mut boosts = Vec::new();
        if self.read(State::is_empty) {
            return boosts;
        }
        let mut items = items.fuse().peekable();
        while items.peek().is_some() {
            // Who changes something waits for these alone.
            self.read(|state| {
                let boost = |item: Option<_>| item.map_or(0, |item| state.boost(own, item));
                boosts.extend(items.by_ref().take(AT_A_TIME).map(boost));
            });
        }
        boosts
    }
}
