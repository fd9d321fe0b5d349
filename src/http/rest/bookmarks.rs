//! Bookmarks: where one goes on in a track.

use std::sync::Arc;

use axum::{Json, extract::State};
use hexachord_contracts::{
    Page, Timestamp,
    catalog::Track,
    ids::TrackId,
    profile::{Bookmark, ListBookmarks, RemoveBookmark, SetBookmark},
};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::filled;
use crate::http::{
    credential::Who,
    edge::Edge,
    extract::{Id, Json as JsonBody, ListParameters, Parameters},
    problem::{Problem, ProblemBody},
};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(put, remove))
}

/// A bookmark with its track; `null` when that is gone meanwhile.
#[derive(Serialize, ToSchema)]
struct BookmarkedTrack {
    track_id: TrackId,
    position_ms: u64,
    comment: String,
    created_at: Timestamp,
    changed_at: Timestamp,
    track: Option<Track>,
}

/// One's bookmarks, the latest change first.
#[utoipa::path(get, path = "/me/bookmarks", tag = "listening", params(ListParameters), responses(
    (status = 200, body = Page<BookmarkedTrack>), (status = 400, body = ProblemBody)))]
async fn list(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Parameters(mut list): Parameters<ListParameters>,
) -> Result<Json<Page<BookmarkedTrack>>, Problem> {
    let page = edge.profile.call(&who.context, ListBookmarks { paging: list.paging() }).await?;
    let ids = page.items.iter().map(|bookmark| bookmark.track).collect();
    let tracks = filled::tracks(&edge, &who.context, ids).await?;
    let items = page.items.into_iter().zip(tracks).map(|(bookmark, track)| {
        let Bookmark { track: track_id, position_ms, comment, created_at, changed_at } = bookmark;
        BookmarkedTrack { track_id, position_ms, comment, created_at, changed_at, track }
    });
    Ok(Json(Page { items: items.collect(), next_cursor: page.next_cursor }))
}

#[derive(Deserialize, ToSchema)]
struct BookmarkBody {
    /// At most 30 days.
    #[schema(maximum = 2_592_000_000_u64)]
    position_ms: u64,
    #[serde(default)]
    #[schema(max_length = 2000)]
    comment: String,
}

/// Marks where to go on in a track, in place of the bookmark that is there.
#[utoipa::path(put, path = "/me/bookmarks/{id}", tag = "listening", params(("id" = TrackId, Path)), request_body = BookmarkBody, responses(
    (status = 200, body = Bookmark), (status = 400, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn put(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Id(track): Id<TrackId>,
    JsonBody(body): JsonBody<BookmarkBody>,
) -> Result<Json<Bookmark>, Problem> {
    let BookmarkBody { position_ms, comment } = body;
    let call = SetBookmark { track, position_ms, comment };
    Ok(Json(edge.profile.call(&who.context, call).await?))
}

/// Removes the bookmark of a track.
#[utoipa::path(delete, path = "/me/bookmarks/{id}", tag = "listening", params(("id" = TrackId, Path)), responses(
    (status = 204), (status = 400, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn remove(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Id(track): Id<TrackId>,
) -> Result<StatusCode, Problem> {
    edge.profile.call(&who.context, RemoveBookmark { track }).await?;
    Ok(StatusCode::NO_CONTENT)
}
