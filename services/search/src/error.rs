//! Why the index fails, inside.

use std::io;

use hexachord_contracts::search::SearchError;
use tantivy::{TantivyError, directory::error::OpenWriteError};

#[derive(Debug, thiserror::Error)]
pub(crate) enum IndexError {
    #[error("the disk that holds the index is full")]
    DiskFull,
    #[error("the index was opened anew: what was told since its last commit is told again")]
    OpenedAnew,
    #[error("{0}")]
    Tantivy(TantivyError),
    #[error("{0}")]
    Io(io::Error),
    #[error("{0}")]
    Payload(#[from] serde_json::Error),
}

impl From<TantivyError> for IndexError {
    fn from(error: TantivyError) -> Self {
        let is_full = match &error {
            TantivyError::IoError(error) => error.kind() == io::ErrorKind::StorageFull,
            TantivyError::OpenWriteError(OpenWriteError::IoError { io_error, .. }) => {
                io_error.kind() == io::ErrorKind::StorageFull
            }
            _ => false,
        };
        if is_full { Self::DiskFull } else { Self::Tantivy(error) }
    }
}

impl From<io::Error> for IndexError {
    fn from(error: io::Error) -> Self {
        let is_full = error.kind() == io::ErrorKind::StorageFull;
        if is_full { Self::DiskFull } else { Self::Io(error) }
    }
}

pub(crate) fn invalid(field: &str, reason: String) -> SearchError {
    SearchError::Invalid { field: field.to_owned(), reason }
}
