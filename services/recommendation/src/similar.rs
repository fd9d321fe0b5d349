//! What is like a track, an album or an artist.

mod groups;

use std::collections::HashSet;

use hexachord_contracts::{item::ItemId, recommendation::Recommended};

pub(crate) use groups::{similar_albums, similar_artists};

use crate::{
    alike::{Alike, Likely},
    knowledge::{Library, Memory},
    seeds::Seeds,
    spread::{ALIKE, Candidate, best_first, spread},
    viewer::Viewer,
};

/// Of the album that a track is from; there are others to hear.
const MOST_OF_ITS_ALBUM: usize = 3;

/// Tracks like `item`, most alike first; `None` when the viewer does not see it.
pub(crate) fn similar(
    memory: &Memory,
    viewer: &Viewer,
    item: ItemId,
    limit: usize,
) -> Option<Vec<Recommended>> {
    let seeds = Seeds::of(memory, viewer, &[item])?;
    let own: HashSet<u32> = match item {
        ItemId::Track(_) | ItemId::Album(_) => seeds.slots().collect(),
        ItemId::Artist(_) => HashSet::new(),
    };
    let alike = Alike::of(&seeds, viewer, |slot| own.contains(&slot));
    let candidate =
        |one: Likely| Candidate { score: one.score, id: seeds.id(one.slot), slot: one.slot };
    let mut candidates: Vec<Candidate> =
        alike.each().filter(|one| one.is_alike).map(candidate).collect();
    if let (ItemId::Track(_), Some(slot)) = (item, seeds.slots().next()) {
        candidates = without_too_many_of_its_album(&memory.library, slot, candidates);
    }
    let chosen = spread(best_first(candidates), &memory.library, ALIKE, limit);
    let recommended = |one: Candidate| Recommended {
        track: one.id,
        score: one.score,
        reason: alike.reason(one.slot),
    };
    Some(chosen.into_iter().map(recommended).collect())
}

fn without_too_many_of_its_album(
    library: &Library,
    slot: u32,
    candidates: Vec<Candidate>,
) -> Vec<Candidate> {
    let album = library.album(slot);
    let (mut of_it, mut others): (Vec<_>, Vec<_>) =
        candidates.into_iter().partition(|one| library.album(one.slot) == album);
    of_it.sort_unstable_by(|one, other| other.cmp(one));
    others.extend(of_it.into_iter().take(MOST_OF_ITS_ALBUM));
    others
}
