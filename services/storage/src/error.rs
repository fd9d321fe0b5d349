//! Why a store fails, in words that say what to do.

use std::{io, path::PathBuf};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    #[error("the disk that holds the data folder is full: free some space")]
    DiskFull,
    #[error("too much work is waiting: try again in a moment")]
    Busy,
    /// The job panicked, or the store is closing.
    #[error("the work was interrupted")]
    Interrupted,
    #[error("{path} is in use: another hexachord runs on this data folder")]
    Locked { path: PathBuf },
    #[error(
        "{path} was written by a newer hexachord (schema {found}, this one knows {known}): use that version"
    )]
    Newer { path: PathBuf, found: u32, known: u32 },
    #[error("cannot open {path}: {reason}")]
    CannotOpen { path: PathBuf, reason: String },
    /// redb goes on only after it was opened again, which the store does by itself.
    #[error("the store was stopped by an earlier failure of the disk: try again")]
    Stopped,
    #[error("a stored value is damaged: {0}")]
    Damaged(String),
    #[error("the store cannot be read or written: {0}")]
    Failed(String),
}

impl From<redb::Error> for StoreError {
    fn from(error: redb::Error) -> Self {
        match error {
            redb::Error::Io(error) => error.into(),
            redb::Error::PreviousIo => Self::Stopped,
            other => Self::Failed(other.to_string()),
        }
    }
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::Failed(error.to_string()),
        }
    }
}

/// redb has an error type for each of its steps; they all end as one.
macro_rules! from_redb {
    ($($step:ident),+) => {
        $(impl From<redb::$step> for StoreError {
            fn from(error: redb::$step) -> Self {
                redb::Error::from(error).into()
            }
        })+
    };
}

from_redb!(TransactionError, TableError, StorageError, CommitError, DatabaseError);
