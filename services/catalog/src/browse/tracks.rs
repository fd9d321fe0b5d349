//! Lists of tracks, and single ones.

use std::collections::HashMap;

use hexachord_contracts::{
    catalog::{
        AlbumLoudness, AlbumRef, ArtistRef, CatalogError, Contributor, Cover, Excerpt, ListTracks,
        Loudness, ReplayGain, Track, TrackSort,
    },
    ids::{AlbumId, LibraryId, TrackId},
    page::Window,
};
use hexachord_storage::StoreError;
use redb::{ReadOnlyTable, ReadTransaction, ReadableTable, ReadableTableMetadata};

use super::{
    Answer, Asked, Counted, Viewer, check_scope,
    covers::{album_cover, cover_of},
    positions::Positions,
    scope_of, scoped,
};
use crate::{
    artwork::PictureRules,
    store::{
        ALBUM_LOUDNESS, ALBUMS, AlbumRow, COUNTS, ContributorRow, Credit, FolderPicture, LISTS,
        List, MEASURED, MeasuredRow, Part, RULES, RulesRow, Scope, TRACK_PICTURES, TRACKS,
        TrackRow, album_loudness, last_id, library_of, list_prefix, picture_beside, record,
        record_at,
    },
};

pub(crate) fn list_tracks(
    call: &ListTracks,
    viewer: Viewer,
    counted: Counted,
) -> Result<impl FnOnce(&ReadTransaction) -> Answer<Window<Track>> + use<>, CatalogError> {
    let list = match call.sort.by {
        TrackSort::Title => List::TracksByTitle,
        TrackSort::Artist => List::TracksByArtist,
        TrackSort::Album => List::TracksByAlbum,
        TrackSort::Year => List::TracksByYear,
        TrackSort::Added => List::TracksByAdded,
    };
    let (scope, skip) = (scope_of(call.filter), call.skip);
    let asked = Asked::new(0, &list_prefix(list, scope), call.sort.descending, &call.paging)?;
    asked.check_skip(skip)?;
    let has_entries = scope == Scope::All || list == List::TracksByAlbum;
    Ok(move |read: &ReadTransaction| {
        let in_scope = match check_scope(read, &viewer, scope)? {
            Ok(count) => count,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let counted = counted.of(read, &asked, None, &viewer)?;
        let lists = read.open_table(LISTS)?;
        // Who passes over a track need not know it.
        let is_row = |_: &[u8], value: &[u8]| Ok(viewer.sees(library_of(value)));
        let mut tracks = Tracks::open(read, viewer.clone())?;
        let total = match scope {
            Scope::All => count_all(read, &viewer)?,
            _ => counted.total_of(&list_prefix(List::TracksByAlbum, scope), &lists, is_row)?,
        };
        if !has_entries {
            let place = (list, scope);
            let page = scoped::page(read, asked, (skip, &counted), place, in_scope, &mut tracks)?;
            return Ok(Ok(counted.window(page, total)));
        }
        let make = |key: &[u8], value: &[u8]| {
            if tracks.viewer.sees(library_of(value)) {
                tracks.get(TrackId(last_id(key)))
            } else {
                Ok(None)
            }
        };
        let page = if skip == 0 {
            asked.read(&lists, make)?
        } else {
            let positions = counted.positions(|| Positions::walked(&asked, &lists, is_row))?;
            asked.read_window((skip, &positions), &lists, is_row, make)?
        };
        Ok(Ok(counted.window(page, total)))
    })
}

/// All tracks that the caller may see and that are not missing.
fn count_all(read: &ReadTransaction, viewer: &Viewer) -> Result<u64, StoreError> {
    let mut total = 0;
    for count in read.open_table(COUNTS)?.iter()? {
        let (library, count) = count?;
        if viewer.sees(LibraryId(library.value())) {
            total += count.value();
        }
    }
    Ok(total)
}

/// Makes tracks for one answer, as its caller may see them.
pub(crate) struct Tracks {
    pub(super) table: ReadOnlyTable<u64, &'static [u8]>,
    albums: ReadOnlyTable<u64, &'static [u8]>,
    pub(super) viewer: Viewer,
    /// Absent where no track has one.
    pictures: Option<ReadOnlyTable<&'static [u8], &'static [u8]>>,
    pub(super) rules: TrackRules,
    /// Covers of albums that were looked up.
    covers: HashMap<AlbumId, Option<Cover>>,
    /// Absent where nothing was measured.
    measured: Option<Measured>,
}

struct Measured {
    tracks: ReadOnlyTable<&'static [u8], &'static [u8]>,
    albums: ReadOnlyTable<(u64, u64), &'static [u8]>,
    /// Of albums that were looked up.
    known: HashMap<(AlbumId, LibraryId), Option<AlbumLoudness>>,
}

/// Which of its pictures stands for a track.
#[derive(Debug, Clone, Copy)]
pub(super) struct TrackRules {
    /// The one in its file counts.
    pub(super) embedded: bool,
    /// The one beside it goes before that.
    pub(super) beside_first: bool,
}

impl TrackRules {
    fn of(rules: &PictureRules) -> Self {
        Self { embedded: rules.embedded_counts(), beside_first: rules.beside_goes_first() }
    }
}

/// Those of the default rules, without making them: this is done for every answer.
impl Default for TrackRules {
    fn default() -> Self {
        Self { embedded: true, beside_first: false }
    }
}

impl Tracks {
    pub(crate) fn open(read: &ReadTransaction, viewer: Viewer) -> Result<Self, StoreError> {
        let (table, albums) = (read.open_table(TRACKS)?, read.open_table(ALBUMS)?);
        let pictures = read.open_table(TRACK_PICTURES)?;
        let pictures = (!pictures.is_empty()?).then_some(pictures);
        let rules: Option<RulesRow> = record(&read.open_table(RULES)?, 0)?;
        let rules = rules.map_or_else(TrackRules::default, |row| TrackRules::of(&row.rules));
        let measured = read.open_table(MEASURED)?;
        let measured = if measured.is_empty()? {
            None
        } else {
            let albums = read.open_table(ALBUM_LOUDNESS)?;
            Some(Measured { tracks: measured, albums, known: HashMap::new() })
        };
        Ok(Self { table, albums, viewer, pictures, rules, covers: HashMap::new(), measured })
    }

    /// The row of a track that the caller may see.
    pub(crate) fn row(&self, id: TrackId) -> Result<Option<TrackRow>, StoreError> {
        let row: Option<TrackRow> = record(&self.table, id.0)?;
        Ok(row.filter(|row| self.viewer.sees(row.library)))
    }

    /// A track, missing or not, that the caller may see.
    pub(crate) fn get(&mut self, id: TrackId) -> Result<Option<Track>, StoreError> {
        self.row(id)?.map(|row| self.of(id, row)).transpose()
    }

    /// A track of a row that the caller may see.
    pub(super) fn of(&mut self, id: TrackId, row: TrackRow) -> Result<Track, StoreError> {
        let (own, of_album) = (self.own_cover(&row)?, self.album_cover(row.album)?);
        // Files often carry the picture of their album, each of them.
        let is_known = own.as_ref().is_some_and(|own| own.hash.is_some());
        let is_same = own.is_none() || (is_known && own == of_album);
        let cover_is_albums = is_same && of_album.is_some();
        let cover = own.or(of_album);
        let (loudness, album_loudness) = (self.loudness(&row)?, self.album_loudness(&row)?);
        Ok(Track { loudness, album_loudness, cover_is_albums, ..track(id, row, cover) })
    }

    pub(crate) fn loudness(&self, row: &TrackRow) -> Result<Option<Loudness>, StoreError> {
        let Some(measured) = &self.measured else { return Ok(None) };
        let key = row.audio_key().to_bytes();
        let row: Option<MeasuredRow> = record_at(&measured.tracks, &key)?;
        Ok(row.and_then(|row| row.loudness))
    }

    /// Of the album of a track in its library.
    pub(crate) fn album_loudness(
        &mut self,
        row: &TrackRow,
    ) -> Result<Option<AlbumLoudness>, StoreError> {
        let Some(measured) = &mut self.measured else { return Ok(None) };
        let album = (row.album, row.library);
        if let Some(known) = measured.known.get(&album) {
            return Ok(*known);
        }
        let found = album_loudness(&measured.albums, album)?;
        measured.known.insert(album, found);
        Ok(found)
    }

    fn own_cover(&self, row: &TrackRow) -> Result<Option<Cover>, StoreError> {
        let embedded = row.picture.filter(|_| self.rules.embedded);
        if embedded.is_some() && !self.rules.beside_first {
            return Ok(embedded.map(|picture| cover_of(Some(picture))));
        }
        let beside = self.beside(row)?.map(|beside| cover_of(beside.picture));
        Ok(beside.or_else(|| embedded.map(|picture| cover_of(Some(picture)))))
    }

    /// The picture that lies beside a track's file, and what it is as far as known.
    pub(super) fn beside(&self, row: &TrackRow) -> Result<Option<FolderPicture>, StoreError> {
        let Some(pictures) = &self.pictures else { return Ok(None) };
        picture_beside(row.library, &row.path, pictures)
    }

    fn album_cover(&mut self, album: AlbumId) -> Result<Option<Cover>, StoreError> {
        if let Some(cover) = self.covers.get(&album) {
            return Ok(cover.clone());
        }
        let row: Option<AlbumRow> = record(&self.albums, album.0)?;
        let cover = row.and_then(|row| album_cover(&row.parts, &self.viewer));
        self.covers.insert(album, cover.clone());
        Ok(cover)
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

pub(crate) fn excerpt(Part { start_us, end_us, .. }: Part) -> Excerpt {
    Excerpt { start_us, end_us }
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
        excerpt: row.part.map(excerpt),
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
        loudness: None,
        album_loudness: None,
        gain: ReplayGain::default(),
        has_lyrics: row.lyrics.is_some(),
        size: row.size,
        content_type: row.content_type,
        codec: row.codec,
        bitrate_kbps: row.bitrate_kbps,
        sample_rate: row.sample_rate,
        channels: row.channels,
        bit_depth: row.bit_depth,
        cover,
        cover_is_albums: false,
        library: row.library,
        added_at: row.added_at,
        modified_at: row.modified_at,
        missing_since: row.missing_since,
    }
}
