//! A redb file with its readers and its writer.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::{
        Arc, PoisonError, RwLock, RwLockReadGuard,
        atomic::{AtomicBool, Ordering},
    },
};

use hexachord_contracts::{Pool, pool::PoolError};
use redb::{
    Database, ReadTransaction, ReadableDatabase, TableHandle, WriteTransaction,
    backends::InMemoryBackend,
};
use tokio::sync::watch;

use crate::{
    StoreError,
    schema::{Opened, Schema},
    writer::Writer,
};

/// Followers give way to who waits, but not so far that they fall behind a scan.
const FEED_NICE: u8 = 4;

/// How a store is opened.
#[derive(Debug, Clone)]
pub struct Options {
    /// Names threads and log lines: the service that owns the store.
    pub name: &'static str,
    pub backing: Backing,
    pub schema: Schema,
    /// Bytes of redb's page cache.
    pub cache_bytes: usize,
    /// Threads that read.
    pub readers: usize,
}

#[derive(Debug, Clone)]
pub enum Backing {
    File(PathBuf),
    /// For tests: gone when it is closed.
    Memory,
}

/// A store. Cheap to clone; lives until [`Store::close`] or until the last clone is gone.
#[derive(Clone)]
pub struct Store {
    files: Arc<Files>,
    readers: Arc<Pool>,
    /// Reads for followers, beside what people wait for.
    feed: Arc<Pool>,
    writer: Arc<Writer>,
    epoch: u64,
}

/// The open database. After an I/O error redb wants to be opened again, which needs it alone.
pub(crate) struct Files {
    options: Options,
    /// Absent after [`Store::close`], and while it could not be opened again.
    database: RwLock<Option<Database>>,
    closed: AtomicBool,
}

impl Store {
    /// Opens or makes the store and brings it to the schema's version. Blocks. `fresh_epoch`, another
    /// one at each opening, names what the feed tells from now on.
    pub fn open(options: Options, fresh_epoch: u64) -> Result<Self, StoreError> {
        let database = open_database(&options)?;
        let current = options.schema.is_current(&database.begin_read()?)?;
        let epoch = match current {
            Some(epoch) => epoch,
            None => migrate(&database, &options, fresh_epoch)?,
        };
        let pool = Pool::new(&format!("{}-read", options.name), options.readers, 1024)?;
        let feed = Pool::giving_way(&format!("{}-feed", options.name), 1, 64, FEED_NICE)?;
        let name = options.name;
        let files = Arc::new(Files {
            options,
            database: RwLock::new(Some(database)),
            closed: AtomicBool::default(),
        });
        let writer = Writer::start(name, Arc::clone(&files), fresh_epoch)?;
        Ok(Self {
            files,
            readers: Arc::new(pool),
            feed: Arc::new(feed),
            writer: Arc::new(writer),
            epoch,
        })
    }

    /// Makes every table that `make` opens, unless there is one called `one_of_them`: readers may then
    /// rely on all of them. Blocks.
    pub fn ensure_tables(
        &self,
        one_of_them: &str,
        make: fn(&WriteTransaction) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let are_made = self.read_blocking(|read| {
            Ok(read.list_tables()?.any(|table| table.name() == one_of_them))
        })?;
        if are_made {
            return Ok(());
        }
        // On a thread of its own: waiting for a write is refused on a thread of a runtime.
        std::thread::scope(|scope| {
            let thread = scope.spawn(|| self.write_blocking(make));
            thread.join().map_err(|_panic| StoreError::Interrupted)?
        })
    }

    /// The epoch that this store's feed began with: another one after it was rebuilt.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Counts commits: whoever waits for news waits for it to change.
    pub fn commits(&self) -> watch::Receiver<u64> {
        self.writer.commits()
    }

    /// Reads in one transaction, on a reader thread.
    pub async fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&ReadTransaction) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.read_on(&self.readers, job).await
    }

    /// The same for who follows: it takes no place of a reader, and gives way.
    pub(crate) async fn read_for_followers<T: Send + 'static>(
        &self,
        job: impl FnOnce(&ReadTransaction) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.read_on(&self.feed, job).await
    }

    async fn read_on<T: Send + 'static>(
        &self,
        pool: &Pool,
        job: impl FnOnce(&ReadTransaction) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let files = Arc::clone(&self.files);
        pool.run(move || files.read(job)).await.map_err(|error| match error {
            PoolError::Full => StoreError::Busy,
            PoolError::Interrupted => StoreError::Interrupted,
        })?
    }

    /// Reads in one transaction on this thread: for threads that may block.
    pub fn read_blocking<T>(
        &self,
        job: impl FnOnce(&ReadTransaction) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.files.read(job)
    }

    /// Writes; what is answered is durable. Waiting writes share one commit, so `job` may run
    /// again when another one in its group fails: it must depend on nothing but the transaction.
    /// An `Err` undoes all that this job wrote and nothing else; refusals in the words of the
    /// service are values of `T`, decided before the first insert.
    pub async fn write<T: Send + 'static>(
        &self,
        job: impl FnMut(&WriteTransaction) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.writer.submit(job)?.await.map_err(|_dropped| StoreError::Interrupted)?
    }

    /// [`Store::write`] for threads that may block.
    pub fn write_blocking<T: Send + 'static>(
        &self,
        job: impl FnMut(&WriteTransaction) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.writer.submit(job)?.blocking_recv().map_err(|_dropped| StoreError::Interrupted)?
    }

    /// Finishes what waits and closes the file, so that it opens quickly. Blocks.
    pub fn close(&self) {
        self.writer.close();
        self.readers.close();
        self.feed.close();
        self.files.closed.store(true, Ordering::Release);
        drop(self.files.database.write().unwrap_or_else(PoisonError::into_inner).take());
    }
}

impl Files {
    fn read<T>(
        &self,
        job: impl FnOnce(&ReadTransaction) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.with(|database| job(&database.begin_read()?))
    }

    /// Runs `work` on the open database.
    pub(crate) fn with<T>(
        &self,
        work: impl FnOnce(&Database) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if self.opened().is_none() {
            self.reopen()?;
        }
        let outcome = work(self.opened().as_ref().ok_or(StoreError::Interrupted)?);
        if matches!(outcome, Err(StoreError::Stopped)) {
            // For the next one: this work may have done half of what it does.
            self.reopen()?;
        }
        outcome
    }

    // A panicking reader leaves nothing behind in redb, so poison means nothing here.
    fn opened(&self) -> RwLockReadGuard<'_, Option<Database>> {
        self.database.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Closes the database and opens it again: the way out after an I/O error.
    pub(crate) fn reopen(&self) -> Result<(), StoreError> {
        // What is in memory only would be lost; it also has no I/O errors.
        let Backing::File(path) = &self.options.backing else { return Ok(()) };
        if self.closed.load(Ordering::Acquire) {
            return Err(StoreError::Interrupted);
        }
        let mut database = self.database.write().unwrap_or_else(PoisonError::into_inner);
        drop(database.take());
        // Never a new one: a store that vanished is no empty store.
        let opened = builder(&self.options).open(path);
        *database = Some(opened.map_err(|error| cannot_open(path, error))?);
        Ok(())
    }
}

fn builder(options: &Options) -> redb::Builder {
    let mut builder = Database::builder();
    builder.set_cache_size(options.cache_bytes);
    builder
}

fn open_database(options: &Options) -> Result<Database, StoreError> {
    let builder = builder(options);
    match &options.backing {
        Backing::Memory => Ok(builder.create_with_backend(InMemoryBackend::new())?),
        // A link that leads nowhere now is there: its store is on a disk that is not.
        Backing::File(path) => match fs::symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => make_database(&builder, path),
            _ => builder.create(path).map_err(|error| cannot_open(path, error)),
        },
    }
}

/// All of the file or nothing: what a full disk keeps redb from finishing it would not open again.
fn make_database(builder: &redb::Builder, path: &Path) -> Result<Database, StoreError> {
    let unfinished = path.with_extension("redb.new");
    match fs::remove_file(&unfinished) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let database = builder.create(&unfinished).map_err(|error| cannot_open(path, error))?;
    fs::rename(&unfinished, path)?;
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        File::open(folder)?.sync_all()?;
    }
    Ok(database)
}

fn cannot_open(path: &Path, error: redb::DatabaseError) -> StoreError {
    let path = path.to_owned();
    match error {
        redb::DatabaseError::DatabaseAlreadyOpen => StoreError::Locked { path },
        other => match StoreError::from(other) {
            StoreError::Failed(reason) => StoreError::CannotOpen { path, reason },
            full => full,
        },
    }
}

fn migrate(database: &Database, options: &Options, fresh_epoch: u64) -> Result<u64, StoreError> {
    let write = database.begin_write()?;
    match options.schema.prepare(&write, fresh_epoch)? {
        Opened::Ready { epoch } => {
            write.commit()?;
            Ok(epoch)
        }
        Opened::Newer { found, known } => {
            let path = match &options.backing {
                Backing::File(path) => path.clone(),
                Backing::Memory => PathBuf::from("memory"),
            };
            Err(StoreError::Newer { path, found, known })
        }
    }
}

#[cfg(test)]
mod tests;
