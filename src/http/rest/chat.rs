//! What people of the house write to each other.

use std::sync::Arc;

use axum::{Json, extract::State};
use hexachord_contracts::{
    Page, Timestamp,
    page::Paging,
    profile::{ChatMessage, ListMessages, PostMessage},
};
use http::StatusCode;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{
    credential::Who,
    edge::Edge,
    extract::{Json as JsonBody, Parameters},
    problem::{Problem, ProblemBody},
};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(list, post))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MessageParameters {
    /// Messages a page, 1 to 500; 50 when left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Only those that were written after it.
    since: Option<Timestamp>,
}

/// The last messages of the house, the latest first: 1,000 are kept.
#[utoipa::path(get, path = "/chat", tag = "chat", params(MessageParameters), responses(
    (status = 200, body = Page<ChatMessage>), (status = 400, body = ProblemBody)))]
async fn list(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Parameters(parameters): Parameters<MessageParameters>,
) -> Result<Json<Page<ChatMessage>>, Problem> {
    let MessageParameters { limit, cursor, since } = parameters;
    let cursor = cursor.filter(|cursor| !cursor.is_empty());
    let paging = Paging { limit: limit.unwrap_or(Paging::USUAL), cursor };
    Ok(Json(edge.profile.call(&who.context, ListMessages { since, paging }).await?))
}

#[derive(Deserialize, ToSchema)]
struct MessageBody {
    #[schema(min_length = 1, max_length = 400)]
    text: String,
}

/// Writes to everybody in the house.
#[utoipa::path(post, path = "/chat", tag = "chat", request_body = MessageBody, responses(
    (status = 201, body = ChatMessage), (status = 400, body = ProblemBody)))]
async fn post(
    State(edge): State<Arc<Edge>>,
    who: Who,
    JsonBody(body): JsonBody<MessageBody>,
) -> Result<(StatusCode, Json<ChatMessage>), Problem> {
    let message = edge.profile.call(&who.context, PostMessage { text: body.text }).await?;
    Ok((StatusCode::CREATED, Json(message)))
}
