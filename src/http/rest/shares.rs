//! One's shares: made, listed, changed and removed.

use std::sync::Arc;

use axum::{Json, extract::State};
use hexachord_contracts::{
    ItemId, Page, Timestamp,
    ids::{PlaylistId, ShareId},
    profile::{CreateShare, Expiry, ListShares, RemoveShare, Share, UpdateShare},
};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{
    arrival::Arrival,
    credential::Who,
    edge::Edge,
    extract::{Id, Json as JsonBody, ListParameters, Parameters},
    problem::{Problem, ProblemBody},
    shared,
};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(update, remove))
}

/// A share with the address to give away: whoever has it sees and hears what is shared.
#[derive(Serialize, ToSchema)]
struct ShareWithAddress {
    #[serde(flatten)]
    share: Share,
    url: String,
}

/// Makes addresses of the server as the client reached it.
struct Addresses<'e> {
    edge: &'e Edge,
    arrival: Arrival,
    headers: HeaderMap,
}

impl Addresses<'_> {
    fn of(&self, share: Share) -> ShareWithAddress {
        let url = shared::address(self.edge, &self.arrival, &self.headers, &share.secret);
        ShareWithAddress { share, url }
    }
}

/// One's shares, the newest first; also those that have ended.
#[utoipa::path(get, path = "/me/shares", tag = "shares", params(ListParameters), responses(
    (status = 200, body = Page<ShareWithAddress>), (status = 400, body = ProblemBody)))]
async fn list(
    State(edge): State<Arc<Edge>>,
    who: Who,
    arrival: Arrival,
    headers: HeaderMap,
    Parameters(mut list): Parameters<ListParameters>,
) -> Result<Json<Page<ShareWithAddress>>, Problem> {
    let page = edge.profile.call(&who.context, ListShares { paging: list.paging() }).await?;
    let addresses = Addresses { edge: &edge, arrival, headers };
    let items = page.items.into_iter().map(|share| addresses.of(share)).collect();
    Ok(Json(Page { items, next_cursor: page.next_cursor }))
}

#[derive(Deserialize, ToSchema)]
struct NewShare {
    /// Tracks, albums and artists: with the playlists 1 to 500.
    #[serde(default)]
    #[schema(max_items = 500)]
    items: Vec<ItemId>,
    #[serde(default)]
    #[schema(max_items = 500)]
    playlists: Vec<PlaylistId>,
    #[serde(default)]
    #[schema(max_length = 2000)]
    description: String,
    /// Never when left out.
    expires_at: Option<Timestamp>,
}

/// Shows music to people without an account. What is on an album or in a playlist is looked up when
/// somebody visits, and nothing is shown that one may not see oneself.
#[utoipa::path(post, path = "/me/shares", tag = "shares", request_body = NewShare, responses(
    (status = 201, body = ShareWithAddress), (status = 400, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn create(
    State(edge): State<Arc<Edge>>,
    who: Who,
    arrival: Arrival,
    headers: HeaderMap,
    JsonBody(body): JsonBody<NewShare>,
) -> Result<(StatusCode, Json<ShareWithAddress>), Problem> {
    let NewShare { items, playlists, description, expires_at } = body;
    let call = CreateShare { items, playlists, description, expires_at };
    let share = edge.profile.call(&who.context, call).await?;
    let addresses = Addresses { edge: &edge, arrival, headers };
    Ok((StatusCode::CREATED, Json(addresses.of(share))))
}

/// What is left out stays.
#[derive(Deserialize, ToSchema)]
struct ShareChange {
    description: Option<String>,
    /// `null`: it never ends.
    #[serde(default, deserialize_with = "told")]
    #[schema(value_type = Option<Timestamp>)]
    expires_at: Option<Expiry>,
}

/// `null` says something, too.
fn told<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Expiry>, D::Error> {
    let end = Option::<Timestamp>::deserialize(from)?;
    Ok(Some(end.map_or(Expiry::Never, Expiry::At)))
}

/// Another description or end of a share.
#[utoipa::path(patch, path = "/me/shares/{id}", tag = "shares", params(("id" = ShareId, Path)), request_body = ShareChange, responses(
    (status = 200, body = ShareWithAddress), (status = 400, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn update(
    State(edge): State<Arc<Edge>>,
    who: Who,
    arrival: Arrival,
    headers: HeaderMap,
    Id(share): Id<ShareId>,
    JsonBody(body): JsonBody<ShareChange>,
) -> Result<Json<ShareWithAddress>, Problem> {
    let ShareChange { description, expires_at: expires } = body;
    let call = UpdateShare { share, description, expires };
    let share = edge.profile.call(&who.context, call).await?;
    let addresses = Addresses { edge: &edge, arrival, headers };
    Ok(Json(addresses.of(share)))
}

/// Ends a share: its address leads nowhere any more.
#[utoipa::path(delete, path = "/me/shares/{id}", tag = "shares", params(("id" = ShareId, Path)), responses(
    (status = 204), (status = 400, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn remove(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Id(share): Id<ShareId>,
) -> Result<StatusCode, Problem> {
    edge.profile.call(&who.context, RemoveShare { share }).await?;
    Ok(StatusCode::NO_CONTENT)
}
