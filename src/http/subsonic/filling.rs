//! What services answer, with what the caller thinks of it, as Subsonic shows it.

use std::collections::{HashMap, HashSet};

use hexachord_contracts::{
    CallError, Context, ItemId,
    catalog::{Album, Artist, GetAlbums, GetArtists, GetTracks, Track},
    ids::{AlbumId, ArtistId, TrackId},
    page::Paging,
    profile::{Annotation, GetMarks, Marks},
};

use super::{
    failure::Failure,
    model::{AlbumId3, ArtistId3, Child, Entity, album_child, song},
};
use crate::http::edge::Edge;

/// Ids of one question.
const MANY: usize = Paging::MOST as usize;

/// What the caller thinks of items, and its bookmarks in them. Music is there also while profile is
/// away.
#[derive(Default)]
pub(super) struct Annotations {
    of_items: HashMap<ItemId, Annotation>,
    bookmarks: HashMap<TrackId, u64>,
}

impl Annotations {
    pub(super) async fn of(
        edge: &Edge,
        context: &Context,
        items: impl Iterator<Item = ItemId>,
    ) -> Result<Self, Failure> {
        let items: Vec<ItemId> = items.collect();
        let mut known = Self::default();
        known.of_items.reserve(items.len());
        for items in items.chunks(MANY) {
            let call = GetMarks { items: items.to_vec() };
            match edge.profile.call(context, call).await {
                Ok(Marks { annotations, bookmarks }) => {
                    known.of_items.extend(annotations.into_iter().map(|one| (one.item, one)));
                    let bookmarks = bookmarks.into_iter().map(|at| (at.track, at.position_ms));
                    known.bookmarks.extend(bookmarks);
                }
                Err(CallError::Refused(error)) => {
                    return Err(CallError::Refused(error).into());
                }
                Err(error) => {
                    tracing::debug!(%error, "music is shown without annotations");
                    break;
                }
            }
        }
        Ok(known)
    }

    pub(super) fn get(&self, item: ItemId) -> Option<&Annotation> {
        self.of_items.get(&item)
    }

    fn song(&self, track: Track) -> Child {
        let bookmark_position = self.bookmarks.get(&track.id).copied();
        let annotation = self.get(ItemId::Track(track.id));
        Child { bookmark_position, ..song(track, annotation) }
    }
}

pub(super) async fn songs(
    edge: &Edge,
    context: &Context,
    tracks: Vec<Track>,
) -> Result<Vec<Child>, Failure> {
    let items = tracks.iter().map(|track| ItemId::Track(track.id));
    let annotations = Annotations::of(edge, context, items).await?;
    Ok(tracks.into_iter().map(|track| annotations.song(track)).collect())
}

/// These tracks as songs, as far as the caller may see them.
pub(super) async fn songs_by_id(
    edge: &Edge,
    context: &Context,
    ids: &[TrackId],
) -> Result<HashMap<TrackId, Child>, Failure> {
    let each_once: HashSet<TrackId> = ids.iter().copied().collect();
    let ids: Vec<TrackId> = each_once.into_iter().collect();
    let tracks = fetch_tracks(edge, context, &ids).await?;
    let ids: Vec<TrackId> = tracks.iter().map(|track| track.id).collect();
    Ok(ids.into_iter().zip(songs(edge, context, tracks).await?).collect())
}

/// Albums by their tags.
pub(super) async fn albums(
    edge: &Edge,
    context: &Context,
    albums: Vec<Album>,
) -> Result<Vec<AlbumId3>, Failure> {
    as_albums(edge, context, albums, AlbumId3::new).await
}

/// Albums as folders.
pub(super) async fn album_children(
    edge: &Edge,
    context: &Context,
    albums: Vec<Album>,
) -> Result<Vec<Child>, Failure> {
    as_albums(edge, context, albums, album_child).await
}

async fn as_albums<T>(
    edge: &Edge,
    context: &Context,
    albums: Vec<Album>,
    shown: impl Fn(Album, Option<&Annotation>) -> T,
) -> Result<Vec<T>, Failure> {
    let items = albums.iter().map(|album| ItemId::Album(album.id));
    let annotations = Annotations::of(edge, context, items).await?;
    let shown = |album: Album| {
        let annotation = annotations.get(ItemId::Album(album.id));
        shown(album, annotation)
    };
    Ok(albums.into_iter().map(shown).collect())
}

/// Artists by their tags.
pub(super) async fn artists(
    edge: &Edge,
    context: &Context,
    artists: Vec<Artist>,
) -> Result<Vec<ArtistId3>, Failure> {
    as_artists(edge, context, artists, ArtistId3::new).await
}

/// Artists as folders.
pub(super) async fn entities(
    edge: &Edge,
    context: &Context,
    artists: Vec<Artist>,
) -> Result<Vec<Entity>, Failure> {
    as_artists(edge, context, artists, Entity::of).await
}

async fn as_artists<T>(
    edge: &Edge,
    context: &Context,
    artists: Vec<Artist>,
    shown: impl Fn(Artist, Option<&Annotation>) -> T,
) -> Result<Vec<T>, Failure> {
    let items = artists.iter().map(|artist| ItemId::Artist(artist.id));
    let annotations = Annotations::of(edge, context, items).await?;
    let shown = |artist: Artist| {
        let annotation = annotations.get(ItemId::Artist(artist.id));
        shown(artist, annotation)
    };
    Ok(artists.into_iter().map(shown).collect())
}

macro_rules! fetched {
    ($(#[$doc:meta])* $name:ident: $id:ty, $call:ident { $field:ident } => $item:ty) => {
        $(#[$doc])*
        pub(super) async fn $name(
            edge: &Edge,
            context: &Context,
            ids: &[$id],
        ) -> Result<Vec<$item>, Failure> {
            let mut found = Vec::with_capacity(ids.len());
            for ids in ids.chunks(MANY) {
                let call = $call { $field: ids.to_vec() };
                found.extend(edge.catalog.call(context, call).await?.into_iter().flatten());
            }
            Ok(found)
        }
    };
}

fetched!(
    /// These tracks in their order, missing ones too, without those that the caller may not see.
    fetch_tracks: TrackId, GetTracks { tracks } => Track
);
fetched!(
    /// [`fetch_tracks`] for albums.
    fetch_albums: AlbumId, GetAlbums { albums } => Album
);
fetched!(
    /// [`fetch_tracks`] for artists.
    fetch_artists: ArtistId, GetArtists { artists } => Artist
);

/// These tracks as songs, without those whose files are missing.
pub(super) async fn playable_songs(
    edge: &Edge,
    context: &Context,
    ids: &[TrackId],
) -> Result<Vec<Child>, Failure> {
    let mut tracks = fetch_tracks(edge, context, ids).await?;
    tracks.retain(|track| track.missing_since.is_none());
    songs(edge, context, tracks).await
}
