//! Threads that look for pictures and make covers: those of each disk are its own.

use std::{
    collections::HashMap,
    io,
    sync::{Arc, Mutex, PoisonError},
};

use hexachord_contracts::{Pool, ids::LibraryId};

/// What may be on a disk of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Disk {
    Library(LibraryId),
    /// The folder of pictures that are named after artists.
    Artists,
    /// The data folder, for pictures of podcasts.
    Podcasts,
    /// The data folder, for what is fetched: whoever looks at pictures keeps none of it waiting.
    PodcastFiles,
}

/// Threads for the covers of each disk, begun when they are needed. Nothing ends one that waits for a
/// disk that does not answer: nobody waits for it, and it holds nothing that has to be closed.
pub struct CoverThreads {
    threads: usize,
    queue: usize,
    pools: Mutex<HashMap<Disk, Arc<Pool>>>,
}

impl CoverThreads {
    /// Of each disk so many `threads`, for which so many jobs may wait.
    pub fn new(threads: usize, queue: usize) -> Self {
        Self { threads, queue, pools: Mutex::default() }
    }

    /// Fails where the system gives no threads.
    pub(super) fn of(&self, disk: Disk) -> io::Result<Arc<Pool>> {
        let mut pools = self.pools.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pool) = pools.get(&disk) {
            return Ok(Arc::clone(pool));
        }
        let pool = Arc::new(Pool::new("catalog-cover", self.threads, self.queue)?);
        pools.insert(disk, Arc::clone(&pool));
        Ok(pool)
    }
}
