//! Invites: codes that let somebody make an account, once.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use hexachord_contracts::{
    LibraryAccess, Role,
    authentication::{CreateInvite, Invite, ListInvites, NewInvite, RevokeInvite},
    ids::InviteId,
};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::NO_STORE;
use crate::http::{
    credential::Administrator,
    edge::Edge,
    extract::{Id, OptionalJson},
    problem::{Problem, ProblemBody},
};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(revoke))
}

#[derive(Serialize, ToSchema)]
struct Invites {
    items: Vec<Invite>,
    next_cursor: Option<String>,
}

/// Invites, newest first, used and expired ones too; without their codes.
#[utoipa::path(get, path = "/invites", tag = "administration", responses(
    (status = 200, body = Invites), (status = 403, body = ProblemBody)))]
async fn list(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
) -> Result<axum::Json<Invites>, Problem> {
    let items = edge.authentication.call(&context, ListInvites {}).await?;
    Ok(axum::Json(Invites { items, next_cursor: None }))
}

#[derive(Default, Deserialize, ToSchema)]
struct InviteBody {
    /// Absent: `listener`.
    role: Option<Role>,
    /// Absent: all.
    libraries: Option<LibraryAccess>,
    /// Absent: a week.
    valid_seconds: Option<u64>,
}

/// A new invite; its code is told this once.
#[utoipa::path(post, path = "/invites", tag = "administration", request_body = Option<InviteBody>, responses(
    (status = 201, body = NewInvite), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
async fn create(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    OptionalJson(body): OptionalJson<InviteBody>,
) -> Result<Response, Problem> {
    let role = body.role.unwrap_or(Role::Listener);
    let libraries = body.libraries.unwrap_or(LibraryAccess::All);
    let call = CreateInvite { role, libraries, valid_seconds: body.valid_seconds };
    let invite = edge.authentication.call(&context, call).await?;
    Ok((StatusCode::CREATED, [NO_STORE], axum::Json(invite)).into_response())
}

/// Ends an invite.
#[utoipa::path(delete, path = "/invites/{id}", tag = "administration", params(("id" = InviteId, Path)), responses(
    (status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn revoke(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    Id(invite): Id<InviteId>,
) -> Result<StatusCode, Problem> {
    edge.authentication.call(&context, RevokeInvite { invite }).await?;
    Ok(StatusCode::NO_CONTENT)
}
