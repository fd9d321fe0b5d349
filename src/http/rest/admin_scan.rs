//! Scans, for administrators and the command line.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use hexachord_contracts::{
    Page,
    catalog::{CancelScan, GetScan, ListUnreadable, ScanState, StartScan, UnreadableFile},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{
    credential::Administrator,
    edge::Edge,
    extract::{ListParameters, OptionalJson, Parameters},
    problem::{Problem, ProblemBody},
};

/// A client that waits for news is answered after so long at the latest.
const LONGEST_WAIT_MS: u64 = 15_000;

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(get, start, cancel)).routes(routes!(unreadable))
}

#[derive(Default, Deserialize, ToSchema)]
struct ScanBody {
    /// Read every file again, also those that did not change.
    #[serde(default)]
    full: bool,
    /// Believe that what is gone is gone, however much it is: a library that is empty, on another
    /// disk, or lost most of its files at once.
    #[serde(default)]
    accept_losses: bool,
}

/// Looks for new, changed and missing files. While a scan runs, this answers its state.
#[utoipa::path(post, path = "/scan", tag = "administration", request_body = Option<ScanBody>, responses(
    (status = 202, body = ScanState), (status = 403, body = ProblemBody)))]
async fn start(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    OptionalJson(body): OptionalJson<ScanBody>,
) -> Result<(StatusCode, axum::Json<ScanState>), Problem> {
    let ScanBody { full, accept_losses } = body;
    let state = edge.catalog.call(&context, StartScan { full, accept_losses }).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(state)))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct WaitParameters {
    /// Answer when the revision is another than this one…
    changed_from: Option<u64>,
    /// …or after so many milliseconds (at most 15,000).
    wait_ms: Option<u64>,
}

/// The scan that runs, or the last one.
#[utoipa::path(get, path = "/scan", tag = "administration", params(WaitParameters), responses(
    (status = 200, body = ScanState), (status = 403, body = ProblemBody)))]
async fn get(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    Parameters(parameters): Parameters<WaitParameters>,
) -> Result<axum::Json<ScanState>, Problem> {
    let WaitParameters { changed_from, wait_ms } = parameters;
    let wait_ms = wait_ms.unwrap_or(0).min(LONGEST_WAIT_MS);
    Ok(axum::Json(edge.catalog.call(&context, GetScan { changed_from, wait_ms }).await?))
}

/// Stops the scan that runs; what it read so far stays.
#[utoipa::path(delete, path = "/scan", tag = "administration", responses(
    (status = 202, body = ScanState), (status = 403, body = ProblemBody)))]
async fn cancel(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
) -> Result<(StatusCode, axum::Json<ScanState>), Problem> {
    let state = edge.catalog.call(&context, CancelScan {}).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(state)))
}

/// Files that could not be read, and why.
#[utoipa::path(get, path = "/scan/unreadable", tag = "administration", params(ListParameters), responses(
    (status = 200, body = Page<UnreadableFile>), (status = 403, body = ProblemBody)))]
async fn unreadable(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    Parameters(mut parameters): Parameters<ListParameters>,
) -> Result<axum::Json<Page<UnreadableFile>>, Problem> {
    let call = ListUnreadable { paging: parameters.paging() };
    Ok(axum::Json(edge.catalog.call(&context, call).await?))
}
