//! Covers of albums, discs, tracks and artists: found by the catalog, sent from the disk to the socket.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, Path, State},
    response::Response,
};
use hexachord_contracts::{
    Context,
    catalog::{CoverOf, LocateCover},
    ids::{AlbumId, ArtistId, NotAnId, TrackId},
};
use http::{HeaderValue, request::Parts};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::files::send;
use crate::http::{
    asked::Asked,
    credential::Who,
    edge::Edge,
    extract::{Id, Parameters},
    opens::Disk,
    problem::{Problem, ProblemBody},
};

/// Covers change seldom, and carry the hash of their content.
const AN_HOUR: HeaderValue = HeaderValue::from_static("private, max-age=3600");
/// Another content would have another address.
const FOR_EVER: HeaderValue = HeaderValue::from_static("private, max-age=31536000, immutable");

/// Characters of a hash.
const HASH: usize = 32;

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new()
        .routes(routes!(album_cover))
        .routes(routes!(disc_cover))
        .routes(routes!(track_cover))
        .routes(routes!(artist_cover))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CoverParameters {
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
    asked: Asked,
    Id(album): Id<AlbumId>,
    Parameters(parameters): Parameters<CoverParameters>,
) -> Result<Response, Problem> {
    cover(&edge, &who.context, &asked, CoverOf::Album(album), parameters).await
}

/// The picture of a disc of an album, else the album's cover.
#[utoipa::path(get, path = "/albums/{id}/discs/{disc}/cover", tag = "streaming",
    params(("id" = AlbumId, Path), ("disc" = u32, Path), CoverParameters), responses(
    (status = 200, content_type = "image/*"), (status = 304), (status = 400, body = ProblemBody),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn disc_cover(
    State(edge): State<Arc<Edge>>,
    who: Who,
    asked: Asked,
    OfDisc(album, disc): OfDisc,
    Parameters(parameters): Parameters<CoverParameters>,
) -> Result<Response, Problem> {
    cover(&edge, &who.context, &asked, CoverOf::Disc(album, disc), parameters).await
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
    asked: Asked,
    Id(track): Id<TrackId>,
    Parameters(parameters): Parameters<CoverParameters>,
) -> Result<Response, Problem> {
    cover(&edge, &who.context, &asked, CoverOf::Track(track), parameters).await
}

/// The picture of an artist, else the cover of an album.
#[utoipa::path(get, path = "/artists/{id}/cover", tag = "streaming", params(("id" = ArtistId, Path), CoverParameters), responses(
    (status = 200, content_type = "image/*"), (status = 304), (status = 400, body = ProblemBody),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn artist_cover(
    State(edge): State<Arc<Edge>>,
    who: Who,
    asked: Asked,
    Id(artist): Id<ArtistId>,
    Parameters(parameters): Parameters<CoverParameters>,
) -> Result<Response, Problem> {
    cover(&edge, &who.context, &asked, CoverOf::Artist(artist), parameters).await
}

/// The picture that stands for something, from the disk to the socket; `hash` of the picture that is
/// meant.
pub(in crate::http) async fn send_cover(
    edge: &Edge,
    context: &Context,
    asked: &Asked,
    of: CoverOf,
    (size, hash): (Option<u32>, Option<&str>),
) -> Result<Response, Problem> {
    let location = edge.catalog.call(context, LocateCover { of, size }).await?;
    let opened = edge.opens.open(Disk::Data, location.path).await?;
    let is_the_one = hash.is_some_and(|hash| !hash.is_empty() && location.hash.starts_with(hash));
    let cache_control = if is_the_one { FOR_EVER } else { AN_HOUR };
    send(edge, asked, opened, &location.etag, location.content_type, cache_control)
}

pub(super) async fn cover(
    edge: &Edge,
    context: &Context,
    asked: &Asked,
    of: CoverOf,
    CoverParameters { size, v }: CoverParameters,
) -> Result<Response, Problem> {
    // Here a picture is named by its whole hash.
    let hash = v.as_deref().filter(|hash| hash.len() == HASH);
    send_cover(edge, context, asked, of, (size, hash)).await
}
