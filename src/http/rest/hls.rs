//! HTTP Live Streaming of tracks: for phones, and for browsers that play nothing else.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{FromRequestParts, Path, State},
    response::{IntoResponse, Response},
};
use hexachord_contracts::{
    catalog::{GetTrack, Locate},
    ids::{NotAnId, TrackId},
    payment::Entitlement,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    played::{Looked, look_into, undecodable},
    transcoded,
};
use crate::{
    http::{
        allowances::{Held, check_bitrate},
        credential::Who,
        edge::Edge,
        problem::{Problem, ProblemBody},
    },
    streaming::hls::{Segmented, Variant},
};

const PLAYLIST: HeaderValue = HeaderValue::from_static("application/vnd.apple.mpegurl");
const MP4: HeaderValue = HeaderValue::from_static("audio/mp4");
/// A replaced file must be noticed.
const REVALIDATE: HeaderValue = HeaderValue::from_static("private, no-cache");

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new()
        .routes(routes!(master))
        .routes(routes!(media))
        .routes(routes!(initialization))
        .routes(routes!(segment))
}

/// The variants of a track for HTTP Live Streaming (RFC 8216): several bitrates of Opus, and FLAC where
/// the file has lost nothing. Addresses in playlists are relative, and want the same credential.
#[utoipa::path(get, path = "/tracks/{id}/hls/master.m3u8", tag = "streaming", params(("id" = TrackId, Path)), responses(
    (status = 200, content_type = "application/vnd.apple.mpegurl"), (status = 400, body = ProblemBody),
    (status = 401, body = ProblemBody), (status = 402, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 422, body = ProblemBody), (status = 503, body = ProblemBody)))]
async fn master(
    State(edge): State<Arc<Edge>>,
    who: Who,
    AddressParts(track, ..): AddressParts<0>,
) -> Result<Response, Problem> {
    Ok(text(master_playlist(&edge, &who, track, |_| true).await?))
}

/// The playlist of those of a track's variants that are `wanted`; of all where none is.
pub(in crate::http) async fn master_playlist(
    edge: &Edge,
    who: &Who,
    track: TrackId,
    wanted: impl Fn(Variant) -> bool,
) -> Result<String, Problem> {
    let entitlement = edge.allowances.of(&who.context).await;
    let (_, segmented) = segmented(edge, who, track).await?;
    let all = segmented.variants(entitlement.entitlements.max_bitrate_kbps);
    if all.is_empty() {
        check_bitrate(&entitlement, segmented.source.bitrate_kbps)?;
    }
    let some: Vec<_> = all.iter().copied().filter(|variant| wanted(*variant)).collect();
    Ok(segmented.master(if some.is_empty() { &all } else { &some }))
}

/// The segments of a variant, six seconds each.
#[utoipa::path(get, path = "/tracks/{id}/hls/{variant}/index.m3u8", tag = "streaming",
    params(("id" = TrackId, Path), ("variant" = String, Path, example = "opus-128")), responses(
    (status = 200, content_type = "application/vnd.apple.mpegurl"), (status = 400, body = ProblemBody),
    (status = 401, body = ProblemBody), (status = 402, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 422, body = ProblemBody), (status = 503, body = ProblemBody)))]
async fn media(
    State(edge): State<Arc<Edge>>,
    who: Who,
    AddressParts(track, [variant]): AddressParts<1>,
) -> Result<Response, Problem> {
    Ok(text(media_playlist(&edge, &who, track, &variant).await?))
}

/// The playlist of a variant's segments.
pub(in crate::http) async fn media_playlist(
    edge: &Edge,
    who: &Who,
    track: TrackId,
    variant: &str,
) -> Result<String, Problem> {
    let entitlement = edge.allowances.of(&who.context).await;
    let (_, segmented) = segmented(edge, who, track).await?;
    offered(&segmented, &entitlement, variant)?;
    Ok(segmented.media())
}

/// What stands before all segments of a variant.
#[utoipa::path(get, path = "/tracks/{id}/hls/{variant}/init.mp4", tag = "streaming",
    params(("id" = TrackId, Path), ("variant" = String, Path, example = "opus-128")), responses(
    (status = 200, content_type = "audio/mp4"), (status = 400, body = ProblemBody),
    (status = 401, body = ProblemBody), (status = 402, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 422, body = ProblemBody), (status = 503, body = ProblemBody)))]
async fn initialization(
    State(edge): State<Arc<Edge>>,
    who: Who,
    AddressParts(track, [variant]): AddressParts<1>,
) -> Result<Response, Problem> {
    send_initialization(&edge, &who, track, &variant).await
}

/// What stands before the segments of a variant.
pub(in crate::http) async fn send_initialization(
    edge: &Edge,
    who: &Who,
    track: TrackId,
    variant: &str,
) -> Result<Response, Problem> {
    let entitlement = edge.allowances.of(&who.context).await;
    let (_, segmented) = segmented(edge, who, track).await?;
    let variant = offered(&segmented, &entitlement, variant)?;
    let begin = segmented.whole(variant).initialization(&segmented.source.audio);
    let begin = begin.map_err(|error| undecodable(error.to_string()))?;
    Ok(([(header::CONTENT_TYPE, MP4), (header::CACHE_CONTROL, REVALIDATE)], begin).into_response())
}

/// A segment of a variant: `0.m4s` is the first one.
#[utoipa::path(get, path = "/tracks/{id}/hls/{variant}/{segment}", tag = "streaming",
    params(("id" = TrackId, Path), ("variant" = String, Path, example = "opus-128"),
    ("segment" = String, Path, example = "0.m4s")), responses(
    (status = 200, content_type = "audio/mp4"), (status = 206, content_type = "audio/mp4"), (status = 304),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 402, body = ProblemBody),
    (status = 404, body = ProblemBody), (status = 412, body = ProblemBody), (status = 416, body = ProblemBody),
    (status = 422, body = ProblemBody), (status = 503, body = ProblemBody)))]
async fn segment(
    State(edge): State<Arc<Edge>>,
    who: Who,
    method: Method,
    headers: HeaderMap,
    AddressParts(track, [variant, segment]): AddressParts<2>,
) -> Result<Response, Problem> {
    send_segment(&edge, &who, &method, &headers, track, (&variant, &segment)).await
}

/// A segment of a variant by their names.
pub(in crate::http) async fn send_segment(
    edge: &Edge,
    who: &Who,
    method: &Method,
    headers: &HeaderMap,
    track: TrackId,
    (variant, segment): (&str, &str),
) -> Result<Response, Problem> {
    let entitlement = edge.allowances.of(&who.context).await;
    let (looked, segmented) = segmented(edge, who, track).await?;
    let variant = offered(&segmented, &entitlement, variant)?;
    let number = segment.strip_suffix(".m4s").and_then(|number| number.parse().ok());
    let transcode = number.and_then(|number| segmented.segment(variant, number));
    let transcode = transcode.ok_or_else(|| {
        let detail = format!("the track has no segment {segment}: the playlist tells those it has");
        Problem::new(StatusCode::NOT_FOUND, "no-such-segment", detail)
    })?;
    let recipe = looked.recipe(transcode);
    let response = transcoded::send(edge, who, method, headers, recipe, REVALIDATE).await?;
    let is_sent = *method == Method::GET && response.status().is_success();
    let place = if is_sent { edge.allowances.place(who, &entitlement)? } else { None };
    let Some(place) = place else { return Ok(response) };
    Ok(response.map(|body| Body::new(Held { body, place })))
}

async fn segmented(edge: &Edge, who: &Who, track: TrackId) -> Result<(Looked, Segmented), Problem> {
    let location = edge.catalog.call(&who.context, Locate { track }).await?;
    let looked = look_into(edge, who, &location, 0).await?;
    if !looked.source.is_decodable {
        return Err(undecodable("the file cannot be decoded, so it has no segments".to_owned()));
    }
    let duration_ms = match looked.source.frames() {
        Some(_) => 0,
        None => edge.catalog.call(&who.context, GetTrack { track }).await?.duration_ms,
    };
    let segmented = Segmented::new(looked.source, duration_ms);
    Ok((looked, segmented))
}

/// The variant of that name, if this listener may have it.
fn offered(
    segmented: &Segmented,
    entitlement: &Entitlement,
    name: &str,
) -> Result<Variant, Problem> {
    let variant = Variant::named(name).filter(|variant| segmented.variants(None).contains(variant));
    let variant = variant.ok_or_else(|| {
        let detail = format!("the track has no variant {name}: master.m3u8 tells those it has");
        Problem::new(StatusCode::NOT_FOUND, "no-such-variant", detail)
    })?;
    let kbps = match variant {
        Variant::Opus(kbps) => kbps,
        Variant::Flac => segmented.source.bitrate_kbps,
    };
    check_bitrate(entitlement, kbps)?;
    Ok(variant)
}

/// A playlist as an answer.
pub(in crate::http) fn text(playlist: String) -> Response {
    let headers = [(header::CONTENT_TYPE, PLAYLIST), (header::CACHE_CONTROL, REVALIDATE)];
    (headers, playlist).into_response()
}

/// The track in an address, and the texts that follow it.
struct AddressParts<const MORE: usize>(TrackId, [String; MORE]);

impl<S: Send + Sync, const MORE: usize> FromRequestParts<S> for AddressParts<MORE> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let texts = Path::<Vec<String>>::from_request_parts(parts, state).await;
        let Path(mut texts) =
            texts.map_err(|error| Problem::bad_request("id", error.body_text()))?;
        let more = texts.split_off(texts.len().min(1)).try_into();
        let more = more.map_err(|_others| Problem::bad_request("id", "id: of another address"))?;
        let id = texts.pop().unwrap_or_default();
        let id =
            id.parse().map_err(|error: NotAnId| Problem::bad_request("id", error.to_string()))?;
        Ok(Self(id, more))
    }
}
