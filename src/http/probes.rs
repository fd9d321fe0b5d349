//! For machines that watch: is it alive, is it ready, how much does it do.

use std::sync::Arc;

use axum::{
    Json,
    extract::{FromRequestParts, Request, State},
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use serde::Serialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    arrival::Arrival,
    credential::Administrator,
    edge::Edge,
    problem::{Problem, ProblemBody},
};
use crate::supervisor::health::NEEDED;

pub fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(healthz)).routes(routes!(readyz)).routes(routes!(metrics))
}

#[derive(Serialize, utoipa::ToSchema)]
struct Readiness {
    ready: bool,
    /// Services that do not run now.
    degraded: Vec<&'static str>,
    draining: bool,
}

/// The process runs.
#[utoipa::path(get, path = "/healthz", tag = "probes", security(()), responses((status = 200, body = String)))]
async fn healthz() -> &'static str {
    "ok\n"
}

/// Requests are served: 503 before the first readiness, while draining, and without
/// authentication or catalog; what else does not run is named.
#[utoipa::path(get, path = "/readyz", tag = "probes", security(()),
    responses((status = 200, body = Readiness), (status = 503, body = Readiness)))]
async fn readyz(State(edge): State<Arc<Edge>>) -> (StatusCode, Json<Readiness>) {
    let down = edge.health.iter().filter(|service| !service.is_running());
    let degraded: Vec<_> = down.map(|service| service.facts().name).collect();
    let draining = edge.draining.is_cancelled();
    let ready = !draining && !degraded.iter().any(|name| NEEDED.contains(name));
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready, degraded, draining }))
}

/// Counters for Prometheus; for this machine, or with an administrator's token.
#[utoipa::path(get, path = "/metrics", tag = "probes",
    responses((status = 200, body = String, content_type = "application/openmetrics-text"), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody)))]
async fn metrics(State(edge): State<Arc<Edge>>, request: Request) -> Result<Response, Problem> {
    let (mut parts, _body) = request.into_parts();
    let arrival = Arrival::from_request_parts(&mut parts, &edge).await?;
    if !arrival.local {
        Administrator::from_request_parts(&mut parts, &edge).await?;
    }
    let open_metrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, open_metrics)], edge.metrics.render(&edge.health)).into_response())
}
