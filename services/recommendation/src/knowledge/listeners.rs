//! What accounts think of tracks, albums and artists.

use std::collections::{BTreeMap, HashMap};

use hexachord_contracts::{
    ids::{AccountId, AlbumId, ArtistId, TrackId},
    item::ItemId,
};

use crate::store::AnnotationRow;

/// What one account thinks, by id.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct History {
    pub(crate) tracks: BTreeMap<TrackId, AnnotationRow>,
    pub(crate) albums: BTreeMap<AlbumId, AnnotationRow>,
    pub(crate) artists: BTreeMap<ArtistId, AnnotationRow>,
}

#[derive(Debug, Default)]
pub(crate) struct Listeners {
    accounts: BTreeMap<AccountId, History>,
    /// For how many accounts something speaks for the track.
    heard_by: HashMap<TrackId, u32>,
    /// Tracks of which that is more than one.
    shared: usize,
}

impl History {
    fn put(&mut self, item: ItemId, row: Option<AnnotationRow>) -> Option<AnnotationRow> {
        match item {
            ItemId::Track(id) => put(&mut self.tracks, id, row),
            ItemId::Album(id) => put(&mut self.albums, id, row),
            ItemId::Artist(id) => put(&mut self.artists, id, row),
        }
    }

    fn is_empty(&self) -> bool {
        self.tracks.is_empty() && self.albums.is_empty() && self.artists.is_empty()
    }

    /// The tracks for which something speaks, by id, with how much.
    pub(crate) fn heard(&self) -> impl Iterator<Item = (TrackId, f32)> {
        let heard = self.tracks.iter().map(|(id, row)| (*id, row.evidence()));
        heard.filter(|(_, evidence)| *evidence > 0.0)
    }

    /// Something speaks for something.
    pub(crate) fn likes_something(&self) -> bool {
        let mut groups = self.albums.values().chain(self.artists.values());
        self.heard().next().is_some() || groups.any(|row| row.liking() > 0.0)
    }

    fn items(&self) -> Vec<ItemId> {
        let tracks = self.tracks.keys().copied().map(ItemId::Track);
        let albums = self.albums.keys().copied().map(ItemId::Album);
        let artists = self.artists.keys().copied().map(ItemId::Artist);
        tracks.chain(albums).chain(artists).collect()
    }
}

fn put<K: Ord>(
    rows: &mut BTreeMap<K, AnnotationRow>,
    key: K,
    row: Option<AnnotationRow>,
) -> Option<AnnotationRow> {
    match row {
        Some(row) => rows.insert(key, row),
        None => rows.remove(&key),
    }
}

impl Listeners {
    pub(crate) fn put(&mut self, account: AccountId, item: ItemId, row: Option<AnnotationRow>) {
        let history = self.accounts.entry(account).or_default();
        let before = history.put(item, row);
        if history.is_empty() {
            self.accounts.remove(&account);
        }
        if let ItemId::Track(track) = item {
            let speaks = |row: Option<AnnotationRow>| row.is_some_and(|row| row.evidence() > 0.0);
            self.count(track, speaks(before), speaks(row));
        }
    }

    /// Everything of an account; says whether there was something.
    pub(crate) fn remove(&mut self, account: AccountId) -> bool {
        let Some(history) = self.accounts.remove(&account) else { return false };
        history.heard().for_each(|(track, _)| self.count(track, true, false));
        true
    }

    pub(crate) fn retain(&mut self, keep: impl Fn(AccountId, ItemId) -> bool) {
        let mut gone = Vec::new();
        for (account, history) in &self.accounts {
            let items = history.items().into_iter().filter(|item| !keep(*account, *item));
            gone.extend(items.map(|item| (*account, item)));
        }
        for (account, item) in gone {
            self.put(account, item, None);
        }
    }

    pub(crate) fn get(&self, account: AccountId) -> Option<&History> {
        self.accounts.get(&account)
    }

    pub(crate) fn accounts(&self) -> usize {
        self.accounts.len()
    }

    /// Those that know tracks, by id.
    pub(crate) fn of_tracks(&self) -> impl Iterator<Item = &History> {
        self.accounts.values().filter(|history| !history.tracks.is_empty())
    }

    pub(crate) fn interactions(&self) -> usize {
        self.accounts.values().map(|history| history.tracks.len()).sum()
    }

    /// For how many accounts something speaks for the track.
    pub(crate) fn heard_by(&self, track: TrackId) -> u32 {
        self.heard_by.get(&track).copied().unwrap_or(0)
    }

    /// How much everybody together says for the track.
    pub(crate) fn evidence(&self, track: TrackId) -> f32 {
        if self.heard_by(track) == 0 {
            return 0.0;
        }
        let rows = self.accounts.values().filter_map(|history| history.tracks.get(&track));
        rows.map(|row| row.evidence().max(0.0)).sum()
    }

    /// There is something to learn from each other.
    pub(crate) fn share_tracks(&self) -> bool {
        self.shared > 0
    }

    fn count(&mut self, track: TrackId, before: bool, now: bool) {
        if before == now {
            return;
        }
        let count = self.heard_by.entry(track).or_default();
        if now {
            *count += 1;
            self.shared += usize::from(*count == 2);
            return;
        }
        *count -= 1;
        self.shared -= usize::from(*count == 1);
        if *count == 0 {
            self.heard_by.remove(&track);
        }
    }
}
