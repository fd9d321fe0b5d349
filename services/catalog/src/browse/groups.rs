//! Lists of artists and genres, and an artist with its albums.

use hexachord_contracts::{
    catalog::{
        Album, Artist, ArtistDetail, ArtistSort, CatalogError, Cover, Genre, GenreSort, Letters,
        ListArtists, ListGenres,
    },
    ids::{AlbumId, ArtistId, GenreId},
    page::{Page, Window},
};
use hexachord_storage::{Record, StoreError};
use redb::ReadTransaction;

use super::{
    Answer, Asked, Counted, Viewer,
    albums::{album, is_album_shown_by, row_of},
    covers::{ArtistPictures, artist_cover},
    not_found,
    page::behind,
    positions::Positions,
};
use crate::{
    identity::{artist_id, genre_id},
    store::{
        ALBUMS, ARTISTS, AlbumPart, AlbumRow, GENRES, GroupPart, GroupRow, LISTS, List, Scope,
        album_of_entry, group_entry, last_id, library_of, list_prefix, record,
    },
};

/// Albums in each list of one artist: the answer stays below the size of a message.
const MOST_ALBUMS: usize = 1000;

pub(crate) fn list_artists(
    call: &ListArtists,
    viewer: Viewer,
    counted: Counted,
) -> Result<impl FnOnce(&ReadTransaction) -> Answer<Window<Artist>> + use<>, CatalogError> {
    let ArtistSort::Name = call.sort.by;
    let (prefix, skip) = (list_prefix(List::ArtistsByName, Scope::All), call.skip);
    let asked = Asked::new(0, &prefix, call.sort.descending, &call.paging)?;
    asked.check_skip(skip)?;
    Ok(move |read: &ReadTransaction| {
        let (lists, pictures) = (read.open_table(LISTS)?, ArtistPictures::open(read)?);
        let is_row = |key: &[u8], value: &[u8]| Ok(listed(key, value, &viewer)?.is_some());
        let counted = counted.of(read, &asked, None, &viewer)?;
        let positions = counted.positions(|| Positions::walked(&asked, &lists, is_row))?;
        let make = |key: &[u8], value: &[u8]| match listed(key, value, &viewer)? {
            Some(row) => artist(ArtistId(last_id(key)), &row, &viewer, &pictures),
            None => Ok(None),
        };
        let page = asked.read_window((skip, &positions), &lists, is_row, make)?;
        Ok(Ok(counted.window(page, positions.total)))
    })
}

/// Where the letters of the list of artists begin.
pub(crate) fn list_artist_letters(
    viewer: Viewer,
    counted: Counted,
) -> impl FnOnce(&ReadTransaction) -> Answer<Letters> + use<> {
    let asked = Asked::whole(&list_prefix(List::ArtistsByName, Scope::All));
    move |read: &ReadTransaction| {
        let lists = read.open_table(LISTS)?;
        let is_row = |key: &[u8], value: &[u8]| Ok(listed(key, value, &viewer)?.is_some());
        let counted = counted.of(read, &asked, None, &viewer)?;
        let positions = counted.positions(|| Positions::walked(&asked, &lists, is_row))?;
        Ok(Ok(counted.letters(&positions)))
    }
}

/// The artist that an entry of the list of artists shows: it has something to play.
fn listed(key: &[u8], value: &[u8], viewer: &Viewer) -> Result<Option<GroupRow>, StoreError> {
    let row = GroupRow::from_bytes(value)?;
    let plays = row.parts.iter().any(|part| viewer.sees(part.library) && part.tracks > 0);
    Ok((plays && is_shown_by(key, List::ArtistsByName, &row, viewer)).then_some(row))
}

pub(crate) fn list_genres(
    call: &ListGenres,
    viewer: Viewer,
) -> Result<impl FnOnce(&ReadTransaction) -> Answer<Page<Genre>> + use<>, CatalogError> {
    let GenreSort::Name = call.sort.by;
    let prefix = list_prefix(List::GenresByName, Scope::All);
    let asked = Asked::new(0, &prefix, call.sort.descending, &call.paging)?;
    Ok(move |read: &ReadTransaction| {
        let page = asked.read(&read.open_table(LISTS)?, |key, value| {
            let row = GroupRow::from_bytes(value)?;
            let is_shown = is_shown_by(key, List::GenresByName, &row, &viewer);
            let genre = genre(GenreId(last_id(key)), &row, &viewer);
            Ok(genre.filter(|_| is_shown))
        })?;
        Ok(Ok(page))
    })
}

/// What the caller may see of a genre; `None`: nothing.
fn genre(id: GenreId, row: &GroupRow, viewer: &Viewer) -> Option<Genre> {
    let seen = Seen::of(row, viewer)?;
    Some(Genre {
        id,
        name: seen.names.name.clone(),
        album_count: seen.albums,
        track_count: seen.tracks,
        duration_ms: seen.duration_ms,
    })
}

/// The genre of a name.
pub(crate) fn find_genre(read: &ReadTransaction, viewer: &Viewer, name: &str) -> Answer<Genre> {
    let id = genre_id(name);
    let row: Option<GroupRow> = record(&read.open_table(GENRES)?, id.0)?;
    let found = row.and_then(|row| genre(id, &row, viewer));
    Ok(found.ok_or_else(|| not_found("genre")))
}

/// The artist of a name.
pub(crate) fn find_artist(read: &ReadTransaction, viewer: &Viewer, name: &str) -> Answer<Artist> {
    let found = get_artists(read, viewer, &[artist_id(name)])?.pop().flatten();
    Ok(found.ok_or_else(|| not_found("artist")))
}

/// A group has an entry for each way it is written: it is shown by that of the first part that the
/// caller may see.
fn is_shown_by(key: &[u8], list: List, row: &GroupRow, viewer: &Viewer) -> bool {
    let first = row.parts.iter().find(|part| viewer.sees(part.library));
    let Some(first) = first else { return false };
    row.parts.len() == 1 || group_entry(list, last_id(key), first) == key
}

/// What the caller may see of a group.
struct Seen<'r> {
    /// The first part: it says how the group is written.
    names: &'r GroupPart,
    tracks: u32,
    contributions: u32,
    albums: u32,
    duration_ms: u64,
    pictured: bool,
}

impl<'r> Seen<'r> {
    fn of(row: &'r GroupRow, viewer: &Viewer) -> Option<Self> {
        let parts = || row.parts.iter().filter(|part| viewer.sees(part.library));
        let names = parts().next()?;
        let in_sight = |libraries: &[_]| libraries.iter().any(|library| viewer.sees(*library));
        let albums = row.albums.iter().filter(|count| in_sight(&count.libraries));
        Some(Self {
            names,
            tracks: parts().map(|part| part.tracks).sum(),
            contributions: parts().map(|part| part.contributions).sum(),
            albums: albums.map(|count| count.albums).sum(),
            duration_ms: parts().map(|part| part.duration_ms).sum(),
            pictured: parts().any(|part| part.pictured > 0),
        })
    }
}

/// What the caller may see of an artist; `None`: nothing. Which of its albums' pictures would stand
/// for it is not looked up.
pub(crate) fn artist(
    id: ArtistId,
    row: &GroupRow,
    viewer: &Viewer,
    pictures: &ArtistPictures,
) -> Result<Option<Artist>, StoreError> {
    let Some(seen) = Seen::of(row, viewer) else { return Ok(None) };
    let GroupPart { name, sort, .. } = seen.names.clone();
    let cover = match pictures.cover(id)? {
        Some(cover) => Some(cover),
        None => seen.pictured.then(Cover::default),
    };
    Ok(Some(Artist {
        id,
        sort_name: sort.unwrap_or_else(|| name.clone()),
        name,
        album_count: seen.albums,
        track_count: seen.tracks,
        contribution_count: seen.contributions,
        duration_ms: seen.duration_ms,
        cover,
    }))
}

/// What the caller may see of these artists, in their order.
pub(crate) fn get_artists(
    read: &ReadTransaction,
    viewer: &Viewer,
    ids: &[ArtistId],
) -> Result<Vec<Option<Artist>>, StoreError> {
    let (artists, pictures) = (read.open_table(ARTISTS)?, ArtistPictures::open(read)?);
    let get = |id: &ArtistId| {
        let row: Option<GroupRow> = record(&artists, id.0)?;
        row.map_or(Ok(None), |row| artist(*id, &row, viewer, &pictures))
    };
    ids.iter().map(get).collect()
}

pub(crate) fn get_artist(
    read: &ReadTransaction,
    viewer: &Viewer,
    id: ArtistId,
) -> Answer<ArtistDetail> {
    let row: Option<GroupRow> = record(&read.open_table(ARTISTS)?, id.0)?;
    let pictures = ArtistPictures::open(read)?;
    let artist = row.map_or(Ok(None), |row| artist(id, &row, viewer, &pictures))?;
    let Some(mut artist) = artist else { return Ok(Err(not_found("artist"))) };
    if artist.cover.is_some() {
        artist.cover = artist_cover(read, viewer, id)?.or(artist.cover);
    }
    let albums = albums_of(read, viewer, id, false, MOST_ALBUMS)?;
    let scope = Scope::Artist(id);
    let albums = albums.into_iter().filter_map(|(id, row)| album(id, row, viewer, scope));
    let appears_on = of_others(read, viewer, id, List::TracksByAlbum)?;
    let mut contributed_to = of_others(read, viewer, id, List::ContributionsByAlbum)?;
    contributed_to.retain(|album| appears_on.iter().all(|known| known.id != album.id));
    Ok(Ok(ArtistDetail { artist, albums: albums.collect(), appears_on, contributed_to }))
}

/// Albums of which `artist` is an album artist as far as the caller may see, by year.
pub(super) fn albums_of(
    read: &ReadTransaction,
    viewer: &Viewer,
    artist: ArtistId,
    newest_first: bool,
    most: usize,
) -> Result<Vec<(AlbumId, AlbumRow)>, StoreError> {
    let (albums, lists) = (read.open_table(ALBUMS)?, read.open_table(LISTS)?);
    let prefix = list_prefix(List::AlbumsByYear, Scope::Artist(artist));
    let end = behind(&prefix).unwrap_or_default();
    let mut range = lists.range(&prefix[..]..end.as_slice())?;
    let mut found = Vec::new();
    while let Some(entry) = if newest_first { range.next_back() } else { range.next() } {
        let (key, value) = entry?;
        let id = AlbumId(last_id(key.value()));
        let row = row_of(id, value.value(), &albums)?;
        let entry = (List::AlbumsByYear, Scope::Artist(artist));
        let seen = row.filter(|row| is_album_shown_by(key.value(), entry, id, row, viewer));
        found.extend(seen.map(|row| (id, row)));
        if found.len() == most {
            break;
        }
    }
    Ok(found)
}

/// Albums of others with visible tracks of `artist` in `list`, by year: one seek an album, however
/// many tracks.
fn of_others(
    read: &ReadTransaction,
    viewer: &Viewer,
    artist: ArtistId,
    list: List,
) -> Result<Vec<Album>, StoreError> {
    let (albums, lists) = (read.open_table(ALBUMS)?, read.open_table(LISTS)?);
    let prefix = list_prefix(list, Scope::Artist(artist));
    let end = behind(&prefix).unwrap_or_default();
    let mut found = Vec::new();
    let mut from = prefix.to_vec();
    while let Some(entry) = lists.range(from.as_slice()..end.as_slice())?.next() {
        let (key, value) = entry?;
        let Some((id, behind)) = album_of_entry(key.value()) else { break };
        if !viewer.sees(library_of(value.value())) {
            // The next track of this album may be in another library.
            from = [key.value(), &[0]].concat();
            continue;
        }
        from = behind;
        let row: Option<AlbumRow> = record(&albums, id.0)?;
        let is_own =
            |part: &AlbumPart| viewer.sees(part.library) && part.is_in(Scope::Artist(artist));
        let of_others = row.filter(|row| !row.parts.iter().any(is_own));
        found.extend(of_others.and_then(|row| album(id, row, viewer, Scope::All)));
        if found.len() == MOST_ALBUMS {
            break;
        }
    }
    found.sort_by_key(|album| album.year);
    Ok(found)
}
