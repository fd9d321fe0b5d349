//! What an edit may say.

use std::ops::RangeInclusive;

use hexachord_contracts::{
    catalog::{AlbumEdit, ArtistEdit, CatalogError, EditOf, GenreEdit, PutEdits},
    ids::TrackId,
};

use crate::browse::invalid;

/// Characters of a name.
const LONGEST: usize = 1000;
/// Names that one name becomes.
const MOST_NAMES: usize = 32;
const YEARS: RangeInclusive<i32> = 1000..=2999;
const DISCS: RangeInclusive<u32> = 1..=9999;

/// The edits without white space around names and without tracks that stand twice, or what is wrong.
pub(crate) fn checked(call: PutEdits) -> Result<Vec<EditOf>, CatalogError> {
    if call.edits.len() > PutEdits::MOST {
        return Err(invalid("edits", format!("are more than {}", PutEdits::MOST)));
    }
    let edit = |(place, edit)| {
        let wrong = |Wrong { field, reason }| invalid(&format!("edits[{place}].{field}"), reason);
        match edit {
            EditOf::Artist(edit) => artist(&edit).map(EditOf::Artist).map_err(wrong),
            EditOf::Genre(edit) => genre(&edit).map(EditOf::Genre).map_err(wrong),
            EditOf::Album(edit) => album(edit).map(EditOf::Album).map_err(wrong),
        }
    };
    call.edits.into_iter().enumerate().map(edit).collect()
}

struct Wrong {
    field: &'static str,
    reason: String,
}

type Checked<T> = Result<T, Wrong>;

fn wrong(field: &'static str, reason: impl Into<String>) -> Wrong {
    Wrong { field, reason: reason.into() }
}

fn artist(edit: &ArtistEdit) -> Checked<ArtistEdit> {
    let becomes = names("artist.becomes", &edit.becomes)?;
    if becomes.is_empty() {
        return Err(wrong("artist.becomes", "needs a name"));
    }
    Ok(ArtistEdit { name: name("artist.name", &edit.name)?, becomes })
}

fn genre(edit: &GenreEdit) -> Checked<GenreEdit> {
    let becomes = names("genre.becomes", &edit.becomes)?;
    Ok(GenreEdit { name: name("genre.name", &edit.name)?, becomes })
}

fn album(edit: AlbumEdit) -> Checked<AlbumEdit> {
    let AlbumEdit { album, tracks, title, artists, year, version, compilation, disc_number } = edit;
    let says_nothing = title.is_none()
        && artists.is_none()
        && year.is_none()
        && version.is_none()
        && compilation.is_none()
        && disc_number.is_none();
    if says_nothing {
        return Err(wrong("album", "says nothing: give a title, artists, a year or anything else"));
    }
    if album.is_none() && tracks.is_empty() {
        return Err(wrong("album.tracks", "needs a track, or give the `album` that has them"));
    }
    let title = title.map(|title| name("album.title", &title)).transpose()?;
    let artists = artists.map(|artists| names("album.artists", &artists)).transpose()?;
    if artists.as_ref().is_some_and(Vec::is_empty) {
        return Err(wrong("album.artists", "needs a name"));
    }
    if year.is_some_and(|year| !YEARS.contains(&year)) {
        let reason = format!("must be {} to {}", YEARS.start(), YEARS.end());
        return Err(wrong("album.year", reason));
    }
    if disc_number.is_some_and(|disc| !DISCS.contains(&disc)) {
        let reason = format!("must be {} to {}", DISCS.start(), DISCS.end());
        return Err(wrong("album.disc_number", reason));
    }
    let version = version.map(|version| match version.trim() {
        "" => Ok(String::new()),
        text => name("album.version", text),
    });
    let (version, tracks) = (version.transpose()?, distinct(tracks));
    if tracks.len() > AlbumEdit::MOST_TRACKS {
        return Err(wrong("album.tracks", too_many_tracks()));
    }
    Ok(AlbumEdit { album, tracks, title, artists, year, version, compilation, disc_number })
}

/// Each track once, in their order.
pub(super) fn distinct(tracks: Vec<TrackId>) -> Vec<TrackId> {
    let mut seen = std::collections::HashSet::new();
    tracks.into_iter().filter(|track| seen.insert(*track)).collect()
}

pub(super) fn too_many_tracks() -> String {
    format!("are more than {}", AlbumEdit::MOST_TRACKS)
}

fn names(field: &'static str, given: &[String]) -> Checked<Vec<String>> {
    if given.len() > MOST_NAMES {
        return Err(wrong(field, format!("are more than {MOST_NAMES}")));
    }
    given.iter().map(|text| name(field, text)).collect()
}

fn name(field: &'static str, given: &str) -> Checked<String> {
    let text = given.trim();
    if text.is_empty() {
        return Err(wrong(field, "must not be empty"));
    }
    if text.chars().count() > LONGEST {
        return Err(wrong(field, format!("must have at most {LONGEST} characters")));
    }
    if text.chars().any(char::is_control) {
        return Err(wrong(field, "must not contain control characters"));
    }
    Ok(text.to_owned())
}
