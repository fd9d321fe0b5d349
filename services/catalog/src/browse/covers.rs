//! Covers: which picture stands for a track, an album or an artist.

use std::{
    collections::HashMap,
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use hexachord_contracts::{
    catalog::{Cover, CoverOf},
    ids::{AlbumId, ArtistId, LibraryId, TrackId},
};
use hexachord_storage::StoreError;
use redb::{ReadOnlyTable, ReadTransaction, ReadableTable, ReadableTableMetadata};

use super::{Tracks, Viewer, groups::albums_of};
use crate::{
    artwork::ArtworkError,
    read::PictureId,
    store::{
        ALBUMS, ARTIST_PICTURES, AlbumPart, AlbumRow, CoverRow, FolderPicture, PICTURES,
        PictureRow, Scope, TRACK_PICTURES, artist_picture, picture_key_of, record, record_at,
    },
};

/// Albums of an artist that are looked at for a picture.
const MOST_ALBUMS: usize = 50;
/// Pictures that changed since they were scanned and whose content is known.
const KEPT: usize = 4096;

/// A picture, as the store knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CoverSource {
    /// In the music file at this path below a library's folder.
    Embedded { library: LibraryId, path: Vec<u8>, picture: PictureId },
    /// It is the file at this path.
    Folder { library: LibraryId, path: Vec<u8>, scanned: Option<PictureRow> },
    /// It has this name in the folder of artists' pictures.
    Artist { name: Vec<u8>, scanned: PictureRow },
}

/// A cover that is there, and what it is as far as that is known.
pub(super) fn cover_of(picture: Option<PictureId>) -> Cover {
    Cover { hash: picture.map(|picture| picture.to_string()), ..Cover::default() }
}

/// The cover of an album as far as the caller may see, the first library's first.
pub(super) fn album_cover<'p>(
    parts: impl IntoIterator<Item = &'p AlbumPart>,
    viewer: &Viewer,
) -> Option<Cover> {
    let mut seen = parts.into_iter().filter(|part| viewer.sees(part.library));
    let cover = seen.find_map(|part| part.cover.as_ref())?;
    Some(cover_of(cover.picture()))
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
        CoverOf::Disc(album, disc) => finder.of_disc(album, disc),
        CoverOf::Artist(artist) => finder.of_artist(artist),
        // They are no part of a library.
        CoverOf::Podcast(_) | CoverOf::Episode(_) => Ok(Vec::new()),
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
        let mut sources = Vec::new();
        let beside = self.tracks.beside(&row)?.map(|beside| beside.path);
        if let Some(path) = beside {
            let table = self.read.open_table(TRACK_PICTURES)?;
            sources.push(folder(row.library, path, &table)?);
        }
        if let Some(picture) = row.picture.filter(|_| self.tracks.rules.embedded) {
            let embedded = CoverSource::Embedded { library: row.library, path: row.path, picture };
            let place = if self.tracks.rules.beside_first { sources.len() } else { 0 };
            sources.insert(place, embedded);
        }
        sources.extend(self.of_album(row.album)?);
        Ok(sources)
    }

    fn of_album(&self, id: AlbumId) -> Result<Vec<CoverSource>, StoreError> {
        let row: Option<AlbumRow> = record(&self.read.open_table(ALBUMS)?, id.0)?;
        row.map_or(Ok(Vec::new()), |row| self.of_parts(&row.parts))
    }

    /// The disc's own picture, else the album's.
    fn of_disc(&self, id: AlbumId, disc: u32) -> Result<Vec<CoverSource>, StoreError> {
        let row: Option<AlbumRow> = record(&self.read.open_table(ALBUMS)?, id.0)?;
        let mut parts = row.map(|row| row.parts).unwrap_or_default();
        parts.retain(|part| self.viewer.sees(part.library));
        if !parts.iter().any(|part| part.discs.contains(&disc)) {
            return Ok(Vec::new());
        }
        let mut sources = Vec::new();
        for part in &parts {
            let own = part.disc_covers.iter().filter(|(of, _)| *of == disc);
            for (_, cover) in own {
                sources.extend(self.source(part.library, cover)?);
            }
        }
        sources.extend(self.of_parts(&parts)?);
        Ok(sources)
    }

    fn of_parts(&self, parts: &[AlbumPart]) -> Result<Vec<CoverSource>, StoreError> {
        let mut sources = Vec::new();
        for part in parts.iter().filter(|part| self.viewer.sees(part.library)) {
            if let Some(cover) = &part.cover {
                sources.extend(self.source(part.library, cover)?);
            }
        }
        Ok(sources)
    }

    fn source(
        &self,
        library: LibraryId,
        cover: &CoverRow,
    ) -> Result<Option<CoverSource>, StoreError> {
        match cover {
            CoverRow::Folder(FolderPicture { path, .. }) => {
                let table = self.read.open_table(PICTURES)?;
                folder(library, path.clone(), &table).map(Some)
            }
            CoverRow::Embedded { track, .. } => {
                let row = self.tracks.row(*track)?;
                Ok(row.and_then(|row| {
                    let (library, path) = (row.library, row.path);
                    row.picture.map(|picture| CoverSource::Embedded { library, path, picture })
                }))
            }
        }
    }

    /// A picture of the artist itself, else the cover of its newest album that has one.
    fn of_artist(&self, id: ArtistId) -> Result<Vec<CoverSource>, StoreError> {
        let albums = own_albums(self.read, &self.viewer, id)?;
        let mut sources = Vec::new();
        let named = artist_picture(id, &self.read.open_table(ARTIST_PICTURES)?)?;
        let is_seen = super::sees_artist(self.read, &self.viewer, id)?;
        sources.extend(
            named
                .filter(|_| is_seen)
                .map(|picture| CoverSource::Artist { name: picture.name, scanned: picture.row }),
        );
        if let Some((library, picture)) = in_folders(&albums).next() {
            let table = self.read.open_table(PICTURES)?;
            sources.push(folder(library, picture.path.clone(), &table)?);
        }
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

/// Pictures that are named after artists.
pub(crate) struct ArtistPictures {
    /// Absent where there is none.
    table: Option<ReadOnlyTable<u64, &'static [u8]>>,
}

impl ArtistPictures {
    pub(crate) fn open(read: &ReadTransaction) -> Result<Self, StoreError> {
        let table = read.open_table(ARTIST_PICTURES)?;
        Ok(Self { table: (!table.is_empty()?).then_some(table) })
    }

    pub(super) fn cover(&self, id: ArtistId) -> Result<Option<Cover>, StoreError> {
        let Some(table) = &self.table else { return Ok(None) };
        let picture = artist_picture(id, table)?;
        Ok(picture.map(|picture| cover_of(picture.row.picture())))
    }
}

/// What [`find_cover`] finds first for an artist that the caller may see.
pub(super) fn artist_cover(
    read: &ReadTransaction,
    viewer: &Viewer,
    id: ArtistId,
) -> Result<Option<Cover>, StoreError> {
    if let Some(named) = artist_picture(id, &read.open_table(ARTIST_PICTURES)?)? {
        return Ok(Some(cover_of(named.row.picture())));
    }
    let albums = own_albums(read, viewer, id)?;
    if let Some((_, picture)) = in_folders(&albums).next() {
        return Ok(Some(cover_of(picture.picture)));
    }
    Ok(albums.iter().find_map(|(_, row)| album_cover(&row.parts, viewer)))
}

type Albums = Vec<(AlbumId, AlbumRow)>;

/// The newest albums of an artist, in each what the caller may see of it.
fn own_albums(read: &ReadTransaction, viewer: &Viewer, id: ArtistId) -> Result<Albums, StoreError> {
    let mut albums = albums_of(read, viewer, id, true, MOST_ALBUMS)?;
    for (_, row) in &mut albums {
        row.parts.retain(|part| viewer.sees(part.library) && part.is_in(Scope::Artist(id)));
    }
    Ok(albums)
}

/// Pictures of their artist that lie near albums.
fn in_folders(albums: &Albums) -> impl Iterator<Item = (LibraryId, &FolderPicture)> {
    let parts = albums.iter().flat_map(|(_, row)| &row.parts);
    parts.filter_map(|part| Some((part.library, part.artist_picture.as_ref()?)))
}

fn folder(
    library: LibraryId,
    path: Vec<u8>,
    table: &impl ReadableTable<&'static [u8], &'static [u8]>,
) -> Result<CoverSource, StoreError> {
    let scanned = record_at(table, &picture_key_of(library, &path))?;
    Ok(CoverSource::Folder { library, path, scanned })
}

/// Pictures that changed since they were scanned: they are looked at again only when they changed
/// once more.
#[derive(Debug, Default)]
pub(crate) struct FolderPictures {
    known: Mutex<HashMap<PathBuf, (u64, i64, PictureId)>>,
}

impl FolderPictures {
    /// What is at `path` below `folder` now; `scanned` says what it was. Blocks.
    pub(crate) fn id_of(
        &self,
        folder: &Path,
        path: &Path,
        scanned: Option<&PictureRow>,
    ) -> Result<PictureId, ArtworkError> {
        let scanned_as = scanned.and_then(PictureRow::picture);
        let facts = match fs::metadata(path) {
            Ok(facts) => facts,
            // Its disk may be away; the cache may have it.
            Err(error) => return scanned_as.ok_or_else(|| ArtworkError::of_file(&error)),
        };
        let mtime = facts.mtime().saturating_mul(1_000_000_000);
        let (size, mtime) = (facts.size(), mtime.saturating_add(facts.mtime_nsec()));
        let is_as_scanned = scanned.is_some_and(|row| (row.size, row.mtime_ns) == (size, mtime));
        if let Some(id) = scanned_as.filter(|_| is_as_scanned) {
            return Ok(id);
        }
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known_size, known_mtime, id)) = known().get(path)
            && (*known_size, *known_mtime) == (size, mtime)
        {
            return Ok(*id);
        }
        let id = PictureId::of_file(folder, path).map_err(|error| ArtworkError::of_file(&error))?;
        let id = id.ok_or(ArtworkError::NotAPicture)?;
        let mut known = known();
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(path.to_owned(), (size, mtime, id));
        Ok(id)
    }
}
