//! The queue that one plays, from one device to the next.

use std::sync::Arc;

use axum::{Json, extract::State};
use hexachord_contracts::{
    Page, Timestamp,
    catalog::Track,
    ids::TrackId,
    page::Paging,
    profile::{GetPlayQueue, PlayQueue, SavePlayQueue},
};
use http::{HeaderMap, StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::filled;
use crate::http::{
    credential::Who,
    edge::Edge,
    extract::{Json as JsonBody, LONG_LIST_BYTES, Parameters},
    problem::{Problem, ProblemBody},
};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(get, put, clear)).routes(routes!(tracks))
}

/// What one plays, as it can be seen now; without a queue everything is empty.
#[derive(Serialize, ToSchema)]
struct Queue {
    track_ids: Vec<TrackId>,
    /// Which of them is played, counted from 0.
    current: Option<u32>,
    /// Where that one is.
    position_ms: u64,
    changed_at: Option<Timestamp>,
    /// The client that saved it.
    changed_by: Option<String>,
}

impl From<Option<PlayQueue>> for Queue {
    fn from(queue: Option<PlayQueue>) -> Self {
        let Some(queue) = queue else {
            let (track_ids, current) = (Vec::new(), None);
            return Self { track_ids, current, position_ms: 0, changed_at: None, changed_by: None };
        };
        let PlayQueue { tracks: track_ids, current, position_ms, changed_at, changed_by } = queue;
        let (current, changed_at) = (Some(current), Some(changed_at));
        Self { track_ids, current, position_ms, changed_at, changed_by: Some(changed_by) }
    }
}

/// The queue that one saved last. What is gone is left out, and `current` still tells the same track.
#[utoipa::path(get, path = "/me/queue", tag = "listening", responses((status = 200, body = Queue)))]
async fn get(State(edge): State<Arc<Edge>>, who: Who) -> Result<Json<Queue>, Problem> {
    let queue = edge.profile.call(&who.context, GetPlayQueue {}).await?;
    Ok(Json(queue.into()))
}

#[derive(Deserialize, ToSchema)]
struct QueueBody {
    /// At most 10,000; doubled ones are welcome.
    #[schema(max_items = 10_000)]
    track_ids: Vec<TrackId>,
    /// Which of them is played, counted from 0; only left out without tracks.
    current: Option<u32>,
    /// Where that one is: at most 30 days.
    #[serde(default)]
    #[schema(maximum = 2_592_000_000_u64)]
    position_ms: u64,
}

/// Saves the queue, in place of the one that is there.
#[utoipa::path(put, path = "/me/queue", tag = "listening", request_body = QueueBody, responses(
    (status = 200, body = Queue), (status = 400, body = ProblemBody)))]
async fn put(
    State(edge): State<Arc<Edge>>,
    who: Who,
    headers: HeaderMap,
    JsonBody(body): JsonBody<QueueBody, LONG_LIST_BYTES>,
) -> Result<Json<Queue>, Problem> {
    let client = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    let client = client.unwrap_or_default().to_owned();
    let QueueBody { track_ids: tracks, current, position_ms } = body;
    let call = SavePlayQueue { tracks, current, position_ms, client };
    Ok(Json(edge.profile.call(&who.context, call).await?.into()))
}

/// Forgets the queue.
#[utoipa::path(delete, path = "/me/queue", tag = "listening", responses((status = 204)))]
async fn clear(State(edge): State<Arc<Edge>>, who: Who) -> Result<StatusCode, Problem> {
    let call =
        SavePlayQueue { tracks: Vec::new(), current: None, position_ms: 0, client: String::new() };
    edge.profile.call(&who.context, call).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TrackParameters {
    /// Tracks a page, 1 to 500; 50 when left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// A track at its place, counted from 0; `null` when it is gone meanwhile.
#[derive(Serialize, ToSchema)]
struct QueuedTrack {
    position: u32,
    track_id: TrackId,
    track: Option<Track>,
}

/// The tracks of the queue in pages. A cursor is refused (409) when the queue was saved since: read from
/// the start.
#[utoipa::path(get, path = "/me/queue/tracks", tag = "listening", params(TrackParameters), responses(
    (status = 200, body = Page<QueuedTrack>), (status = 400, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn tracks(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Parameters(parameters): Parameters<TrackParameters>,
) -> Result<Json<Page<QueuedTrack>>, Problem> {
    let limit = parameters.limit.unwrap_or(Paging::USUAL);
    if !(1..=Paging::MOST).contains(&limit) {
        let detail = format!("limit: must be 1 to {}", Paging::MOST);
        return Err(Problem::bad_request("limit", detail));
    }
    let cursor = parameters.cursor.filter(|cursor| !cursor.is_empty());
    let from = cursor.as_deref().map(read_cursor).transpose()?;
    let queue = edge.profile.call(&who.context, GetPlayQueue {}).await?;
    let (saved_at, ids) = queue.map(|queue| (queue.changed_at, queue.tracks)).unwrap_or_default();
    let start = match from {
        Some((of, _)) if of != saved_at.as_millis() => {
            let detail = "the queue was saved meanwhile: read it again from the start";
            return Err(Problem::new(StatusCode::CONFLICT, "changed", detail));
        }
        from => from.map_or(0, |(_, start)| start),
    };
    let page: Vec<_> = (0..).zip(ids).skip(start as usize).collect();
    let end = start.saturating_add(limit);
    let is_last = page.len() <= limit as usize;
    let next_cursor = (!is_last).then(|| format!("{}.{end}", saved_at.as_millis()));
    let page: Vec<(u32, TrackId)> = page.into_iter().take(limit as usize).collect();
    let ids = page.iter().map(|(_, id)| *id).collect();
    let tracks = filled::tracks(&edge, &who.context, ids).await?;
    let queued = |((position, track_id), track)| QueuedTrack { position, track_id, track };
    let items = page.into_iter().zip(tracks).map(queued).collect();
    Ok(Json(Page { items, next_cursor }))
}

/// When the queue was saved, and a position in it.
fn read_cursor(text: &str) -> Result<(i64, u32), Problem> {
    let parts = text.split_once('.');
    let parts = parts.and_then(|(at, place)| Some((at.parse().ok()?, place.parse().ok()?)));
    parts.ok_or_else(|| {
        Problem::bad_request("cursor", "cursor: use the next_cursor of a page of this list")
    })
}
