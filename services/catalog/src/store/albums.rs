//! Albums: each is derived from those of its tracks that are not missing.

use std::rc::Rc;

use hexachord_contracts::{
    catalog::DiscTitle,
    ids::{AlbumId, TrackId},
};
use hexachord_storage::{Record, StoreError};
use redb::ReadableTable;

use super::{
    Tables,
    album_pictures::Sources,
    changes::Changes,
    keys::last_id,
    lists::{List, Scope, list_prefix},
    record,
    rows::{AlbumPart, AlbumRow, TrackRow},
};
use crate::artwork::PictureRules;

/// Of one album in one library: it is in the lists of so many.
const MOST_GENRES: usize = 64;

/// Writes the album as its tracks make it.
pub(super) fn derive(
    album: AlbumId,
    tables: &mut Tables<'_>,
    rules: &PictureRules,
    changes: &mut Changes,
) -> Result<(), StoreError> {
    let old: Option<AlbumRow> = record(&tables.albums, album.0)?;
    let new = gather(album, tables, rules)?;
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
fn gather(
    album: AlbumId,
    tables: &Tables<'_>,
    rules: &PictureRules,
) -> Result<Option<AlbumRow>, StoreError> {
    let mut row: Option<AlbumRow> = None;
    let mut sources: Vec<Sources> = Vec::new();
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
            sources.push(Sources::default());
            row.parts.len() - 1
        });
        row.parts[place].add(&track);
        sources[place].add(id, &track);
    }
    if let Some(row) = &mut row {
        for (part, sources) in row.parts.iter_mut().zip(&sources) {
            sources.choose(part, rules, &tables.pictures)?;
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
            disc_covers: Vec::new(),
            artist_picture: None,
        }
    }

    fn add(&mut self, track: &TrackRow) {
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
    }
}
