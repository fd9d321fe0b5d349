//! Signing in and out, one's account, and one's sessions.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use hexachord_contracts::{
    Caller, Timestamp,
    authentication::{
        Account, ChangePassword, GetMe, ListSessions, RevokeOtherSessions, RevokeSession, Secret,
        Session, SignIn, SignOut, SignedIn,
    },
    ids::SessionId,
};
use http::{HeaderMap, StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::NO_STORE;
use crate::http::{
    arrival::Arrival,
    credential::{Who, expired_cookie, refuse_cross_site, session_cookie},
    edge::Edge,
    extract::{Id, Json},
    problem::{Problem, ProblemBody},
};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new()
        .routes(routes!(sign_in, sign_out))
        .routes(routes!(me))
        .routes(routes!(change_password))
        .routes(routes!(list, revoke_others))
        .routes(routes!(revoke))
}

#[derive(Deserialize, ToSchema)]
struct SignInBody {
    username: String,
    password: Secret,
}

/// A session: its token is told this once.
#[derive(Serialize, ToSchema)]
pub(super) struct SignedInBody {
    token: Secret,
    expires_at: Timestamp,
    account: Account,
}

/// The answer to everything that begins a session: the token in the body, for programs, and as a
/// cookie, for the page.
pub(super) fn signed_in(edge: &Edge, arrival: &Arrival, session: SignedIn) -> Response {
    let max_age = session.expires_at.since(edge.clock.now()).as_secs();
    let cookie = session_cookie(&session, max_age, arrival.secure);
    let SignedIn { token, expires_at, account, .. } = session;
    let body = axum::Json(SignedInBody { token, expires_at, account });
    let mut response = (StatusCode::CREATED, [NO_STORE], body).into_response();
    if let Some(cookie) = cookie {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// Signs in.
#[utoipa::path(post, path = "/session", tag = "sessions", security(()), request_body = SignInBody, responses(
    (status = 201, body = SignedInBody), (status = 401, body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn sign_in(
    State(edge): State<Arc<Edge>>,
    arrival: Arrival,
    headers: HeaderMap,
    Json(body): Json<SignInBody>,
) -> Result<Response, Problem> {
    refuse_cross_site(&arrival)?;
    let SignInBody { username, password } = body;
    let call = SignIn { username, password, origin: arrival.origin(&headers) };
    let session = edge.authentication.call(&arrival.context(Caller::Anonymous), call).await?;
    Ok(signed_in(&edge, &arrival, session))
}

/// Ends the session that asks.
#[utoipa::path(delete, path = "/session", tag = "sessions", responses(
    (status = 204), (status = 401, body = ProblemBody)))]
async fn sign_out(State(edge): State<Arc<Edge>>, who: Who) -> Result<Response, Problem> {
    let Some(session) = who.session() else {
        return Err(Problem::bad_request("credential", "a device key has no session to end"));
    };
    edge.authentication.call(&who.context, SignOut { session }).await?;
    forget(&edge, &who);
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, expired_cookie())]).into_response())
}

/// The account that asks.
#[utoipa::path(get, path = "/me", tag = "accounts", responses(
    (status = 200, body = Account), (status = 401, body = ProblemBody)))]
async fn me(State(edge): State<Arc<Edge>>, who: Who) -> Result<axum::Json<Account>, Problem> {
    if let Some(known) = &who.known {
        return Ok(axum::Json(known.identity.account.clone()));
    }
    // The owner of the data folder is no account: let the service say so.
    Ok(axum::Json(edge.authentication.call(&who.context, GetMe {}).await?))
}

#[derive(Deserialize, ToSchema)]
struct PasswordBody {
    current: Secret,
    new: Secret,
}

/// Changes the password and ends all other sessions.
#[utoipa::path(put, path = "/me/password", tag = "accounts", request_body = PasswordBody, responses(
    (status = 204), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn change_password(
    State(edge): State<Arc<Edge>>,
    who: Who,
    arrival: Arrival,
    headers: HeaderMap,
    Json(body): Json<PasswordBody>,
) -> Result<StatusCode, Problem> {
    let PasswordBody { current, new } = body;
    let origin = arrival.origin(&headers);
    let call = ChangePassword { current, new, keep: who.session(), origin };
    edge.authentication.call(&who.context, call).await?;
    forget(&edge, &who);
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Serialize, ToSchema)]
struct Sessions {
    items: Vec<Session>,
    next_cursor: Option<String>,
}

/// Where one is signed in, newest first.
#[utoipa::path(get, path = "/me/sessions", tag = "sessions", responses(
    (status = 200, body = Sessions), (status = 401, body = ProblemBody)))]
async fn list(State(edge): State<Arc<Edge>>, who: Who) -> Result<axum::Json<Sessions>, Problem> {
    let call = ListSessions { current: who.session() };
    let items = edge.authentication.call(&who.context, call).await?;
    Ok(axum::Json(Sessions { items, next_cursor: None }))
}

/// Ends one session.
#[utoipa::path(delete, path = "/me/sessions/{id}", tag = "sessions", params(("id" = SessionId, Path)), responses(
    (status = 204), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn revoke(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Id(session): Id<SessionId>,
) -> Result<StatusCode, Problem> {
    edge.authentication.call(&who.context, RevokeSession { session }).await?;
    forget(&edge, &who);
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Serialize, ToSchema)]
struct Revoked {
    revoked: u32,
}

/// Ends all sessions but the one that asks.
#[utoipa::path(delete, path = "/me/sessions", tag = "sessions", responses(
    (status = 200, body = Revoked), (status = 401, body = ProblemBody)))]
async fn revoke_others(
    State(edge): State<Arc<Edge>>,
    who: Who,
) -> Result<axum::Json<Revoked>, Problem> {
    let call = RevokeOtherSessions { keep: who.session() };
    let revoked = edge.authentication.call(&who.context, call).await?;
    forget(&edge, &who);
    Ok(axum::Json(Revoked { revoked }))
}

/// A credential that ended is dead on the very next request.
pub(super) fn forget(edge: &Edge, who: &Who) {
    if let Some(account) = who.context.account() {
        edge.mirror.forget(account);
    }
}
