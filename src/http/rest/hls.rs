//! HTTP Live Streaming of tracks: for phones, and for browsers that play nothing else.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, Path},
    response::{IntoResponse, Response},
};
use hexachord_contracts::{
    catalog::{GetTrack, Locate},
    ids::{NotAnId, TrackId},
    payment::Entitlement,
};
use http::{HeaderValue, StatusCode, header, request::Parts};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    played::{Looked, look_into, undecodable},
    transcoded,
};
use crate::{
    http::{
        allowances::check_bitrate,
        asked::Asked,
        credential::Who,
        edge::Edge,
        extract::Parameters,
        problem::{Problem, ProblemBody},
    },
    streaming::hls::{Coding, Segmented, Variant},
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

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MasterParameters {
    /// The codec of all variants: a player may change from each of them to any other, and few players can
    /// change codecs. Left out: `opus`, in several bitrates. `flac` is there where the file has lost nothing.
    #[param(inline)]
    #[serde(default)]
    codec: Coding,
}

/// The variants of a track for HTTP Live Streaming (RFC 8216).
///
/// Addresses in playlists are relative, and want the same credential. A player that sets headers sends
/// `Authorization` with each request; the media element of a browser or a phone, which sets none, has
/// the cookie of the session that its page opened.
#[utoipa::path(get, path = "/tracks/{id}/hls/master.m3u8", tag = "streaming",
    params(("id" = TrackId, Path), MasterParameters), responses(
    (status = 200, content_type = "application/vnd.apple.mpegurl"), (status = 400, body = ProblemBody),
    (status = 401, body = ProblemBody), (status = 402, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 422, body = ProblemBody), (status = 503, body = ProblemBody)))]
async fn master(
    Addressed(presented, []): Addressed<0>,
    Parameters(MasterParameters { codec }): Parameters<MasterParameters>,
) -> Result<Response, Problem> {
    presented.master(codec, |_all| true).map(text)
}

/// The segments of a variant, six seconds each.
#[utoipa::path(get, path = "/tracks/{id}/hls/{variant}/index.m3u8", tag = "streaming",
    params(("id" = TrackId, Path), ("variant" = String, Path, example = "opus-128")), responses(
    (status = 200, content_type = "application/vnd.apple.mpegurl"), (status = 400, body = ProblemBody),
    (status = 401, body = ProblemBody), (status = 402, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 422, body = ProblemBody), (status = 503, body = ProblemBody)))]
async fn media(Addressed(presented, [variant]): Addressed<1>) -> Result<Response, Problem> {
    presented.media(&variant).map(text)
}

/// What stands before all segments of a variant.
#[utoipa::path(get, path = "/tracks/{id}/hls/{variant}/init.mp4", tag = "streaming",
    params(("id" = TrackId, Path), ("variant" = String, Path, example = "opus-128")), responses(
    (status = 200, content_type = "audio/mp4"), (status = 400, body = ProblemBody),
    (status = 401, body = ProblemBody), (status = 402, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 422, body = ProblemBody), (status = 503, body = ProblemBody)))]
async fn initialization(
    Addressed(presented, [variant]): Addressed<1>,
) -> Result<Response, Problem> {
    presented.initialization(&variant)
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
    Addressed(presented, [variant, segment]): Addressed<2>,
    asked: Asked,
) -> Result<Response, Problem> {
    presented.segment(&variant, &segment, &asked).await
}

/// A track that somebody asked for, looked into.
pub(in crate::http) struct Presented {
    edge: Arc<Edge>,
    who: Who,
    entitlement: Entitlement,
    looked: Looked,
    segmented: Segmented,
}

impl Presented {
    pub(in crate::http) async fn look(
        edge: &Arc<Edge>,
        who: Who,
        track: TrackId,
    ) -> Result<Self, Problem> {
        let entitlement = edge.allowances.of(&who.context).await;
        let location = edge.catalog.call(&who.context, Locate { track }).await?;
        let looked = look_into(edge, &who, &location, 0).await?;
        if !looked.source.is_decodable {
            let detail = "the file cannot be decoded, so it has no segments";
            return Err(undecodable(detail.to_owned()));
        }
        let duration_ms = match looked.source.frames() {
            Some(_) => 0,
            None => edge.catalog.call(&who.context, GetTrack { track }).await?.duration_ms,
        };
        let segmented = Segmented::new(looked.source, duration_ms);
        Ok(Self { edge: Arc::clone(edge), who, entitlement, looked, segmented })
    }

    /// The playlist of the codec's variants that are `wanted`; of all that may be had where none is.
    pub(in crate::http) fn master(
        &self,
        codec: Coding,
        wanted: impl Fn(Variant) -> bool,
    ) -> Result<String, Problem> {
        let segmented = &self.segmented;
        let mut variants = segmented.variants(codec);
        let least = variants.iter().map(|variant| segmented.kbps(*variant)).min();
        let least = least.ok_or_else(|| {
            no_variant("the file has lost something already, so there is no variant of FLAC")
        })?;
        check_bitrate(&self.entitlement, least)?;
        variants
            .retain(|variant| check_bitrate(&self.entitlement, segmented.kbps(*variant)).is_ok());
        if variants.iter().any(|variant| wanted(*variant)) {
            variants.retain(|variant| wanted(*variant));
        }
        Ok(segmented.master(&variants))
    }

    /// The playlist of a variant's segments.
    pub(in crate::http) fn media(&self, variant: &str) -> Result<String, Problem> {
        self.variant(variant)?;
        Ok(self.segmented.media())
    }

    /// What stands before the segments of a variant.
    pub(in crate::http) fn initialization(&self, variant: &str) -> Result<Response, Problem> {
        let (segmented, variant) = (&self.segmented, self.variant(variant)?);
        let begin = segmented.whole(variant).initialization(&segmented.source.audio);
        let begin = begin.map_err(|error| undecodable(error.to_string()))?;
        Ok(([(header::CONTENT_TYPE, MP4), (header::CACHE_CONTROL, REVALIDATE)], begin)
            .into_response())
    }

    /// A segment of a variant by their names.
    pub(in crate::http) async fn segment(
        self,
        variant: &str,
        segment: &str,
        asked: &Asked,
    ) -> Result<Response, Problem> {
        let variant = self.variant(variant)?;
        let number = segment.strip_suffix(".m4s").and_then(|number| number.parse().ok());
        let transcode = number.and_then(|number| self.segmented.segment(variant, number));
        let transcode = transcode.ok_or_else(|| {
            let detail =
                format!("the track has no segment {segment}: the playlist tells those it has");
            Problem::new(StatusCode::NOT_FOUND, "no-such-segment", detail)
        })?;
        let Self { edge, who, entitlement, looked, .. } = self;
        let recipe = looked.recipe(transcode);
        let place = edge.allowances.take(&who, None, &entitlement, &asked.method)?;
        let response = transcoded::send(&edge, &who, asked, recipe, REVALIDATE).await?;
        Ok(place.held_by(response))
    }

    /// The variant of that name, if this listener may have it.
    fn variant(&self, name: &str) -> Result<Variant, Problem> {
        let variant = Variant::named(name).filter(|variant| self.segmented.has(*variant));
        let variant = variant.ok_or_else(|| {
            no_variant(format!("the track has no variant {name}: master.m3u8 tells those it has"))
        })?;
        check_bitrate(&self.entitlement, self.segmented.kbps(variant))?;
        Ok(variant)
    }
}

/// The track in an address, and the names behind it.
struct Addressed<const NAMES: usize>(Presented, [String; NAMES]);

impl<const NAMES: usize> FromRequestParts<Arc<Edge>> for Addressed<NAMES> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, edge: &Arc<Edge>) -> Result<Self, Problem> {
        let who = Who::from_request_parts(parts, edge).await?;
        let texts = Path::<Vec<String>>::from_request_parts(parts, edge).await;
        let Path(mut texts) =
            texts.map_err(|error| Problem::bad_request("id", error.body_text()))?;
        let names = texts.split_off(texts.len().min(1)).try_into();
        let names =
            names.map_err(|_others| Problem::bad_request("id", "id: of another address"))?;
        let id = texts.pop().unwrap_or_default().parse();
        let id = id.map_err(|error: NotAnId| Problem::bad_request("id", error.to_string()))?;
        Ok(Self(Presented::look(edge, who, id).await?, names))
    }
}

fn no_variant(detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "no-such-variant", detail)
}

/// A playlist as an answer.
pub(in crate::http) fn text(playlist: String) -> Response {
    let headers = [(header::CONTENT_TYPE, PLAYLIST), (header::CACHE_CONTROL, REVALIDATE)];
    (headers, playlist).into_response()
}
