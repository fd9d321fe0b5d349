//! The OpenAPI document of this server.

use std::{sync::Arc, sync::OnceLock};

use axum::response::{IntoResponse, Response};
use http::header;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{edge::Edge, problem::Problem, router::document};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(openapi))
}

/// This document (OpenAPI 3.1).
#[utoipa::path(get, path = "/openapi.json", tag = "server", security(()), responses((status = 200, body = Object)))]
async fn openapi() -> Result<Response, Problem> {
    static TEXT: OnceLock<String> = OnceLock::new();
    let text = TEXT.get_or_init(|| document().to_json().unwrap_or_default());
    Ok(([(header::CONTENT_TYPE, "application/json")], text.as_str()).into_response())
}
