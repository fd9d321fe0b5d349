//! Stations of internet radio: listed for everybody, kept by administrators.

use std::sync::Arc;

use axum::{Json, extract::State};
use hexachord_contracts::{
    Page,
    ids::RadioStationId,
    profile::{
        AddRadioStation, ListRadioStations, RadioStation, RemoveRadioStation, UpdateRadioStation,
    },
};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{
    credential::{Administrator, Who},
    edge::Edge,
    extract::{Id, Json as JsonBody, ListParameters, Parameters},
    problem::{Problem, ProblemBody},
};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(update, remove))
}

/// The radio stations that the house knows, by name.
#[utoipa::path(get, path = "/radio-stations", tag = "radio", params(ListParameters), responses(
    (status = 200, body = Page<RadioStation>), (status = 400, body = ProblemBody)))]
async fn list(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Parameters(mut list): Parameters<ListParameters>,
) -> Result<Json<Page<RadioStation>>, Problem> {
    let call = ListRadioStations { paging: list.paging() };
    Ok(Json(edge.profile.call(&who.context, call).await?))
}

#[derive(Deserialize, ToSchema)]
struct NewStation {
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// An address of `http` or `https`.
    #[schema(max_length = 2000)]
    stream_url: String,
    /// As `stream_url`.
    #[schema(max_length = 2000)]
    home_page_url: Option<String>,
}

/// Adds a station (administrators).
#[utoipa::path(post, path = "/radio-stations", tag = "radio", request_body = NewStation, responses(
    (status = 201, body = RadioStation), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
async fn add(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    JsonBody(body): JsonBody<NewStation>,
) -> Result<(StatusCode, Json<RadioStation>), Problem> {
    let NewStation { name, stream_url, home_page_url } = body;
    let call = AddRadioStation { name, stream_url, home_page_url };
    Ok((StatusCode::CREATED, Json(edge.profile.call(&context, call).await?)))
}

/// What is left out stays.
#[derive(Deserialize, ToSchema)]
struct StationChange {
    name: Option<String>,
    stream_url: Option<String>,
    /// Empty: it has none any more.
    home_page_url: Option<String>,
}

/// Another name or address of a station (administrators).
#[utoipa::path(patch, path = "/radio-stations/{id}", tag = "radio", params(("id" = RadioStationId, Path)), request_body = StationChange, responses(
    (status = 200, body = RadioStation), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody)))]
async fn update(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    Id(station): Id<RadioStationId>,
    JsonBody(body): JsonBody<StationChange>,
) -> Result<Json<RadioStation>, Problem> {
    let StationChange { name, stream_url, home_page_url } = body;
    let call = UpdateRadioStation { station, name, stream_url, home_page_url };
    Ok(Json(edge.profile.call(&context, call).await?))
}

/// Removes a station (administrators).
#[utoipa::path(delete, path = "/radio-stations/{id}", tag = "radio", params(("id" = RadioStationId, Path)), responses(
    (status = 204), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn remove(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    Id(station): Id<RadioStationId>,
) -> Result<StatusCode, Problem> {
    edge.profile.call(&context, RemoveRadioStation { station }).await?;
    Ok(StatusCode::NO_CONTENT)
}
