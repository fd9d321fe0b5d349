//! What other programs said of items and playlists when it was taken over, so that it can be told
//! later what they say anew, and what the listener has changed here since.

use hexachord_contracts::{
    Timestamp,
    ids::{AccountId, PlaylistId, TrackId},
    item::{ItemId, ItemKind},
};
use hexachord_storage::{Record, StoreError};
use redb::ReadableTable;
use serde::{Deserialize, Serialize};

use super::{Change, keys::kind_number, record};

/// What one source said of an item.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ImportedRow {
    /// Of a track, beside the single ones.
    pub(crate) plays: u32,
    pub(crate) last_played_at: Option<Timestamp>,
    pub(crate) favourite: bool,
    pub(crate) rating: Option<u8>,
}

/// The playlist that was made of one of a source's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ImportedPlaylistRow {
    pub(crate) playlist: PlaylistId,
    /// As the import left it: with another one the listener has changed it.
    pub(crate) revision: u64,
}

impl Record for ImportedRow {
    const VERSION: u8 = 1;
}
impl Record for ImportedPlaylistRow {
    const VERSION: u8 = 1;
}

impl Change<'_> {
    pub(crate) fn imported(
        &self,
        account: AccountId,
        item: ItemId,
        source: &str,
    ) -> Result<ImportedRow, StoreError> {
        let key = (account.0, kind_number(item.kind()), item.number(), source);
        Ok(record(&self.tables.imported, &key)?.unwrap_or_default())
    }

    pub(crate) fn put_imported(
        &mut self,
        account: AccountId,
        item: ItemId,
        source: &str,
        row: ImportedRow,
    ) -> Result<(), StoreError> {
        let key = (account.0, kind_number(item.kind()), item.number(), source);
        self.tables.imported.insert(key, row.to_bytes()?.as_slice())?;
        Ok(())
    }

    /// What sources said of a track, `from`, they said of `to`.
    pub(super) fn move_imported(
        &mut self,
        account: AccountId,
        from: TrackId,
        to: TrackId,
    ) -> Result<(), StoreError> {
        let kind = kind_number(ItemKind::Track);
        let mut moved = Vec::new();
        for entry in self.tables.imported.range((account.0, kind, from.0, "")..)? {
            let (key, row) = entry?;
            let (of, of_kind, id, source) = key.value();
            if (of, of_kind, id) != (account.0, kind, from.0) {
                break;
            }
            moved.push((source.to_owned(), ImportedRow::from_bytes(row.value())?));
        }
        for (source, left) in moved {
            self.tables.imported.remove((account.0, kind, from.0, source.as_str()))?;
            let own = self.imported(account, ItemId::Track(to), &source)?;
            let both = ImportedRow {
                // The track has the plays of both.
                plays: own.plays.saturating_add(left.plays),
                last_played_at: own.last_played_at.max(left.last_played_at),
                favourite: own.favourite || left.favourite,
                rating: own.rating.or(left.rating),
            };
            self.put_imported(account, ItemId::Track(to), &source, both)?;
        }
        Ok(())
    }

    pub(crate) fn imported_playlist(
        &self,
        account: AccountId,
        source: &str,
        key: &str,
    ) -> Result<Option<ImportedPlaylistRow>, StoreError> {
        record(&self.tables.imported_playlists, &(account.0, source, key))
    }

    pub(crate) fn put_imported_playlist(
        &mut self,
        account: AccountId,
        source: &str,
        key: &str,
        row: ImportedPlaylistRow,
    ) -> Result<(), StoreError> {
        let bytes = row.to_bytes()?;
        self.tables.imported_playlists.insert((account.0, source, key), bytes.as_slice())?;
        Ok(())
    }

    /// Removes up to `most` rows of each kind of an account that goes; how many there were.
    pub(super) fn remove_imported(
        &mut self,
        AccountId(account): AccountId,
        most: usize,
    ) -> Result<usize, StoreError> {
        let from = (account, u8::MIN, u64::MIN, "");
        let of_account = self.tables.imported.range(from..)?.take(most);
        let mut items = Vec::new();
        for entry in of_account {
            let (key, _) = entry?;
            let (of, kind, id, source) = key.value();
            if of != account {
                break;
            }
            items.push((kind, id, source.to_owned()));
        }
        for (kind, id, source) in &items {
            self.tables.imported.remove((account, *kind, *id, source.as_str()))?;
        }
        let of_account = self.tables.imported_playlists.range((account, "", "")..)?.take(most);
        let mut playlists = Vec::new();
        for entry in of_account {
            let (key, _) = entry?;
            let (of, source, name) = key.value();
            if of != account {
                break;
            }
            playlists.push((source.to_owned(), name.to_owned()));
        }
        for (source, name) in &playlists {
            self.tables.imported_playlists.remove((account, source.as_str(), name.as_str()))?;
        }
        Ok(items.len() + playlists.len())
    }
}
