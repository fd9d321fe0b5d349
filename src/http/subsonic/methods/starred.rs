//! What the caller loves, the latest first.

use hexachord_contracts::{Context, ItemId, profile::ListFavourites};
use serde::Serialize;

use super::super::{
    call::{Call, Outcome},
    failure::Failure,
    filling,
    model::Child,
    rows,
};

/// Of one answer.
const MOST: u32 = 50_000;

#[derive(Serialize)]
struct Starred<R, A> {
    artist: Vec<R>,
    album: Vec<A>,
    song: Vec<Child>,
}

#[derive(Default)]
struct Loved {
    artists: Vec<hexachord_contracts::ids::ArtistId>,
    albums: Vec<hexachord_contracts::ids::AlbumId>,
    tracks: Vec<hexachord_contracts::ids::TrackId>,
}

async fn loved(call: &Call, context: &Context) -> Result<Loved, Failure> {
    let favourites = rows::all(MOST, |paging| async move {
        Ok(call.edge.profile.call(context, ListFavourites { kind: None, paging }).await?)
    });
    let mut loved = Loved::default();
    for favourite in favourites.await? {
        match favourite.item {
            ItemId::Artist(id) => loved.artists.push(id),
            ItemId::Album(id) => loved.albums.push(id),
            ItemId::Track(id) => loved.tracks.push(id),
        }
    }
    Ok(loved)
}

pub(super) async fn by_tags(call: &Call) -> Outcome {
    let (edge, context) = (&call.edge, &call.narrowed().await?);
    let Loved { artists, albums, tracks } = loved(call, context).await?;
    let artists = filling::fetch_artists(edge, context, &artists).await?;
    let albums = filling::fetch_albums(edge, context, &albums).await?;
    let starred = Starred {
        artist: filling::artists(edge, context, artists).await?,
        album: filling::albums(edge, context, albums).await?,
        song: filling::playable_songs(edge, context, &tracks).await?,
    };
    call.answer("starred2", &starred)
}

pub(super) async fn as_folders(call: &Call) -> Outcome {
    let (edge, context) = (&call.edge, &call.narrowed().await?);
    let Loved { artists, albums, tracks } = loved(call, context).await?;
    let artists = filling::fetch_artists(edge, context, &artists).await?;
    let albums = filling::fetch_albums(edge, context, &albums).await?;
    let starred = Starred {
        artist: filling::entities(edge, context, artists).await?,
        album: filling::album_children(edge, context, albums).await?,
        song: filling::playable_songs(edge, context, &tracks).await?,
    };
    call.answer("starred", &starred)
}
