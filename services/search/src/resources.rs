//! What outlives every incarnation of the service: the index, the threads that search it, and the
//! one that writes it.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};

use hexachord_contracts::{BoxError, Clock, Pool};
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

use crate::{committed::Committed, error::IndexError, indexer::Indexer, taste::Taste, view::View};

/// Queries that may wait; further ones are refused.
const WAITING_QUERIES: usize = 256;
/// Two feeds, the repair and tidying take turns.
const WAITING_NEWS: usize = 16;

/// After a repair, however many queries ask for the next one.
const PAUSE: Duration = Duration::from_secs(1);
/// Between two looks whether a merge is done.
const LOOK: Duration = Duration::from_millis(100);

/// Cheap to clone: the clones are one.
#[derive(Clone)]
pub struct Resources {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) folder: PathBuf,
    pub(crate) searching: Pool,
    indexing: Pool,
    indexing_late: Pool,
    indexer: Arc<Mutex<Indexer>>,
    pub(crate) published: Arc<Published>,
    pub(crate) taste: Arc<Taste>,
    pub(crate) clock: Clock,
}

/// What queries and followers see of the index.
pub(crate) struct Published {
    view: RwLock<Arc<View>>,
    /// Counts the indexes that were made anew: who follows a feed begins again.
    new_indexes: watch::Sender<u64>,
    /// A query found that something is wrong with the index.
    suspected: Notify,
    /// A merge runs.
    merging: Notify,
    taste: Arc<Taste>,
}

impl Resources {
    /// `folder` holds nothing but the index; `threads` search it. Opens nothing yet.
    pub fn new(folder: PathBuf, threads: usize, clock: Clock) -> io::Result<Self> {
        let taste = Arc::<Taste>::default();
        let published = Arc::new(Published {
            view: RwLock::default(),
            new_indexes: watch::Sender::new(0),
            suspected: Notify::new(),
            merging: Notify::new(),
            taste: Arc::clone(&taste),
        });
        let shared = Shared {
            indexer: Arc::new(Mutex::new(Indexer::new(folder.clone(), Arc::clone(&published)))),
            folder,
            searching: Pool::new("search", threads, WAITING_QUERIES)?,
            indexing: Pool::giving_way("indexing", 1, WAITING_NEWS, 10)?,
            indexing_late: Pool::new("indexing-late", 1, WAITING_NEWS)?,
            published,
            taste,
            clock,
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Commits what waits, and ends all threads. Blocks: for the end of the program, never on a
    /// runtime thread.
    pub fn close(&self) {
        self.shared.searching.close();
        self.shared.indexing.close();
        self.shared.indexing_late.close();
        let mut indexer = self.shared.indexer.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = indexer.close() {
            tracing::warn!(%error, "the last changes are indexed again at the next start");
        }
    }
}

impl Shared {
    /// Runs `work` on the thread that indexes while nothing else has to be done.
    pub(crate) async fn index<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Indexer) -> Result<T, IndexError> + Send + 'static,
    ) -> Result<T, BoxError> {
        self.index_on(&self.indexing, work).await
    }

    /// Runs `work` on the thread that gives way to nobody.
    pub(crate) async fn index_late<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Indexer) -> Result<T, IndexError> + Send + 'static,
    ) -> Result<T, BoxError> {
        self.index_on(&self.indexing_late, work).await
    }

    async fn index_on<T: Send + 'static>(
        &self,
        pool: &Pool,
        work: impl FnOnce(&mut Indexer) -> Result<T, IndexError> + Send + 'static,
    ) -> Result<T, BoxError> {
        let indexer = Arc::clone(&self.indexer);
        let done = pool.run(move || {
            let mut indexer = indexer.lock().unwrap_or_else(|poisoned| {
                indexer.clear_poison();
                let mut indexer = poisoned.into_inner();
                // What a panic left half done is not trusted.
                indexer.forget();
                indexer
            });
            work(&mut indexer)
        });
        Ok(done.await??)
    }

    /// Looks at the index whenever a query found something wrong with it, until `stop`.
    pub(crate) async fn repair(self: Arc<Self>, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = self.published.suspected.notified() => {}
                () = stop.cancelled() => return,
            }
            if let Err(error) = self.index(Indexer::reopen).await {
                tracing::warn!(%error, "the index cannot be opened again");
            }
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                () = stop.cancelled() => return,
            }
        }
    }

    /// Looks whether merges are done while some run, until `stop`.
    pub(crate) async fn tidy(self: Arc<Self>, stop: CancellationToken) {
        loop {
            let runs = match self.index(Indexer::tidy).await {
                Ok(runs) => runs,
                Err(error) => {
                    tracing::warn!(%error, "the index cannot be tidied");
                    false
                }
            };
            let next = async {
                if !runs {
                    self.published.merging.notified().await;
                }
                tokio::time::sleep(LOOK).await;
            };
            tokio::select! {
                () = next => {}
                () = stop.cancelled() => return,
            }
        }
    }
}

impl Published {
    pub(crate) fn view(&self) -> Arc<View> {
        Arc::clone(&self.view.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn show(&self, view: View) {
        *self.view.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(view);
    }

    /// Looks new segments through here, so that no search has to.
    pub(crate) fn prepare(&self, view: &View) -> io::Result<()> {
        let liking = self.taste.liking(None);
        view.segments.iter().try_for_each(|segment| {
            segment.boosts(None, &liking, &self.taste)?;
            Ok(())
        })
    }

    /// Documents of an index that is not complete yet: meanwhile those of the one before it are
    /// found, if there are any.
    pub(crate) fn show_when_complete(&self, view: View) {
        let shown = self.view();
        let replaces_nothing = shown.documents == 0 || shown.of_index == view.of_index;
        if view.committed.is_complete() || replaces_nothing {
            self.show(view);
        } else {
            self.show_cursors(view.committed);
        }
    }

    /// The same documents, further cursors.
    pub(crate) fn show_cursors(&self, committed: Committed) {
        let view = View { committed, ..View::clone(&self.view()) };
        self.show(view);
    }

    pub(crate) fn tell_of_new_index(&self) {
        self.new_indexes.send_modify(|count| *count += 1);
    }

    pub(crate) fn new_indexes(&self) -> watch::Receiver<u64> {
        self.new_indexes.subscribe()
    }

    pub(crate) fn tell_of_merge(&self) {
        self.merging.notify_one();
    }

    pub(crate) fn suspect(&self) {
        self.suspected.notify_one();
    }

    /// The files of the index are gone.
    pub(crate) fn suspect_if_gone(&self, folder: &Path) {
        if !crate::opening::is_there(folder) {
            self.suspect();
        }
    }
}
