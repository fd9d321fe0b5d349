//! Covers, ready to be sent: found in the store, made on the threads of their disk.

use std::{io, path::Path, sync::Arc};

use hexachord_contracts::{
    Context,
    catalog::{CatalogError, CoverLocation, CoverOf, LocateCover},
    ids::PodcastId,
    pool::PoolError,
};

use hexachord_storage::StoreError;
use redb::ReadTransaction;

use super::{Catalog, Refusable, cover_threads::Disk, podcasts::find, refusal};
use crate::{
    artwork::{ArtworkCache, ArtworkError, PictureSource, size_for},
    browse::{CoverSource, FolderPictures, Viewer, find_cover, invalid, not_found},
    read::PictureId,
    scan::below,
    store::{PODCASTS, PictureRow, PodcastRow, record},
};

const SIZES: std::ops::RangeInclusive<u32> = 1..=4096;

/// A picture with its absolute path.
struct Candidate {
    disk: Disk,
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
        if let CoverOf::Podcast(_) | CoverOf::Episode(_) = call.of {
            return self.podcast_cover(call).await;
        }
        let sources = self.store.read(move |read| find_cover(read, viewer, call.of)).await;
        let mut refused = None;
        for source in sources.map_err(refusal)? {
            let Some(candidate) = self.candidate(source) else { continue };
            match self.cover(candidate, call.size).await {
                Ok(cover) => return Ok(cover),
                // The refusal is that of the best one.
                Err(error) => refused = refused.or(Some(error)),
            }
        }
        Err(refused.unwrap_or_else(|| not_found("cover")))
    }

    async fn podcast_cover(&self, call: LocateCover) -> Refusable<CoverLocation> {
        let found = self.read(move |read| Ok(Ok(of_podcast(read, call.of)?))).await?;
        let folders = &self.keeper()?.setup.folders;
        let (podcast, picture) = found.ok_or_else(|| not_found("cover"))?;
        let (below, path) = (folders.root().to_owned(), folders.picture(podcast));
        let candidate = Candidate {
            disk: Disk::Podcasts,
            source: PictureSource::Folder { below, path },
            known: Known::Is(picture),
        };
        self.cover(candidate, call.size).await
    }

    /// Ready to be sent, if it is a picture. A disk that does not answer keeps waiting who asks for
    /// what is on it, and nobody else.
    async fn cover(&self, candidate: Candidate, size: Option<u32>) -> Refusable<CoverLocation> {
        let (artwork, pictures) = (Arc::clone(&self.artwork), Arc::clone(&self.folder_pictures));
        let threads = self.resources.covers.of(candidate.disk);
        let threads = threads.map_err(|error| CatalogError::Storage(error.to_string()))?;
        let shown = threads.run(move || show(&artwork, &pictures, &candidate, size)).await;
        shown.map_err(|error| match error {
            PoolError::Full => CatalogError::Busy,
            PoolError::Interrupted => CatalogError::UnusableCover("it broke off".to_owned()),
        })?
    }

    /// `None` for what lies in a folder that is no longer configured.
    fn candidate(&self, source: CoverSource) -> Option<Candidate> {
        Some(match source {
            CoverSource::Embedded { library, path, picture } => Candidate {
                disk: Disk::Library(library),
                source: PictureSource::Embedded(below(&self.folder_of(library)?, &path)),
                known: Known::Is(picture),
            },
            CoverSource::Folder { library, path, scanned } => {
                in_folder(Disk::Library(library), &self.folder_of(library)?, &path, scanned)
            }
            CoverSource::Artist { name, scanned } => {
                in_folder(Disk::Artists, self.artists.as_deref()?, &name, Some(scanned))
            }
        })
    }
}

/// The channel and its picture.
fn of_podcast(
    read: &ReadTransaction,
    of: CoverOf,
) -> Result<Option<(PodcastId, PictureId)>, StoreError> {
    let podcast = match of {
        CoverOf::Podcast(podcast) => Some(podcast),
        CoverOf::Episode(episode) => find(read, episode)?.map(|(row, _)| row.podcast),
        _ => None,
    };
    let Some(podcast) = podcast else { return Ok(None) };
    let row: Option<PodcastRow> = record(&read.open_table(PODCASTS)?, podcast.0)?;
    Ok(row.and_then(|row| row.picture).map(|picture| (podcast, picture)))
}

fn in_folder(disk: Disk, folder: &Path, path: &[u8], scanned: Option<PictureRow>) -> Candidate {
    let source = PictureSource::Folder { below: folder.to_owned(), path: below(folder, path) };
    Candidate { disk, source, known: Known::Scanned(scanned) }
}

/// Blocks.
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
