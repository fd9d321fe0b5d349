//! Albums like an album, and artists like an artist: by what their tracks are on average.

use std::collections::{BTreeMap, HashSet};

use hexachord_contracts::{
    ids::{AlbumId, ArtistId},
    item::ItemId,
};

use crate::{
    alike::{Alike, Likely},
    knowledge::Memory,
    moments::Moments,
    seeds::Seeds,
    viewer::Viewer,
};

/// Albums like `album`, most alike first; `None` when the viewer does not see it.
pub(crate) fn similar_albums(
    memory: &Memory,
    viewer: &Viewer,
    album: AlbumId,
    limit: usize,
) -> Option<Vec<AlbumId>> {
    let seeds = Seeds::of(memory, viewer, &[ItemId::Album(album)])?;
    let library = &memory.library;
    let by = seeds.main_artist();
    let is_own =
        |slot| library.album(slot) == album || (by.is_some() && library.first_artist(slot) == by);
    let alike = Alike::of(&seeds, viewer, is_own);
    Some(best_groups(alike.each().map(|one| (library.album(one.slot), one)), limit))
}

/// Artists like `artist`, most alike first; `None` when the viewer does not see it.
pub(crate) fn similar_artists(
    memory: &Memory,
    viewer: &Viewer,
    artist: ArtistId,
    limit: usize,
) -> Option<Vec<ArtistId>> {
    let seeds = Seeds::of(memory, viewer, &[ItemId::Artist(artist)])?;
    let own: HashSet<u32> = seeds.slots().collect();
    let alike = Alike::of(&seeds, viewer, |slot| own.contains(&slot));
    let each = alike.each().flat_map(|one| {
        let artists = memory.library.artists(one.slot);
        artists.filter(|other| *other != artist).map(move |other| (other, one))
    });
    Some(best_groups(each, limit))
}

/// The groups whose tracks are most alike on average, of which at least one is. An average of few
/// tracks is nearer to that of all tracks.
fn best_groups<G: Ord>(tracks: impl Iterator<Item = (G, Likely)>, limit: usize) -> Vec<G> {
    let mut groups: BTreeMap<G, (Moments, bool)> = BTreeMap::new();
    for (group, one) in tracks {
        let (moments, is_alike) = groups.entry(group).or_default();
        moments.add(one.score);
        *is_alike |= one.is_alike;
    }
    let alike = groups.into_iter().filter(|(_, (_, is_alike))| *is_alike);
    let mut best: Vec<(f64, G)> =
        alike.map(|(group, (moments, _))| (moments.cautious_mean(), group)).collect();
    best.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    best.truncate(limit);
    best.into_iter().map(|(_, group)| group).collect()
}
