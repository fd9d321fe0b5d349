//! Covers, ready to be sent: found in the store, made on the workers.

use std::{
    ffi::OsStr,
    io,
    os::unix::ffi::OsStrExt,
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
    scan::ScannedLibrary,
};

const SIZES: std::ops::RangeInclusive<u32> = 1..=4096;

/// A picture with its absolute path; what a folder's picture holds is not known yet.
struct Candidate {
    source: PictureSource,
    picture: Option<PictureId>,
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
        let (store, libraries) = (self.store.clone(), Arc::clone(&self.libraries));
        let (artwork, pictures) = (Arc::clone(&self.artwork), Arc::clone(&self.folder_pictures));
        // One hop for all of it: changing threads costs more than finding a cover.
        let made = self.resources.workers.run(move || {
            let sources = store.read_blocking(|read| find_cover(read, viewer, call.of));
            let sources = sources.map_err(refusal)?.into_iter();
            let candidates: Vec<_> =
                sources.filter_map(|source| candidate(&libraries, source)).collect();
            first_that_shows(&artwork, &pictures, &candidates, call.size)
        });
        made.await.map_err(|error| match error {
            PoolError::Full => CatalogError::Busy,
            PoolError::Interrupted => CatalogError::UnusableCover("it broke off".to_owned()),
        })?
    }
}

fn candidate(libraries: &[ScannedLibrary], source: CoverSource) -> Option<Candidate> {
    let folder = |id| libraries.iter().find(|library| library.id == id).map(|found| &found.folder);
    Some(match source {
        CoverSource::Embedded { library, path, picture } => {
            let path = below(folder(library)?, &path);
            Candidate { source: PictureSource::Embedded(path), picture: Some(picture) }
        }
        CoverSource::Folder { library, path } => {
            let path = below(folder(library)?, &path);
            Candidate { source: PictureSource::Folder(path), picture: None }
        }
    })
}

/// The absolute path of what lies at `path` in a library.
pub(super) fn below(folder: &Path, path: &[u8]) -> PathBuf {
    folder.join(OsStr::from_bytes(path))
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
    let picture = match (&candidate.source, candidate.picture) {
        (_, Some(picture)) => picture,
        (PictureSource::Folder(path) | PictureSource::Embedded(path), None) => {
            pictures.id_of(path).map_err(unusable)?
        }
    };
    let cached = artwork.get(&candidate.source, picture, size).map_err(unusable)?;
    let etag = match size {
        Some(size) => format!("{picture}-{}", size_for(size)),
        None => picture.to_string(),
    };
    Ok(CoverLocation {
        path: cached.path.into_os_string().into_encoded_bytes(),
        content_type: cached.content_type.to_owned(),
        etag,
    })
}

fn unusable(error: ArtworkError) -> CatalogError {
    match error {
        ArtworkError::Gone | ArtworkError::Changed => not_found("cover"),
        ArtworkError::Unreadable(error) if error.kind() == io::ErrorKind::NotFound => {
            not_found("cover")
        }
        ArtworkError::Cache(error) if error.kind() == io::ErrorKind::StorageFull => {
            CatalogError::DiskFull
        }
        ArtworkError::Cache(error) => CatalogError::Storage(error.to_string()),
        other => CatalogError::UnusableCover(other.to_string()),
    }
}
