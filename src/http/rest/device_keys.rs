//! Keys for apps and devices: named, revocable, told once.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use hexachord_contracts::{
    authentication::{CreateDeviceKey, DeviceKey, GetMe, ListDeviceKeys, RevokeDeviceKey},
    ids::DeviceKeyId,
};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{NO_STORE, sessions::forget};
use crate::http::{
    app_key::AppKey,
    arrival::Arrival,
    credential::Who,
    edge::Edge,
    extract::{Id, Json},
    own_address::own_address,
    problem::{Problem, ProblemBody},
};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(revoke))
}

#[derive(Serialize, ToSchema)]
struct DeviceKeys {
    items: Vec<DeviceKey>,
    next_cursor: Option<String>,
}

/// One's device keys, without their secrets.
#[utoipa::path(get, path = "/me/device-keys", tag = "device keys", responses(
    (status = 200, body = DeviceKeys), (status = 401, body = ProblemBody)))]
async fn list(State(edge): State<Arc<Edge>>, who: Who) -> Result<axum::Json<DeviceKeys>, Problem> {
    let items = edge.authentication.call(&who.context, ListDeviceKeys {}).await?;
    Ok(axum::Json(DeviceKeys { items, next_cursor: None }))
}

#[derive(Deserialize, ToSchema)]
pub(super) struct LabelBody {
    /// What the key is for: "phone", "kitchen".
    pub(super) label: String,
}

/// A new device key, with all that an app asks for and a QR code of it; its secret is told this once.
#[utoipa::path(post, path = "/me/device-keys", tag = "device keys", request_body = LabelBody, responses(
    (status = 201, body = AppKey), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody)))]
async fn create(
    State(edge): State<Arc<Edge>>,
    who: Who,
    arrival: Arrival,
    headers: HeaderMap,
    Json(body): Json<LabelBody>,
) -> Result<Response, Problem> {
    let call = CreateDeviceKey { label: body.label, account: None };
    let username = edge.authentication.call(&who.context, GetMe {}).await?.username;
    let key = edge.authentication.call(&who.context, call).await?;
    let key = AppKey::new(key, own_address(&edge, &arrival, &headers), username);
    Ok((StatusCode::CREATED, [NO_STORE], axum::Json(key)).into_response())
}

/// Ends a device key.
#[utoipa::path(delete, path = "/me/device-keys/{id}", tag = "device keys", params(("id" = DeviceKeyId, Path)), responses(
    (status = 204), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn revoke(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Id(key): Id<DeviceKeyId>,
) -> Result<StatusCode, Problem> {
    edge.authentication.call(&who.context, RevokeDeviceKey { key }).await?;
    forget(&edge, &who);
    Ok(StatusCode::NO_CONTENT)
}
