//! The folder of finished streams: those that were not listened to for the longest time go first.
//!
//! A name tells what is inside and how long it is, so that the folder is all there is to know after a
//! restart. What has other names is not ours, and stays.

mod index;
mod names;

use std::{
    fs::{self, File},
    io,
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use hexachord_contracts::Clock;

use self::index::Index;
pub(super) use self::names::Key;
use crate::http::{
    metrics::TranscodeMeters,
    opens::{Disk, Opens},
};

/// After something could not be written, the folder is left alone for so long.
const REST: Duration = Duration::from_mins(1);

pub(super) struct Cache {
    folder: PathBuf,
    most_bytes: u64,
    clock: Clock,
    meters: TranscodeMeters,
    index: Mutex<Index>,
    resting: Mutex<Option<Instant>>,
    /// Tells the unfinished files of one process apart.
    parts: AtomicU64,
}

/// An unfinished file; it goes unless it is kept.
pub(super) struct Part {
    pub(super) file: Arc<File>,
    key: Key,
    path: PathBuf,
}

impl Drop for Part {
    fn drop(&mut self) {
        // After it was kept nothing has this name any more.
        drop(fs::remove_file(&self.path));
    }
}

impl Cache {
    /// Finds again what earlier processes kept, and removes what they did not finish.
    pub(super) fn open(
        folder: PathBuf,
        most_bytes: u64,
        clock: Clock,
        meters: TranscodeMeters,
    ) -> Self {
        let index = Index::of(&folder).unwrap_or_else(|error| {
            if error.kind() != io::ErrorKind::NotFound {
                tracing::warn!(%error, "the folder of transcodes cannot be read");
            }
            Index::default()
        });
        let cache = Self {
            folder,
            most_bytes,
            clock,
            meters,
            index: Mutex::new(index),
            resting: Mutex::default(),
            parts: AtomicU64::default(),
        };
        cache.make_room();
        cache
    }

    pub(super) fn most_bytes(&self) -> u64 {
        self.most_bytes
    }

    /// Whether it can take a stream of at most so many bytes now.
    pub(super) fn has_room(&self, most_bytes: u64) -> bool {
        let resting = *self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        most_bytes <= self.most_bytes && resting.is_none_or(|until| Instant::now() >= until)
    }

    /// A finished stream, with its length.
    pub(super) async fn find(&self, key: Key, opens: &Opens) -> Option<(File, u64)> {
        let len = self.index().used(key)?;
        let path = self.folder.join(key.finished(len));
        let bytes = path.clone().into_os_string().into_encoded_bytes();
        let now = u64::try_from(self.clock.now().as_millis()).unwrap_or(0);
        let now = SystemTime::UNIX_EPOCH + Duration::from_millis(now);
        let opened = opens.during(Disk::Data, bytes, move |file, metadata| {
            if metadata.len() != len {
                fs::remove_file(&path)?;
                return Err(io::ErrorKind::NotFound.into());
            }
            // Whoever starts anew reads from it when it was last of use.
            drop(file.set_modified(now));
            Ok(file)
        });
        match opened.await {
            Ok(file) => Some((file, len)),
            Err(problem) => {
                // Deleted or damaged: it is made anew.
                tracing::debug!(detail = problem.detail, "a kept stream is not there any more");
                self.index().forget(key);
                self.measure();
                None
            }
        }
    }

    /// A new file to write to: blocks.
    pub(super) fn begin(&self, key: Key) -> io::Result<Part> {
        let path = self.folder.join(key.part(self.parts.fetch_add(1, Ordering::Relaxed)));
        let create = || File::options().read(true).write(true).create_new(true).open(&path);
        let file = create().or_else(|error| match error.kind() {
            io::ErrorKind::NotFound => {
                fs::create_dir_all(&self.folder)?;
                create()
            }
            _ => Err(error),
        })?;
        Ok(Part { file: Arc::new(file), key, path })
    }

    /// A stream is finished: blocks.
    pub(super) fn keep(&self, part: &Part, len: u64) {
        let Part { file, key, path } = part;
        let kept = file.sync_data();
        let kept = kept.and_then(|()| fs::rename(path, self.folder.join(key.finished(len))));
        if let Err(error) = kept {
            return self.rest(&error);
        }
        self.index().add(*key, len);
        self.make_room();
    }

    /// Something could not be written.
    pub(super) fn rest(&self, error: &io::Error) {
        let mut resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        if error.kind() != io::ErrorKind::FileTooLarge {
            tracing::warn!(%error, "streams are not kept for a minute: the folder cannot be written");
            *resting = Some(Instant::now() + REST);
        }
    }

    /// Removes what was not used for the longest time while there is too much.
    fn make_room(&self) {
        let too_much = self.index().shrink(self.most_bytes);
        for (key, len) in too_much {
            if let Err(error) = fs::remove_file(self.folder.join(key.finished(len))) {
                tracing::debug!(%error, "a kept stream cannot be removed");
            }
        }
        self.measure();
    }

    fn measure(&self) {
        let (files, bytes) = self.index().size();
        self.meters.kept(files, bytes);
    }

    // Nothing panics under this lock, so poison means nothing.
    fn index(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
