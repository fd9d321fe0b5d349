//! The folder of pictures: originals and thumbnails by [`PictureId`], made when they are asked for.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use hexachord_contracts::Clock;
use hexachord_pictures::PictureFormat;

use super::error::ArtworkError;
use super::room::Room;
use super::thumbnail::size_for;
use crate::read::{PictureId, Reading, WorkerCommand};

/// A picture that takes longer to read is given up.
const SLOWEST: Duration = Duration::from_secs(10);
/// Readers that are kept until the next picture is to be made.
const KEPT: usize = 4;

/// Where a picture comes from; absolute paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PictureSource {
    /// Out of a music file's tags.
    Embedded(PathBuf),
    /// A picture of its own that lies below a folder.
    Folder { below: PathBuf, path: PathBuf },
}

/// A file of the cache, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CachedPicture {
    pub(crate) path: PathBuf,
    pub(crate) content_type: &'static str,
}

/// Shared by threads, also of other processes on the same folder: files appear whole, by renaming.
pub(crate) struct ArtworkCache {
    folder: PathBuf,
    /// Takes pictures out of music files and decodes them.
    worker: Option<WorkerCommand>,
    /// Those that have nothing to do.
    idle: Mutex<Vec<Reading>>,
    room: Room,
    /// Tells files apart that are being written.
    written: AtomicU64,
}

impl ArtworkCache {
    /// Makes the folder when it is first written to; it takes at most about `most_bytes`.
    pub(crate) fn new(
        folder: PathBuf,
        worker: Option<WorkerCommand>,
        most_bytes: Option<u64>,
        clock: Clock,
    ) -> Self {
        let room = Room::new(folder.clone(), most_bytes, clock);
        Self { folder, worker, idle: Mutex::default(), room, written: AtomicU64::new(0) }
    }

    /// The picture `id`, as it is without a `size`, else as a JPEG that fits into a square of at
    /// least `size` pixels. It is taken from `source` when the cache does not hold it.
    pub(crate) fn get(
        &self,
        source: &PictureSource,
        id: PictureId,
        size: Option<u32>,
    ) -> Result<CachedPicture, ArtworkError> {
        let size = size.map(size_for);
        let path = match size {
            None => self.path_of(id, "original"),
            Some(size) => self.path_of(id, &format!("{size}.jpg")),
        };
        let format = match self.kind_of(&path) {
            Some(format) => format,
            None => self.make(source, id, size, &path)?,
        };
        Ok(CachedPicture { path, content_type: format.content_type() })
    }

    fn make(
        &self,
        source: &PictureSource,
        id: PictureId,
        size: Option<u32>,
        path: &Path,
    ) -> Result<PictureFormat, ArtworkError> {
        let began = Instant::now();
        let too_late = || began.elapsed() > SLOWEST;
        let mut reading = self.reading();
        let made = match size {
            None => reading.original(source, id, &too_late),
            Some(size) => reading.thumbnail(source, id, size, &too_late),
        };
        self.keep(reading);
        let made = made?;
        let format = PictureFormat::of(&made).ok_or(ArtworkError::NotAPicture)?;
        self.store(path, &made)?;
        Ok(format)
    }

    fn reading(&self) -> Reading {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.unwrap_or_else(|| Reading::new(self.worker.clone()))
    }

    fn keep(&self, reading: Reading) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < KEPT {
            idle.push(reading);
        }
    }

    /// `ab/abcdef…-64.jpg`: folders of some hundred files stay quick everywhere.
    fn path_of(&self, id: PictureId, what: &str) -> PathBuf {
        let name = id.to_string();
        self.folder.join(&name[..2]).join(format!("{name}-{what}"))
    }

    fn store(&self, path: &Path, bytes: &[u8]) -> Result<(), ArtworkError> {
        let number = self.written.fetch_add(1, Ordering::Relaxed);
        let unfinished = path.with_extension(format!("{}-{number}.part", std::process::id()));
        let write = || {
            fs::create_dir_all(path.parent().unwrap_or(&self.folder))?;
            let mut file = File::create(&unfinished)?;
            file.write_all(bytes)?;
            // An empty file after a power cut would be taken for a picture.
            file.sync_data()?;
            fs::rename(&unfinished, path)
        };
        write().map_err(|error: io::Error| {
            // Nothing refers to it: what cannot be removed now is only in the way.
            drop(fs::remove_file(&unfinished));
            ArtworkError::Cache(error)
        })?;
        self.room.takes(bytes.len() as u64);
        Ok(())
    }

    /// The kind of a file of the cache, if it is there.
    fn kind_of(&self, path: &Path) -> Option<PictureFormat> {
        let mut head = [0; 16];
        let mut file = File::open(path).ok()?;
        let count = file.read(&mut head).ok()?;
        let format = PictureFormat::of(&head[..count])?;
        self.room.is_used(&file);
        Some(format)
    }
}
