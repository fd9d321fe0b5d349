//! What one listened to, counted, and the albums that one played last.

use std::sync::Arc;

use axum::{Json, extract::State};
use hexachord_contracts::{
    ItemId, ItemKind, Page, Timestamp,
    catalog::Album,
    ids::AlbumId,
    page::Paging,
    profile::{AnnotatedBy, Between, GetStatistics, ListAnnotated, Statistics},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::filled;
use crate::http::{
    credential::Who,
    edge::Edge,
    extract::Parameters,
    problem::{Problem, ProblemBody},
};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(statistics)).routes(routes!(recent_albums))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct StatisticsParameters {
    /// From then on.
    #[param(value_type = String, format = DateTime)]
    from: Timestamp,
    /// Until before then: now when left out. At most 400 days lie between.
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// How many minutes one's clock is ahead of UTC, for days and hours: 0 when left out.
    #[param(minimum = -1080, maximum = 1080)]
    zone_minutes: Option<i32>,
}

/// What one listened to in some time: in all, on each day, and in each hour of the week. Plays are those
/// that counted; only tracks are counted that one may see now.
#[utoipa::path(get, path = "/me/statistics", tag = "listening", params(StatisticsParameters), responses(
    (status = 200, body = Statistics), (status = 400, body = ProblemBody)))]
async fn statistics(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Parameters(parameters): Parameters<StatisticsParameters>,
) -> Result<Json<Statistics>, Problem> {
    let StatisticsParameters { from, until, zone_minutes } = parameters;
    let between = Between { from, until: until.unwrap_or_else(|| edge.clock.now()) };
    let call = GetStatistics { between, zone_minutes: zone_minutes.unwrap_or(0) };
    Ok(Json(edge.profile.call(&who.context, call).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct RecentParameters {
    /// Albums, 1 to 500; 50 when left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

#[derive(Serialize, ToSchema)]
struct RecentAlbum {
    album: Album,
    /// Plays of its tracks that counted.
    plays: u32,
    last_played_at: Option<Timestamp>,
}

/// The albums that one played last, each once, the last one first.
#[utoipa::path(get, path = "/me/recent/albums", tag = "listening", params(RecentParameters), responses(
    (status = 200, body = Page<RecentAlbum>), (status = 400, body = ProblemBody)))]
async fn recent_albums(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Parameters(parameters): Parameters<RecentParameters>,
) -> Result<Json<Page<RecentAlbum>>, Problem> {
    let limit = parameters.limit.unwrap_or(Paging::USUAL);
    let (kind, by) = (ItemKind::Album, AnnotatedBy::LastPlayed);
    let call = ListAnnotated { kind, by, skip: 0, limit };
    let played = edge.profile.call(&who.context, call).await?;
    let ids = played.iter().filter_map(|annotation| match annotation.item {
        ItemId::Album(id) => Some(id),
        _ => None,
    });
    let albums = filled::albums(&edge, &who.context, ids.collect::<Vec<AlbumId>>()).await?;
    // What is gone meanwhile is left out.
    let items = played.into_iter().zip(albums).filter_map(|(annotation, album)| {
        let (plays, last_played_at) = (annotation.plays, annotation.last_played_at);
        Some(RecentAlbum { album: album?, plays, last_played_at })
    });
    Ok(Json(Page { items: items.collect(), next_cursor: None }))
}
