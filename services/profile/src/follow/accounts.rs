//! The accounts: their names, and that nothing is left of one that is gone.

use hexachord_contracts::{
    BoxError,
    authentication::{Account, AccountChange},
    feed::FeedCursor,
    follow::{Follower, News},
    ids::AccountId,
};
use hexachord_storage::{Store, StoreError};

use super::place::Place;
use crate::store::{AccountRow, Change, Removed};

pub(crate) const FEED: &str = "authentication";

pub(super) struct Accounts {
    place: Place,
}

impl Accounts {
    pub(super) fn new(store: Store) -> Self {
        Self { place: Place::new(store, FEED) }
    }

    /// Takes the accounts that are there, then removes the others.
    async fn take_all(&self, items: Vec<AccountChange>) -> Result<(), BoxError> {
        let mut removed = Vec::new();
        let mut changed = Vec::new();
        for item in items {
            match item {
                AccountChange::Changed(account) => changed.push(account),
                AccountChange::Removed(id) => removed.push(id),
            }
        }
        let names = move |change: &mut Change<'_>| {
            changed.iter().try_for_each(|account| meet_account(change, account))
        };
        self.place.stay(names).await?;
        for id in removed {
            self.remove(id).await?;
        }
        Ok(())
    }

    async fn remove(&self, id: AccountId) -> Result<(), BoxError> {
        while self.place.stay(move |change| change.remove_account(id)).await? == Removed::Some {}
        Ok(())
    }
}

impl Follower<AccountChange> for Accounts {
    async fn cursor(&self) -> Result<Option<FeedCursor>, BoxError> {
        self.place.cursor().await
    }

    async fn take(&mut self, news: News<AccountChange>) -> Result<(), BoxError> {
        match news {
            News::StartOver => self.place.start_over().await,
            News::Told(items) => self.take_all(items).await,
            News::ToldAll(cursor) => {
                let round = self.place.round();
                let untold = self.place.stay(move |change| change.accounts_untold(round)).await?;
                for id in untold {
                    self.remove(id).await?;
                }
                self.place.go_on_from(cursor).await
            }
            News::Changed { items, cursor, .. } => {
                self.take_all(items).await?;
                self.place.go_on_from(cursor).await
            }
        }
    }
}

pub(crate) fn meet_account(change: &mut Change<'_>, account: &Account) -> Result<(), StoreError> {
    let round = change.followed(FEED)?.round;
    change.put_account(account.id, &AccountRow { username: account.username.clone(), round })
}
