//! Tracks and albums by chance.

use hexachord_contracts::{
    catalog::{Album, CatalogError, PickAlbums, PickTracks, Track, Years},
    ids::{AlbumId, TrackId},
    page::Paging,
};
use hexachord_storage::{Record, StoreError};
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::SliceRandom};
use redb::{ReadTransaction, ReadableTable};

use super::{
    Answer, Tracks, Viewer,
    albums::album,
    check_scope,
    page::{behind, limit_of},
    scope_of,
};
use crate::store::{
    ALBUMS, AlbumRow, LISTS, List, Scope, TrackRow, last_id, library_of, list_prefix, record,
    year_entries,
};

pub(crate) fn pick_tracks(
    call: &PickTracks,
    viewer: Viewer,
) -> Result<impl FnOnce(&ReadTransaction) -> Answer<Vec<Track>> + use<>, CatalogError> {
    let limit = limit_of(&Paging::first(call.limit))?;
    let (scope, years, seed) = (scope_of(call.filter), call.years, call.seed);
    Ok(move |read: &ReadTransaction| {
        if let Err(refusal) = check_scope(read, &viewer, scope)? {
            return Ok(Err(refusal));
        }
        let mut tracks = Tracks::open(read, viewer)?;
        let mut rng = StdRng::seed_from_u64(seed);
        let mut picked = picked(read, &tracks, (scope, years), limit, &mut rng)?;
        picked.shuffle(&mut rng);
        let picked = picked.into_iter().map(|id| tracks.get(id));
        Ok(Ok(picked.filter_map(Result::transpose).collect::<Result<_, _>>()?))
    })
}

/// Each track of the list has the same chance (reservoir sampling).
fn picked(
    read: &ReadTransaction,
    tracks: &Tracks,
    (scope, years): (Scope, Option<Years>),
    limit: usize,
    rng: &mut StdRng,
) -> Result<Vec<TrackId>, StoreError> {
    let (from, to) = match years {
        Some(years) if scope == Scope::All => year_entries(List::TracksByYear, years),
        _ => {
            let prefix = list_prefix(List::TracksByAlbum, scope).to_vec();
            let to = behind(&prefix).unwrap_or_default();
            (prefix, to)
        }
    };
    // Of an artist and of a genre there is no list by year.
    let years = years.filter(|_| scope != Scope::All);
    let lists = read.open_table(LISTS)?;
    let (mut picked, mut seen) = (Vec::with_capacity(limit), 0);
    if from >= to {
        return Ok(picked);
    }
    for entry in lists.range(from.as_slice()..to.as_slice())? {
        let (key, value) = entry?;
        let id = TrackId(last_id(key.value()));
        if !tracks.viewer.sees(library_of(value.value())) {
            continue;
        }
        if let Some(years) = years {
            let row: Option<TrackRow> = record(&tracks.table, id.0)?;
            if !years.contains(row.and_then(|row| row.year)) {
                continue;
            }
        }
        seen += 1;
        if picked.len() < limit {
            picked.push(id);
        } else if let Some(place) = picked.get_mut(rng.random_range(0..seen)) {
            *place = id;
        }
    }
    Ok(picked)
}

pub(crate) fn pick_albums(
    call: &PickAlbums,
    viewer: Viewer,
) -> Result<impl FnOnce(&ReadTransaction) -> Answer<Vec<Album>> + use<>, CatalogError> {
    let (limit, seed) = (limit_of(&Paging::first(call.limit))?, call.seed);
    Ok(move |read: &ReadTransaction| {
        let albums = read.open_table(ALBUMS)?;
        let ids = albums.iter()?.map(|entry| Ok(AlbumId(entry?.0.value())));
        let mut ids = ids.collect::<Result<Vec<_>, StoreError>>()?;
        let mut rng = StdRng::seed_from_u64(seed);
        ids.shuffle(&mut rng);
        let mut picked = Vec::with_capacity(limit);
        for id in ids {
            let row = albums.get(id.0)?.map(|row| AlbumRow::from_bytes(row.value())).transpose()?;
            picked.extend(row.and_then(|row| album(id, row, &viewer, Scope::All)));
            if picked.len() == limit {
                break;
            }
        }
        Ok(Ok(picked))
    })
}
