//! Albums and artists that a retag turns into others: what listeners think of them goes along.
//!
//! An album that begins with a track of another one inherits from it: it was renamed or split.
//! Whatever loses its last track leaves to where that went: it was renamed or merged. Artists
//! inherit only then, for one track more often corrects an artist than renames it. What is
//! inherited never replaces what the listener said of the heir itself, and is not taken from whom
//! it came from: if the tags are turned back, it is right again.

use hexachord_contracts::{
    ids::{AccountId, ArtistId},
    item::ItemId,
};
use hexachord_storage::StoreError;
use redb::ReadableTable;

use super::{Change, TrackRow, keys::kind_number};

impl Change<'_> {
    /// The track is of the albums and artists of `row` now.
    pub(super) fn regroup(
        &mut self,
        old: Option<&TrackRow>,
        row: &TrackRow,
    ) -> Result<(), StoreError> {
        let successions = old.map(|old| successions(old, row)).unwrap_or_default();
        let mut begun = Vec::with_capacity(successions.len());
        for (_, heir) in &successions {
            begun.push(self.member_count(*heir)? == 0);
        }
        let (was, is) = (old.map(TrackRow::shown).unwrap_or_default(), row.shown());
        for item in was.iter().filter(|item| !is.contains(item)) {
            *self.members.entry(key(*item)).or_default() -= 1;
        }
        for item in is.iter().filter(|item| !was.contains(item)) {
            *self.members.entry(key(*item)).or_default() += 1;
        }
        for ((from, heir), begun) in successions.into_iter().zip(begun) {
            let is_album = matches!(heir, ItemId::Album(_));
            if (begun && is_album) || self.member_count(from)? == 0 {
                self.inherit(from, heir)?;
            }
        }
        Ok(())
    }

    /// Writes the counts that changed; nothing is counted as none.
    pub(super) fn write_members(&mut self) -> Result<(), StoreError> {
        for (key, change) in std::mem::take(&mut self.members) {
            let count = self.tables.members.get(key)?.map_or(0, |count| count.value());
            match count.saturating_add_signed(change) {
                0 => drop(self.tables.members.remove(key)?),
                count => drop(self.tables.members.insert(key, count)?),
            }
        }
        Ok(())
    }

    fn member_count(&self, item: ItemId) -> Result<u64, StoreError> {
        let stored = self.tables.members.get(key(item))?.map_or(0, |count| count.value());
        let change = self.members.get(&key(item)).copied().unwrap_or_default();
        Ok(stored.saturating_add_signed(change))
    }

    /// Everybody thinks of `heir` what they think of `from`, where they think nothing of it yet.
    fn inherit(&mut self, from: ItemId, heir: ItemId) -> Result<(), StoreError> {
        let (kind, id) = key(from);
        let accounts = self.tables.opinions.range((kind, id, u64::MIN)..=(kind, id, u64::MAX))?;
        let accounts: Result<Vec<_>, StoreError> =
            accounts.map(|entry| Ok(AccountId(entry?.0.value().2))).collect();
        for account in accounts? {
            self.work += 1;
            let left = self.annotation(account, from)?;
            let mut row = self.annotation(account, heir)?;
            row.favourite_since = row.favourite_since.or(left.favourite_since);
            row.rating = row.rating.or(left.rating);
            self.put_annotation(account, heir, row)?;
        }
        Ok(())
    }
}

fn key(item: ItemId) -> (u8, u64) {
    (kind_number(item.kind()), item.number())
}

/// From what the track went to what: of artists only where one took the place of one.
fn successions(old: &TrackRow, row: &TrackRow) -> Vec<(ItemId, ItemId)> {
    let mut successions = Vec::new();
    if row.shown().is_empty() {
        return successions;
    }
    if old.album != row.album {
        successions.push((ItemId::Album(old.album), ItemId::Album(row.album)));
    }
    let only = |artists: &[ArtistId], others: &[ArtistId]| {
        let mut left = artists.iter().filter(|artist| !others.contains(artist));
        left.next().filter(|_| left.next().is_none()).copied()
    };
    let gone = only(&old.artists, &row.artists);
    if let (Some(gone), Some(new)) = (gone, only(&row.artists, &old.artists)) {
        successions.push((ItemId::Artist(gone), ItemId::Artist(new)));
    }
    successions
}
