//! The database of another program, open for reading: not a byte of it is ever changed.
//!
//! A file in WAL mode is only whole with the `-wal` file beside it. While its program runs there is a
//! `-shm` file too, and all three are read in place. A `-wal` without `-shm`, or the journal of a
//! write that was cut off, would be worked into the file by whoever opens it: then a copy is read.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OpenFlags, Params, Row};
use tempfile::TempDir;

use super::{error::ReadError, tables::Tables};
use crate::percent::percent_encoded;

/// A program that writes lets others read in between.
const PATIENCE: Duration = Duration::from_secs(5);
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// Where the header says how the file is written, and that it is with a write-ahead log.
const MODE: usize = 18;
const WAL: u8 = 2;
/// A journal that must be rolled back begins with it.
const JOURNAL_MAGIC: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];

pub(super) struct Database {
    pub(super) path: PathBuf,
    pub(super) tables: Tables,
    connection: Connection,
    /// Dropped after the connection.
    _copy: Option<TempDir>,
}

impl Database {
    pub(super) fn open(path: &Path) -> Result<Self, ReadError> {
        let header = read_header(path)?;
        let opened =
            if must_be_copied(path) { open_copy(path) } else { open_in_place(path, &header) };
        let (connection, copy) = opened?;
        let failed = |error| ReadError::sqlite(path, &error);
        connection.busy_timeout(PATIENCE).map_err(failed)?;
        // All is read as it is at one time.
        let begin = "PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; BEGIN";
        connection.execute_batch(begin).map_err(failed)?;
        let tables = Tables::read(&connection).map_err(failed)?;
        Ok(Self { path: path.to_owned(), tables, connection, _copy: copy })
    }

    /// Every row of a query.
    pub(super) fn each(
        &self,
        query: &str,
        parameters: impl Params,
        mut row: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
    ) -> Result<(), ReadError> {
        let read = || {
            let mut statement = self.connection.prepare(query)?;
            let mut rows = statement.query(parameters)?;
            while let Some(next) = rows.next()? {
                row(next)?;
            }
            Ok(())
        };
        read().map_err(|error| ReadError::sqlite(&self.path, &error))
    }
}

/// `path`, or the file of this name in the folder that it is.
pub(super) fn within(path: &Path, names: &[&'static str]) -> Result<PathBuf, ReadError> {
    if !path.is_dir() {
        return Ok(path.to_owned());
    }
    let found = names.iter().map(|name| path.join(name)).find(|path| path.is_file());
    let wanted = names.first().copied().unwrap_or_default();
    found.ok_or_else(|| ReadError::NoDatabase { path: path.to_owned(), wanted })
}

pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn read_header(path: &Path) -> Result<Vec<u8>, ReadError> {
    let mut header = Vec::new();
    let file = File::open(path).and_then(|file| file.take(100).read_to_end(&mut header));
    file.map_err(|error| ReadError::File { path: path.to_owned(), error })?;
    if !header.starts_with(MAGIC) {
        return Err(ReadError::NotADatabase { path: path.to_owned() });
    }
    Ok(header)
}

fn must_be_copied(path: &Path) -> bool {
    let has_log = fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() > 0);
    let mut begins = [0; JOURNAL_MAGIC.len()];
    let journal = File::open(beside(path, "-journal"));
    let has_journal = journal.and_then(|mut journal| journal.read_exact(&mut begins)).is_ok();
    (has_log && !beside(path, "-shm").exists()) || (has_journal && begins == JOURNAL_MAGIC)
}

type Opened = Result<(Connection, Option<TempDir>), ReadError>;

fn open_in_place(path: &Path, header: &[u8]) -> Opened {
    let has_log = beside(path, "-wal").exists();
    let opened = match path.to_str() {
        // Nobody has it open: there would be a log. SQLite would make one to read it, but for this.
        Some(text) if header.get(MODE) == Some(&WAL) && !has_log => {
            let address = format!("file:{}?immutable=1", percent_encoded(text));
            Connection::open_with_flags(address, OpenFlags::SQLITE_OPEN_URI | READ)
        }
        _ => Connection::open_with_flags(path, READ),
    };
    match opened.and_then(probed) {
        Ok(connection) => Ok((connection, None)),
        // The folder cannot be written to, which the log of a file that is in use needs.
        Err(error) if has_log && is_about_the_folder(&error) => open_copy(path),
        Err(error) => Err(ReadError::sqlite(path, &error)),
    }
}

const READ: OpenFlags = OpenFlags::SQLITE_OPEN_READ_ONLY;

fn is_about_the_folder(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly))
}

/// A file that cannot be read says so at the first look only.
fn probed(connection: Connection) -> rusqlite::Result<Connection> {
    connection.busy_timeout(PATIENCE)?;
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_row| Ok(()))?;
    Ok(connection)
}

fn open_copy(path: &Path) -> Opened {
    let copied = || -> io::Result<(TempDir, PathBuf)> {
        let folder = tempfile::tempdir()?;
        let copy = folder.path().join("copy.db");
        fs::copy(path, &copy)?;
        for suffix in ["-wal", "-journal"] {
            if beside(path, suffix).exists() {
                fs::copy(beside(path, suffix), beside(&copy, suffix))?;
            }
        }
        Ok((folder, copy))
    };
    let (folder, copy) =
        copied().map_err(|error| ReadError::File { path: path.to_owned(), error })?;
    let opened = Connection::open_with_flags(&copy, OpenFlags::SQLITE_OPEN_READ_WRITE);
    let connection = opened.and_then(probed).map_err(|error| ReadError::sqlite(path, &error))?;
    Ok((connection, Some(folder)))
}
