//! Open files as answers: described by the request's preconditions and ranges.

use std::{
    fs::{File, Metadata},
    time::{Duration, SystemTime},
};

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode};

use crate::http::{
    conditional::{EntityTag, Representation},
    edge::Edge,
    file_response::{FileToSend, Refusal, respond},
    problem::Problem,
};

pub(super) struct Opened<E> {
    pub(super) file: File,
    pub(super) metadata: Metadata,
    pub(super) etag: Result<EntityTag, E>,
    pub(super) content_type: String,
}

pub(super) fn send<E: std::fmt::Display>(
    edge: &Edge,
    method: &Method,
    headers: &HeaderMap,
    opened: Opened<E>,
    cache_control: HeaderValue,
) -> Result<Response, Problem> {
    let Opened { file, metadata, etag, content_type } = opened;
    let unsendable = |error: &dyn std::fmt::Display| {
        tracing::error!(%error, "a file cannot be described");
        let detail = "the file cannot be sent: the server's log says why";
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "unsendable", detail)
    };
    let etag = etag.map_err(|error| unsendable(&error))?;
    let content_type = HeaderValue::try_from(content_type).map_err(|error| unsendable(&error))?;
    let now = u64::try_from(edge.clock.now().as_millis()).unwrap_or(0);
    let now = SystemTime::UNIX_EPOCH + Duration::from_millis(now);
    let modified = metadata.modified().ok();
    let representation = Representation::new(metadata.len(), etag, modified, now);
    let file = FileToSend { file, representation, content_type, cache_control };
    respond(method, headers, file, &edge.chunks).or_else(|refusal| Ok(refused(refusal)))
}

pub(super) fn refused(refusal: Refusal) -> Response {
    let detail = refusal.to_string();
    let (status, kind, headers) = match refusal {
        Refusal::PreconditionFailed { headers } => {
            (StatusCode::PRECONDITION_FAILED, "precondition-failed", headers)
        }
        Refusal::RangeNotSatisfiable { headers, .. } => {
            (StatusCode::RANGE_NOT_SATISFIABLE, "range-not-satisfiable", headers)
        }
    };
    let mut response = Problem::new(status, kind, detail).into_response();
    response.headers_mut().extend(headers);
    response
}
