//! Folders: the library as it lies on the disk.

use std::sync::Arc;

use axum::{Json, extract::State};
use hexachord_contracts::{
    catalog::{FolderId, FolderPage, ListFolder},
    page::Paging,
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{
    credential::Who,
    edge::Edge,
    extract::{Id, Parameters},
    problem::{Problem, ProblemBody},
};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(folder))
}

/// A folder has one order.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct FolderParameters {
    /// Rows a page, 1 to 500; 50 when left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// What is in a folder: sub-folders with music somewhere below them, then tracks, each by name. A
/// library's `root` is where to begin.
#[utoipa::path(get, path = "/folders/{id}", tag = "library", params(("id" = FolderId, Path), FolderParameters), responses(
    (status = 200, body = FolderPage), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn folder(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Id(folder): Id<FolderId>,
    Parameters(FolderParameters { limit, cursor }): Parameters<FolderParameters>,
) -> Result<Json<FolderPage>, Problem> {
    let cursor = cursor.filter(|cursor| !cursor.is_empty());
    let paging = Paging { limit: limit.unwrap_or(Paging::USUAL), cursor };
    Ok(Json(edge.catalog.call(&who.context, ListFolder { folder, paging }).await?))
}
