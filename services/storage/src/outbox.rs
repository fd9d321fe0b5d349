//! The outbox of a store: what changed, in the same transaction as the fact, for others to follow.

use std::{ops::Bound, time::Duration};

use hexachord_contracts::feed::{Changes, FeedCursor};
use redb::{
    ReadTransaction, ReadableTable, TableDefinition, TableError, TableHandle, WriteTransaction,
};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use crate::{Store, StoreError};

/// The sequence number that was the last → the epoch of the entries behind it: each opening of the
/// store that writes entries begins one. Those of a copy that was put back are other ones than those
/// that were written meanwhile, of whatever number.
const EPOCHS: TableDefinition<'_, u64, u64> = TableDefinition::new("outbox-epochs");
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
        let last = last(&outbox)?;
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
            Ok(outbox) => last(&outbox)?,
            Err(TableError::TableDoesNotExist(_)) => 0,
            Err(error) => return Err(error.into()),
        };
        Ok(Epochs::read(read, self.store.epoch())?.cursor(sequence))
    }

    /// Was this a place of this store, and not of a copy that went another way?
    pub fn has(&self, read: &ReadTransaction, place: FeedCursor) -> Result<bool, StoreError> {
        let head = self.head(read)?;
        Ok(Epochs::read(read, self.store.epoch())?.have(place, head.sequence))
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
            let of_store = self.store.epoch();
            let page = self
                .store
                .read_for_followers(move |read| page(read, of_store, after, limit, resolve));
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

/// Gives the entries that a transaction added an epoch, unless this opening of the store has one
/// already. Returns whether it has now; `before` is the last entry before them.
pub(crate) fn begin_epoch(
    write: &WriteTransaction,
    before: u64,
    epoch: u64,
) -> Result<bool, StoreError> {
    if last_written(write)? == before {
        return Ok(false);
    }
    let first = write.open_table(OUTBOX)?.first()?.map_or(0, |(sequence, _)| sequence.value());
    let mut epochs = write.open_table(EPOCHS)?;
    epochs.insert(before, epoch)?;
    // Who is of an epoch whose entries are gone starts over anyway.
    let gone = epochs.range(..first)?.next_back().transpose()?.map(|(begin, _)| begin.value());
    epochs.retain_in(..gone.unwrap_or(0), |_, _| false)?;
    Ok(true)
}

/// The number of the last entry; a store without an outbox gets none.
pub(crate) fn last_written(write: &WriteTransaction) -> Result<u64, StoreError> {
    let is_there = write.list_tables()?.any(|table| table.name() == OUTBOX.name());
    if is_there { last(&write.open_table(OUTBOX)?) } else { Ok(0) }
}

fn last(outbox: &impl ReadableTable<u64, &'static [u8]>) -> Result<u64, StoreError> {
    Ok(outbox.last()?.map_or(0, |(sequence, _)| sequence.value()))
}

/// The epochs of the entries, each from the sequence number before its first.
struct Epochs(Vec<(u64, u64)>);

impl Epochs {
    fn read(read: &ReadTransaction, of_store: u64) -> Result<Self, StoreError> {
        let mut epochs = vec![(0, of_store)];
        match read.open_table(EPOCHS) {
            Ok(table) => {
                for row in table.iter()? {
                    let (begin, epoch) = row?;
                    epochs.push((begin.value(), epoch.value()));
                }
            }
            Err(TableError::TableDoesNotExist(_)) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(Self(epochs))
    }

    /// The place behind an entry.
    fn cursor(&self, sequence: u64) -> FeedCursor {
        let begun = self.0.iter().rev().find(|(begin, _)| *begin < sequence || *begin == 0);
        FeedCursor { epoch: begun.map_or(0, |(_, epoch)| *epoch), sequence }
    }

    /// Whether `place` lies in its epoch; the last one goes to `last`.
    fn have(&self, place: FeedCursor, last: u64) -> bool {
        let ends = self.0.iter().skip(1).map(|(begin, _)| *begin).chain([last]);
        self.0.iter().zip(ends).any(|((begin, epoch), end)| {
            *epoch == place.epoch && (*begin..=end).contains(&place.sequence)
        })
    }
}

fn page<T>(
    read: &ReadTransaction,
    of_store: u64,
    after: FeedCursor,
    limit: u32,
    resolve: impl Fn(&ReadTransaction, Vec<Vec<u8>>) -> Result<Vec<T>, StoreError>,
) -> Result<Changes<T>, StoreError> {
    let epochs = Epochs::read(read, of_store)?;
    let outbox = match read.open_table(OUTBOX) {
        Ok(outbox) => outbox,
        Err(TableError::TableDoesNotExist(_)) if epochs.have(after, 0) => {
            return Ok(Changes::Page { items: Vec::new(), cursor: after });
        }
        Err(TableError::TableDoesNotExist(_)) => return Ok(Changes::StartOver),
        Err(error) => return Err(error.into()),
    };
    let first = outbox.first()?.map_or(1, |(sequence, _)| sequence.value());
    if after.sequence.saturating_add(1) < first || !epochs.have(after, last(&outbox)?) {
        return Ok(Changes::StartOver);
    }
    let mut cursor = after;
    let mut entries = Vec::new();
    let limit = (limit as usize).clamp(1, LONGEST_PAGE);
    let rest = outbox.range::<u64>((Bound::Excluded(after.sequence), Bound::Unbounded))?;
    for row in rest.take(limit) {
        let (sequence, entry) = row?;
        cursor = epochs.cursor(sequence.value());
        entries.push(entry.value().to_vec());
    }
    // An entry may resolve to nothing; then the cursor alone moves on.
    let items = resolve(read, entries)?;
    Ok(Changes::Page { items, cursor })
}
