//! The end of an account: every row of it goes, some in each transaction.

use hexachord_contracts::{
    ids::{AccountId, PlayId, TrackId},
    item::ItemId,
};
use hexachord_storage::StoreError;
use redb::ReadableTable;

use super::{
    Change, Subject, behind,
    keys::{item, plays_prefix, read_play},
};

/// Rows that one transaction removes of a table.
const AT_ONCE: usize = 2_000;

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Removed {
    /// Others are left: go on.
    Some,
    All,
}

impl Change<'_> {
    /// Removes some rows of the account. It is known until the last one is gone, so a late call
    /// cannot leave a row behind.
    pub(crate) fn remove_account(&mut self, account: AccountId) -> Result<Removed, StoreError> {
        let rows = self.remove_plays(account)?
            + self.remove_annotations(account)?
            + self.remove_played(account)?
            + self.remove_playlists(account)?
            + self.remove_imported(account, AT_ONCE)?
            + self.remove_bookmarks(account, AT_ONCE)?
            + usize::from(self.remove_queue(account)?)
            + usize::from(self.remove_avatar(account)?)
            + self.remove_messages(account)?
            + self.remove_shares(account, AT_ONCE)?;
        if rows > 0 {
            return Ok(Removed::Some);
        }
        if self.tables.accounts.remove(account.0)?.is_some() {
            self.tell(Subject::AccountGone(account));
        }
        Ok(Removed::All)
    }

    fn remove_plays(&mut self, account: AccountId) -> Result<usize, StoreError> {
        let prefix = plays_prefix(account);
        let end = behind(&prefix);
        let range = match &end {
            Some(end) => self.tables.plays.range(prefix.as_slice()..end.as_slice())?,
            None => self.tables.plays.range(prefix.as_slice()..)?,
        };
        let keys = range.take(AT_ONCE).map(|entry| Ok(entry?.0.value().to_vec()));
        let keys = keys.collect::<Result<Vec<_>, StoreError>>()?;
        for key in &keys {
            let (_, PlayId(play)) = read_play(key)?;
            self.tables.plays.remove(key.as_slice())?;
            self.tables.play_starts.remove((account.0, play))?;
        }
        Ok(keys.len())
    }

    fn remove_annotations(&mut self, AccountId(account): AccountId) -> Result<usize, StoreError> {
        let of_account = (account, u8::MIN, u64::MIN)..=(account, u8::MAX, u64::MAX);
        let range = self.tables.annotations.range(of_account)?.take(AT_ONCE);
        let items = range.map(|entry| {
            let (_, kind, id) = entry?.0.value();
            item(kind, id)
        });
        let items = items.collect::<Result<Vec<_>, StoreError>>()?;
        for item in &items {
            self.remove_annotation(AccountId(account), *item)?;
            if let ItemId::Track(TrackId(track)) = item {
                self.tables.listeners.remove((*track, account))?;
            }
        }
        Ok(items.len())
    }

    fn remove_played(&mut self, AccountId(account): AccountId) -> Result<usize, StoreError> {
        let of_account = (account, u8::MIN, u64::MIN, u64::MIN, u64::MIN)
            ..=(account, u8::MAX, u64::MAX, u64::MAX, u64::MAX);
        let range = self.tables.played.range(of_account)?.take(AT_ONCE);
        let keys = range.map(|entry| Ok(entry?.0.value()));
        let keys = keys.collect::<Result<Vec<_>, StoreError>>()?;
        for key in &keys {
            self.tables.played.remove(key)?;
        }
        Ok(keys.len())
    }

    fn remove_playlists(&mut self, account: AccountId) -> Result<usize, StoreError> {
        let mut playlists = self.playlists_of(account)?;
        playlists.truncate(AT_ONCE);
        let mut rows = 0;
        for id in playlists {
            if let Some(row) = self.playlist(id)? {
                self.remove_playlist(id, &row)?;
                rows += 1;
            }
        }
        Ok(rows)
    }
}
