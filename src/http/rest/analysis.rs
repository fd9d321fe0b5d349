//! What is measured of tracks: waveforms for everybody, and how far it is for administrators.

use std::sync::Arc;

use axum::{Json, extract::State, response::Response};
use hexachord_contracts::{
    Page,
    catalog::{
        AnalysisState, GetAnalysis, GetWaveform, ListUnmeasurable, UnmeasurableTrack, Waveform,
    },
    ids::TrackId,
};
use http::{HeaderValue, StatusCode};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{
    asked::Asked,
    at_hand::{AtHand, send},
    credential::{Administrator, Who},
    edge::Edge,
    extract::{Id, ListParameters, Parameters},
    problem::{Problem, ProblemBody},
};

/// It is another one only when the track has other audio.
const A_DAY: HeaderValue = HeaderValue::from_static("private, max-age=86400");

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(waveform))
}

pub(super) fn admin_router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(state)).routes(routes!(unmeasurable))
}

/// How a track looks over its time: the loudest sample of each of many equally long pieces. While the
/// track is not measured, the problem (`not-measured`) says whether it will be.
#[utoipa::path(get, path = "/tracks/{id}/waveform", tag = "library", params(("id" = TrackId, Path)), responses(
    (status = 200, body = Waveform), (status = 304), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn waveform(
    State(edge): State<Arc<Edge>>,
    who: Who,
    asked: Asked,
    Id(track): Id<TrackId>,
) -> Result<Response, Problem> {
    let waveform = edge.catalog.call(&who.context, GetWaveform { track }).await?;
    let body = serde_json::to_vec(&waveform).map_err(|error| {
        tracing::error!(%error, "a waveform cannot be sent");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "failed", "the waveform cannot be sent")
    })?;
    let content_type = HeaderValue::from_static("application/json");
    Ok(send(&asked, AtHand { body, content_type, cache_control: A_DAY }))
}

/// How many tracks are measured, how many are still to be, and how many cannot be.
#[utoipa::path(get, path = "/analysis", tag = "administration", responses(
    (status = 200, body = AnalysisState), (status = 403, body = ProblemBody)))]
async fn state(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
) -> Result<Json<AnalysisState>, Problem> {
    Ok(Json(edge.catalog.call(&context, GetAnalysis {}).await?))
}

/// Tracks that cannot be measured, and why. They are tried again when their audio changes.
#[utoipa::path(get, path = "/analysis/unmeasurable", tag = "administration", params(ListParameters), responses(
    (status = 200, body = Page<UnmeasurableTrack>), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
async fn unmeasurable(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    Parameters(mut parameters): Parameters<ListParameters>,
) -> Result<Json<Page<UnmeasurableTrack>>, Problem> {
    let call = ListUnmeasurable { paging: parameters.paging() };
    Ok(Json(edge.catalog.call(&context, call).await?))
}
