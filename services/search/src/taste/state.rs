//! Everybody's plays, and each one's own.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
    sync::Arc,
};

use hexachord_contracts::{
    feed::FeedCursor,
    ids::AccountId,
    item::{ItemId, ItemKind},
    profile::{Annotation, ProfileChange},
};

use super::changes::Changes;

/// Ids are random already: the hash of one is it, mixed a little.
#[derive(Default)]
pub(super) struct OfId(u64);

type ById<T> = HashMap<u64, T, BuildHasherDefault<OfId>>;

#[derive(Default)]
pub(super) struct State {
    /// How far the feed was heard; `None` until all was told once.
    pub(super) cursor: Option<FeedCursor>,
    pub(super) accounts: HashMap<AccountId, Arc<Account>>,
    /// Plays of all accounts, by kind.
    plays: [ById<u32>; ItemKind::ALL.len()],
    /// Of popularity, which changes when the plays of an item have doubled twice.
    pub(super) changes: Changes,
}

/// What one account thinks of items, by kind.
#[derive(Clone, Default)]
pub(crate) struct Account {
    items: [ById<Own>; ItemKind::ALL.len()],
    /// Of what items are worth to it.
    pub(super) changes: Changes,
}

/// What an account thinks of one item.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Own(u32);

impl Hasher for OfId {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte) ^ self.0);
        }
    }

    fn write_u64(&mut self, id: u64) {
        self.0 = (id ^ id >> 32).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl Own {
    const LOVED: u32 = 1 << 31;
    const RATING: u32 = 28;
    const MOST_PLAYS: u32 = (1 << Self::RATING) - 1;

    fn of(annotation: &Annotation) -> Self {
        let loved = if annotation.favourite_since.is_some() { Self::LOVED } else { 0 };
        let rating = u32::from(annotation.rating.unwrap_or(0).min(5)) << Self::RATING;
        Self(loved | rating | annotation.plays.min(Self::MOST_PLAYS))
    }

    pub(crate) fn plays(self) -> u32 {
        self.0 & Self::MOST_PLAYS
    }

    /// 0: not rated.
    pub(crate) fn rating(self) -> u32 {
        self.0 >> Self::RATING & 7
    }

    pub(crate) fn is_loved(self) -> bool {
        self.0 & Self::LOVED != 0
    }

    /// How much further forward it stands: 0 to 8.
    pub(crate) fn worth(self) -> u8 {
        let plays = match self.plays() {
            0 => 0,
            1..=2 => 1,
            3..=9 => 2,
            _ => 3,
        };
        let rating = self.rating().saturating_sub(3);
        plays + 3 * u8::from(self.is_loved()) + u8::try_from(rating).unwrap_or(0)
    }
}

impl Account {
    pub(crate) fn of(&self, kind: ItemKind, id: u64) -> Own {
        self.items[kind as usize].get(&id).copied().unwrap_or_default()
    }

    /// How many items it has touched.
    pub(crate) fn count(&self) -> usize {
        self.items.iter().map(HashMap::len).sum()
    }

    pub(super) fn items(&self) -> impl Iterator<Item = ItemId> {
        let of_kind =
            |kind: ItemKind| self.items[kind as usize].keys().map(move |id| ItemId::new(kind, *id));
        ItemKind::ALL.into_iter().flat_map(of_kind)
    }
}

impl State {
    /// Nobody touched anything.
    pub(super) fn is_empty(&self) -> bool {
        self.accounts.is_empty()
    }

    /// How much further forward an item stands that many play: 0 to 5.
    pub(super) fn popularity(&self, kind: ItemKind, id: u64) -> u8 {
        self.plays[kind as usize].get(&id).map_or(0, |plays| level(*plays))
    }

    /// How much further forward an item stands for this account: 0 to 13.
    pub(super) fn boost(&self, own: &Account, item: ItemId) -> u8 {
        let (kind, id) = (item.kind(), item.number());
        self.popularity(kind, id) + own.of(kind, id).worth()
    }

    /// No generation of `before` comes again: what was boosted then is not taken for this.
    pub(super) fn goes_on_from(&mut self, before: &Self) {
        self.changes.go_on_from(&before.changes);
    }

    /// Playlists are nothing here.
    pub(super) fn change(&mut self, change: &ProfileChange) {
        match change {
            ProfileChange::Annotation { account, annotation } => {
                self.annotate(*account, *annotation);
            }
            ProfileChange::AccountGone(account) => {
                let Some(gone) = self.accounts.remove(account) else { return };
                for kind in ItemKind::ALL {
                    for (id, own) in &gone.items[kind as usize] {
                        self.add_plays(ItemId::new(kind, *id), own.plays(), 0);
                    }
                }
            }
            ProfileChange::Playlist(_) | ProfileChange::PlaylistGone(_) => {}
        }
    }

    fn annotate(&mut self, account: AccountId, annotation: Annotation) {
        let (item, new) = (annotation.item, Own::of(&annotation));
        let known = Arc::make_mut(self.accounts.entry(account).or_default());
        let items = &mut known.items[item.kind() as usize];
        let old = if annotation.is_none() {
            items.remove(&item.number())
        } else {
            items.insert(item.number(), new)
        };
        let old = old.unwrap_or_default();
        if old.worth() != new.worth() {
            known.changes.add(item);
        }
        self.add_plays(item, old.plays(), new.plays());
    }

    fn add_plays(&mut self, item: ItemId, old: u32, new: u32) {
        if old == new {
            return;
        }
        let all = &mut self.plays[item.kind() as usize];
        let before = all.get(&item.number()).copied().unwrap_or(0);
        let after = before.saturating_sub(old).saturating_add(new);
        if after == 0 {
            all.remove(&item.number());
        } else {
            all.insert(item.number(), after);
        }
        if level(before) != level(after) {
            self.changes.add(item);
        }
    }
}

/// Four times as many plays are one level more.
fn level(plays: u32) -> u8 {
    let level = (plays.checked_ilog2().map_or(0, |log| log / 2 + 1)).min(5);
    u8::try_from(level).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use hexachord_contracts::{Timestamp, ids::TrackId};

    use super::*;

    const ONE: ItemId = ItemId::Track(TrackId(1));

    fn told(state: &mut State, account: u64, plays: u32, rating: Option<u8>) {
        let annotation = Annotation { plays, rating, ..Annotation::none(ONE) };
        state.change(&ProfileChange::Annotation { account: AccountId(account), annotation });
    }

    #[test]
    fn plays_of_all_add_up_and_go_with_their_account() {
        let mut state = State::default();
        told(&mut state, 1, 3, None);
        told(&mut state, 2, 1, None);
        assert_eq!(state.popularity(ItemKind::Track, 1), 2);
        assert_eq!(state.popularity(ItemKind::Album, 1), 0);
        told(&mut state, 1, 64, Some(5));
        assert_eq!(state.popularity(ItemKind::Track, 1), 4);
        let own = state.accounts[&AccountId(1)].of(ItemKind::Track, 1);
        assert_eq!((own.plays(), own.rating(), own.is_loved()), (64, 5, false));
        state.change(&ProfileChange::AccountGone(AccountId(1)));
        assert_eq!(state.popularity(ItemKind::Track, 1), 1);
        told(&mut state, 2, 0, None);
        assert_eq!(state.popularity(ItemKind::Track, 1), 0);
        assert!(state.plays.iter().all(HashMap::is_empty));
    }

    #[test]
    fn generations_grow_only_when_a_boost_changes() {
        let mut state = State::default();
        for (plays, generation) in [(1, 1), (2, 1), (3, 1), (4, 2), (5, 2), (15, 2), (16, 3)] {
            told(&mut state, 1, plays, None);
            assert_eq!(state.changes.generation(), generation, "{plays}");
        }
        assert_eq!(state.accounts[&AccountId(1)].changes.generation(), 3);
    }

    #[test]
    fn love_is_worth_more_than_plays() {
        let annotation = Annotation::none(ONE);
        let loved = Annotation { favourite_since: Some(Timestamp::default()), ..annotation };
        let worth = |annotation| Own::of(&annotation).worth();
        assert_eq!(worth(annotation), 0);
        assert_eq!(worth(loved), 3);
        assert_eq!(worth(Annotation { plays: 2, ..annotation }), 1);
        assert_eq!(worth(Annotation { rating: Some(5), plays: u32::MAX, ..loved }), 8);
    }
}
