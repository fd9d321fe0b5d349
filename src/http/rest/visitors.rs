//! What visitors see and hear of a share: whoever has its secret needs no account.

use std::sync::Arc;

use axum::{
    Json,
    extract::{FromRequestParts, Path, State},
    response::Response,
};
use hexachord_contracts::{
    Caller, Timestamp,
    authentication::Secret,
    catalog::{CoverOf, Track},
    ids::{NotAnId, TrackId},
    profile::FindShared,
};
use http::request::Parts;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    covers::{CoverParameters, cover},
    stream::send_stream,
    stream_parameters::StreamParameters,
};
use crate::http::{
    allowances::Device,
    arrival::Arrival,
    asked::Asked,
    credential::Who,
    edge::Edge,
    extract::Parameters,
    problem::{Problem, ProblemBody},
    shared::{self, Shown},
};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new()
        .routes(routes!(show))
        .routes(routes!(show_cover))
        .routes(routes!(track_cover))
        .routes(routes!(stream))
}

/// What somebody shares.
#[derive(Serialize, ToSchema)]
struct SharedMusic {
    /// Its description, else the name of what it is.
    title: String,
    description: String,
    /// Whoever shares it.
    owner_name: String,
    expires_at: Option<Timestamp>,
    tracks: Vec<SharedTrack>,
    /// There are more than the first 1,000.
    more: bool,
}

#[derive(Serialize, ToSchema)]
struct SharedTrack {
    id: TrackId,
    title: String,
    display_artist: String,
    album_title: String,
    track_number: Option<u32>,
    disc_number: Option<u32>,
    duration_ms: u64,
    content_type: String,
    has_cover: bool,
}

impl From<Track> for SharedTrack {
    fn from(track: Track) -> Self {
        Self {
            id: track.id,
            title: track.title,
            display_artist: track.display_artist,
            album_title: track.album.title,
            track_number: track.track_number,
            disc_number: track.disc_number,
            duration_ms: track.duration_ms,
            content_type: track.content_type,
            has_cover: track.cover.is_some(),
        }
    }
}

/// What is shared at this address: 404 when there is no such share (any more), 410 when it has ended.
#[utoipa::path(get, path = "/shares/{secret}", tag = "shares", security(()), params(("secret" = String, Path)), responses(
    (status = 200, body = SharedMusic), (status = 404, body = ProblemBody), (status = 410, body = ProblemBody)))]
async fn show(
    State(edge): State<Arc<Edge>>,
    arrival: Arrival,
    OfShare(secret): OfShare,
) -> Result<([(http::HeaderName, http::HeaderValue); 1], Json<SharedMusic>), Problem> {
    let Shown { share, title, tracks, more, .. } = shared::open(&edge, &arrival, secret).await?;
    let shared = SharedMusic {
        title,
        description: share.description,
        owner_name: share.owner_name,
        expires_at: share.expires_at,
        tracks: tracks.into_iter().map(SharedTrack::from).collect(),
        more,
    };
    Ok(([super::NO_STORE], Json(shared)))
}

/// A picture for the share: the cover of its first track.
#[utoipa::path(get, path = "/shares/{secret}/cover", tag = "shares", security(()), params(("secret" = String, Path), CoverParameters), responses(
    (status = 200, content_type = "image/*"), (status = 304), (status = 400, body = ProblemBody),
    (status = 404, body = ProblemBody), (status = 410, body = ProblemBody)))]
async fn show_cover(
    State(edge): State<Arc<Edge>>,
    arrival: Arrival,
    asked: Asked,
    OfShare(secret): OfShare,
    Parameters(parameters): Parameters<CoverParameters>,
) -> Result<Response, Problem> {
    let (owner, first) = shared::first_track(&edge, &arrival, secret).await?;
    cover(&edge, &owner, &asked, CoverOf::Track(first), parameters).await
}

/// The cover of a track that is shared.
#[utoipa::path(get, path = "/shares/{secret}/tracks/{id}/cover", tag = "shares", security(()),
    params(("secret" = String, Path), ("id" = TrackId, Path), CoverParameters), responses(
    (status = 200, content_type = "image/*"), (status = 304), (status = 400, body = ProblemBody),
    (status = 404, body = ProblemBody), (status = 410, body = ProblemBody)))]
async fn track_cover(
    State(edge): State<Arc<Edge>>,
    arrival: Arrival,
    asked: Asked,
    OfTrack(secret, track): OfTrack,
    Parameters(parameters): Parameters<CoverParameters>,
) -> Result<Response, Problem> {
    let anybody = arrival.context(Caller::Anonymous);
    let found = edge.profile.call(&anybody, FindShared { secret, track }).await?;
    let owner = shared::owner(&edge, &arrival, found.owner).await?;
    cover(&edge, &owner, &asked, CoverOf::Track(track), parameters).await
}

/// A track that is shared, to be listened to, within what its owner may see and the plan of the owner
/// allows. Each visitor takes the place of one device of the owner.
#[utoipa::path(get, path = "/shares/{secret}/tracks/{id}/stream", tag = "shares", security(()),
    params(("secret" = String, Path), ("id" = TrackId, Path), StreamParameters), responses(
    (status = 200, content_type = "audio/*"), (status = 206, content_type = "audio/*"), (status = 304),
    (status = 400, body = ProblemBody), (status = 402, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 410, body = ProblemBody), (status = 412, body = ProblemBody), (status = 416, body = ProblemBody),
    (status = 422, body = ProblemBody), (status = 503, body = ProblemBody)))]
async fn stream(
    State(edge): State<Arc<Edge>>,
    arrival: Arrival,
    asked: Asked,
    OfTrack(secret, track): OfTrack,
    Parameters(wanted): Parameters<StreamParameters>,
) -> Result<Response, Problem> {
    let anybody = arrival.context(Caller::Anonymous);
    let found = edge.profile.call(&anybody, FindShared { secret, track }).await?;
    let context = shared::owner(&edge, &arrival, found.owner).await?;
    let visitor = Device::Visitor(found.share, arrival.client);
    let who = Who { context, known: None };
    wanted.check()?;
    send_stream(&edge, &who, Some(visitor), &asked, track, &wanted).await
}

/// The secret in the path.
struct OfShare(Secret);

impl<S: Send + Sync> FromRequestParts<S> for OfShare {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let secret = Path::<String>::from_request_parts(parts, state).await;
        let Path(secret) = secret.map_err(|_no_text| Problem::not_found("share"))?;
        Ok(Self(Secret::new(secret)))
    }
}

/// The secret in the path, and the track behind it.
struct OfTrack(Secret, TrackId);

impl<S: Send + Sync> FromRequestParts<S> for OfTrack {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let texts = Path::<(String, String)>::from_request_parts(parts, state).await;
        let Path((secret, id)) = texts.map_err(|_no_text| Problem::not_found("share"))?;
        let wrong = |error: NotAnId| Problem::bad_request("id", error.to_string());
        Ok(Self(Secret::new(secret), id.parse().map_err(wrong)?))
    }
}
