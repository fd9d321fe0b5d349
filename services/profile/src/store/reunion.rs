//! A copy that became the track that it was copied from: what listeners did with it goes along.

use std::collections::BTreeSet;

use hexachord_contracts::{
    Timestamp,
    ids::{AccountId, PlaylistId, TrackId},
    item::ItemId,
};
use hexachord_storage::{Record, StoreError};
use redb::ReadableTable;

use super::{
    AnnotationRow, Change, PlayRow, behind,
    counts::Tally,
    keys::{kind_number, plays_prefix, read_play},
    unpack,
};

/// Clocks of players may be behind: plays may have started so long before the copy was there.
const BEHIND_MS: i64 = 24 * 60 * 60 * 1_000;

impl Change<'_> {
    /// `from`, which was there since then, is `to` from now on.
    pub(crate) fn reunite(
        &mut self,
        from: TrackId,
        to: TrackId,
        since: Timestamp,
    ) -> Result<(), StoreError> {
        for account in self.touched_by(from)? {
            self.merge_annotations(account, from, to)?;
        }
        let since = Timestamp::from_millis(since.as_millis().saturating_sub(BEHIND_MS));
        for account in self.accounts()? {
            self.move_plays(account, from, to, since)?;
            self.move_imported(account, from, to)?;
            self.move_bookmark(account, from, to)?;
            self.move_in_queue(account, from, to)?;
        }
        self.move_in_shares(from, to)?;
        self.move_places(from, to)?;
        self.forget_track(from)
    }

    /// Accounts that have played, loved or rated it.
    fn touched_by(&self, track: TrackId) -> Result<BTreeSet<AccountId>, StoreError> {
        let mut accounts = BTreeSet::new();
        for entry in self.tables.listeners.range((track.0, u64::MIN)..=(track.0, u64::MAX))? {
            accounts.insert(AccountId(entry?.0.value().1));
        }
        let item = ItemId::Track(track);
        let (kind, id) = (kind_number(item.kind()), item.number());
        for entry in self.tables.opinions.range((kind, id, u64::MIN)..=(kind, id, u64::MAX))? {
            accounts.insert(AccountId(entry?.0.value().2));
        }
        Ok(accounts)
    }

    /// What was said of `to` itself counts more than what was said of `from`.
    fn merge_annotations(
        &mut self,
        account: AccountId,
        from: TrackId,
        to: TrackId,
    ) -> Result<(), StoreError> {
        let left = self.annotation(account, ItemId::Track(from))?;
        let own = self.annotation(account, ItemId::Track(to))?;
        let both = AnnotationRow {
            plays: own.plays.saturating_add(left.plays),
            last_played_at: own.last_played_at.max(left.last_played_at),
            favourite_since: own.favourite_since.or(left.favourite_since),
            rating: own.rating.or(left.rating),
        };
        self.put_annotation(account, ItemId::Track(from), AnnotationRow::default())?;
        self.put_annotation(account, ItemId::Track(to), both)?;
        if left.last_played_at.is_none() {
            return Ok(());
        }
        self.tables.listeners.remove((from.0, account.0))?;
        self.tables.listeners.insert((to.0, account.0), ())?;
        for (track, before, after) in [
            (from, Some(Tally::of(&left)), None),
            (to, Some(Tally::of(&own)), Some(Tally::of(&both))),
        ] {
            let groups = self.track(track)?.map(|row| row.groups()).unwrap_or_default();
            for group in groups {
                self.recount(account, group, track, before, after)?;
            }
        }
        Ok(())
    }

    fn accounts(&self) -> Result<Vec<AccountId>, StoreError> {
        let accounts = self.tables.accounts.iter()?;
        accounts.map(|entry| Ok(AccountId(entry?.0.value()))).collect()
    }

    fn move_plays(
        &mut self,
        account: AccountId,
        from: TrackId,
        to: TrackId,
        since: Timestamp,
    ) -> Result<(), StoreError> {
        let mut moved = Vec::new();
        let prefix = plays_prefix(account);
        let end = behind(&prefix).unwrap_or_else(|| vec![u8::MAX; prefix.len() + 1]);
        // The latest come first.
        for entry in self.tables.plays.range(prefix.as_slice()..end.as_slice())? {
            let (key, row) = entry?;
            if read_play(key.value())?.0 < since {
                break;
            }
            self.work += 1;
            let row = PlayRow::from_bytes(row.value())?;
            if row.track == from {
                moved.push((key.value().to_vec(), PlayRow { track: to, ..row }));
            }
        }
        for (key, row) in moved {
            self.tables.plays.insert(key.as_slice(), row.to_bytes()?.as_slice())?;
        }
        Ok(())
    }

    /// Its places in playlists.
    fn move_places(&mut self, from: TrackId, to: TrackId) -> Result<(), StoreError> {
        // Their totals are those of the tracks as they are now.
        self.measure_playlists()?;
        let mut moved = Vec::new();
        for entry in self.tables.entries.iter()? {
            let (id, packed) = entry?;
            self.work += 1;
            let tracks: Vec<_> = unpack(packed.value())?.collect();
            if tracks.contains(&from) {
                moved.push((PlaylistId(id.value()), tracks));
            }
        }
        let place_of = |track: Option<super::TrackRow>| track.and_then(|row| row.place());
        let (old, new) = (place_of(self.track(from)?), place_of(self.track(to)?));
        for (id, mut tracks) in moved {
            let Some(mut row) = self.playlist(id)? else { continue };
            for track in tracks.iter_mut().filter(|track| **track == from) {
                *track = to;
                if let Some(place) = old {
                    row.totals.take(place);
                }
                if let Some(place) = new {
                    row.totals.add(place);
                }
            }
            self.put_entries(id, &tracks)?;
            self.put_playlist(id, &row)?;
        }
        Ok(())
    }
}
