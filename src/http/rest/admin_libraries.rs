//! Libraries for administrators: where they lie, and folders of the server to choose one from.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use hexachord_contracts::{
    catalog::{
        AddLibrary, LibraryDetail, ListLibraryDetails, ListServerFolders, RemoveLibrary,
        RenameLibrary, ServerFolders,
    },
    ids::LibraryId,
};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{
    credential::Administrator,
    edge::Edge,
    extract::{Id, Json as JsonBody, Parameters},
    problem::{Problem, ProblemBody},
};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(rename, remove))
        .routes(routes!(server_folders))
}

#[derive(Serialize, ToSchema)]
struct LibraryDetails {
    items: Vec<LibraryDetail>,
    next_cursor: Option<String>,
}

/// All libraries, by name.
#[utoipa::path(get, path = "/libraries", tag = "administration", responses(
    (status = 200, body = LibraryDetails), (status = 403, body = ProblemBody)))]
async fn list(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
) -> Result<Json<LibraryDetails>, Problem> {
    let items = edge.catalog.call(&context, ListLibraryDetails {}).await?;
    Ok(Json(LibraryDetails { items, next_cursor: None }))
}

#[derive(Deserialize, ToSchema)]
struct AddBody {
    name: String,
    /// The whole path of a folder of the server.
    path: String,
}

/// Adds a folder of the server as a library; a scan of it begins. The demo library goes with the first
/// one that is added.
#[utoipa::path(post, path = "/libraries", tag = "administration", request_body = AddBody, responses(
    (status = 201, body = LibraryDetail), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn add(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    JsonBody(body): JsonBody<AddBody>,
) -> Result<Response, Problem> {
    let AddBody { name, path } = body;
    let library = edge.catalog.call(&context, AddLibrary { name, path }).await?;
    Ok((StatusCode::CREATED, Json(library)).into_response())
}

#[derive(Deserialize, ToSchema)]
struct RenameBody {
    name: String,
}

/// Gives an added library another name; one of the configuration is refused.
#[utoipa::path(patch, path = "/libraries/{id}", tag = "administration", params(("id" = LibraryId, Path)), request_body = RenameBody, responses(
    (status = 200, body = LibraryDetail), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn rename(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    Id(library): Id<LibraryId>,
    JsonBody(RenameBody { name }): JsonBody<RenameBody>,
) -> Result<Json<LibraryDetail>, Problem> {
    Ok(Json(edge.catalog.call(&context, RenameLibrary { library, name }).await?))
}

/// Takes an added library away: its tracks become missing, and nothing is deleted. The same folder added
/// under the same name brings everything back.
#[utoipa::path(delete, path = "/libraries/{id}", tag = "administration", params(("id" = LibraryId, Path)), responses(
    (status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn remove(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    Id(library): Id<LibraryId>,
) -> Result<StatusCode, Problem> {
    edge.catalog.call(&context, RemoveLibrary { library }).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct FolderParameters {
    /// The whole path of a folder of the server; absent: places to begin at.
    path: Option<String>,
}

/// The folders inside a folder of the server, at most 1,000, to choose a library from. Files are counted,
/// and not named.
#[utoipa::path(get, path = "/server-folders", tag = "administration", params(FolderParameters), responses(
    (status = 200, body = ServerFolders), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
async fn server_folders(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    Parameters(FolderParameters { path }): Parameters<FolderParameters>,
) -> Result<Json<ServerFolders>, Problem> {
    Ok(Json(edge.catalog.call(&context, ListServerFolders { path }).await?))
}
