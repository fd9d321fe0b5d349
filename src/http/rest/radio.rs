//! Stations of internet radio: listed and heard by everybody, kept by administrators.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use hexachord_contracts::{
    Page,
    ids::RadioStationId,
    profile::{
        AddRadioStation, GetRadioStation, ListRadioStations, RadioStation, RemoveRadioStation,
        UpdateRadioStation,
    },
};
use http::{HeaderValue, Method, StatusCode, header};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::NO_STORE;
use crate::http::{
    credential::{Administrator, Who},
    edge::Edge,
    extract::{Id, Json as JsonBody, ListParameters, Parameters},
    listener::Listener,
    problem::{Problem, ProblemBody},
};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(update, remove))
        .routes(routes!(stream))
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

/// What a station sends, as it comes: the server asks for it, so the station learns nothing of who listens.
/// It has no end and no ranges; a station whose address leads to a playlist (PLS, M3U) is heard at the
/// playlist's first address. It ends when the credential or the server does.
#[utoipa::path(get, path = "/radio-stations/{id}/stream", tag = "radio", params(("id" = RadioStationId, Path)), responses(
    (status = 200, content((String = "audio/*"), (String = "application/ogg"))),
    (status = 400, body = ProblemBody), (status = 402, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 502, body = ProblemBody), (status = 503, body = ProblemBody), (status = 504, body = ProblemBody)))]
async fn stream(
    State(edge): State<Arc<Edge>>,
    method: Method,
    listener: Listener,
    Id(station): Id<RadioStationId>,
) -> Result<Response, Problem> {
    let who = &listener.who;
    let station = edge.profile.call(&who.context, GetRadioStation { station }).await?;
    let entitlement = edge.allowances.of(&who.context).await;
    let place = edge.allowances.take(who, None, &entitlement, &method)?;
    let sound = edge.stations.tune_in(&station.stream_url).await?;
    let headers = [
        NO_STORE,
        (header::CONTENT_TYPE, sound.content_type()),
        (header::ACCEPT_RANGES, HeaderValue::from_static("none")),
    ];
    let draining = edge.draining.clone();
    // It would never end by itself.
    let over = async move {
        tokio::select! {
            () = draining.cancelled() => {}
            () = listener.gone(&edge) => {}
        }
    };
    Ok(place.held_by((headers, sound.into_body(over)).into_response()))
}
