//! Playlists: what a caller is shown of one. The calls are in the files below.

mod arrange;
mod create;
mod edit;
mod import;
mod list;
mod read;
mod update;

use hexachord_contracts::{
    LibraryAccess,
    ids::{AccountId, PlaylistId},
    profile::{Playlist, ProfileError},
};
use hexachord_storage::StoreError;
use redb::{ReadOnlyTable, ReadTransaction};

use crate::{
    errors::{Stop, no_such_playlist},
    store::{ACCOUNTS, AccountRow, Change, PlaylistRow, record},
};

/// Makes playlists of rows, for readers.
pub(crate) struct Shown {
    accounts: ReadOnlyTable<u64, &'static [u8]>,
    access: LibraryAccess,
}

impl Shown {
    pub(crate) fn open(read: &ReadTransaction, access: LibraryAccess) -> Result<Self, StoreError> {
        Ok(Self { accounts: read.open_table(ACCOUNTS)?, access })
    }

    pub(crate) fn playlist(
        &self,
        id: PlaylistId,
        row: PlaylistRow,
    ) -> Result<Playlist, StoreError> {
        let owner: Option<AccountRow> = record(&self.accounts, &row.owner.0)?;
        let owner_name = owner.map(|owner| owner.username).unwrap_or_default();
        Ok(playlist(id, row, owner_name, &self.access))
    }
}

fn playlist(
    id: PlaylistId,
    row: PlaylistRow,
    owner_name: String,
    access: &LibraryAccess,
) -> Playlist {
    let (track_count, duration_ms) = row.totals.seen_by(access);
    let PlaylistRow { owner, name, description, public, created_at, changed_at, revision, .. } =
        row;
    Playlist {
        id,
        name,
        description,
        public,
        owner,
        owner_name,
        track_count,
        duration_ms,
        created_at,
        changed_at,
        revision,
    }
}

/// Keeps a changed row; the playlist as its owner sees it.
fn put(
    change: &mut Change<'_>,
    id: PlaylistId,
    row: PlaylistRow,
    access: &LibraryAccess,
) -> Result<Playlist, Stop> {
    change.put_playlist(id, &row)?;
    show(change, id, row, access)
}

fn show(
    change: &Change<'_>,
    id: PlaylistId,
    row: PlaylistRow,
    access: &LibraryAccess,
) -> Result<Playlist, Stop> {
    let owner_name = change.username(row.owner)?;
    Ok(playlist(id, row, owner_name, access))
}

/// The row of a playlist that the account may change.
fn own(
    change: &Change<'_>,
    account: AccountId,
    id: PlaylistId,
    revision: Option<u64>,
) -> Result<PlaylistRow, Stop> {
    let row = change.playlist(id)?.filter(|row| row.public || row.owner == account);
    let row = row.ok_or_else(no_such_playlist)?;
    if row.owner != account {
        return Err(ProfileError::NotYours.into());
    }
    if revision.is_some_and(|revision| revision != row.revision) {
        return Err(ProfileError::Changed { revision: row.revision }.into());
    }
    Ok(row)
}
