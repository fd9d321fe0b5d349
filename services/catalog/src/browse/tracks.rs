//! Lists of tracks, and single ones.

use std::collections::HashMap;

use hexachord_contracts::{
    catalog::{
        AlbumRef, ArtistRef, CatalogError, Contributor, Cover, ListTracks, Track, TrackSort,
    },
    ids::{AlbumId, TrackId},
    page::Page,
};
use hexachord_storage::StoreError;
use redb::{ReadOnlyTable, ReadTransaction};

use super::{Answer, Asked, Viewer, check_scope, scope_of};
use crate::store::{
    ALBUMS, AlbumRow, ContributorRow, Credit, LISTS, List, TRACKS, TrackRow, last_id, library_of,
    list_prefix, record,
};

pub(crate) fn list_tracks(
    call: &ListTracks,
    viewer: Viewer,
) -> Result<impl FnOnce(&ReadTransaction) -> Answer<Page<Track>> + use<>, CatalogError> {
    let list = match call.sort.by {
        TrackSort::Title => List::TracksByTitle,
        TrackSort::Artist => List::TracksByArtist,
        TrackSort::Album => List::TracksByAlbum,
        TrackSort::Year => List::TracksByYear,
        TrackSort::Added => List::TracksByAdded,
    };
    let scope = scope_of(call.filter);
    let asked = Asked::new(0, &list_prefix(list, scope), call.sort.descending, &call.paging)?;
    Ok(move |read: &ReadTransaction| {
        if let Err(refusal) = check_scope(read, &viewer, scope)? {
            return Ok(Err(refusal));
        }
        let mut tracks = Tracks::open(read, viewer)?;
        let page = asked.read(&read.open_table(LISTS)?, |key, value| {
            if tracks.viewer.sees(library_of(value)) {
                tracks.get(TrackId(last_id(key)))
            } else {
                Ok(None)
            }
        })?;
        Ok(Ok(page))
    })
}

/// Makes tracks for one answer, as its caller may see them.
pub(crate) struct Tracks {
    table: ReadOnlyTable<u64, &'static [u8]>,
    albums: ReadOnlyTable<u64, &'static [u8]>,
    viewer: Viewer,
    /// Albums that were looked up: have they a cover?
    covered: HashMap<AlbumId, bool>,
}

impl Tracks {
    pub(crate) fn open(read: &ReadTransaction, viewer: Viewer) -> Result<Self, StoreError> {
        let (table, albums) = (read.open_table(TRACKS)?, read.open_table(ALBUMS)?);
        Ok(Self { table, albums, viewer, covered: HashMap::new() })
    }

    /// The row of a track that the caller may see.
    pub(crate) fn row(&self, id: TrackId) -> Result<Option<TrackRow>, StoreError> {
        let row: Option<TrackRow> = record(&self.table, id.0)?;
        Ok(row.filter(|row| self.viewer.sees(row.library)))
    }

    /// A track, missing or not, that the caller may see.
    pub(crate) fn get(&mut self, id: TrackId) -> Result<Option<Track>, StoreError> {
        let Some(row) = self.row(id)? else { return Ok(None) };
        let cover = match row.picture {
            Some(picture) => Some(Cover { hash: Some(picture.to_string()), ..Cover::default() }),
            None => self.is_covered(row.album)?.then(Cover::default),
        };
        Ok(Some(track(id, row, cover)))
    }

    fn is_covered(&mut self, album: AlbumId) -> Result<bool, StoreError> {
        if let Some(covered) = self.covered.get(&album) {
            return Ok(*covered);
        }
        let row: Option<AlbumRow> = record(&self.albums, album.0)?;
        let covered = row.is_some_and(|row| {
            row.parts.iter().any(|part| part.cover.is_some() && self.viewer.sees(part.library))
        });
        self.covered.insert(album, covered);
        Ok(covered)
    }
}

pub(super) fn artist_refs(credits: Vec<Credit>) -> Vec<ArtistRef> {
    credits.into_iter().map(|credit| ArtistRef { id: credit.id, name: credit.name }).collect()
}

/// How artists are written in one line, unless it is tagged otherwise.
pub(super) fn in_one_line(artists: &[Credit]) -> String {
    let mut line = String::new();
    for artist in artists {
        line.push_str(if line.is_empty() { "" } else { ", " });
        line.push_str(&artist.name);
    }
    line
}

fn contributor(row: ContributorRow) -> Contributor {
    let artist = ArtistRef { id: row.artist.id, name: row.artist.name };
    Contributor { role: row.role, instrument: row.instrument, artist }
}

fn track(id: TrackId, row: TrackRow, cover: Option<Cover>) -> Track {
    Track {
        id,
        title: row.title,
        sort_title: row.title_sort,
        display_artist: row.display_artist.unwrap_or_else(|| in_one_line(&row.artists)),
        artists: artist_refs(row.artists),
        album: AlbumRef { id: row.album, title: row.album_title },
        album_artists: artist_refs(row.album_artists),
        track_number: row.track_number,
        disc_number: row.disc_number,
        disc_title: row.disc_title,
        duration_ms: row.duration_ms,
        year: row.year,
        date: row.date,
        original_date: row.original_date,
        genres: row.genres.into_iter().map(|genre| genre.name).collect(),
        moods: row.moods,
        contributors: row.contributors.into_iter().map(contributor).collect(),
        compilation: row.compilation,
        explicit: row.explicit,
        bpm: row.bpm,
        key: row.key,
        comment: row.comment,
        isrc: row.isrc,
        musicbrainz: row.musicbrainz,
        replay_gain: row.replay_gain,
        has_lyrics: row.lyrics.is_some(),
        size: row.size,
        content_type: row.content_type,
        codec: row.codec,
        bitrate_kbps: row.bitrate_kbps,
        sample_rate: row.sample_rate,
        channels: row.channels,
        bit_depth: row.bit_depth,
        cover,
        library: row.library,
        added_at: row.added_at,
        modified_at: row.modified_at,
        missing_since: row.missing_since,
    }
}
