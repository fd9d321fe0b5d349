//! How the services are, for administrators.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    http::{credential::Administrator, edge::Edge, problem::ProblemBody},
    supervisor::health::ServiceHealth,
};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(services))
}

#[derive(Serialize, ToSchema)]
struct Services {
    items: Vec<ServiceHealth>,
    next_cursor: Option<String>,
}

/// Every service with its state, its restarts and its last failure.
#[utoipa::path(get, path = "/services", tag = "administration", responses(
    (status = 200, body = Services), (status = 403, body = ProblemBody)))]
async fn services(
    State(edge): State<Arc<Edge>>,
    Administrator(_context): Administrator,
) -> Json<Services> {
    let items = edge.health.iter().map(|service| service.facts()).collect();
    Json(Services { items, next_cursor: None })
}
