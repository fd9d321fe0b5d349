//! How far a feed was followed, and that nobody else follows it meanwhile.
//!
//! Two incarnations may overlap for a moment. What the older one still holds must not undo what
//! the newer one has written, so each write first finds the place that its follower has left.

use std::sync::{Mutex, PoisonError};

use hexachord_contracts::{BoxError, feed::FeedCursor};
use hexachord_storage::{Store, StoreError};

use crate::store::{Change, FOLLOWED, FollowRow, Known, record};

pub(super) struct Place {
    store: Store,
    feed: &'static str,
    /// As this follower left it.
    row: Mutex<FollowRow>,
}

impl Place {
    pub(super) fn new(store: Store, feed: &'static str) -> Self {
        Self { store, feed, row: Mutex::default() }
    }

    /// The cursor of the last commit, whoever made it.
    pub(super) async fn cursor(&self) -> Result<Option<FeedCursor>, BoxError> {
        let feed = self.feed;
        let row = self.store.read(move |read| record(&read.open_table(FOLLOWED)?, &feed)).await?;
        let row: FollowRow = row.unwrap_or_default();
        self.keep(row);
        Ok(row.cursor)
    }

    /// The round of the snapshot that is read, or of the last one.
    pub(super) fn round(&self) -> u64 {
        self.row().round
    }

    /// A snapshot begins: no cursor is right until it is complete.
    pub(super) async fn start_over(&self) -> Result<(), BoxError> {
        let begin = |_: &mut Change<'_>, row: &mut FollowRow| {
            (row.cursor, row.round) = (None, row.round.wrapping_add(1));
            Ok(())
        };
        self.write(begin).await
    }

    /// Writes a part of the news.
    pub(super) async fn stay<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&mut Change<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, BoxError> {
        self.write(move |change, _| work(change)).await
    }

    /// All up to `cursor` is known.
    pub(super) async fn go_on_from(&self, cursor: FeedCursor) -> Result<(), BoxError> {
        let known = move |_: &mut Change<'_>, row: &mut FollowRow| {
            row.cursor = Some(cursor);
            Ok(())
        };
        self.write(known).await
    }

    /// Writes, and keeps how `work` leaves the row in the same commit.
    pub(super) async fn write<T, W>(&self, mut work: W) -> Result<T, BoxError>
    where
        T: Send + 'static,
        W: FnMut(&mut Change<'_>, &mut FollowRow) -> Result<T, StoreError> + Send + 'static,
    {
        let (feed, left) = (self.feed, self.row());
        let written = self.store.write(move |write| {
            let mut change = Change::begin(write, Known::default())?;
            if change.followed(feed)? != left {
                return Ok(None);
            }
            let mut row = FollowRow { writes: left.writes.wrapping_add(1), ..left };
            let done = work(&mut change, &mut row)?;
            change.put_followed(feed, row)?;
            change.finish()?;
            Ok(Some((done, row)))
        });
        let (done, row) = written.await?.ok_or("a newer incarnation follows this feed")?;
        self.keep(row);
        Ok(done)
    }

    fn row(&self) -> FollowRow {
        *self.row.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, row: FollowRow) {
        *self.row.lock().unwrap_or_else(PoisonError::into_inner) = row;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::open_memory_store;

    #[tokio::test]
    async fn an_older_incarnation_undoes_nothing() {
        let store = open_memory_store(1).unwrap();
        let (older, newer) = (Place::new(store.clone(), "test"), Place::new(store, "test"));
        let at = |sequence| FeedCursor { epoch: 1, sequence };
        assert_eq!(older.cursor().await.unwrap(), None);
        older.start_over().await.unwrap();
        older.go_on_from(at(1)).await.unwrap();
        assert_eq!(newer.cursor().await.unwrap(), Some(at(1)));
        newer.stay(|_| Ok(())).await.unwrap();
        let late = older.stay(|_| Ok(())).await;
        assert!(late.is_err(), "it would write what is older than what was written");
        newer.go_on_from(at(3)).await.unwrap();
        let late = older.go_on_from(at(2)).await;
        assert_eq!(late.unwrap_err().to_string(), "a newer incarnation follows this feed");
        assert!(older.start_over().await.is_err());
        assert_eq!(newer.cursor().await.unwrap(), Some(at(3)));
    }
}
