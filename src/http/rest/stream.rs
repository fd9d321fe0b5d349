//! Music on its way to listeners: found by the catalog, sent from the disk to the socket.

use std::{os::unix::fs::MetadataExt, sync::Arc};

use axum::{body::Body, extract::State, response::Response};
use hexachord_contracts::{
    catalog::{Locate, Location},
    ids::TrackId,
};
use http::{HeaderMap, HeaderValue, Method, header};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::files::{Opened, send};
use crate::{
    http::{
        allowances::{Held, check_bitrate, check_downloads},
        conditional::EntityTag,
        credential::Who,
        edge::Edge,
        extract::Id,
        opens::Disk,
        problem::{Problem, ProblemBody},
    },
    percent::percent_encoded,
};

/// A listener's own: no shared cache may keep it, and a replaced file must be noticed.
const REVALIDATE: HeaderValue = HeaderValue::from_static("private, no-cache");

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(stream)).routes(routes!(download))
}

/// The file of a track as it is, whole or in ranges, to be listened to. A track that a cue sheet cuts
/// out of its file has an `excerpt`, which tells where in the file it plays.
#[utoipa::path(get, path = "/tracks/{id}/stream", tag = "streaming", params(("id" = TrackId, Path)), responses(
    (status = 200, content_type = "audio/*"), (status = 206, content_type = "audio/*"), (status = 304),
    (status = 401, body = ProblemBody), (status = 402, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 412, body = ProblemBody), (status = 416, body = ProblemBody)))]
async fn stream(
    State(edge): State<Arc<Edge>>,
    who: Who,
    method: Method,
    headers: HeaderMap,
    Id(track): Id<TrackId>,
) -> Result<Response, Problem> {
    let entitlement = edge.allowances.of(&who.context).await;
    let location = edge.catalog.call(&who.context, Locate { track }).await?;
    check_bitrate(&entitlement, location.bitrate_kbps)?;
    let response = send_track(&edge, &method, &headers, location).await?;
    // Who only looks, or has it already, takes no place.
    let is_sent = method == Method::GET && response.status().is_success();
    let place = if is_sent { edge.allowances.place(&who, &entitlement)? } else { None };
    let Some(place) = place else { return Ok(response) };
    Ok(response.map(|body| Body::new(Held { body, place })))
}

/// The file of a track, to be kept.
#[utoipa::path(get, path = "/tracks/{id}/download", tag = "streaming", params(("id" = TrackId, Path)), responses(
    (status = 200, content_type = "audio/*"), (status = 206, content_type = "audio/*"), (status = 304),
    (status = 401, body = ProblemBody), (status = 402, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 412, body = ProblemBody), (status = 416, body = ProblemBody)))]
async fn download(
    State(edge): State<Arc<Edge>>,
    who: Who,
    method: Method,
    headers: HeaderMap,
    Id(track): Id<TrackId>,
) -> Result<Response, Problem> {
    let entitlement = edge.allowances.of(&who.context).await;
    check_downloads(&entitlement)?;
    let location = edge.catalog.call(&who.context, Locate { track }).await?;
    check_bitrate(&entitlement, location.bitrate_kbps)?;
    let attachment = attachment(&location.path);
    let mut response = send_track(&edge, &method, &headers, location).await?;
    response.headers_mut().insert(header::CONTENT_DISPOSITION, attachment);
    Ok(response)
}

async fn send_track(
    edge: &Edge,
    method: &Method,
    headers: &HeaderMap,
    location: Location,
) -> Result<Response, Problem> {
    let disk = Disk::Library(location.library);
    let (file, metadata) = edge.opens.open(disk, location.path).await?;
    let etag = EntityTag::strong(&format!(
        "{:x}-{:x}-{:x}",
        metadata.ino(),
        metadata.len(),
        i128::from(metadata.mtime()) * 1_000_000_000 + i128::from(metadata.mtime_nsec()),
    ));
    let content_type = location.content_type;
    send(edge, method, headers, Opened { file, metadata, etag, content_type }, REVALIDATE)
}

/// To be saved under the name of its file (RFC 6266, RFC 8187).
fn attachment(path: &[u8]) -> HeaderValue {
    let name = path.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    let name = percent_encoded(&String::from_utf8_lossy(name));
    let value = HeaderValue::try_from(format!("attachment; filename*=UTF-8''{name}"));
    value.unwrap_or(HeaderValue::from_static("attachment"))
}
