//! The folder of pictures: originals and thumbnails by [`PictureId`], made when they are asked for.

use std::fs;
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::error::ArtworkError;
use super::format::PictureFormat;
use super::thumbnail::{check, size_for, thumbnail};
use crate::read::{PictureId, Reading, WorkerCommand, picture_file};

/// A picture that takes longer to read is given up.
const SLOWEST: Duration = Duration::from_secs(10);

/// Where a picture comes from; absolute paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PictureSource {
    /// Out of a music file's tags.
    Embedded(PathBuf),
    /// A picture beside the music.
    Folder(PathBuf),
}

/// A file of the cache, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CachedPicture {
    pub(crate) path: PathBuf,
    pub(crate) content_type: &'static str,
}

/// Shared by threads, also of other processes on the same folder: files appear whole, by renaming.
#[derive(Debug)]
pub(crate) struct ArtworkCache {
    folder: PathBuf,
    /// Takes pictures out of music files.
    worker: Option<WorkerCommand>,
    /// Tells files apart that are being written.
    written: AtomicU64,
}

impl ArtworkCache {
    /// Makes the folder when it is first written to.
    pub(crate) fn new(folder: PathBuf, worker: Option<WorkerCommand>) -> Self {
        Self { folder, worker, written: AtomicU64::new(0) }
    }

    /// The picture `id`, as it is without a `size`, else as a JPEG that fits into a square of at
    /// least `size` pixels. It is taken from `source` when the cache does not hold it.
    pub(crate) fn get(
        &self,
        source: &PictureSource,
        id: PictureId,
        size: Option<u32>,
    ) -> Result<CachedPicture, ArtworkError> {
        match size.map(size_for) {
            None => self.original(source, id),
            Some(size) => self.thumbnail(source, id, size),
        }
    }

    fn original(
        &self,
        source: &PictureSource,
        id: PictureId,
    ) -> Result<CachedPicture, ArtworkError> {
        let path = self.path_of(id, "original");
        let format = if let Some(format) = format_of_file(&path) {
            format
        } else {
            let picture = self.fetch(source, id)?;
            let format = check(&picture)?;
            self.store(&path, &picture)?;
            format
        };
        Ok(CachedPicture { path, content_type: format.content_type() })
    }

    fn thumbnail(
        &self,
        source: &PictureSource,
        id: PictureId,
        size: u32,
    ) -> Result<CachedPicture, ArtworkError> {
        let path = self.path_of(id, &format!("{size}.jpg"));
        if format_of_file(&path).is_none() {
            let small = thumbnail(&self.fetch(source, id)?, size)?;
            self.store(&path, &small)?;
        }
        Ok(CachedPicture { path, content_type: PictureFormat::Jpeg.content_type() })
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
            let mut file = fs::File::create(&unfinished)?;
            file.write_all(bytes)?;
            // An empty file after a power cut would be taken for a picture.
            file.sync_data()?;
            fs::rename(&unfinished, path)
        };
        write().map_err(|error: io::Error| {
            // Nothing refers to it: what cannot be removed now is only in the way.
            drop(fs::remove_file(&unfinished));
            ArtworkError::Cache(error)
        })
    }

    /// Takes it out in a worker, which a disk that does not answer must not hold for ever.
    fn embedded(&self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        let began = Instant::now();
        let too_late = || began.elapsed() > SLOWEST;
        Reading::new(self.worker.clone()).picture(path, &too_late)
    }

    /// Reads the picture from its source, if it is still the one that `id` names.
    fn fetch(&self, source: &PictureSource, id: PictureId) -> Result<Vec<u8>, ArtworkError> {
        let picture = match source {
            PictureSource::Embedded(path) => self.embedded(path),
            PictureSource::Folder(path) => picture_file(path),
        };
        let picture = picture.map_err(|error| match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => ArtworkError::Gone,
            _ => ArtworkError::Unreadable(error),
        })?;
        match picture {
            None => Err(ArtworkError::Gone),
            Some(picture) if PictureId::of(&picture) != id => Err(ArtworkError::Changed),
            Some(picture) => Ok(picture),
        }
    }
}

/// The kind of a file of the cache, if it is there.
fn format_of_file(path: &Path) -> Option<PictureFormat> {
    let mut head = [0; 16];
    let mut file = fs::File::open(path).ok()?;
    let count = file.read(&mut head).ok()?;
    PictureFormat::of(&head[..count])
}
