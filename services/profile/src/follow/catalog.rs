//! The projection of the catalog follows it.

use std::{collections::BTreeSet, sync::Arc};

use hexachord_contracts::{
    BoxError,
    catalog::{CatalogChange, Track},
    feed::FeedCursor,
    follow::{Follower, News},
    ids::LibraryId,
    item::ItemId,
};
use hexachord_storage::{Store, StoreError};

use super::place::Place;
use crate::store::{Change, FollowRow, SweepFrom, TrackRow};

pub(crate) const FEED: &str = "catalog";

pub(super) struct Tracks {
    place: Place,
}

impl Tracks {
    pub(super) fn new(store: Store) -> Self {
        Self { place: Place::new(store, FEED) }
    }

    /// Takes the items in as many writes as their work asks for: plays wait no longer than for one
    /// of them. `cursor` is kept with the last; a snapshot that is not complete has none.
    async fn take_all(
        &self,
        items: Vec<CatalogChange>,
        cursor: Option<FeedCursor>,
    ) -> Result<(), BoxError> {
        let items: Arc<[_]> = items.into();
        let mut first = 0;
        loop {
            let items = Arc::clone(&items);
            let count = items.len();
            let write = move |change: &mut Change<'_>, row: &mut FollowRow| {
                let next = take_some(change, &items, first, row.round)?;
                if next == count {
                    row.cursor = cursor;
                }
                Ok(next)
            };
            first = self.place.write(write).await?;
            if first == count {
                return Ok(());
            }
        }
    }

    /// What the snapshot did not tell is no more.
    async fn sweep(&self) -> Result<(), BoxError> {
        let round = self.place.round();
        let mut from = Some(SweepFrom::START);
        while let Some(place) = from {
            from = self.place.stay(move |change| change.sweep(place, round)).await?;
        }
        Ok(())
    }
}

impl Follower<CatalogChange> for Tracks {
    async fn cursor(&self) -> Result<Option<FeedCursor>, BoxError> {
        self.place.cursor().await
    }

    async fn take(&mut self, news: News<CatalogChange>) -> Result<(), BoxError> {
        match news {
            News::StartOver => self.place.start_over().await,
            News::Told(items) => self.take_all(items, None).await,
            News::ToldAll(cursor) => {
                self.sweep().await?;
                self.place.go_on_from(cursor).await
            }
            News::Changed { items, cursor, .. } => self.take_all(items, Some(cursor)).await,
        }
    }
}

/// Takes a track that the catalog showed to a caller, unless its feed has told of it meanwhile.
pub(crate) fn meet_track(change: &mut Change<'_>, track: &Track) -> Result<(), StoreError> {
    if change.track(track.id)?.is_some_and(|row| !row.gone) {
        return Ok(());
    }
    let round = change.followed(FEED)?.round;
    change.put_track(track.id, &row(track, round))
}

/// Takes items from `first` on until it is enough for one transaction; where to go on.
fn take_some(
    change: &mut Change<'_>,
    items: &[CatalogChange],
    first: usize,
    round: u64,
) -> Result<usize, StoreError> {
    for (place, item) in items.iter().enumerate().skip(first) {
        if change.is_enough() {
            return Ok(place);
        }
        take(change, item, round)?;
    }
    Ok(items.len())
}

fn take(change: &mut Change<'_>, item: &CatalogChange, round: u64) -> Result<(), StoreError> {
    match item {
        CatalogChange::Track(track) => change.put_track(track.id, &row(track, round)),
        CatalogChange::TrackGone(id) => change.forget_track(*id),
        CatalogChange::TrackBecame { from, to, since } => change.reunite(*from, *to, *since),
        CatalogChange::Album { id, parts } => {
            change.put_group(ItemId::Album(*id), libraries(parts), round)
        }
        CatalogChange::AlbumGone(id) => change.forget_group(ItemId::Album(*id)),
        CatalogChange::Artist { id, parts } => {
            change.put_group(ItemId::Artist(*id), libraries(parts), round)
        }
        CatalogChange::ArtistGone(id) => change.forget_group(ItemId::Artist(*id)),
        CatalogChange::Features { .. } => Ok(()),
    }
}

fn row(track: &Track, round: u64) -> TrackRow {
    let artists = track.artists.iter().chain(&track.album_artists);
    let artists: BTreeSet<_> = artists.map(|artist| artist.id).collect();
    TrackRow {
        library: track.library,
        album: track.album.id,
        artists: artists.into_iter().collect(),
        duration_ms: track.duration_ms,
        gone: false,
        missing: track.missing_since.is_some(),
        round,
    }
}

fn libraries<T>(parts: &[(LibraryId, T)]) -> Vec<LibraryId> {
    parts.iter().map(|(library, _)| *library).collect()
}

#[cfg(test)]
mod tests;
