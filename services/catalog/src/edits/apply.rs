//! A row as edits make it from what is tagged.

use hexachord_contracts::{
    catalog::{AlbumEdit, EditOf},
    ids::TrackId,
};
use hexachord_storage::StoreError;

use crate::{
    identity::{AlbumKey, VARIOUS_ARTISTS, artist_id, genre_id, normalised},
    store::{ContributorRow, Credit, GenreRef, Target, TrackRow},
};

/// A track is in the lists of so many artists and so many genres, as it is without edits.
const MOST_CREDITS: usize = 32;
const MOST_CONTRIBUTORS: usize = 100;

/// The row of a track whose tags say `tagged`; `find` finds the edit of something. Each name is looked
/// up once: what an edit writes is not edited again.
pub(crate) fn edited(
    id: TrackId,
    tagged: TrackRow,
    find: impl Fn(Target) -> Result<Option<EditOf>, StoreError>,
) -> Result<TrackRow, StoreError> {
    let mut row = tagged;
    let mut regrouped = false;
    if let Some(EditOf::Album(edit)) = find(Target::AlbumOf(id))? {
        describe(&edit, &mut row);
        regrouped = true;
    }
    let new_names = |credit: &Credit| {
        Ok(match find(Target::Artist(credit.id))? {
            Some(EditOf::Artist(edit)) => Some(edit.becomes),
            _ => None,
        })
    };
    if let Some(artists) = renamed(&row.artists, new_names)? {
        row.artists = artists;
        row.display_artist = None;
    }
    if let Some(artists) = renamed(&row.album_artists, new_names)? {
        row.album_artists = artists;
        row.display_album_artist = None;
        regrouped = true;
    }
    if let Some(contributors) = contributors(&row.contributors, new_names)? {
        row.contributors = contributors;
    }
    if let Some(genres) = genres(&row.genres, &find)? {
        row.genres = genres;
    }
    if regrouped {
        row.album = key_of(&row).id();
    }
    Ok(row)
}

fn key_of(row: &TrackRow) -> AlbumKey<'_> {
    AlbumKey {
        release: row.musicbrainz.release.as_deref(),
        artists: row.album_artists.iter().map(|artist| artist.name.as_str()).collect(),
        title: &row.album_title,
        version: row.album_version.as_deref(),
        year: row.year,
        compilation: row.compilation,
    }
}

/// Describes the album of `row` as `edit` says.
fn describe(edit: &AlbumEdit, row: &mut TrackRow) {
    if let Some(title) = &edit.title {
        // What it was sorted by is of another title.
        row.album_sort.take_if(|_| normalised(title) != normalised(&row.album_title));
        row.album_title.clone_from(title);
    }
    if let Some(compilation) = edit.compilation {
        row.compilation = compilation;
        let own = || row.artists.iter().map(|artist| artist.id);
        if compilation && row.album_artists.iter().map(|artist| artist.id).eq(own()) {
            give_album(row, &[VARIOUS_ARTISTS.to_owned()]);
        }
    }
    if let Some(artists) = &edit.artists {
        give_album(row, artists);
    }
    if let Some(year) = edit.year {
        row.year = Some(year);
        let year = format!("{year:04}");
        row.date = row.date.take().filter(|date| date.starts_with(&year)).or(Some(year));
    }
    if let Some(version) = &edit.version {
        row.album_version = Some(version.clone()).filter(|version| !version.is_empty());
    }
    row.disc_number = edit.disc_number.or(row.disc_number);
    // What is said here groups it, and not the release that it was tagged to be on.
    row.musicbrainz.release = None;
    row.musicbrainz.release_group = None;
    row.musicbrainz.track = None;
}

/// Gives these artists to the album of `row`. Those that it has already keep what they are sorted by.
fn give_album(row: &mut TrackRow, names: &[String]) {
    let known = std::mem::take(&mut row.album_artists);
    for name in names {
        let before = known.iter().chain(&row.artists).find(|artist| artist.id == artist_id(name));
        push(&mut row.album_artists, credit(name.clone(), before));
    }
    row.display_album_artist = None;
}

/// An artist under this name; sorted as `before` only if that is the same one.
fn credit(name: String, before: Option<&Credit>) -> Credit {
    let id = artist_id(&name);
    let sort = before.filter(|before| before.id == id).and_then(|before| before.sort.clone());
    Credit { id, sort: sort.filter(|sort| *sort != name), name }
}

fn push(credits: &mut Vec<Credit>, credit: Credit) {
    let is_there = credits.iter().any(|known| known.id == credit.id);
    if !is_there && credits.len() < MOST_CREDITS {
        credits.push(credit);
    }
}

/// `None`: no edit changes them.
fn renamed(
    credits: &[Credit],
    new_names: impl Fn(&Credit) -> Result<Option<Vec<String>>, StoreError>,
) -> Result<Option<Vec<Credit>>, StoreError> {
    let mut renamed = Vec::with_capacity(credits.len());
    let mut is_edited = false;
    for before in credits {
        let Some(names) = new_names(before)? else {
            push(&mut renamed, before.clone());
            continue;
        };
        is_edited = true;
        for name in names {
            push(&mut renamed, credit(name, Some(before)));
        }
    }
    Ok(Some(renamed).filter(|renamed| is_edited && renamed != credits))
}

fn contributors(
    rows: &[ContributorRow],
    new_names: impl Fn(&Credit) -> Result<Option<Vec<String>>, StoreError>,
) -> Result<Option<Vec<ContributorRow>>, StoreError> {
    let mut contributors: Vec<ContributorRow> = Vec::with_capacity(rows.len());
    let mut is_edited = false;
    let mut push = |new: ContributorRow| {
        let is_same = |known: &ContributorRow| {
            (known.role, &known.instrument, known.artist.id)
                == (new.role, &new.instrument, new.artist.id)
        };
        if contributors.len() < MOST_CONTRIBUTORS && !contributors.iter().any(is_same) {
            contributors.push(new);
        }
    };
    for row in rows {
        let Some(names) = new_names(&row.artist)? else {
            push(row.clone());
            continue;
        };
        is_edited = true;
        for name in names {
            push(ContributorRow { artist: credit(name, Some(&row.artist)), ..row.clone() });
        }
    }
    Ok(Some(contributors).filter(|_| is_edited))
}

fn genres(
    genres: &[GenreRef],
    find: &impl Fn(Target) -> Result<Option<EditOf>, StoreError>,
) -> Result<Option<Vec<GenreRef>>, StoreError> {
    let mut written: Vec<GenreRef> = Vec::with_capacity(genres.len());
    let mut is_edited = false;
    let mut push = |genre: GenreRef| {
        if written.len() < MOST_CREDITS && written.iter().all(|known| known.id != genre.id) {
            written.push(genre);
        }
    };
    for genre in genres {
        match find(Target::Genre(genre.id))? {
            Some(EditOf::Genre(edit)) => {
                is_edited = true;
                for name in edit.becomes {
                    push(GenreRef { id: genre_id(&name), name });
                }
            }
            _ => push(genre.clone()),
        }
    }
    Ok(Some(written).filter(|_| is_edited))
}

#[cfg(test)]
mod tests;
