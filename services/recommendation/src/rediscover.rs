//! What somebody played much or loved, and has not heard for long.

use std::collections::BTreeMap;

use hexachord_contracts::{
    Timestamp,
    ids::{AccountId, AlbumId},
    item::{ItemId, ItemKind},
    recommendation::Rediscovered,
};

use crate::{
    chance::Chance,
    evidence::{DEAR_ALBUM, DEAR_TRACK},
    knowledge::{History, Memory, Visible},
    spread::{Candidate, FOR_YOU, best_first, spread},
    store::AnnotationRow,
    viewer::Viewer,
};

/// How far chance moves what is missed, of its own size.
const BY_CHANCE: f32 = 0.4;

/// The dearest and longest missed first.
pub(crate) fn rediscover(
    memory: &Memory,
    viewer: &Viewer,
    account: AccountId,
    (kind, limit): (ItemKind, usize),
    now: Timestamp,
) -> Vec<Rediscovered> {
    let Some(history) = memory.listeners.get(account) else { return Vec::new() };
    let missing = Missing {
        memory,
        history,
        visible: memory.library.visible_to(viewer),
        chance: Chance::of(account, now),
        now,
    };
    if kind == ItemKind::Album { missing.albums(limit) } else { missing.tracks(limit) }
}

struct Missing<'m> {
    memory: &'m Memory,
    history: &'m History,
    visible: Visible<'m>,
    chance: Chance,
    now: Timestamp,
}

impl Missing<'_> {
    fn tracks(&self, limit: usize) -> Vec<Rediscovered> {
        let library = &self.memory.library;
        let candidate = |(id, row): (&_, &AnnotationRow)| {
            let slot = library.slot(*id).filter(|slot| self.visible.plays(*slot))?;
            let score = self.score(ItemId::Track(*id), row, DEAR_TRACK)?;
            Some(Candidate { score, id: *id, slot })
        };
        let candidates = self.history.tracks.iter().filter_map(candidate).collect();
        let chosen = spread(best_first(candidates), library, FOR_YOU, limit);
        let found =
            |one: Candidate| rediscovered(ItemId::Track(one.id), &self.history.tracks[&one.id]);
        chosen.into_iter().map(found).collect()
    }

    fn albums(&self, limit: usize) -> Vec<Rediscovered> {
        let score = |(album, row): (AlbumId, AnnotationRow)| {
            let score = self.score(ItemId::Album(album), &row, DEAR_ALBUM)?;
            Some((score, album, row))
        };
        let mut found: Vec<_> = self.of_albums().into_iter().filter_map(score).collect();
        found.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        found.truncate(limit);
        found.into_iter().map(|(_, album, row)| rediscovered(ItemId::Album(album), &row)).collect()
    }

    /// What the account thinks of each album, with the plays of its tracks.
    fn of_albums(&self) -> BTreeMap<AlbumId, AnnotationRow> {
        let library = &self.memory.library;
        let mut albums: BTreeMap<AlbumId, AnnotationRow> = BTreeMap::new();
        let is_there = |album: &AlbumId| {
            let mut tracks = self.memory.derived().of_album(library, *album).iter();
            tracks.any(|slot| self.visible.plays(*slot))
        };
        for (album, row) in self.history.albums.iter().filter(|(album, _)| is_there(album)) {
            albums.insert(*album, AnnotationRow { plays: 0, last_played_at: None, ..*row });
        }
        for (track, row) in &self.history.tracks {
            let slot = library.slot(*track).filter(|slot| self.visible.plays(*slot));
            let Some(slot) = slot.filter(|_| row.plays > 0) else { continue };
            let of_album = albums.entry(library.album(slot)).or_insert(AnnotationRow::NOTHING);
            of_album.plays = of_album.plays.saturating_add(row.plays);
            of_album.last_played_at = of_album.last_played_at.max(row.last_played_at);
        }
        albums
    }

    /// `None`: it is not dear enough, or is not missed yet.
    fn score(&self, item: ItemId, row: &AnnotationRow, plays: u32) -> Option<f32> {
        let missed = row.missed(self.now).filter(|_| row.is_dear(plays))?;
        let chance = 1.0 - BY_CHANCE * self.chance.share(("missed", item));
        Some(row.evidence() * missed * chance)
    }
}

fn rediscovered(item: ItemId, row: &AnnotationRow) -> Rediscovered {
    Rediscovered { item, plays: row.plays, last_played_at: row.last_played_at }
}
