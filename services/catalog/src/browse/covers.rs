//! Covers: which picture stands for a track, an album or an artist.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::SystemTime,
};

use hexachord_contracts::{
    catalog::CoverOf,
    ids::{AlbumId, ArtistId, LibraryId, TrackId},
};
use hexachord_storage::StoreError;
use redb::ReadTransaction;

use super::{Tracks, Viewer, groups::albums_of};
use crate::{
    artwork::ArtworkError,
    read::PictureId,
    store::{ALBUMS, AlbumPart, AlbumRow, CoverRow, Scope, record},
};

/// Albums of an artist that are looked at for a picture.
const MOST_ALBUMS: usize = 50;
/// Folder pictures whose content is known.
const KEPT: usize = 4096;

/// A picture, as the store knows it: a path below a library's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CoverSource {
    /// In this music file.
    Embedded { library: LibraryId, path: Vec<u8>, picture: PictureId },
    /// It is this file.
    Folder { library: LibraryId, path: Vec<u8> },
}

/// The pictures that the caller may see, best first.
pub(crate) fn find_cover(
    read: &ReadTransaction,
    viewer: Viewer,
    of: CoverOf,
) -> Result<Vec<CoverSource>, StoreError> {
    let finder = Finder { read, tracks: Tracks::open(read, viewer.clone())?, viewer };
    match of {
        CoverOf::Track(track) => finder.of_track(track),
        CoverOf::Album(album) => finder.of_album(album),
        CoverOf::Artist(artist) => finder.of_artist(artist),
    }
}

struct Finder<'r> {
    read: &'r ReadTransaction,
    tracks: Tracks,
    viewer: Viewer,
}

impl Finder<'_> {
    fn of_track(&self, id: TrackId) -> Result<Vec<CoverSource>, StoreError> {
        let Some(row) = self.tracks.row(id)? else { return Ok(Vec::new()) };
        let (library, path) = (row.library, row.path);
        let embedded = |picture| CoverSource::Embedded { library, path, picture };
        let mut sources: Vec<CoverSource> = row.picture.map(embedded).into_iter().collect();
        sources.extend(self.of_album(row.album)?);
        Ok(sources)
    }

    fn of_album(&self, id: AlbumId) -> Result<Vec<CoverSource>, StoreError> {
        let row: Option<AlbumRow> = record(&self.read.open_table(ALBUMS)?, id.0)?;
        row.map_or(Ok(Vec::new()), |row| self.of_parts(&row.parts))
    }

    fn of_parts(&self, parts: &[AlbumPart]) -> Result<Vec<CoverSource>, StoreError> {
        let mut sources = Vec::new();
        for part in parts.iter().filter(|part| self.viewer.sees(part.library)) {
            match &part.cover {
                Some(CoverRow::Folder(path)) => {
                    let path = path.clone();
                    sources.push(CoverSource::Folder { library: part.library, path });
                }
                Some(CoverRow::Embedded(track)) => {
                    let row = self.tracks.row(*track)?;
                    sources.extend(row.and_then(|row| {
                        let (library, path) = (row.library, row.path);
                        row.picture.map(|picture| CoverSource::Embedded { library, path, picture })
                    }));
                }
                None => {}
            }
        }
        Ok(sources)
    }

    /// A picture of the artist itself, else the cover of its newest album that has one.
    fn of_artist(&self, id: ArtistId) -> Result<Vec<CoverSource>, StoreError> {
        let mut albums = albums_of(self.read, &self.viewer, id, true, MOST_ALBUMS)?;
        for (_, row) in &mut albums {
            row.parts.retain(|part| part.is_in(Scope::Artist(id)));
        }
        let parts = || albums.iter().flat_map(|(_, row)| &row.parts);
        let pictures = parts().filter(|part| self.viewer.sees(part.library)).filter_map(|part| {
            let path = part.artist_picture.clone()?;
            Some(CoverSource::Folder { library: part.library, path })
        });
        let mut sources: Vec<CoverSource> = pictures.take(1).collect();
        for (_, row) in &albums {
            let covers = self.of_parts(&row.parts)?;
            if !covers.is_empty() {
                sources.extend(covers);
                break;
            }
        }
        Ok(sources)
    }
}

/// What folder pictures hold: they are looked at again only when they changed.
#[derive(Debug, Default)]
pub(crate) struct FolderPictures {
    known: Mutex<HashMap<PathBuf, (u64, SystemTime, PictureId)>>,
}

impl FolderPictures {
    /// Blocks.
    pub(crate) fn id_of(&self, path: &Path) -> Result<PictureId, ArtworkError> {
        let metadata = fs::metadata(path).map_err(ArtworkError::Unreadable)?;
        let modified = metadata.modified().map_err(ArtworkError::Unreadable)?;
        let size = metadata.len();
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known_size, known_time, id)) = known().get(path)
            && (*known_size, *known_time) == (size, modified)
        {
            return Ok(*id);
        }
        let id = PictureId::of_file(path).map_err(ArtworkError::Unreadable)?;
        let id = id.ok_or(ArtworkError::NotAPicture)?;
        let mut known = known();
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(path.to_owned(), (size, modified, id));
        Ok(id)
    }
}
