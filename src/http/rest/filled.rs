//! Lists that other services order, filled in by the catalog.

use hexachord_contracts::{
    Context, ItemId,
    catalog::{Album, Artist, GetAlbums, GetArtists, GetTracks, Track},
    ids::{AlbumId, ArtistId, TrackId},
};

use crate::http::{edge::Edge, problem::Problem};

/// What the caller may see of these tracks, in their order; `None` for what it may not (any more).
pub(in crate::http) async fn tracks(
    edge: &Edge,
    context: &Context,
    tracks: Vec<TrackId>,
) -> Result<Vec<Option<Track>>, Problem> {
    if tracks.is_empty() {
        return Ok(Vec::new());
    }
    Ok(edge.catalog.call(context, GetTracks { tracks }).await?)
}

/// [`tracks`] for albums.
pub(in crate::http) async fn albums(
    edge: &Edge,
    context: &Context,
    albums: Vec<AlbumId>,
) -> Result<Vec<Option<Album>>, Problem> {
    if albums.is_empty() {
        return Ok(Vec::new());
    }
    Ok(edge.catalog.call(context, GetAlbums { albums }).await?)
}

/// [`tracks`] for artists.
pub(in crate::http) async fn artists(
    edge: &Edge,
    context: &Context,
    artists: Vec<ArtistId>,
) -> Result<Vec<Option<Artist>>, Problem> {
    if artists.is_empty() {
        return Ok(Vec::new());
    }
    Ok(edge.catalog.call(context, GetArtists { artists }).await?)
}

/// A track, an album or an artist, filled in.
pub(in crate::http) enum Item {
    Track(Box<Track>),
    Album(Box<Album>),
    Artist(Artist),
}

/// What the caller may see of items of all kinds, in their order.
pub(in crate::http) async fn items(
    edge: &Edge,
    context: &Context,
    items: &[ItemId],
) -> Result<Vec<Option<Item>>, Problem> {
    let (mut of_tracks, mut of_albums, mut of_artists) = (Vec::new(), Vec::new(), Vec::new());
    for item in items {
        match item {
            ItemId::Track(id) => of_tracks.push(*id),
            ItemId::Album(id) => of_albums.push(*id),
            ItemId::Artist(id) => of_artists.push(*id),
        }
    }
    let (of_tracks, of_albums, of_artists) = tokio::try_join!(
        tracks(edge, context, of_tracks),
        albums(edge, context, of_albums),
        artists(edge, context, of_artists),
    )?;
    let (mut of_tracks, mut of_albums, mut of_artists) =
        (of_tracks.into_iter(), of_albums.into_iter(), of_artists.into_iter());
    let next = |item: &ItemId| match item {
        ItemId::Track(_) => of_tracks.next().flatten().map(|track| Item::Track(Box::new(track))),
        ItemId::Album(_) => of_albums.next().flatten().map(|album| Item::Album(Box::new(album))),
        ItemId::Artist(_) => of_artists.next().flatten().map(Item::Artist),
    };
    Ok(items.iter().map(next).collect())
}
