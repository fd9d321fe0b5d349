//! Open files as answers: described by the request's preconditions and ranges.

use std::{
    fs::{File, Metadata},
    time::{Duration, SystemTime},
};

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode};

use crate::http::{
    asked::Asked,
    conditional::{EntityTag, Representation},
    edge::Edge,
    file_response::{FileToSend, Refusal, respond},
    problem::Problem,
};

/// A file to send.
pub(super) struct Opened {
    pub(super) file: File,
    pub(super) len: u64,
    pub(super) modified: Option<SystemTime>,
    pub(super) etag: EntityTag,
    pub(super) content_type: HeaderValue,
}

/// Sends a file that is what the catalog said of it.
pub(super) fn send(
    edge: &Edge,
    asked: &Asked,
    (file, metadata): (File, Metadata),
    etag: &str,
    content_type: String,
    cache_control: HeaderValue,
) -> Result<Response, Problem> {
    let etag = EntityTag::strong(etag).map_err(|error| unsendable(&error))?;
    let content_type = HeaderValue::try_from(content_type).map_err(|error| unsendable(&error))?;
    let (len, modified) = (metadata.len(), metadata.modified().ok());
    let opened = Opened { file, len, modified, etag, content_type };
    Ok(send_opened(edge, asked, opened, cache_control))
}

pub(super) fn send_opened(
    edge: &Edge,
    asked: &Asked,
    opened: Opened,
    cache_control: HeaderValue,
) -> Response {
    let Opened { file, len, modified, etag, content_type } = opened;
    let now = u64::try_from(edge.clock.now().as_millis()).unwrap_or(0);
    let now = SystemTime::UNIX_EPOCH + Duration::from_millis(now);
    let representation = Representation::new(len, etag, modified, now);
    let file = FileToSend { file, representation, content_type, cache_control };
    respond(asked, file, &edge.chunks).unwrap_or_else(refused)
}

fn unsendable(error: &dyn std::fmt::Display) -> Problem {
    tracing::error!(%error, "a file cannot be described");
    let detail = "the file cannot be sent: the server's log says why";
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "unsendable", detail)
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
