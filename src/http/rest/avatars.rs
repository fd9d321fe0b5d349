//! Pictures of accounts: one's own sent and taken away, those of others seen.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    response::Response,
};
use hexachord_contracts::{
    Context,
    ids::AccountId,
    profile::{GetAvatar, RemoveAvatar, SetAvatar},
};
use hexachord_pictures::identicon;
use http::{HeaderValue, StatusCode};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{
    asked::Asked,
    at_hand::{AtHand, send},
    credential::Who,
    edge::Edge,
    extract::Id,
    problem::{Problem, ProblemBody},
};

/// Another picture has the same address.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("private, no-cache");
const JPEG: HeaderValue = HeaderValue::from_static("image/jpeg");
const PNG: HeaderValue = HeaderValue::from_static("image/png");

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(mine, put, remove)).routes(routes!(of_account))
}

/// The picture that one shows of oneself, as it was made of what was sent; 404 without one.
#[utoipa::path(get, path = "/me/avatar", tag = "accounts", responses(
    (status = 200, content_type = "image/*"), (status = 304), (status = 404, body = ProblemBody)))]
async fn mine(State(edge): State<Arc<Edge>>, who: Who, asked: Asked) -> Result<Response, Problem> {
    let account = who.context.account().ok_or_else(|| Problem::not_found("avatar"))?;
    let shown = send_avatar(&edge, &who.context, &asked, account).await?;
    shown.ok_or_else(|| Problem::not_found("avatar"))
}

/// Shows this picture of oneself: a JPEG, PNG, WebP or GIF of at most 8 MiB and 25 million pixels, of which a
/// square of 256 pixels is kept.
#[utoipa::path(put, path = "/me/avatar", tag = "accounts", request_body(content_type = "image/*"), responses(
    (status = 204), (status = 413, body = ProblemBody), (status = 422, body = ProblemBody), (status = 503, body = ProblemBody)))]
async fn put(
    State(edge): State<Arc<Edge>>,
    who: Who,
    request: Request,
) -> Result<StatusCode, Problem> {
    let picture = edge.avatars.take(request).await?;
    edge.profile.call(&who.context, SetAvatar { picture }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Shows no picture of oneself any more.
#[utoipa::path(delete, path = "/me/avatar", tag = "accounts", responses((status = 204), (status = 404, body = ProblemBody)))]
async fn remove(State(edge): State<Arc<Edge>>, who: Who) -> Result<StatusCode, Problem> {
    edge.profile.call(&who.context, RemoveAvatar {}).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A picture for anybody of the house: the one that the account shows, else blocks in a colour by which it is
/// told apart.
#[utoipa::path(get, path = "/accounts/{id}/avatar", tag = "accounts", params(("id" = AccountId, Path)), responses(
    (status = 200, content_type = "image/*"), (status = 304), (status = 400, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn of_account(
    State(edge): State<Arc<Edge>>,
    who: Who,
    asked: Asked,
    Id(account): Id<AccountId>,
) -> Result<Response, Problem> {
    if let Some(shown) = send_avatar(&edge, &who.context, &asked, account).await? {
        return Ok(shown);
    }
    let body = identicon(account.0).map_err(|error| {
        tracing::error!(%error, "a picture cannot be drawn");
        let detail = "the picture cannot be drawn: the server's log says why";
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "failed", detail)
    })?;
    Ok(send(&asked, AtHand { body, content_type: PNG, cache_control: ASK_AGAIN }))
}

/// The picture that an account shows; `None` without one.
pub(in crate::http) async fn send_avatar(
    edge: &Edge,
    context: &Context,
    asked: &Asked,
    account: AccountId,
) -> Result<Option<Response>, Problem> {
    let avatar = edge.profile.call(context, GetAvatar { account }).await?;
    Ok(avatar.map(|avatar| {
        let body = avatar.picture.0;
        send(asked, AtHand { body, content_type: JPEG, cache_control: ASK_AGAIN })
    }))
}
