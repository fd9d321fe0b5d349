//! Lists of albums, and single ones with their tracks.

use hexachord_contracts::{
    catalog::{
        Album, AlbumDetail, AlbumSort, CatalogError, Letters, ListAlbumLetters, ListAlbums, Years,
    },
    ids::{AlbumId, TrackId},
    page::Window,
};
use hexachord_storage::{Record, StoreError};
use redb::{ReadTransaction, ReadableTable};

use super::{
    Answer, Asked, Counted, Viewer, check_scope,
    covers::album_cover,
    not_found,
    page::behind,
    positions::Positions,
    scope_of,
    tracks::{Tracks, artist_refs, in_one_line},
};
use crate::store::{
    ALBUMS, AlbumRow, LISTS, List, Scope, album_entry, last_id, library_of, list_prefix, record,
};

/// Tracks of one answer: it stays below the size of a message.
const MOST_TRACKS: usize = 1000;

pub(crate) fn list_albums(
    call: &ListAlbums,
    viewer: Viewer,
    counted: Counted,
) -> Result<impl FnOnce(&ReadTransaction) -> Answer<Window<Album>> + use<>, CatalogError> {
    let list = match call.sort.by {
        AlbumSort::Title => List::AlbumsByTitle,
        AlbumSort::Artist => List::AlbumsByArtist,
        AlbumSort::Year => List::AlbumsByYear,
        AlbumSort::Added => List::AlbumsByAdded,
    };
    let (scope, skip, years) = (scope_of(call.filter), call.skip, call.years);
    let asked = Asked::new(0, &list_prefix(list, scope), call.sort.descending, &call.paging)?;
    asked.check_skip(skip)?;
    Ok(move |read: &ReadTransaction| {
        if let Err(refusal) = check_scope(read, &viewer, scope)? {
            return Ok(Err(refusal));
        }
        let (albums, lists) = (read.open_table(ALBUMS)?, read.open_table(LISTS)?);
        let shown =
            |key: &[u8], value: &[u8]| shown((key, value), (list, scope), years, &albums, &viewer);
        let is_row = |key: &[u8], value: &[u8]| Ok(shown(key, value)?.is_some());
        let counted = counted.of(read, &asked, years, &viewer)?;
        let positions = counted.positions(|| Positions::walked(&asked, &lists, is_row))?;
        let make = |key: &[u8], value: &[u8]| {
            let row = shown(key, value)?;
            Ok(row.and_then(|(id, row)| album(id, row, &viewer, scope)))
        };
        let page = asked.read_window((skip, &positions), &lists, is_row, make)?;
        Ok(Ok(counted.window(page, positions.total)))
    })
}

/// Where the letters of a list of albums by title begin.
pub(crate) fn list_album_letters(
    call: &ListAlbumLetters,
    viewer: Viewer,
    counted: Counted,
) -> impl FnOnce(&ReadTransaction) -> Answer<Letters> + use<> {
    let (list, scope, years) = (List::AlbumsByTitle, scope_of(call.filter), call.years);
    let asked = Asked::whole(&list_prefix(list, scope));
    move |read: &ReadTransaction| {
        if let Err(refusal) = check_scope(read, &viewer, scope)? {
            return Ok(Err(refusal));
        }
        let (albums, lists) = (read.open_table(ALBUMS)?, read.open_table(LISTS)?);
        let is_row = |key: &[u8], value: &[u8]| {
            Ok(shown((key, value), (list, scope), years, &albums, &viewer)?.is_some())
        };
        let counted = counted.of(read, &asked, years, &viewer)?;
        let positions = counted.positions(|| Positions::walked(&asked, &lists, is_row))?;
        Ok(Ok(counted.letters(&positions)))
    }
}

/// The album that an entry of a list shows.
pub(super) fn shown(
    (key, value): (&[u8], &[u8]),
    (list, scope): (List, Scope),
    years: Option<Years>,
    albums: &impl ReadableTable<u64, &'static [u8]>,
    viewer: &Viewer,
) -> Result<Option<(AlbumId, AlbumRow)>, StoreError> {
    let id = AlbumId(last_id(key));
    let Some(row) = row_of(id, value, albums)? else { return Ok(None) };
    let is_shown = is_album_shown_by(key, (list, scope), id, &row, viewer)
        && years.is_none_or(|years| {
            let names =
                row.parts.iter().find(|part| viewer.sees(part.library) && part.is_in(scope));
            years.contains(names.and_then(|part| part.year))
        });
    Ok(is_shown.then_some((id, row)))
}

/// The album of an entry: its record is the value, or it is fetched.
pub(super) fn row_of(
    id: AlbumId,
    value: &[u8],
    albums: &impl ReadableTable<u64, &'static [u8]>,
) -> Result<Option<AlbumRow>, StoreError> {
    if value.is_empty() { record(albums, id.0) } else { AlbumRow::from_bytes(value).map(Some) }
}

/// An album has an entry for each way it is tagged: it is shown by that of the first part (or the
/// part that was added first) that the caller may see.
pub(super) fn is_album_shown_by(
    key: &[u8],
    (list, scope): (List, Scope),
    id: AlbumId,
    row: &AlbumRow,
    viewer: &Viewer,
) -> bool {
    let mut seen = row.parts.iter().filter(|part| viewer.sees(part.library) && part.is_in(scope));
    let shown = match list {
        List::AlbumsByAdded => seen.min_by_key(|part| part.added_at),
        _ => seen.next(),
    };
    let Some(shown) = shown else { return false };
    row.parts.len() == 1 || album_entry(list, scope, id, shown) == key
}

/// What the caller may see of an album; `None`: nothing that is in `scope`.
pub(crate) fn album(id: AlbumId, row: AlbumRow, viewer: &Viewer, scope: Scope) -> Option<Album> {
    let mut parts = row.parts;
    parts.retain(|part| viewer.sees(part.library));
    let added_at = parts.iter().map(|part| part.added_at).min()?;
    let names = parts.iter().find(|part| part.is_in(scope))?;
    let mut album = Album {
        id,
        title: names.title.clone(),
        sort_title: names.sort.clone(),
        version: names.version.clone(),
        display_artist: names.display_artist.clone().unwrap_or_else(|| in_one_line(&names.artists)),
        artists: artist_refs(names.artists.clone()),
        year: names.year,
        date: names.date.clone(),
        original_date: names.original_date.clone(),
        genres: Vec::new(),
        release_types: names.release_types.clone(),
        labels: names.labels.clone(),
        catalogue_numbers: names.catalogue_numbers.clone(),
        compilation: names.compilation,
        explicit: parts.iter().any(|part| part.explicit),
        musicbrainz_release: names.musicbrainz_release.clone(),
        musicbrainz_release_group: names.musicbrainz_release_group.clone(),
        track_count: parts.iter().map(|part| part.tracks).sum(),
        disc_count: 0,
        disc_titles: names.disc_titles.clone(),
        duration_ms: parts.iter().map(|part| part.duration_ms).sum(),
        cover: album_cover(&parts, viewer),
        added_at,
    };
    let mut discs = Vec::new();
    for part in parts {
        discs.extend(
            part.discs.into_iter().filter(|disc| !discs.contains(disc)).collect::<Vec<_>>(),
        );
        for genre in part.genres {
            if !album.genres.contains(&genre.name) {
                album.genres.push(genre.name);
            }
        }
    }
    album.disc_count = u32::try_from(discs.len()).unwrap_or(u32::MAX);
    Some(album)
}

/// What the caller may see of these albums, in their order.
pub(crate) fn get_albums(
    read: &ReadTransaction,
    viewer: &Viewer,
    ids: &[AlbumId],
) -> Result<Vec<Option<Album>>, StoreError> {
    let albums = read.open_table(ALBUMS)?;
    let get = |id: &AlbumId| {
        let row: Option<AlbumRow> = record(&albums, id.0)?;
        Ok(row.and_then(|row| album(*id, row, viewer, Scope::All)))
    };
    ids.iter().map(get).collect()
}

pub(crate) fn get_album(
    read: &ReadTransaction,
    viewer: &Viewer,
    id: AlbumId,
) -> Answer<AlbumDetail> {
    let row: Option<AlbumRow> = record(&read.open_table(ALBUMS)?, id.0)?;
    let Some(album) = row.and_then(|row| album(id, row, viewer, Scope::All)) else {
        return Ok(Err(not_found("album")));
    };
    let lists = read.open_table(LISTS)?;
    let mut maker = Tracks::open(read, viewer.clone())?;
    let mut tracks = Vec::new();
    let prefix = list_prefix(List::TracksByDisc, Scope::Album(id));
    let end = behind(&prefix).unwrap_or_default();
    for entry in lists.range(&prefix[..]..end.as_slice())? {
        let (key, value) = entry?;
        if viewer.sees(library_of(value.value())) {
            tracks.extend(maker.get(TrackId(last_id(key.value())))?);
        }
        if tracks.len() == MOST_TRACKS {
            break;
        }
    }
    // Where several libraries have it, of the first that knows.
    let loudness = tracks.iter().find_map(|track| track.album_loudness);
    Ok(Ok(AlbumDetail { album, loudness, tracks }))
}
