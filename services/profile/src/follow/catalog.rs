//! The projection of the catalog follows it.

use std::collections::BTreeSet;

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
use crate::store::{Change, SweepFrom, TrackRow};

const FEED: &str = "catalog";

pub(super) struct Tracks {
    place: Place,
}

impl Tracks {
    pub(super) fn new(store: Store) -> Self {
        Self { place: Place::new(store, FEED) }
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
        let round = self.place.round();
        match news {
            News::StartOver => self.place.start_over().await,
            News::Told(items) => {
                self.place.stay(move |change| take_all(change, &items, round)).await
            }
            News::ToldAll(cursor) => {
                self.sweep().await?;
                self.place.go_on_from(cursor, |_| Ok(())).await
            }
            News::Changed { items, cursor, .. } => {
                self.place.go_on_from(cursor, move |change| take_all(change, &items, round)).await
            }
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

fn take_all(
    change: &mut Change<'_>,
    items: &[CatalogChange],
    round: u64,
) -> Result<(), StoreError> {
    items.iter().try_for_each(|item| take(change, item, round))
}

fn take(change: &mut Change<'_>, item: &CatalogChange, round: u64) -> Result<(), StoreError> {
    match item {
        CatalogChange::Track(track) => change.put_track(track.id, &row(track, round)),
        CatalogChange::TrackGone(id) => change.forget_track(*id),
        CatalogChange::Album { id, parts } => {
            change.put_group(ItemId::Album(*id), libraries(parts), round)
        }
        CatalogChange::AlbumGone(id) => change.forget_group(ItemId::Album(*id)),
        CatalogChange::Artist { id, parts } => {
            change.put_group(ItemId::Artist(*id), libraries(parts), round)
        }
        CatalogChange::ArtistGone(id) => change.forget_group(ItemId::Artist(*id)),
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
        round,
    }
}

fn libraries<T>(parts: &[(LibraryId, T)]) -> Vec<LibraryId> {
    parts.iter().map(|(library, _)| *library).collect()
}
