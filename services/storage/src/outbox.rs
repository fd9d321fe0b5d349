//! The outbox of a store: what changed, in the same transaction as the fact, for others to follow.

use std::{ops::Bound, time::Duration};

use hexachord_contracts::feed::{Changes, FeedCursor};
use redb::{ReadTransaction, ReadableTable, TableDefinition, TableError, WriteTransaction};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use crate::{Store, StoreError};

/// Sequence number → what changed, in the owner's own encoding.
const OUTBOX: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("outbox");
/// Entries that are kept; a follower that is further behind starts over.
const KEEP: u64 = 200_000;
/// Old entries are removed once in so many new ones.
const PRUNE_EVERY: u64 = 1024;
/// No page is longer.
const LONGEST_PAGE: usize = 1000;

/// One incarnation's view of its store's outbox.
pub struct Outbox {
    store: Store,
    retired: CancellationToken,
}

impl Outbox {
    pub fn new(store: Store) -> Self {
        Self { store, retired: CancellationToken::new() }
    }

    /// Adds entries in the transaction that makes them true.
    pub fn append(write: &WriteTransaction, entries: &[Vec<u8>]) -> Result<(), StoreError> {
        if entries.is_empty() {
            return Ok(());
        }
        let mut outbox = write.open_table(OUTBOX)?;
        let last = outbox.last()?.map_or(0, |(sequence, _)| sequence.value());
        let mut sequence = last;
        for entry in entries {
            sequence += 1;
            outbox.insert(sequence, entry.as_slice())?;
        }
        if sequence / PRUNE_EVERY != last / PRUNE_EVERY && sequence > KEEP {
            outbox.retain_in(..=sequence - KEEP, |_, _| false)?;
        }
        Ok(())
    }

    /// Where a follower goes on that knows everything of this transaction.
    pub fn head(&self, read: &ReadTransaction) -> Result<FeedCursor, StoreError> {
        let sequence = match read.open_table(OUTBOX) {
            Ok(outbox) => outbox.last()?.map_or(0, |(sequence, _)| sequence.value()),
            Err(TableError::TableDoesNotExist(_)) => 0,
            Err(error) => return Err(error.into()),
        };
        Ok(FeedCursor { epoch: self.store.epoch(), sequence })
    }

    /// What came after `after`, at most `limit` entries, turned into changes by `resolve` in the
    /// same transaction. Waits up to `wait` when nothing did, unless this incarnation retires.
    pub async fn after<T: Send + 'static>(
        &self,
        after: FeedCursor,
        limit: u32,
        wait: Duration,
        resolve: impl Fn(&ReadTransaction, Vec<Vec<u8>>) -> Result<Vec<T>, StoreError>
        + Clone
        + Send
        + 'static,
    ) -> Result<Changes<T>, StoreError> {
        let until = Instant::now() + wait;
        let mut commits = self.store.commits();
        loop {
            commits.mark_unchanged();
            let resolve = resolve.clone();
            let epoch = self.store.epoch();
            let page =
                self.store.read_for_followers(move |read| page(read, epoch, after, limit, resolve));
            let page = page.await?;
            if !matches!(&page, Changes::Page { cursor, .. } if *cursor == after) {
                return Ok(page);
            }
            let news = async {
                tokio::select! {
                    news = commits.changed() => news.is_ok(),
                    () = self.retired.cancelled() => false,
                }
            };
            if !timeout_at(until, news).await.unwrap_or(false) {
                return Ok(page);
            }
        }
    }

    /// Answers at once whoever waits, now and from now on.
    pub fn retire(&self) {
        self.retired.cancel();
    }
}

fn page<T>(
    read: &ReadTransaction,
    epoch: u64,
    after: FeedCursor,
    limit: u32,
    resolve: impl Fn(&ReadTransaction, Vec<Vec<u8>>) -> Result<Vec<T>, StoreError>,
) -> Result<Changes<T>, StoreError> {
    if after.epoch != epoch {
        return Ok(Changes::StartOver);
    }
    let outbox = match read.open_table(OUTBOX) {
        Ok(outbox) => outbox,
        Err(TableError::TableDoesNotExist(_)) if after.sequence == 0 => {
            return Ok(Changes::Page { items: Vec::new(), cursor: after });
        }
        Err(TableError::TableDoesNotExist(_)) => return Ok(Changes::StartOver),
        Err(error) => return Err(error.into()),
    };
    let first = outbox.first()?.map_or(1, |(sequence, _)| sequence.value());
    let last = outbox.last()?.map_or(0, |(sequence, _)| sequence.value());
    if after.sequence.saturating_add(1) < first || after.sequence > last {
        return Ok(Changes::StartOver);
    }
    let mut cursor = after;
    let mut entries = Vec::new();
    let limit = (limit as usize).clamp(1, LONGEST_PAGE);
    let rest = outbox.range::<u64>((Bound::Excluded(after.sequence), Bound::Unbounded))?;
    for row in rest.take(limit) {
        let (sequence, entry) = row?;
        cursor.sequence = sequence.value();
        entries.push(entry.value().to_vec());
    }
    // An entry may resolve to nothing; then the cursor alone moves on.
    let items = resolve(read, entries)?;
    Ok(Changes::Page { items, cursor })
}
