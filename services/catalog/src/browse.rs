//! Browsing: lists in pages, single things, covers. Everything sees only the caller's libraries.

mod albums;
mod counted;
mod covers;
mod cursor;
mod decades;
mod folders;
mod groups;
mod lyrics;
mod matching;
mod missing;
mod page;
mod pick;
mod positions;
mod revision;
mod scoped;
mod tracks;
mod unreadable;
mod viewer;
mod waveforms;

pub(crate) use albums::{album, get_album, get_albums, list_album_letters, list_albums};
pub(crate) use counted::Counted;
pub(crate) use covers::{ArtistPictures, CoverSource, FolderPictures, find_cover};
pub(crate) use cursor::{decoded, encoded};
pub(crate) use decades::list_decades;
pub(crate) use folders::list_folder;
pub(crate) use groups::{
    artist, find_artist, find_genre, get_artist, get_artists, list_artist_letters, list_artists,
    list_genres,
};
pub(crate) use lyrics::{get_lyrics, lyrics_texts};
pub(crate) use matching::match_tracks;
pub(crate) use missing::list_missing;
pub(crate) use page::{Asked, behind, limit_of};
pub(crate) use pick::{pick_albums, pick_tracks};
pub(crate) use positions::Remembered;
pub(crate) use revision::Revision;
pub(crate) use tracks::{Tracks, excerpt, list_tracks};
pub(crate) use unreadable::list_unreadable;
pub(crate) use viewer::Viewer;
pub(crate) use waveforms::{get_waveform, list_unmeasurable};

use counted::CountedNow;
use hexachord_contracts::{
    catalog::{CatalogError, Filter},
    ids::ArtistId,
};
use hexachord_storage::StoreError;
use redb::ReadTransaction;

use crate::store::{ARTISTS, GENRES, GroupRow, Scope, record};

/// What a reading job comes to: a failure of the store, or an answer.
pub(crate) type Answer<T> = Result<Result<T, CatalogError>, StoreError>;

pub(crate) fn not_found(what: &str) -> CatalogError {
    CatalogError::NotFound { what: what.to_owned() }
}

pub(crate) fn invalid(field: &str, reason: impl Into<String>) -> CatalogError {
    CatalogError::Invalid { field: field.to_owned(), reason: reason.into() }
}

/// May the caller see something of this artist?
fn sees_artist(read: &ReadTransaction, viewer: &Viewer, id: ArtistId) -> Result<bool, StoreError> {
    let row: Option<GroupRow> = record(&read.open_table(ARTISTS)?, id.0)?;
    Ok(row.is_some_and(|row| row.parts.iter().any(|part| viewer.sees(part.library))))
}

fn scope_of(filter: Option<Filter>) -> Scope {
    match filter {
        None => Scope::All,
        Some(Filter::Artist(artist)) => Scope::Artist(artist),
        Some(Filter::Genre(genre)) => Scope::Genre(genre),
    }
}

/// Is there what a list is limited to, as far as the caller may see? How many tracks are in it, also
/// of others; 0 for everything.
fn check_scope(read: &ReadTransaction, viewer: &Viewer, scope: Scope) -> Answer<u64> {
    let (what, row) = match scope {
        Scope::Artist(id) => ("artist", record::<GroupRow>(&read.open_table(ARTISTS)?, id.0)?),
        Scope::Genre(id) => ("genre", record::<GroupRow>(&read.open_table(GENRES)?, id.0)?),
        Scope::All | Scope::Album(_) => return Ok(Ok(0)),
    };
    let seen = row.filter(|row| row.parts.iter().any(|part| viewer.sees(part.library)));
    let tracks = |row: GroupRow| row.parts.iter().map(|part| u64::from(part.tracks)).sum();
    Ok(seen.map(tracks).ok_or_else(|| not_found(what)))
}
