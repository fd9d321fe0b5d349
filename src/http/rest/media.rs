//! Bytes of music and of covers: found by the catalog, sent from the disk to the socket.

use std::{
    fs::{File, Metadata},
    os::unix::fs::MetadataExt,
    sync::Arc,
    time::SystemTime,
};

use axum::{
    body::Body,
    extract::{FromRequestParts, Path, State},
    response::{IntoResponse, Response},
};
use hexachord_contracts::{
    Context,
    catalog::{CoverOf, Locate, LocateCover, Location},
    ids::{AlbumId, ArtistId, NotAnId, TrackId},
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    http::{
        allowances::{Held, check_bitrate, check_downloads},
        conditional::{EntityTag, Representation},
        credential::Who,
        edge::Edge,
        extract::{Id, Parameters},
        file_response::{FileToSend, Refusal, respond},
        opens::Disk,
        problem::{Problem, ProblemBody},
    },
    percent::percent_encoded,
};

/// A listener's own: no shared cache may keep it, and a replaced file must be noticed.
const REVALIDATE: HeaderValue = HeaderValue::from_static("private, no-cache");
/// Covers change seldom, and carry the hash of their content.
const AN_HOUR: HeaderValue = HeaderValue::from_static("private, max-age=3600");
/// Another content would have another address.
const FOR_EVER: HeaderValue = HeaderValue::from_static("private, max-age=31536000, immutable");

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new()
        .routes(routes!(stream))
        .routes(routes!(download))
        .routes(routes!(album_cover))
        .routes(routes!(disc_cover))
        .routes(routes!(track_cover))
        .routes(routes!(artist_cover))
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

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CoverParameters {
    /// Pixels a side at most, 1 to 4096; the picture as it was found when left out.
    #[param(minimum = 1, maximum = 4096)]
    size: Option<u32>,
    /// `hash` of the cover: what is answered for the picture of this content may be kept for ever.
    v: Option<String>,
}

/// The cover of an album.
#[utoipa::path(get, path = "/albums/{id}/cover", tag = "streaming", params(("id" = AlbumId, Path), CoverParameters), responses(
    (status = 200, content_type = "image/*"), (status = 304), (status = 400, body = ProblemBody),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn album_cover(
    State(edge): State<Arc<Edge>>,
    who: Who,
    method: Method,
    headers: HeaderMap,
    Id(album): Id<AlbumId>,
    Parameters(parameters): Parameters<CoverParameters>,
) -> Result<Response, Problem> {
    cover(&edge, &who.context, &method, &headers, CoverOf::Album(album), parameters).await
}

/// The picture of a disc of an album, else the album's cover.
#[utoipa::path(get, path = "/albums/{id}/discs/{disc}/cover", tag = "streaming",
    params(("id" = AlbumId, Path), ("disc" = u32, Path), CoverParameters), responses(
    (status = 200, content_type = "image/*"), (status = 304), (status = 400, body = ProblemBody),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn disc_cover(
    State(edge): State<Arc<Edge>>,
    who: Who,
    method: Method,
    headers: HeaderMap,
    OfDisc(album, disc): OfDisc,
    Parameters(parameters): Parameters<CoverParameters>,
) -> Result<Response, Problem> {
    cover(&edge, &who.context, &method, &headers, CoverOf::Disc(album, disc), parameters).await
}

/// An album and the number of a disc in the path.
struct OfDisc(AlbumId, u32);

impl<S: Send + Sync> FromRequestParts<S> for OfDisc {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let texts = Path::<(String, String)>::from_request_parts(parts, state).await;
        let Path((id, disc)) =
            texts.map_err(|error| Problem::bad_request("id", error.body_text()))?;
        let id =
            id.parse().map_err(|error: NotAnId| Problem::bad_request("id", error.to_string()))?;
        let not_a_disc = |_| Problem::bad_request("disc", "disc: must be the number of a disc");
        Ok(Self(id, disc.parse().map_err(not_a_disc)?))
    }
}

/// The picture in a track's file or beside it, else its album's cover.
#[utoipa::path(get, path = "/tracks/{id}/cover", tag = "streaming", params(("id" = TrackId, Path), CoverParameters), responses(
    (status = 200, content_type = "image/*"), (status = 304), (status = 400, body = ProblemBody),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn track_cover(
    State(edge): State<Arc<Edge>>,
    who: Who,
    method: Method,
    headers: HeaderMap,
    Id(track): Id<TrackId>,
    Parameters(parameters): Parameters<CoverParameters>,
) -> Result<Response, Problem> {
    cover(&edge, &who.context, &method, &headers, CoverOf::Track(track), parameters).await
}

/// The picture of an artist, else the cover of an album.
#[utoipa::path(get, path = "/artists/{id}/cover", tag = "streaming", params(("id" = ArtistId, Path), CoverParameters), responses(
    (status = 200, content_type = "image/*"), (status = 304), (status = 400, body = ProblemBody),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn artist_cover(
    State(edge): State<Arc<Edge>>,
    who: Who,
    method: Method,
    headers: HeaderMap,
    Id(artist): Id<ArtistId>,
    Parameters(parameters): Parameters<CoverParameters>,
) -> Result<Response, Problem> {
    cover(&edge, &who.context, &method, &headers, CoverOf::Artist(artist), parameters).await
}

async fn cover(
    edge: &Arc<Edge>,
    context: &Context,
    method: &Method,
    headers: &HeaderMap,
    of: CoverOf,
    CoverParameters { size, v }: CoverParameters,
) -> Result<Response, Problem> {
    let location = edge.catalog.call(context, LocateCover { of, size }).await?;
    let (file, metadata) = edge.opens.open(Disk::Data, location.path).await?;
    let etag = EntityTag::strong(&location.etag);
    let is_the_one = v.is_some_and(|hash| hash == location.hash);
    let cache_control = if is_the_one { FOR_EVER } else { AN_HOUR };
    let content_type = location.content_type;
    send(edge, method, headers, Opened { file, metadata, etag, content_type }, cache_control)
}

struct Opened<E> {
    file: File,
    metadata: Metadata,
    etag: Result<EntityTag, E>,
    content_type: String,
}

fn send<E: std::fmt::Display>(
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
    let now = SystemTime::UNIX_EPOCH + std::time::Duration::from_millis(now);
    let modified = metadata.modified().ok();
    let representation = Representation::new(metadata.len(), etag, modified, now);
    let file = FileToSend { file, representation, content_type, cache_control };
    respond(method, headers, file, &edge.chunks).or_else(|refusal| Ok(refused(refusal)))
}

fn refused(refusal: Refusal) -> Response {
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
