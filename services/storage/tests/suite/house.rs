//! Small stores, and a way to hold their writer.

use std::{path::PathBuf, sync::mpsc};

use futures_util::poll;
use hexachord_storage::{Backing, Options, Schema, Store, StoreError};
use redb::{TableDefinition, TableError, WriteTransaction};
use tempfile::TempDir;
use tokio::sync::oneshot;

/// Title → how often it was played.
pub(crate) const PLAYS: TableDefinition<'_, &str, u64> = TableDefinition::new("plays");

/// A folder for the file of a store.
pub(crate) struct Folder {
    temp: TempDir,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self { temp: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.temp.path().join("test.redb")
    }

    pub(crate) fn open(&self) -> Store {
        self.open_with(Schema::default(), 1).unwrap()
    }

    pub(crate) fn open_with(&self, schema: Schema, epoch: u64) -> Result<Store, StoreError> {
        open(Backing::File(self.file()), schema, epoch)
    }

    /// What a kill at this moment would leave behind, opened.
    pub(crate) fn open_as_if_killed(&self) -> Store {
        let copy = self.temp.path().join("killed.redb");
        std::fs::copy(self.file(), &copy).unwrap();
        open(Backing::File(copy), Schema::default(), 99).unwrap()
    }
}

pub(crate) fn in_memory() -> Store {
    open(Backing::Memory, Schema::default(), 1).unwrap()
}

fn open(backing: Backing, schema: Schema, epoch: u64) -> Result<Store, StoreError> {
    let cache_bytes = 8 << 20;
    Store::open(Options { name: "test", backing, schema, cache_bytes, readers: 1 }, epoch)
}

/// Stores a count; answers the one before.
pub(crate) fn put(
    write: &WriteTransaction,
    title: &str,
    plays: u64,
) -> Result<Option<u64>, StoreError> {
    let mut table = write.open_table(PLAYS)?;
    let before = table.insert(title, plays)?.map(|plays| plays.value());
    Ok(before)
}

pub(crate) fn plays(store: &Store, title: &str) -> Option<u64> {
    let plays = store.read_blocking(|read| match read.open_table(PLAYS) {
        Ok(table) => Ok(table.get(title)?.map(|plays| plays.value())),
        Err(TableError::TableDoesNotExist(_)) => Ok(None),
        Err(error) => Err(error.into()),
    });
    plays.unwrap()
}

pub(crate) fn commits(store: &Store) -> u64 {
    *store.commits().borrow()
}

/// Keeps the writer inside a transaction, alone, with `held` inserted, until what this returns is
/// dropped.
pub(crate) async fn hold(store: &Store) -> mpsc::Sender<()> {
    let (release, wait) = mpsc::channel();
    let (begun, started) = oneshot::channel();
    let mut begun = Some(begun);
    let mut job = Box::pin(store.write(move |write| {
        put(write, "held", 1)?;
        if let Some(begun) = begun.take() {
            begun.send(()).unwrap();
        }
        wait.recv().ok();
        Ok(())
    }));
    assert!(poll!(&mut job).is_pending());
    started.await.unwrap();
    release
}
