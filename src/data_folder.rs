//! The data folder: one process at a time, its owner alone, and where everything in it is.

use std::{
    fs::{self, File, Permissions, TryLockError},
    io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

/// A process that was killed may leave a child behind that holds the lock until it has become the
/// program that it was made for.
const PATIENCE: Duration = Duration::from_secs(1);
const AGAIN: Duration = Duration::from_millis(20);

/// A data folder that is locked by this process until it is dropped.
pub struct DataFolder {
    path: PathBuf,
    _lock: File,
}

#[derive(Debug, thiserror::Error)]
pub enum DataFolderError {
    #[error("{path} is in use: another hexachord runs on this data folder")]
    InUse { path: PathBuf },
    #[error("{path} is not a folder: choose another data folder with --data")]
    NotAFolder { path: PathBuf },
    #[error(
        "the data folder {path} cannot be written ({error}): make it writable, or choose another with --data"
    )]
    NotWritable { path: PathBuf, error: io::Error },
}

impl DataFolder {
    /// Makes the folder if need be, and locks it. Blocks for a second where it is in use.
    pub fn open(path: &Path) -> Result<Self, DataFolderError> {
        let not_writable = |error| DataFolderError::NotWritable { path: path.to_owned(), error };
        if path.exists() && !path.is_dir() {
            return Err(DataFolderError::NotAFolder { path: path.to_owned() });
        }
        if !path.exists() {
            fs::create_dir_all(path).map_err(not_writable)?;
            // Tokens are hashed and keys are sealed, but what people hear is nobody's business.
            fs::set_permissions(path, Permissions::from_mode(0o700)).map_err(not_writable)?;
        }
        let path = path.canonicalize().map_err(not_writable)?;
        let not_writable = |error| DataFolderError::NotWritable { path: path.clone(), error };
        let lock = File::options().create(true).truncate(false).write(true).open(path.join("lock"));
        let lock = lock.map_err(not_writable)?;
        let began = Instant::now();
        loop {
            match lock.try_lock() {
                Ok(()) => return Ok(Self { path, _lock: lock }),
                Err(TryLockError::WouldBlock) if began.elapsed() < PATIENCE => thread::sleep(AGAIN),
                Err(TryLockError::WouldBlock) => return Err(DataFolderError::InUse { path }),
                Err(TryLockError::Error(error)) => return Err(not_writable(error)),
            }
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The store of a service.
    pub fn store(&self, service: &str) -> PathBuf {
        self.path.join(format!("{service}.redb"))
    }

    /// The folder of an index that is made from the stores and can be deleted.
    pub fn index(&self, service: &str) -> PathBuf {
        self.path.join(format!("{service}-index"))
    }

    /// Seals device keys; outside the stores, so that a copy of them alone is worth little.
    pub fn secret_key(&self) -> PathBuf {
        self.path.join("secret.key")
    }

    /// The certificate that the program made for itself, with its key.
    pub fn tls(&self) -> PathBuf {
        self.path.join("tls")
    }

    /// Thumbnails and extracted covers: may be deleted at any time.
    pub fn artwork(&self) -> PathBuf {
        self.path.join("artwork")
    }

    /// Streams that were made for listeners: may be deleted at any time.
    pub fn transcodes(&self) -> PathBuf {
        self.path.join("transcodes")
    }

    /// Pictures and downloaded episodes of podcasts.
    pub fn podcasts(&self) -> PathBuf {
        self.path.join("podcasts")
    }

    /// Music that the program makes for a newcomer.
    pub fn demo_library(&self) -> PathBuf {
        self.path.join("demo-library")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_process_at_a_time() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("data");
        let first = DataFolder::open(&path).unwrap();
        assert!(matches!(DataFolder::open(&path), Err(DataFolderError::InUse { .. })));
        drop(first);
        assert!(DataFolder::open(&path).is_ok());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn a_file_is_not_a_folder() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let error = DataFolder::open(file.path()).err().unwrap();
        assert!(matches!(error, DataFolderError::NotAFolder { .. }));
    }
}
