//! What is like a track, an album or an artist, and what of an artist is played most here.

use std::sync::Arc;

use axum::{Json, extract::State};
use hexachord_contracts::{
    Context, ItemId,
    catalog::{Album, Artist, Track},
    ids::{AlbumId, ArtistId, TrackId},
    profile::ListTopOfArtist,
    recommendation::{FindSimilar, FindSimilarAlbums, FindSimilarArtists, Recommend},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    filled,
    recommendations::{LimitParameters, Recommendations, filled_in},
};
use crate::http::{
    credential::Who,
    edge::Edge,
    extract::{Id, Parameters},
    problem::{Problem, ProblemBody},
};

/// Albums or artists, where nobody says how many.
const USUAL: u32 = 20;

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new()
        .routes(routes!(like_track))
        .routes(routes!(like_album))
        .routes(routes!(like_artist))
        .routes(routes!(albums))
        .routes(routes!(artists))
        .routes(routes!(top))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct FewParameters {
    /// 1 to 500; 20 when left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

impl FewParameters {
    fn limit(&self) -> u32 {
        self.limit.unwrap_or(USUAL)
    }
}

#[derive(Serialize, ToSchema)]
struct SimilarAlbums {
    items: Vec<Album>,
    next_cursor: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct SimilarArtists {
    items: Vec<Artist>,
    next_cursor: Option<String>,
}

/// Tracks, the most played first.
#[derive(Serialize, ToSchema)]
struct TopOfArtist {
    items: Vec<HouseTrack>,
    next_cursor: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct HouseTrack {
    track: Track,
    /// Plays that counted, of everybody on this server.
    plays: u32,
}

/// Tracks like this one.
#[utoipa::path(get, path = "/tracks/{id}/similar", tag = "listening", params(("id" = TrackId, Path), LimitParameters), responses(
    (status = 200, body = Recommendations), (status = 400, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn like_track(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Id(track): Id<TrackId>,
    Parameters(parameters): Parameters<LimitParameters>,
) -> Result<Json<Recommendations>, Problem> {
    like(&edge, &who.context, ItemId::Track(track), &parameters).await
}

/// Tracks like those of this album, without these.
#[utoipa::path(get, path = "/albums/{id}/similar", tag = "listening", params(("id" = AlbumId, Path), LimitParameters), responses(
    (status = 200, body = Recommendations), (status = 400, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn like_album(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Id(album): Id<AlbumId>,
    Parameters(parameters): Parameters<LimitParameters>,
) -> Result<Json<Recommendations>, Problem> {
    like(&edge, &who.context, ItemId::Album(album), &parameters).await
}

/// Tracks like those of this artist, with some of these. What is played most of it speaks loudest.
#[utoipa::path(get, path = "/artists/{id}/similar", tag = "listening", params(("id" = ArtistId, Path), LimitParameters), responses(
    (status = 200, body = Recommendations), (status = 400, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn like_artist(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Id(artist): Id<ArtistId>,
    Parameters(parameters): Parameters<LimitParameters>,
) -> Result<Json<Recommendations>, Problem> {
    like(&edge, &who.context, ItemId::Artist(artist), &parameters).await
}

async fn like(
    edge: &Edge,
    context: &Context,
    item: ItemId,
    parameters: &LimitParameters,
) -> Result<Json<Recommendations>, Problem> {
    let call = FindSimilar { item, limit: parameters.limit.unwrap_or(Recommend::USUAL) };
    let similar = edge.recommendation.call(context, call).await?;
    filled_in(edge, context, similar).await
}

/// Albums like this one, most alike first; not those of the artist who made most of it.
#[utoipa::path(get, path = "/albums/{id}/similar-albums", tag = "listening", params(("id" = AlbumId, Path), FewParameters), responses(
    (status = 200, body = SimilarAlbums), (status = 400, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn albums(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Id(album): Id<AlbumId>,
    Parameters(parameters): Parameters<FewParameters>,
) -> Result<Json<SimilarAlbums>, Problem> {
    let call = FindSimilarAlbums { album, limit: parameters.limit() };
    let similar = edge.recommendation.call(&who.context, call).await?;
    let items = filled::albums(&edge, &who.context, similar).await?.into_iter().flatten();
    Ok(Json(SimilarAlbums { items: items.collect(), next_cursor: None }))
}

/// Artists like this one, most alike first.
#[utoipa::path(get, path = "/artists/{id}/similar-artists", tag = "listening", params(("id" = ArtistId, Path), FewParameters), responses(
    (status = 200, body = SimilarArtists), (status = 400, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn artists(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Id(artist): Id<ArtistId>,
    Parameters(parameters): Parameters<FewParameters>,
) -> Result<Json<SimilarArtists>, Problem> {
    let call = FindSimilarArtists { artist, limit: parameters.limit() };
    let similar = edge.recommendation.call(&who.context, call).await?;
    let items = filled::artists(&edge, &who.context, similar).await?.into_iter().flatten();
    Ok(Json(SimilarArtists { items: items.collect(), next_cursor: None }))
}

/// The tracks of this artist, by how often everybody on this server has played them.
#[utoipa::path(get, path = "/artists/{id}/top", tag = "listening", params(("id" = ArtistId, Path), FewParameters), responses(
    (status = 200, body = TopOfArtist), (status = 400, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn top(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Id(artist): Id<ArtistId>,
    Parameters(parameters): Parameters<FewParameters>,
) -> Result<Json<TopOfArtist>, Problem> {
    let call = ListTopOfArtist { artist, limit: parameters.limit() };
    let top = edge.profile.call(&who.context, call).await?;
    let ids = top.iter().map(|one| one.track).collect();
    let tracks = filled::tracks(&edge, &who.context, ids).await?;
    let filled = top.into_iter().zip(tracks);
    let items =
        filled.filter_map(|(one, track)| Some(HouseTrack { track: track?, plays: one.plays }));
    Ok(Json(TopOfArtist { items: items.collect(), next_cursor: None }))
}
