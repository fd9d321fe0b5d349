//! Favourites and ratings.

use std::sync::Arc;

use axum::{Json, extract::State};
use hexachord_contracts::{
    ItemId, ItemKind, Page, Timestamp,
    catalog::{Album, Artist, Track},
    ids::NotAnId,
    page::Paging,
    profile::{Annotation, GetAnnotations, ListFavourites, SetFavourite, SetRating},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::filled::{self, Item};
use crate::http::{
    credential::Who,
    edge::Edge,
    extract::{Id, Json as JsonBody, Parameters},
    problem::{Problem, ProblemBody},
};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(love, unlove))
        .routes(routes!(rate))
        .routes(routes!(annotations))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct FavouriteParameters {
    /// Rows a page, 1 to 500; 50 when left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Only `track`, `album` or `artist`.
    kind: Option<ItemKind>,
}

/// A favourite; one of `track`, `album` and `artist` is there, unless it is gone meanwhile.
#[derive(Serialize, ToSchema)]
struct FavouriteItem {
    id: ItemId,
    kind: ItemKind,
    since: Timestamp,
    track: Option<Track>,
    album: Option<Album>,
    artist: Option<Artist>,
}

/// One's favourites, the latest first.
#[utoipa::path(get, path = "/me/favourites", tag = "listening", params(FavouriteParameters), responses(
    (status = 200, body = Page<FavouriteItem>), (status = 400, body = ProblemBody)))]
async fn list(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Parameters(parameters): Parameters<FavouriteParameters>,
) -> Result<Json<Page<FavouriteItem>>, Problem> {
    let FavouriteParameters { limit, cursor, kind } = parameters;
    let cursor = cursor.filter(|cursor| !cursor.is_empty());
    let paging = Paging { limit: limit.unwrap_or(Paging::USUAL), cursor };
    let page = edge.profile.call(&who.context, ListFavourites { kind, paging }).await?;
    let ids: Vec<_> = page.items.iter().map(|favourite| favourite.item).collect();
    let filled = filled::items(&edge, &who.context, &ids).await?;
    let items = page.items.into_iter().zip(filled).map(|(favourite, item)| {
        let (id, since) = (favourite.item, favourite.since);
        let kind = id.kind();
        let mut row = FavouriteItem { id, kind, since, track: None, album: None, artist: None };
        match item {
            Some(Item::Track(track)) => row.track = Some(*track),
            Some(Item::Album(album)) => row.album = Some(*album),
            Some(Item::Artist(artist)) => row.artist = Some(artist),
            None => {}
        }
        row
    });
    Ok(Json(Page { items: items.collect(), next_cursor: page.next_cursor }))
}

/// Loves a track, an album or an artist.
#[utoipa::path(put, path = "/me/favourites/{id}", tag = "listening", params(("id" = ItemId, Path)), responses(
    (status = 200, body = Annotation), (status = 400, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn love(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Id(item): Id<ItemId>,
) -> Result<Json<Annotation>, Problem> {
    let call = SetFavourite { item, favourite: true };
    Ok(Json(edge.profile.call(&who.context, call).await?))
}

/// Loves it no more.
#[utoipa::path(delete, path = "/me/favourites/{id}", tag = "listening", params(("id" = ItemId, Path)), responses(
    (status = 200, body = Annotation), (status = 400, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn unlove(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Id(item): Id<ItemId>,
) -> Result<Json<Annotation>, Problem> {
    let call = SetFavourite { item, favourite: false };
    Ok(Json(edge.profile.call(&who.context, call).await?))
}

#[derive(Deserialize, ToSchema)]
struct RatingBody {
    /// 1 to 5; 0 takes the rating away.
    #[schema(minimum = 0, maximum = 5)]
    rating: u8,
}

/// Rates a track, an album or an artist.
#[utoipa::path(put, path = "/me/ratings/{id}", tag = "listening", params(("id" = ItemId, Path)), request_body = RatingBody, responses(
    (status = 200, body = Annotation), (status = 400, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn rate(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Id(item): Id<ItemId>,
    JsonBody(body): JsonBody<RatingBody>,
) -> Result<Json<Annotation>, Problem> {
    let call = SetRating { item, rating: body.rating };
    Ok(Json(edge.profile.call(&who.context, call).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AnnotationParameters {
    /// Ids of tracks, albums and artists with commas between them: at most 500.
    ids: String,
}

#[derive(Serialize, ToSchema)]
struct Annotations {
    items: Vec<Annotation>,
    next_cursor: Option<String>,
}

/// How often one played these items, whether one loves them, and one's ratings, in their order.
#[utoipa::path(get, path = "/me/annotations", tag = "listening", params(AnnotationParameters), responses(
    (status = 200, body = Annotations), (status = 400, body = ProblemBody)))]
async fn annotations(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Parameters(parameters): Parameters<AnnotationParameters>,
) -> Result<Json<Annotations>, Problem> {
    let ids = parameters.ids.split(',').filter(|id| !id.is_empty());
    let items: Result<Vec<ItemId>, NotAnId> = ids.map(str::parse).collect();
    let items = items.map_err(|error| Problem::bad_request("ids", error.to_string()))?;
    let items = edge.profile.call(&who.context, GetAnnotations { items }).await?;
    Ok(Json(Annotations { items, next_cursor: None }))
}
