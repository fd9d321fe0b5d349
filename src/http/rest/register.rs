//! Coming in for the first time: claim, register, and what the server says of itself.

use std::sync::{Arc, atomic::Ordering};

use axum::{extract::State, response::Response};
use hexachord_contracts::{
    Caller, Context, Role,
    authentication::{Claim, ListAccounts, Register, Secret},
    page::Paging,
};
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::sessions::{SignedInBody, signed_in};
use crate::{
    config::Registration,
    http::{
        arrival::Arrival,
        credential::refuse_cross_site,
        edge::Edge,
        extract::Json,
        problem::{Problem, ProblemBody},
    },
};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(server)).routes(routes!(claim)).routes(routes!(register))
}

#[derive(Serialize, ToSchema)]
struct Server {
    /// `hexachord`
    name: &'static str,
    version: &'static str,
    /// There is an administrator; otherwise the claim link makes one.
    claimed: bool,
    #[schema(value_type = String, examples("invite"))]
    registration: &'static str,
}

/// What a client must know before anybody signs in.
#[utoipa::path(get, path = "/server", tag = "server", security(()), responses(
    (status = 200, body = Server), (status = 503, body = ProblemBody)))]
async fn server(
    State(edge): State<Arc<Edge>>,
    arrival: Arrival,
) -> Result<axum::Json<Server>, Problem> {
    let registration = match edge.registration {
        Registration::Open => "open",
        Registration::Invite => "invite",
        Registration::Closed => "closed",
    };
    let claimed = is_claimed(&edge, &arrival.context(Caller::System)).await?;
    let version = env!("CARGO_PKG_VERSION");
    Ok(axum::Json(Server { name: "hexachord", version, claimed, registration }))
}

async fn is_claimed(edge: &Edge, context: &Context) -> Result<bool, Problem> {
    if edge.claimed.load(Ordering::Relaxed) {
        return Ok(true);
    }
    let mut paging = Paging::first(Paging::MOST);
    loop {
        let page = edge.authentication.call(context, ListAccounts { paging }).await?;
        if page.items.iter().any(|account| account.role == Role::Administrator) {
            edge.claimed.store(true, Ordering::Relaxed);
            return Ok(true);
        }
        let Some(cursor) = page.next_cursor else { return Ok(false) };
        paging = Paging { limit: Paging::MOST, cursor: Some(cursor) };
    }
}

#[derive(Deserialize, ToSchema)]
struct ClaimBody {
    /// From the link that the server prints at its first start.
    code: Secret,
    username: String,
    password: Secret,
}

/// Makes the first administrator, once.
#[utoipa::path(post, path = "/claim", tag = "accounts", security(()), request_body = ClaimBody, responses(
    (status = 201, body = SignedInBody), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 409, body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn claim(
    State(edge): State<Arc<Edge>>,
    arrival: Arrival,
    headers: HeaderMap,
    Json(body): Json<ClaimBody>,
) -> Result<Response, Problem> {
    refuse_cross_site(&arrival)?;
    let ClaimBody { code, username, password } = body;
    let call = Claim { code, username, password, origin: arrival.origin(&headers) };
    let session = edge.authentication.call(&arrival.context(Caller::Anonymous), call).await?;
    Ok(signed_in(&edge, &arrival, session))
}

#[derive(Deserialize, ToSchema)]
struct RegisterBody {
    username: String,
    password: Secret,
    invite: Option<Secret>,
}

/// Makes an account, where registration is open or with an invite.
#[utoipa::path(post, path = "/accounts", tag = "accounts", security(()), request_body = RegisterBody, responses(
    (status = 201, body = SignedInBody), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 409, body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn register(
    State(edge): State<Arc<Edge>>,
    arrival: Arrival,
    headers: HeaderMap,
    Json(body): Json<RegisterBody>,
) -> Result<Response, Problem> {
    refuse_cross_site(&arrival)?;
    let RegisterBody { username, password, invite } = body;
    let call = Register { username, password, invite, origin: arrival.origin(&headers) };
    let session = edge.authentication.call(&arrival.context(Caller::Anonymous), call).await?;
    Ok(signed_in(&edge, &arrival, session))
}
