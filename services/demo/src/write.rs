//! Files that appear whole or not at all, and errors that say what to do.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Why a file of the demo library could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error(
        "no space left to write {path}: free about 80 MB, or set a music folder with --music DIR"
    )]
    Full { path: PathBuf, source: io::Error },
    #[error(
        "{path} may not be written: make the data folder writable, or set a music folder with \
         --music DIR"
    )]
    ReadOnly { path: PathBuf, source: io::Error },
    #[error("{path} stands in the way: it is not what the demo library needs there; move it away")]
    InTheWay { path: PathBuf, source: io::Error },
    #[error("{path} could not be written")]
    Other { path: PathBuf, source: io::Error },
}

/// Makes a folder with all that lead to it.
pub(super) fn folder(path: &Path) -> Result<(), WriteError> {
    fs::create_dir_all(path).map_err(|source| WriteError::new(path, source))
}

/// Whether a file is there; files get their names only once they are whole.
pub(super) fn is_whole(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| metadata.is_file() && metadata.len() > 0)
}

/// Writes under a temporary name, then renames; the file is on the disk before it has its name.
pub(super) fn file(path: &Path, bytes: &[u8]) -> Result<u64, WriteError> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let temporary = path.with_file_name(name);
    let written = File::create(&temporary)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&temporary, path));
    if let Err(source) = written {
        // Half a file helps nobody; that it cannot be removed either changes nothing.
        drop(fs::remove_file(&temporary));
        return Err(WriteError::new(path, source));
    }
    Ok(u64::try_from(bytes.len()).unwrap_or(u64::MAX))
}

/// Removes a file.
pub(super) fn remove(path: &Path) -> Result<(), WriteError> {
    fs::remove_file(path).map_err(|source| WriteError::new(path, source))
}

impl WriteError {
    fn new(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                Self::Full { path, source }
            }
            ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => {
                Self::ReadOnly { path, source }
            }
            ErrorKind::AlreadyExists | ErrorKind::NotADirectory | ErrorKind::IsADirectory => {
                Self::InTheWay { path, source }
            }
            _ => Self::Other { path, source },
        }
    }
}
