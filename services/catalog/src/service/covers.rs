//! Covers, ready to be sent: found in the store, made on the workers.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use hexachord_contracts::{
    Context,
    catalog::{CatalogError, CoverLocation, LocateCover},
    pool::PoolError,
};

use super::{Catalog, Refusable, refusal};
use crate::{
    artwork::{ArtworkCache, ArtworkError, PictureSource, size_for},
    browse::{CoverSource, FolderPictures, Viewer, find_cover, invalid, not_found},
    read::PictureId,
    scan::{ScannedLibrary, below},
    store::PictureRow,
};

const SIZES: std::ops::RangeInclusive<u32> = 1..=4096;

/// A picture with its absolute path.
struct Candidate {
    source: PictureSource,
    known: Known,
}

/// What is known of it.
enum Known {
    Is(PictureId),
    /// What a scan saw there: it may have changed since.
    Scanned(Option<PictureRow>),
}

impl Catalog {
    pub(super) async fn locate_cover(
        &self,
        call: LocateCover,
        context: Context,
    ) -> Refusable<CoverLocation> {
        let viewer = Viewer::of(&context)?;
        if call.size.is_some_and(|size| !SIZES.contains(&size)) {
            let reason = format!("must be {} to {}", SIZES.start(), SIZES.end());
            return Err(invalid("size", reason));
        }
        let (store, artists) = (self.store.clone(), self.artists.clone());
        let folders = Folders { libraries: Arc::clone(&self.libraries), artists };
        let (artwork, pictures) = (Arc::clone(&self.artwork), Arc::clone(&self.folder_pictures));
        // One hop for all of it: changing threads costs more than finding a cover.
        let made = self.resources.workers.run(move || {
            let sources = store.read_blocking(|read| find_cover(read, viewer, call.of));
            let sources = sources.map_err(refusal)?.into_iter();
            let candidates: Vec<_> =
                sources.filter_map(|source| folders.candidate(source)).collect();
            first_that_shows(&artwork, &pictures, &candidates, call.size)
        });
        made.await.map_err(|error| match error {
            PoolError::Full => CatalogError::Busy,
            PoolError::Interrupted => CatalogError::UnusableCover("it broke off".to_owned()),
        })?
    }
}

/// Where pictures are.
struct Folders {
    libraries: Arc<[ScannedLibrary]>,
    artists: Option<PathBuf>,
}

impl Folders {
    /// `None` for what lies in a folder that is no longer configured.
    fn candidate(&self, source: CoverSource) -> Option<Candidate> {
        let library = |id| self.libraries.iter().find(|library| library.id == id);
        Some(match source {
            CoverSource::Embedded { library: id, path, picture } => {
                let path = below(&library(id)?.folder, &path);
                Candidate { source: PictureSource::Embedded(path), known: Known::Is(picture) }
            }
            CoverSource::Folder { library: id, path, scanned } => {
                in_folder(&library(id)?.folder, &path, scanned)
            }
            CoverSource::Artist { name, scanned } => {
                in_folder(self.artists.as_deref()?, &name, Some(scanned))
            }
        })
    }
}

fn in_folder(folder: &Path, path: &[u8], scanned: Option<PictureRow>) -> Candidate {
    let source = PictureSource::Folder { below: folder.to_owned(), path: below(folder, path) };
    Candidate { source, known: Known::Scanned(scanned) }
}

/// Blocks. The refusal is that of the best candidate.
fn first_that_shows(
    artwork: &ArtworkCache,
    pictures: &FolderPictures,
    candidates: &[Candidate],
    size: Option<u32>,
) -> Refusable<CoverLocation> {
    let mut refused = None;
    for candidate in candidates {
        match show(artwork, pictures, candidate, size) {
            Ok(cover) => return Ok(cover),
            Err(error) => {
                refused.get_or_insert(error);
            }
        }
    }
    Err(refused.unwrap_or_else(|| not_found("cover")))
}

fn show(
    artwork: &ArtworkCache,
    pictures: &FolderPictures,
    candidate: &Candidate,
    size: Option<u32>,
) -> Refusable<CoverLocation> {
    let picture = match (&candidate.known, &candidate.source) {
        (Known::Is(picture), _) => *picture,
        (Known::Scanned(scanned), PictureSource::Folder { below, path }) => {
            pictures.id_of(below, path, scanned.as_ref()).map_err(unusable)?
        }
        (Known::Scanned(_), PictureSource::Embedded(_)) => return Err(not_found("cover")),
    };
    let cached = artwork.get(&candidate.source, picture, size).map_err(unusable)?;
    let etag = match size {
        Some(size) => format!("{picture}-{}", size_for(size)),
        None => picture.to_string(),
    };
    Ok(CoverLocation {
        path: cached.path.into_os_string().into_encoded_bytes(),
        content_type: cached.content_type.to_owned(),
        hash: picture.to_string(),
        etag,
    })
}

fn unusable(error: ArtworkError) -> CatalogError {
    match error {
        ArtworkError::Gone | ArtworkError::Changed => not_found("cover"),
        ArtworkError::Cache(error) if error.kind() == io::ErrorKind::StorageFull => {
            CatalogError::DiskFull
        }
        ArtworkError::Cache(error) => CatalogError::Storage(error.to_string()),
        other => CatalogError::UnusableCover(other.to_string()),
    }
}
