//! Tracks whose files are not there, for administrators.

use std::sync::Arc;

use axum::{Json, extract::State};
use hexachord_contracts::{
    Page,
    catalog::{ForgetTracks, Forgotten, ListMissing, MissingTrack},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{
    credential::Administrator,
    edge::Edge,
    extract::{Json as JsonBody, ListParameters, Parameters},
    problem::{Problem, ProblemBody},
};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(forget))
}

/// Missing tracks, the longest first, and where their files were last.
#[utoipa::path(get, path = "/missing", tag = "administration", params(ListParameters), responses(
    (status = 200, body = Page<MissingTrack>), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
async fn list(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    Parameters(mut parameters): Parameters<ListParameters>,
) -> Result<Json<Page<MissingTrack>>, Problem> {
    let call = ListMissing { paging: parameters.paging() };
    Ok(Json(edge.catalog.call(&context, call).await?))
}

#[derive(Serialize, ToSchema)]
struct Count {
    forgotten: u64,
}

/// Forgets missing tracks: these (at most 500, all or none), or all that are missing since a moment or
/// longer. One that is not missing is refused. What listeners did with a track is kept, should a file
/// with its audio appear again.
#[utoipa::path(post, path = "/missing/forget", tag = "administration", request_body = Forgotten, responses(
    (status = 200, body = Count), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn forget(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    JsonBody(which): JsonBody<Forgotten>,
) -> Result<Json<Count>, Problem> {
    let forgotten = edge.catalog.call(&context, ForgetTracks { which }).await?;
    Ok(Json(Count { forgotten }))
}
