//! A feed in memory: a log that others follow, and the news of who has read how far.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use hexachord_contracts::feed::{Changes, FeedCursor, Snapshot};
use tokio::sync::watch;

use crate::house::PATIENCE;

pub(crate) struct FakeFeed<T> {
    log: Mutex<Log<T>>,
    head: watch::Sender<FeedCursor>,
    /// The last place that a follower read on from.
    read: watch::Sender<Option<FeedCursor>>,
}

struct Log<T> {
    epoch: u64,
    entries: Vec<T>,
}

impl<T: Clone> FakeFeed<T> {
    pub(crate) fn new() -> Self {
        let head = FeedCursor { epoch: 1, sequence: 0 };
        Self {
            log: Mutex::new(Log { epoch: head.epoch, entries: Vec::new() }),
            head: watch::Sender::new(head),
            read: watch::Sender::new(None),
        }
    }

    pub(crate) fn tell(&self, entries: impl IntoIterator<Item = T>) {
        let mut log = self.log();
        log.entries.extend(entries);
        let head = FeedCursor { epoch: log.epoch, sequence: log.entries.len() as u64 };
        drop(log);
        self.head.send_replace(head);
    }

    /// As after a restore: every cursor is void, and the log is empty.
    pub(crate) fn begin_anew(&self) {
        let mut log = self.log();
        log.epoch += 1;
        log.entries.clear();
        let head = FeedCursor { epoch: log.epoch, sequence: 0 };
        drop(log);
        self.head.send_replace(head);
    }

    /// Waits until a follower has committed everything that was told.
    pub(crate) async fn is_followed(&self) {
        let head = *self.head.borrow();
        let mut read = self.read.subscribe();
        let reached = read.wait_for(|read| *read == Some(head));
        drop(tokio::time::timeout(PATIENCE, reached).await.unwrap().unwrap());
    }

    pub(crate) async fn after(&self, after: FeedCursor, limit: u32, wait_ms: u64) -> Changes<T> {
        let mut news = self.head.subscribe();
        self.read.send_replace(Some(after));
        let other = news.wait_for(|head| *head != after);
        drop(tokio::time::timeout(Duration::from_millis(wait_ms), other).await);
        let log = self.log();
        let from = usize::try_from(after.sequence).unwrap();
        if after.epoch != log.epoch || from > log.entries.len() {
            return Changes::StartOver;
        }
        let items: Vec<T> = log.entries[from..].iter().take(limit as usize).cloned().collect();
        let sequence = after.sequence + items.len() as u64;
        Changes::Page { items, cursor: FeedCursor { sequence, ..after } }
    }

    /// A page of `all`; a place is an index and the head at the start.
    pub(crate) fn snapshot(&self, all: Vec<T>, after: Option<&str>, limit: u32) -> Snapshot<T> {
        let now = *self.head.borrow();
        let (from, sequence) = after.map_or((0, now.sequence), |after| {
            let (from, sequence) = after.split_once('.').unwrap();
            (from.parse().unwrap(), sequence.parse().unwrap())
        });
        let until = from + limit as usize;
        let next = (until < all.len()).then(|| format!("{until}.{sequence}"));
        let items = all.into_iter().skip(from).take(limit as usize).collect();
        Snapshot { items, next, head: FeedCursor { sequence, ..now } }
    }

    fn log(&self) -> MutexGuard<'_, Log<T>> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
