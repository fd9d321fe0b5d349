//! Playlists: lists of them, single ones, their names.

use std::sync::Arc;

use axum::{Json, extract::State};
use hexachord_contracts::{
    Page,
    catalog::Track,
    ids::{PlaylistId, TrackId},
    page::Paging,
    profile::{
        CreatePlaylist, GetPlaylist, ListEntries, ListPlaylists, Playlist, PlaylistEntry,
        RemovePlaylist, UpdatePlaylist,
    },
};
use http::{HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::filled;
use crate::http::{
    credential::Who,
    edge::Edge,
    extract::{Id, Json as JsonBody, LONG_LIST_BYTES, ListParameters, Parameters},
    problem::{Problem, ProblemBody},
};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(get, update, remove))
}

/// One's own playlists and the public ones of others; sorted by name or changed.
#[utoipa::path(get, path = "/playlists", tag = "playlists", params(ListParameters), responses(
    (status = 200, body = Page<Playlist>), (status = 400, body = ProblemBody)))]
async fn list(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Parameters(mut list): Parameters<ListParameters>,
) -> Result<Json<Page<Playlist>>, Problem> {
    let call = ListPlaylists { sort: list.sort()?, paging: list.paging() };
    Ok(Json(edge.profile.call(&who.context, call).await?))
}

#[derive(Deserialize, ToSchema)]
struct NewPlaylist {
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    #[serde(default)]
    #[schema(max_length = 2000)]
    description: String,
    /// Everybody on this server may see it.
    #[serde(default)]
    public: bool,
    /// At most 25,000; more can be added afterwards.
    #[serde(default)]
    #[schema(max_items = 25_000)]
    track_ids: Vec<TrackId>,
}

/// A new playlist.
#[utoipa::path(post, path = "/playlists", tag = "playlists", request_body = NewPlaylist, responses(
    (status = 201, body = Playlist), (status = 400, body = ProblemBody)))]
async fn create(
    State(edge): State<Arc<Edge>>,
    who: Who,
    JsonBody(body): JsonBody<NewPlaylist, LONG_LIST_BYTES>,
) -> Result<(StatusCode, [(header::HeaderName, HeaderValue); 1], Json<Playlist>), Problem> {
    let NewPlaylist { name, description, public, track_ids } = body;
    let call = CreatePlaylist { name, description, public, tracks: track_ids };
    let playlist = edge.profile.call(&who.context, call).await?;
    let place = HeaderValue::try_from(format!("/api/v1/playlists/{}", playlist.id))
        .unwrap_or(HeaderValue::from_static("/api/v1/playlists"));
    Ok((StatusCode::CREATED, [(header::LOCATION, place)], Json(playlist)))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct EntryParameters {
    /// Tracks a page, 1 to 500; 50 when left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// `next_cursor` of the page of tracks before.
    cursor: Option<String>,
}

/// A playlist with a page of its tracks.
#[derive(Serialize, ToSchema)]
struct PlaylistDetail {
    #[serde(flatten)]
    playlist: Playlist,
    tracks: Page<Entry>,
}

/// A track at its place, counted from 0; `null` when it is gone meanwhile.
#[derive(Serialize, ToSchema)]
struct Entry {
    position: u32,
    track_id: TrackId,
    track: Option<Track>,
}

/// One playlist, and its tracks in pages. A cursor is refused (409) when tracks changed their positions
/// since: read from the start.
#[utoipa::path(get, path = "/playlists/{id}", tag = "playlists", params(("id" = PlaylistId, Path), EntryParameters), responses(
    (status = 200, body = PlaylistDetail), (status = 400, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody)))]
async fn get(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Id(playlist): Id<PlaylistId>,
    Parameters(parameters): Parameters<EntryParameters>,
) -> Result<Json<PlaylistDetail>, Problem> {
    let EntryParameters { limit, cursor } = parameters;
    let cursor = cursor.filter(|cursor| !cursor.is_empty());
    let paging = Paging { limit: limit.unwrap_or(Paging::USUAL), cursor };
    let entries = ListEntries { playlist, paging };
    let (playlist, page) = tokio::try_join!(
        edge.profile.call(&who.context, GetPlaylist { playlist }),
        edge.profile.call(&who.context, entries),
    )?;
    let ids = page.items.iter().map(|entry| entry.track).collect();
    let tracks = filled::tracks(&edge, &who.context, ids).await?;
    let entry =
        |(PlaylistEntry { position, track: track_id }, track)| Entry { position, track_id, track };
    let items = page.items.into_iter().zip(tracks).map(entry).collect();
    let tracks = Page { items, next_cursor: page.next_cursor };
    Ok(Json(PlaylistDetail { playlist, tracks }))
}

/// What is left out stays.
#[derive(Deserialize, ToSchema)]
struct PlaylistChange {
    name: Option<String>,
    description: Option<String>,
    public: Option<bool>,
}

/// Another name, description or audience.
#[utoipa::path(patch, path = "/playlists/{id}", tag = "playlists", params(("id" = PlaylistId, Path)), request_body = PlaylistChange, responses(
    (status = 200, body = Playlist), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn update(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Id(playlist): Id<PlaylistId>,
    JsonBody(body): JsonBody<PlaylistChange>,
) -> Result<Json<Playlist>, Problem> {
    let PlaylistChange { name, description, public } = body;
    let call = UpdatePlaylist { playlist, name, description, public };
    Ok(Json(edge.profile.call(&who.context, call).await?))
}

/// Removes the playlist; its tracks stay in the library.
#[utoipa::path(delete, path = "/playlists/{id}", tag = "playlists", params(("id" = PlaylistId, Path)), responses(
    (status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn remove(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Id(playlist): Id<PlaylistId>,
) -> Result<StatusCode, Problem> {
    edge.profile.call(&who.context, RemovePlaylist { playlist }).await?;
    Ok(StatusCode::NO_CONTENT)
}
