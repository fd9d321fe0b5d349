//! Since when the catalog is as it is, for apps that copy it.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use hexachord_contracts::{
    Caller, Context, LibraryAccess, Timestamp,
    catalog::{CatalogError, GetChanged},
    feed::FeedCursor,
    ids::AccountId,
};

use super::{Catalog, Refusable};

/// Accounts that are remembered; with more, all are forgotten and told that something changed.
const MOST: usize = 10_000;

/// What each account was told, and of what. It is in memory alone: an app that asks again after a start
/// is told everything once more.
#[derive(Debug, Default)]
pub(super) struct Told(Mutex<HashMap<AccountId, Seen>>);

#[derive(Debug, Clone)]
struct Seen {
    /// How far the feed of changes had come.
    head: FeedCursor,
    access: LibraryAccess,
    since: Timestamp,
}

impl Told {
    /// `now`, unless this account asked before and nothing changed. Never twice the same time for
    /// different things, whatever the clock does.
    fn since(
        &self,
        account: AccountId,
        head: FeedCursor,
        access: &LibraryAccess,
        now: Timestamp,
    ) -> Timestamp {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut since = now;
        if let Some(seen) = all.get(&account) {
            if seen.head == head && seen.access == *access {
                return seen.since;
            }
            since = now.max(seen.since.plus(Duration::from_millis(1)));
        } else if all.len() >= MOST {
            all.clear();
        }
        all.insert(account, Seen { head, access: access.clone(), since });
        since
    }
}

impl Catalog {
    pub(super) async fn get_changed(
        &self,
        _: GetChanged,
        context: Context,
    ) -> Refusable<Timestamp> {
        let Caller::Account { id, libraries, .. } = &context.caller else {
            return Err(CatalogError::Forbidden);
        };
        let outbox = std::sync::Arc::clone(&self.outbox);
        let head = self.read(move |read| outbox.head(read).map(Ok)).await?;
        Ok(self.told.since(*id, head, libraries, self.resources.clock.now()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_time_says_that_something_changed() {
        let told = Told::default();
        let head = |sequence| FeedCursor { epoch: 1, sequence };
        let at = Timestamp::from_millis;
        let (one, other) = (AccountId(1), AccountId(2));
        let all = LibraryAccess::All;
        assert_eq!(told.since(one, head(4), &all, at(100)), at(100));
        assert_eq!(told.since(one, head(4), &all, at(200)), at(100), "nothing changed");
        assert_eq!(told.since(other, head(4), &all, at(200)), at(200));
        assert_eq!(told.since(one, head(5), &all, at(300)), at(300));
        let none = LibraryAccess::Only([].into());
        assert_eq!(told.since(one, head(5), &none, at(250)), at(301), "the clock was put back");
        assert_eq!(told.since(one, head(5), &all, at(250)), at(302));
        assert_eq!(told.since(one, FeedCursor { epoch: 2, sequence: 5 }, &all, at(400)), at(400));
    }
}
