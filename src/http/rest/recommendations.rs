//! What to hear next, and why.

use std::sync::Arc;

use axum::{Json, extract::State};
use hexachord_contracts::{
    Context,
    catalog::Track,
    ids::TrackId,
    recommendation::{FindSonic, FindSonicPath, Reason, Recommend, Recommended, SonicMatch},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::filled;
use crate::http::{
    credential::Who,
    edge::Edge,
    extract::{Id, Parameters},
    problem::{Problem, ProblemBody},
};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(for_you)).routes(routes!(sonic)).routes(routes!(sonic_path))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct LimitParameters {
    /// 1 to 500; 50 when left out.
    #[param(minimum = 1, maximum = 500)]
    pub(super) limit: Option<u32>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PathParameters {
    /// Where the way ends.
    to: TrackId,
    /// The most tracks, with both ends: 1 to 100; 25 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// Tracks by their sound.
#[derive(Serialize, ToSchema)]
struct SonicMatches {
    items: Vec<SonicTrack>,
    next_cursor: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct SonicTrack {
    track: Track,
    /// 0 to 1: 1 sounds the same.
    similarity: f32,
}

/// Tracks, best first.
#[derive(Default, Serialize, ToSchema)]
pub(super) struct Recommendations {
    items: Vec<RecommendedTrack>,
    next_cursor: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct RecommendedTrack {
    track: Track,
    reason: ReasonInWords,
}

/// For programs by its `kind`, for people in `text`.
#[derive(Serialize, ToSchema)]
pub(super) struct ReasonInWords {
    text: String,
    #[serde(flatten)]
    reason: Reason,
}

impl From<Reason> for ReasonInWords {
    fn from(reason: Reason) -> Self {
        Self { text: reason.to_string(), reason }
    }
}

/// Tracks for oneself, each with the reason that spoke most for it.
#[utoipa::path(get, path = "/recommendations", tag = "listening", params(LimitParameters), responses(
    (status = 200, body = Recommendations), (status = 400, body = ProblemBody)))]
async fn for_you(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Parameters(parameters): Parameters<LimitParameters>,
) -> Result<Json<Recommendations>, Problem> {
    let call = Recommend { limit: parameters.limit.unwrap_or(Recommend::USUAL) };
    let recommended = edge.recommendation.call(&who.context, call).await?;
    filled_in(&edge, &who.context, recommended).await
}

/// Tracks that sound like this one, whatever their tags say, most alike first. 404 `not-measured` while
/// nobody has listened to it.
#[utoipa::path(get, path = "/tracks/{id}/sonic", tag = "listening", params(("id" = TrackId, Path), LimitParameters), responses(
    (status = 200, body = SonicMatches), (status = 400, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn sonic(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Id(track): Id<TrackId>,
    Parameters(parameters): Parameters<LimitParameters>,
) -> Result<Json<SonicMatches>, Problem> {
    let call = FindSonic { track, limit: parameters.limit.unwrap_or(Recommend::USUAL) };
    let found = edge.recommendation.call(&who.context, call).await?;
    matched(&edge, &who.context, found).await
}

/// A way from this track to another in small steps of sound; each with how much it sounds like the first.
#[utoipa::path(get, path = "/tracks/{id}/sonic-path", tag = "listening", params(("id" = TrackId, Path), PathParameters), responses(
    (status = 200, body = SonicMatches), (status = 400, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn sonic_path(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Id(from): Id<TrackId>,
    Parameters(parameters): Parameters<PathParameters>,
) -> Result<Json<SonicMatches>, Problem> {
    let limit = parameters.limit.unwrap_or(FindSonicPath::USUAL);
    let call = FindSonicPath { from, to: parameters.to, limit };
    let found = edge.recommendation.call(&who.context, call).await?;
    matched(&edge, &who.context, found).await
}

/// What is gone meanwhile is left out.
async fn matched(
    edge: &Edge,
    context: &Context,
    found: Vec<SonicMatch>,
) -> Result<Json<SonicMatches>, Problem> {
    let ids = found.iter().map(|one| one.track).collect();
    let tracks = filled::tracks(edge, context, ids).await?;
    let item = |(one, track): (SonicMatch, Option<Track>)| {
        Some(SonicTrack { track: track?, similarity: one.similarity })
    };
    let items = found.into_iter().zip(tracks).filter_map(item).collect();
    Ok(Json(SonicMatches { items, next_cursor: None }))
}

/// What is gone meanwhile is left out.
pub(super) async fn filled_in(
    edge: &Edge,
    context: &Context,
    recommended: Vec<Recommended>,
) -> Result<Json<Recommendations>, Problem> {
    let ids = recommended.iter().map(|recommended| recommended.track).collect();
    let tracks = filled::tracks(edge, context, ids).await?;
    let item = |(recommended, track): (Recommended, Option<Track>)| {
        Some(RecommendedTrack { track: track?, reason: recommended.reason.into() })
    };
    let items = recommended.into_iter().zip(tracks).filter_map(item).collect();
    Ok(Json(Recommendations { items, next_cursor: None }))
}
