//! What is known of artists and albums: no more than what is on the disk, and who is like whom.

use hexachord_contracts::{
    ItemId,
    catalog::{Album, Artist, GetAlbum, GetTrack},
    recommendation::FindSimilarArtists,
};
use serde::Serialize;

use super::{
    super::{
        call::{Call, Outcome},
        failure::Failure,
        filling,
        model::{ArtistId3, Entity},
    },
    similar::{known, require},
};

/// Artists that are like another one, where nobody says how many.
const USUAL: u32 = 20;

/// Named so for XML, in which its scalars are elements.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtistInfo<A> {
    similar_artist: Vec<A>,
}

/// As [`ArtistInfo`].
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AlbumInfo {
    #[serde(skip_serializing_if = "Option::is_none")]
    music_brainz_id: Option<String>,
}

pub(super) async fn by_tags(call: &Call) -> Outcome {
    let artists = similar_artists(call).await?;
    let similar_artist: Vec<ArtistId3> =
        filling::artists(&call.edge, call.context(), artists).await?;
    call.answer("artistInfo2", &ArtistInfo { similar_artist })
}

pub(super) async fn as_folder(call: &Call) -> Outcome {
    let artists = similar_artists(call).await?;
    let similar_artist: Vec<Entity> =
        filling::entities(&call.edge, call.context(), artists).await?;
    call.answer("artistInfo", &ArtistInfo { similar_artist })
}

/// Of the artist, or of the first one of the album or of the song, that is asked for.
async fn similar_artists(call: &Call) -> Result<Vec<Artist>, Failure> {
    let limit = call.parameters.count("count", USUAL, 100)?;
    call.parameters.flag("includeNotPresent")?;
    let artist = match call.parameters.id("id")? {
        ItemId::Artist(artist) => artist,
        ItemId::Album(album) => album_of(call, album)
            .await?
            .artists
            .first()
            .map(|one| one.id)
            .ok_or_else(|| Failure::not_found("artist"))?,
        ItemId::Track(track) => {
            let track = call.edge.catalog.call(call.context(), GetTrack { track }).await?;
            let first = track.artists.first().map(|one| one.id);
            first.ok_or_else(|| Failure::not_found("artist"))?
        }
    };
    require(call, ItemId::Artist(artist)).await?;
    let mut similar = Vec::new();
    if limit > 0 {
        let find = FindSimilarArtists { artist, limit };
        similar = known(call.edge.recommendation.call(call.context(), find).await)?;
    }
    filling::fetch_artists(&call.edge, call.context(), &similar).await
}

pub(super) async fn album(call: &Call) -> Outcome {
    let album = match call.parameters.id("id")? {
        ItemId::Album(album) => album,
        ItemId::Track(track) => {
            call.edge.catalog.call(call.context(), GetTrack { track }).await?.album.id
        }
        ItemId::Artist(_) => return Err(Failure::not_found("album")),
    };
    let album = album_of(call, album).await?;
    call.answer("albumInfo", &AlbumInfo { music_brainz_id: album.musicbrainz_release })
}

async fn album_of(call: &Call, album: hexachord_contracts::ids::AlbumId) -> Result<Album, Failure> {
    Ok(call.edge.catalog.call(call.context(), GetAlbum { album }).await?.album)
}
