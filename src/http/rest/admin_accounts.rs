//! Accounts, for administrators and the command line.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use hexachord_contracts::{
    CallError, LibraryAccess, Page, Role,
    authentication::{
        Account, AuthenticationError, CreateAccount, CreateDeviceKey, FindAccount, GetAccount,
        ListAccounts, RemoveAccount, ResetPassword, Secret, UpdateAccount,
    },
    ids::AccountId,
};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{NO_STORE, device_keys::LabelBody};
use crate::http::{
    app_key::AppKey,
    arrival::Arrival,
    credential::Administrator,
    edge::Edge,
    extract::{Id, Json, ListParameters, Parameters},
    own_address::own_address,
    problem::{Problem, ProblemBody},
};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, update, remove))
        .routes(routes!(reset_password))
        .routes(routes!(create_device_key))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AccountParameters {
    /// Only the account of this name.
    username: Option<String>,
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    cursor: Option<String>,
}

/// Accounts by name.
#[utoipa::path(get, path = "/accounts", tag = "administration", params(AccountParameters), responses(
    (status = 200, body = Page<Account>), (status = 403, body = ProblemBody)))]
async fn list(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    Parameters(parameters): Parameters<AccountParameters>,
) -> Result<axum::Json<Page<Account>>, Problem> {
    let AccountParameters { username, limit, cursor } = parameters;
    if let Some(username) = username {
        let found = edge.authentication.call(&context, FindAccount { username }).await;
        let items = match found {
            Ok(account) => vec![account],
            Err(CallError::Refused(AuthenticationError::NotFound { .. })) => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        return Ok(axum::Json(Page { items, next_cursor: None }));
    }
    let paging = ListParameters { limit, cursor, sort: None }.paging();
    Ok(axum::Json(edge.authentication.call(&context, ListAccounts { paging }).await?))
}

#[derive(Deserialize, ToSchema)]
struct CreateBody {
    username: String,
    password: Secret,
    /// Absent: `listener`.
    role: Option<Role>,
    /// Absent: all.
    libraries: Option<LibraryAccess>,
}

/// A new account.
#[utoipa::path(post, path = "/accounts", tag = "administration", request_body = CreateBody, responses(
    (status = 201, body = Account), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn create(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    Json(body): Json<CreateBody>,
) -> Result<Response, Problem> {
    let CreateBody { username, password, role, libraries } = body;
    let role = role.unwrap_or(Role::Listener);
    let libraries = libraries.unwrap_or(LibraryAccess::All);
    let call = CreateAccount { username, password, role, libraries };
    let account = edge.authentication.call(&context, call).await?;
    Ok((StatusCode::CREATED, axum::Json(account)).into_response())
}

/// One account.
#[utoipa::path(get, path = "/accounts/{id}", tag = "administration", params(("id" = AccountId, Path)), responses(
    (status = 200, body = Account), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn get(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    Id(account): Id<AccountId>,
) -> Result<axum::Json<Account>, Problem> {
    Ok(axum::Json(edge.authentication.call(&context, GetAccount { account }).await?))
}

#[derive(Deserialize, ToSchema)]
struct UpdateBody {
    role: Option<Role>,
    libraries: Option<LibraryAccess>,
    enabled: Option<bool>,
}

/// Changes role, libraries or state; what is absent stays.
#[utoipa::path(patch, path = "/accounts/{id}", tag = "administration", params(("id" = AccountId, Path)), request_body = UpdateBody, responses(
    (status = 200, body = Account), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn update(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    Id(account): Id<AccountId>,
    Json(body): Json<UpdateBody>,
) -> Result<axum::Json<Account>, Problem> {
    let UpdateBody { role, libraries, enabled } = body;
    let call = UpdateAccount { account, role, libraries, enabled };
    let updated = edge.authentication.call(&context, call).await?;
    edge.mirror.forget(account);
    Ok(axum::Json(updated))
}

/// Removes an account with everything it owned.
#[utoipa::path(delete, path = "/accounts/{id}", tag = "administration", params(("id" = AccountId, Path)), responses(
    (status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn remove(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    Id(account): Id<AccountId>,
) -> Result<StatusCode, Problem> {
    edge.authentication.call(&context, RemoveAccount { account }).await?;
    edge.mirror.forget(account);
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
struct ResetBody {
    password: Secret,
}

/// Sets a new password and ends all sessions and device keys of the account.
#[utoipa::path(put, path = "/accounts/{id}/password", tag = "administration", params(("id" = AccountId, Path)), request_body = ResetBody, responses(
    (status = 204), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn reset_password(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    Id(account): Id<AccountId>,
    Json(body): Json<ResetBody>,
) -> Result<StatusCode, Problem> {
    let call = ResetPassword { account, password: body.password };
    edge.authentication.call(&context, call).await?;
    edge.mirror.forget(account);
    Ok(StatusCode::NO_CONTENT)
}

/// A device key for somebody else, with all that an app asks for; its secret is told this once.
#[utoipa::path(post, path = "/accounts/{id}/device-keys", tag = "administration", params(("id" = AccountId, Path)), request_body = LabelBody, responses(
    (status = 201, body = AppKey), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn create_device_key(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    arrival: Arrival,
    headers: HeaderMap,
    Id(account): Id<AccountId>,
    Json(body): Json<LabelBody>,
) -> Result<Response, Problem> {
    let call = CreateDeviceKey { label: body.label, account: Some(account) };
    let username = edge.authentication.call(&context, GetAccount { account }).await?.username;
    let key = edge.authentication.call(&context, call).await?;
    let key = AppKey::new(key, own_address(&edge, &arrival, &headers), username);
    Ok((StatusCode::CREATED, [NO_STORE], axum::Json(key)).into_response())
}
