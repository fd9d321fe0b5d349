//! Follows the accounts of authentication: who is there, and who is gone with everything.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use hexachord_contracts::{
    BoxError,
    authentication::AccountChange,
    feed::FeedCursor,
    follow::{Follower, News},
    ids::AccountId,
    payment::PaymentError,
};

use crate::{resources::Shared, store::followed_to};

pub(crate) struct AccountsFollower {
    shared: Arc<Shared>,
    /// What the snapshot that is being read has told so far.
    told: HashSet<AccountId>,
}

impl AccountsFollower {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, told: HashSet::new() }
    }

    /// Adds who is there and removes who is gone; `cursor` is kept with the last of it.
    async fn learn(
        &self,
        there: Vec<AccountId>,
        gone: Vec<AccountId>,
        cursor: Option<FeedCursor>,
    ) -> Result<(), PaymentError> {
        for account in gone {
            self.shared.remove_account(account).await?;
        }
        let learned = self.shared.change(move |change| {
            for account in &there {
                if !change.knows(*account)? {
                    change.put_account(*account)?;
                }
            }
            Ok(cursor.map_or(Ok(()), |cursor| change.put_cursor(cursor))?)
        });
        learned.await
    }
}

impl Follower<AccountChange> for AccountsFollower {
    async fn cursor(&self) -> Result<Option<FeedCursor>, BoxError> {
        Ok(self.shared.store.read(followed_to).await?)
    }

    async fn take(&mut self, news: News<AccountChange>) -> Result<(), BoxError> {
        match news {
            News::StartOver => self.told.clear(),
            News::Told(items) => {
                let (there, _) = sorted(items);
                self.told.extend(&there);
                self.learn(there, Vec::new(), None).await?;
            }
            News::ToldAll(cursor) => {
                let told = std::mem::take(&mut self.told);
                let gone =
                    self.shared.mirror().accounts().filter(|id| !told.contains(id)).collect();
                self.learn(Vec::new(), gone, Some(cursor)).await?;
            }
            News::Changed { items, cursor, .. } => {
                let (there, gone) = sorted(items);
                self.learn(there, gone, Some(cursor)).await?;
            }
        }
        Ok(())
    }
}

/// Who is there and who is gone: the last word about each account counts.
fn sorted(items: Vec<AccountChange>) -> (Vec<AccountId>, Vec<AccountId>) {
    let word = |item| match item {
        AccountChange::Changed(account) => (account.id, true),
        AccountChange::Removed(id) => (id, false),
    };
    let last: BTreeMap<AccountId, bool> = items.into_iter().map(word).collect();
    let (there, gone): (Vec<_>, Vec<_>) = last.into_iter().partition(|(_, is_there)| *is_there);
    let ids = |words: Vec<(AccountId, bool)>| words.into_iter().map(|(id, _)| id).collect();
    (ids(there), ids(gone))
}
