//! The tracks of a playlist: add, move, remove.

use std::sync::Arc;

use axum::{Json, extract::State};
use hexachord_contracts::{
    ids::{PlaylistId, TrackId},
    profile::{AddToPlaylist, MoveInPlaylist, Playlist, RemoveFromPlaylist},
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{
    credential::Who,
    edge::Edge,
    extract::{Id, Json as JsonBody, LONG_LIST_BYTES},
    problem::{Problem, ProblemBody},
};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(add, shift, remove))
}

#[derive(Deserialize, ToSchema)]
struct Additions {
    /// At most 25,000.
    #[schema(max_items = 25_000)]
    track_ids: Vec<TrackId>,
    /// Before the track of this position, counted from 0; at the end when left out.
    position: Option<u32>,
    /// Refuses (409) when the playlist is not of this revision any more.
    revision: Option<u64>,
}

/// Adds tracks.
#[utoipa::path(post, path = "/playlists/{id}/tracks", tag = "playlists", params(("id" = PlaylistId, Path)), request_body = Additions, responses(
    (status = 200, body = Playlist), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn add(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Id(playlist): Id<PlaylistId>,
    JsonBody(body): JsonBody<Additions, LONG_LIST_BYTES>,
) -> Result<Json<Playlist>, Problem> {
    let Additions { track_ids: tracks, position: at, revision } = body;
    let call = AddToPlaylist { playlist, tracks, at, revision };
    Ok(Json(edge.profile.call(&who.context, call).await?))
}

#[derive(Deserialize, ToSchema)]
struct Shift {
    /// The first track that moves, counted from 0.
    from: u32,
    /// How many move; one when left out.
    count: Option<u32>,
    /// Where the first of them stands afterwards.
    to: u32,
    /// Refuses (409) when the playlist is not of this revision any more.
    revision: Option<u64>,
}

/// Moves tracks to another place.
#[utoipa::path(patch, path = "/playlists/{id}/tracks", tag = "playlists", params(("id" = PlaylistId, Path)), request_body = Shift, responses(
    (status = 200, body = Playlist), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn shift(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Id(playlist): Id<PlaylistId>,
    JsonBody(body): JsonBody<Shift>,
) -> Result<Json<Playlist>, Problem> {
    let Shift { from, count, to, revision } = body;
    let call = MoveInPlaylist { playlist, from, count: count.unwrap_or(1), to, revision };
    Ok(Json(edge.profile.call(&who.context, call).await?))
}

#[derive(Deserialize, ToSchema)]
struct Removals {
    /// Counted from 0, all of them before anything is removed.
    #[schema(min_items = 1)]
    positions: Vec<u32>,
    /// Refuses (409) when the playlist is not of this revision any more.
    revision: Option<u64>,
}

/// Removes tracks by their positions.
#[utoipa::path(delete, path = "/playlists/{id}/tracks", tag = "playlists", params(("id" = PlaylistId, Path)), request_body = Removals, responses(
    (status = 200, body = Playlist), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn remove(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Id(playlist): Id<PlaylistId>,
    JsonBody(body): JsonBody<Removals, LONG_LIST_BYTES>,
) -> Result<Json<Playlist>, Problem> {
    let Removals { positions, revision } = body;
    let call = RemoveFromPlaylist { playlist, positions, revision };
    Ok(Json(edge.profile.call(&who.context, call).await?))
}
