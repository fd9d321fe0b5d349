//! Why a database could not be read.

use std::{io, path::PathBuf};

use rusqlite::ErrorCode;

#[derive(Debug, thiserror::Error)]
pub(super) enum ReadError {
    #[error("cannot read {}: {error}", path.display())]
    File { path: PathBuf, error: io::Error },
    #[error("{} is a folder without {wanted}", path.display())]
    NoDatabase { path: PathBuf, wanted: &'static str },
    #[error("{} is not a SQLite database", path.display())]
    NotADatabase { path: PathBuf },
    #[error(
        "{} is damaged ({reason}): nothing was taken over; try a backup of it, or let its own program repair it",
        path.display()
    )]
    Damaged { path: PathBuf, reason: String },
    #[error(
        "{} is locked by a program that writes to it: stop that program, or import a copy of the file",
        path.display()
    )]
    Locked { path: PathBuf },
    #[error("{} is a database of {found}, not of {wanted}", path.display())]
    OfAnother { path: PathBuf, found: &'static str, wanted: &'static str },
    #[error(
        "{} is not a database of {program} in a shape that is known here: {lack} (looked for {looked_for})",
        path.display()
    )]
    UnknownShape { path: PathBuf, program: &'static str, lack: String, looked_for: String },
    #[error("{0}")]
    Arguments(String),
    #[error("cannot read {}: {reason}", path.display())]
    Sqlite { path: PathBuf, reason: String },
}

impl ReadError {
    pub(super) fn sqlite(path: &std::path::Path, error: &rusqlite::Error) -> Self {
        let (path, reason) = (path.to_owned(), error.to_string());
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Self::NotADatabase { path },
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged { path, reason },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked { path },
            _ => Self::Sqlite { path, reason },
        }
    }
}
