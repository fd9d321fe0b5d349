//! Opening files off the runtime, so that a disk that does not answer holds up only what is on it.

use std::{
    collections::HashMap,
    ffi::OsString,
    fs::{File, Metadata},
    io,
    os::unix::{ffi::OsStringExt, fs::OpenOptionsExt},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use hexachord_contracts::ids::LibraryId;
use http::StatusCode;
use rustix::fs::OFlags;
use tokio::{
    sync::Semaphore,
    time::{Duration, timeout},
};

use super::problem::Problem;

/// Files of one place that are opened at the same time; tokio has 512 threads for this and other
/// waits.
const PLACES: usize = 64;
/// A disk that needs longer to open a file is taken for dead.
const SLOWEST: Duration = Duration::from_secs(10);

/// What may be on a disk of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Disk {
    Data,
    Library(LibraryId),
}

impl Disk {
    /// What is of no library lies in the data folder.
    pub fn of(library: Option<LibraryId>) -> Self {
        library.map_or(Self::Data, Self::Library)
    }
}

/// Who opens files where, at the moment.
#[derive(Debug, Default)]
pub struct Opens {
    places: Mutex<HashMap<Disk, Arc<Semaphore>>>,
}

impl Opens {
    /// Opens a regular file for reading; `path` is the system's own bytes. Those that wait for a
    /// dead disk are few, so that the others find a thread; and a pipe that took a file's place is
    /// not waited for.
    pub async fn open(&self, disk: Disk, path: Vec<u8>) -> Result<(File, Metadata), Problem> {
        self.during(disk, path, |file, metadata| Ok((file, metadata))).await
    }

    /// The same, with something to be done with the file before anybody goes on.
    pub async fn during<T: Send + 'static>(
        &self,
        disk: Disk,
        path: Vec<u8>,
        work: impl FnOnce(File, Metadata) -> io::Result<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let place = timeout(SLOWEST, self.places_on(disk).acquire_owned()).await;
        let Ok(Ok(place)) = place else { return Err(stuck()) };
        let done = tokio::task::spawn_blocking(move || {
            let _place = place;
            let (file, metadata) = open(PathBuf::from(OsString::from_vec(path)))?;
            work(file, metadata)
        });
        let Ok(done) = timeout(SLOWEST, done).await else { return Err(stuck()) };
        done.unwrap_or_else(|_panicked| Err(io::ErrorKind::Other.into())).map_err(problem)
    }

    fn places_on(&self, disk: Disk) -> Arc<Semaphore> {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(places.entry(disk).or_insert_with(|| Arc::new(Semaphore::new(PLACES))))
    }
}

fn open(path: PathBuf) -> io::Result<(File, Metadata)> {
    let no_wait = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or(0);
    let file = File::options().read(true).custom_flags(no_wait).open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_file() { Ok((file, metadata)) } else { Err(io::ErrorKind::NotFound.into()) }
}

fn stuck() -> Problem {
    let detail = "the disk with this file does not answer: try again in a moment";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "disk-stuck", detail).retry_after(5)
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn problem(error: io::Error) -> Problem {
    match error.kind() {
        io::ErrorKind::NotFound => {
            let detail =
                "the file is not there any more: it may have moved, or its disk is unmounted";
            Problem::new(StatusCode::NOT_FOUND, "file-missing", detail)
        }
        io::ErrorKind::PermissionDenied => {
            let detail = "the server may not read this file: check its permissions";
            Problem::new(StatusCode::FORBIDDEN, "file-unreadable", detail)
        }
        _ => {
            tracing::warn!(%error, "a file cannot be opened");
            let detail = "the file cannot be opened now: try again in a moment";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "file-unreadable", detail).retry_after(2)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_dead_disk_holds_up_only_what_is_on_it() {
        let opens = Opens::default();
        let file = tempfile::NamedTempFile::new().unwrap();
        let path = || file.path().as_os_str().to_owned().into_encoded_bytes();
        let (dead, good) = (Disk::Library(LibraryId(1)), Disk::Library(LibraryId(2)));
        let places = u32::try_from(PLACES).unwrap();
        let _hang = opens.places_on(dead).acquire_many_owned(places).await.unwrap();
        let problem = opens.open(dead, path()).await.unwrap_err();
        assert_eq!(problem.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(opens.open(good, path()).await.is_ok());
        assert!(opens.open(Disk::Data, path()).await.is_ok());
    }
}
