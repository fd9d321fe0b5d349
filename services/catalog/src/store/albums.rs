//! Albums: each is derived from those of its tracks that are not missing.

use std::{collections::BTreeSet, rc::Rc};

use hexachord_contracts::{
    catalog::DiscTitle,
    ids::{AlbumId, LibraryId, TrackId},
};
use hexachord_storage::{Record, StoreError};
use redb::ReadableTable;

use super::{
    Tables,
    changes::Changes,
    keys::{folder_and_name, last_id, picture_key},
    lists::{List, Scope, list_prefix},
    record,
    rows::{AlbumPart, AlbumRow, CoverRow, TrackRow},
};

/// File names of an album's picture without their endings, best first.
const COVERS: [&[u8]; 4] = [b"cover", b"folder", b"front", b"album"];
/// Of one album in one library: it is in the lists of so many.
const MOST_GENRES: usize = 64;
const ARTIST: &[u8] = b"artist";

/// Writes the album as its tracks make it.
pub(super) fn derive(
    album: AlbumId,
    tables: &mut Tables<'_>,
    changes: &mut Changes,
) -> Result<(), StoreError> {
    let old: Option<AlbumRow> = record(&tables.albums, album.0)?;
    let new = gather(album, tables)?;
    if old == new {
        return Ok(());
    }
    let Some(row) = new else {
        tables.albums.remove(album.0)?;
        changes.album(album, old.as_ref(), None);
        return Ok(());
    };
    let bytes: Rc<[u8]> = row.to_bytes()?.into();
    tables.albums.insert(album.0, &*bytes)?;
    changes.album(album, old.as_ref(), Some((&row, bytes)));
    Ok(())
}

/// In each library the first track (by disc and number) says what the album is called there.
fn gather(album: AlbumId, tables: &Tables<'_>) -> Result<Option<AlbumRow>, StoreError> {
    let mut row: Option<AlbumRow> = None;
    let mut folders: Vec<BTreeSet<Vec<u8>>> = Vec::new();
    let prefix = list_prefix(List::TracksByDisc, Scope::Album(album));
    for entry in tables.lists.range(&prefix[..]..)? {
        let (key, _) = entry?;
        if !key.value().starts_with(&prefix) {
            break;
        }
        let id = TrackId(last_id(key.value()));
        let Some(track) = record::<TrackRow>(&tables.tracks, id.0)? else { continue };
        let row = row.get_or_insert_with(|| AlbumRow { parts: Vec::new() });
        let place = row.parts.iter().position(|part| part.library == track.library);
        let place = place.unwrap_or_else(|| {
            row.parts.push(AlbumPart::none(&track));
            folders.push(BTreeSet::new());
            row.parts.len() - 1
        });
        row.parts[place].add(id, &track);
        let folder = folder_and_name(&track.path).0;
        if !folders[place].contains(folder) {
            folders[place].insert(folder.to_vec());
        }
    }
    if let Some(row) = &mut row {
        for (part, folders) in row.parts.iter_mut().zip(&folders) {
            add_pictures(part, folders, &tables.pictures)?;
        }
        row.parts.sort_by_key(|part| part.library);
    }
    Ok(row)
}

impl AlbumPart {
    /// Named after its first track, still without any.
    fn none(track: &TrackRow) -> Self {
        Self {
            library: track.library,
            title: track.album_title.clone(),
            sort: track.album_sort.clone(),
            artists: track.album_artists.clone(),
            year: None,
            date: None,
            original_date: None,
            version: track.album_version.clone(),
            display_artist: track.display_album_artist.clone(),
            release_types: track.release_types.clone(),
            labels: track.labels.clone(),
            catalogue_numbers: track.catalogue_numbers.clone(),
            explicit: false,
            musicbrainz_release: track.musicbrainz.release.clone(),
            musicbrainz_release_group: track.musicbrainz.release_group.clone(),
            compilation: track.compilation,
            tracks: 0,
            discs: Vec::new(),
            disc_titles: Vec::new(),
            duration_ms: 0,
            genres: Vec::new(),
            added_at: track.added_at,
            cover: None,
            artist_picture: None,
        }
    }

    fn add(&mut self, id: TrackId, track: &TrackRow) {
        self.tracks += 1;
        self.year = self.year.or(track.year);
        self.date = self.date.take().or_else(|| track.date.clone());
        self.original_date = self.original_date.take().or_else(|| track.original_date.clone());
        self.explicit |= track.explicit == Some(true);
        self.duration_ms = self.duration_ms.saturating_add(track.duration_ms);
        self.added_at = self.added_at.min(track.added_at);
        let disc = track.disc_number.unwrap_or(1);
        if !self.discs.contains(&disc) {
            self.discs.push(disc);
        }
        if let Some(title) = &track.disc_title
            && self.disc_titles.iter().all(|known| known.disc != disc)
        {
            self.disc_titles.push(DiscTitle { disc, title: title.clone() });
        }
        for genre in &track.genres {
            if self.genres.len() < MOST_GENRES
                && self.genres.iter().all(|known| known.id != genre.id)
            {
                self.genres.push(genre.clone());
            }
        }
        if self.cover.is_none() && track.picture.is_some() {
            self.cover = Some(CoverRow::Embedded(id));
        }
    }
}

/// A picture in the folder of the tracks goes before an embedded one; where discs have folders of
/// their own, it may lie above them.
fn add_pictures(
    part: &mut AlbumPart,
    folders: &BTreeSet<Vec<u8>>,
    pictures: &impl ReadableTable<&'static [u8], &'static [u8]>,
) -> Result<(), StoreError> {
    let mut places: Vec<&[u8]> = folders.iter().map(Vec::as_slice).collect();
    let above: BTreeSet<&[u8]> =
        folders.iter().filter(|folder| !folder.is_empty()).map(|f| folder_and_name(f).0).collect();
    let shared = above.iter().next().filter(|_| folders.len() > 1 && above.len() == 1);
    places.extend(shared);
    for folder in &places {
        if let Some(path) = picture_in(part.library, folder, &COVERS, pictures)? {
            part.cover = Some(CoverRow::Folder(path));
            break;
        }
    }
    places.extend(above.iter().filter(|folder| shared != Some(folder)));
    for folder in places {
        if let Some(path) = picture_in(part.library, folder, &[ARTIST], pictures)? {
            part.artist_picture = Some(path);
            break;
        }
    }
    Ok(())
}

/// The best of the pictures with one of `names` in `folder`; its path.
fn picture_in(
    library: LibraryId,
    folder: &[u8],
    names: &[&[u8]],
    pictures: &impl ReadableTable<&'static [u8], &'static [u8]>,
) -> Result<Option<Vec<u8>>, StoreError> {
    let prefix = picture_key(library, folder, &[]);
    let mut best: Option<(usize, Vec<u8>)> = None;
    for picture in pictures.range(prefix.as_slice()..)? {
        let (key, _) = picture?;
        let Some(name) = key.value().strip_prefix(prefix.as_slice()) else { break };
        let stem = name.split(|byte| *byte == b'.').next().unwrap_or_default();
        let rank = names.iter().position(|known| stem.eq_ignore_ascii_case(known));
        if let Some(rank) = rank
            && best.as_ref().is_none_or(|(other, _)| rank < *other)
        {
            let separator: &[u8] = if folder.is_empty() { b"" } else { b"/" };
            best = Some((rank, [folder, separator, name].concat()));
        }
    }
    Ok(best.map(|(_, path)| path))
}
