//! Lyrics of a track.

use std::sync::Arc;

use axum::{Json, extract::State};
use hexachord_contracts::{
    catalog::{GetLyrics, Lyrics},
    ids::TrackId,
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{
    credential::Who,
    edge::Edge,
    extract::Id,
    problem::{Problem, ProblemBody},
};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(lyrics))
}

#[derive(Serialize, ToSchema)]
struct AllLyrics {
    /// The best first: by word, by line, plain.
    items: Vec<Lyrics>,
}

/// What is sung in a track, in each version that its file or a file beside it has; often none.
#[utoipa::path(get, path = "/tracks/{id}/lyrics", tag = "library", params(("id" = TrackId, Path)), responses(
    (status = 200, body = AllLyrics), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn lyrics(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Id(track): Id<TrackId>,
) -> Result<Json<AllLyrics>, Problem> {
    Ok(Json(AllLyrics { items: edge.catalog.call(&who.context, GetLyrics { track }).await? }))
}
