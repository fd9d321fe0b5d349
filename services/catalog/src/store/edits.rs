//! Edits in the store. A track that edits change has two rows: the one that is shown, and what its
//! tags say. So edits are made and taken back without a look at the file, and also where it is missing.

use std::collections::HashSet;

use hexachord_contracts::{
    Timestamp,
    catalog::{EditOf, MusicBrainz},
    ids::{AlbumId, ArtistId, EditId, GenreId, TrackId},
};
use hexachord_storage::{Record, StoreError};
use redb::{ReadTransaction, ReadableTable, ReadableTableMetadata};
use serde::{Deserialize, Serialize};

use super::{
    Apply, TAGGED, TRACKS, Tables, record,
    rows::{ContributorRow, Credit, GenreRef, TrackRow},
};
use crate::edits::edited;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EditRow {
    pub(crate) made_at: Timestamp,
    pub(crate) edit: EditOf,
}

impl Record for EditRow {
    const VERSION: u8 = 1;
}

/// What an edit speaks of; each has one edit at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Target {
    Artist(ArtistId),
    Genre(GenreId),
    /// The album of this track.
    AlbumOf(TrackId),
}

impl Target {
    pub(crate) fn key(self) -> (u8, u64) {
        match self {
            Self::Artist(id) => (0, id.0),
            Self::Genre(id) => (1, id.0),
            Self::AlbumOf(id) => (2, id.0),
        }
    }
}

/// Everything that an edit can change of a track.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct TaggedRow {
    artists: Vec<Credit>,
    display_artist: Option<String>,
    album: AlbumId,
    album_title: String,
    album_sort: Option<String>,
    album_version: Option<String>,
    album_artists: Vec<Credit>,
    display_album_artist: Option<String>,
    contributors: Vec<ContributorRow>,
    disc_number: Option<u32>,
    year: Option<i32>,
    date: Option<String>,
    genres: Vec<GenreRef>,
    compilation: bool,
    musicbrainz: MusicBrainz,
}

impl Record for TaggedRow {
    const VERSION: u8 = 1;
}

impl TaggedRow {
    pub(super) fn of(row: TrackRow) -> Self {
        Self {
            artists: row.artists,
            display_artist: row.display_artist,
            album: row.album,
            album_title: row.album_title,
            album_sort: row.album_sort,
            album_version: row.album_version,
            album_artists: row.album_artists,
            display_album_artist: row.display_album_artist,
            contributors: row.contributors,
            disc_number: row.disc_number,
            year: row.year,
            date: row.date,
            genres: row.genres,
            compilation: row.compilation,
            musicbrainz: row.musicbrainz,
        }
    }

    /// The row that is shown, with what its tags say.
    pub(super) fn within(self, shown: TrackRow) -> TrackRow {
        TrackRow {
            artists: self.artists,
            display_artist: self.display_artist,
            album: self.album,
            album_title: self.album_title,
            album_sort: self.album_sort,
            album_version: self.album_version,
            album_artists: self.album_artists,
            display_album_artist: self.display_album_artist,
            contributors: self.contributors,
            disc_number: self.disc_number,
            year: self.year,
            date: self.date,
            genres: self.genres,
            compilation: self.compilation,
            musicbrainz: self.musicbrainz,
            ..shown
        }
    }

    /// Is one of these artists or genres named here?
    pub(super) fn names_any(&self, targets: &HashSet<Target>) -> bool {
        let taking_part = self.contributors.iter().map(|contributor| &contributor.artist);
        let mut artists = self.artists.iter().chain(&self.album_artists).chain(taking_part);
        artists.any(|artist| targets.contains(&Target::Artist(artist.id)))
            || self.genres.iter().any(|genre| targets.contains(&Target::Genre(genre.id)))
    }
}

/// The row of a track as its file is tagged.
pub(crate) fn as_tagged(
    read: &ReadTransaction,
    id: TrackId,
) -> Result<Option<TrackRow>, StoreError> {
    let shown: Option<TrackRow> = record(&read.open_table(TRACKS)?, id.0)?;
    let Some(shown) = shown else { return Ok(None) };
    let tagged: Option<TaggedRow> = record(&read.open_table(TAGGED)?, id.0)?;
    Ok(Some(match tagged {
        Some(tagged) => tagged.within(shown),
        None => shown,
    }))
}

/// The edit that speaks of `target`.
pub(crate) fn edit_of(
    tables: &Tables<'_>,
    target: Target,
) -> Result<Option<(EditId, EditRow)>, StoreError> {
    let Some(id) = tables.edit_of.get(target.key())?.map(|id| id.value()) else {
        return Ok(None);
    };
    Ok(record(&tables.edits, id)?.map(|row| (EditId(id), row)))
}

impl Apply<'_> {
    /// What an edit says of the album of `from` it says of that of `to`, which has none, instead.
    pub(super) fn pass_edit_on(&mut self, from: TrackId, to: TrackId) -> Result<(), StoreError> {
        let tables = &mut self.tables;
        let (before, after) = (Target::AlbumOf(from), Target::AlbumOf(to));
        if edit_of(tables, after)?.is_some() {
            return Ok(());
        }
        let Some((id, mut row)) = edit_of(tables, before)? else { return Ok(()) };
        if let EditOf::Album(edit) = &mut row.edit {
            for track in edit.tracks.iter_mut().filter(|track| **track == from) {
                *track = to;
            }
        }
        tables.edits.insert(id.0, row.to_bytes()?.as_slice())?;
        tables.edit_of.remove(before.key())?;
        tables.edit_of.insert(after.key(), id.0)?;
        Ok(())
    }

    /// A row that is shown, as its file is tagged.
    pub(super) fn as_tagged(&self, id: TrackId, shown: TrackRow) -> Result<TrackRow, StoreError> {
        let tagged: Option<TaggedRow> = record(&self.tables.tagged, id.0)?;
        Ok(match tagged {
            Some(tagged) => tagged.within(shown),
            None => shown,
        })
    }

    /// The row to be shown of a track that is tagged so; keeps what is tagged where that differs.
    pub(super) fn with_edits(
        &mut self,
        id: TrackId,
        tagged: TrackRow,
    ) -> Result<TrackRow, StoreError> {
        if self.tables.edits.is_empty()? && self.tables.tagged.is_empty()? {
            return Ok(tagged);
        }
        let tables = &self.tables;
        let shown = edited(id, tagged.clone(), |target| {
            Ok(edit_of(tables, target)?.map(|(_, row)| row.edit))
        })?;
        let kept: Option<TaggedRow> = record(&tables.tagged, id.0)?;
        if shown == tagged {
            if kept.is_some() {
                self.tables.tagged.remove(id.0)?;
            }
            return Ok(shown);
        }
        let tagged = TaggedRow::of(tagged);
        if kept.as_ref() != Some(&tagged) {
            self.tables.tagged.insert(id.0, tagged.to_bytes()?.as_slice())?;
        }
        Ok(shown)
    }
}
