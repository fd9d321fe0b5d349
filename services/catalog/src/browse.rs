//! Browsing: lists in pages, single things, covers. Everything sees only the caller's libraries.

mod albums;
mod covers;
mod cursor;
mod folders;
mod groups;
mod missing;
mod page;
mod tracks;
mod unreadable;
mod viewer;

pub(crate) use albums::{album, get_album, get_albums, list_albums};
pub(crate) use covers::{CoverSource, FolderPictures, find_cover};
pub(crate) use cursor::{decoded, encoded};
pub(crate) use folders::list_folder;
pub(crate) use groups::{artist, get_artist, get_artists, list_artists, list_genres};
pub(crate) use missing::list_missing;
pub(crate) use page::{Asked, behind, limit_of};
pub(crate) use tracks::{Tracks, list_tracks};
pub(crate) use unreadable::list_unreadable;
pub(crate) use viewer::Viewer;

use hexachord_contracts::catalog::{CatalogError, Filter};
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

fn scope_of(filter: Option<Filter>) -> Scope {
    match filter {
        None => Scope::All,
        Some(Filter::Artist(artist)) => Scope::Artist(artist),
        Some(Filter::Genre(genre)) => Scope::Genre(genre),
    }
}

/// Is there what a list is limited to, as far as the caller may see?
fn check_scope(read: &ReadTransaction, viewer: &Viewer, scope: Scope) -> Answer<()> {
    let (what, row) = match scope {
        Scope::Artist(id) => ("artist", record::<GroupRow>(&read.open_table(ARTISTS)?, id.0)?),
        Scope::Genre(id) => ("genre", record::<GroupRow>(&read.open_table(GENRES)?, id.0)?),
        Scope::All | Scope::Album(_) => return Ok(Ok(())),
    };
    let seen = row.is_some_and(|row| row.parts.iter().any(|part| viewer.sees(part.library)));
    Ok(if seen { Ok(()) } else { Err(not_found(what)) })
}
