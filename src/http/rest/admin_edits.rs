//! Edits of what files are tagged with, for administrators.

use std::sync::Arc;

use axum::{Json, extract::State};
use hexachord_contracts::{
    CallError, Page,
    catalog::{CatalogError, Edit, EditOf, ListEdits, PutEdits, RemoveEdit},
    ids::EditId,
};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{
    credential::Administrator,
    edge::Edge,
    extract::{Id, Json as JsonBody, LONG_LIST_BYTES, ListParameters, Parameters},
    problem::{Problem, ProblemBody},
};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(list, put)).routes(routes!(remove))
}

/// All edits, the oldest first. Each page can be sent to another server as it is.
#[utoipa::path(get, path = "/edits", tag = "administration", params(ListParameters), responses(
    (status = 200, body = Page<Edit>), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
async fn list(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    Parameters(mut parameters): Parameters<ListParameters>,
) -> Result<Json<Page<Edit>>, Problem> {
    let call = ListEdits { paging: parameters.paging() };
    Ok(Json(edge.catalog.call(&context, call).await?))
}

/// Edits to be made; a page of the list of edits is one.
#[derive(Deserialize, ToSchema)]
struct NewEdits {
    #[schema(max_items = 500)]
    items: Vec<NewEdit>,
}

#[derive(Deserialize, ToSchema)]
struct NewEdit {
    edit: EditOf,
}

#[derive(Serialize, ToSchema)]
struct MadeEdits {
    items: Vec<Edit>,
}

/// Makes edits, all or none. What an earlier one says of the same artist, genre or track is replaced.
/// Files are never touched; the library shows the edits at once, and still after every scan.
#[utoipa::path(post, path = "/edits", tag = "administration", request_body = NewEdits, responses(
    (status = 200, body = MadeEdits), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn put(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    JsonBody(body): JsonBody<NewEdits, LONG_LIST_BYTES>,
) -> Result<Json<MadeEdits>, Problem> {
    let edits = body.items.into_iter().map(|item| item.edit).collect();
    let made = edge.catalog.call(&context, PutEdits { edits }).await.map_err(in_the_body)?;
    Ok(Json(MadeEdits { items: made }))
}

/// The call has a list of edits where the body has a list of items with an edit each.
fn in_the_body(error: CallError<CatalogError>) -> Problem {
    let CallError::Refused(CatalogError::Invalid { field, reason }) = error else {
        return error.into();
    };
    let field = match field.strip_prefix("edits") {
        Some(rest) => format!("items{}", rest.replacen("].", "].edit.", 1)),
        None => field,
    };
    let detail = format!("{field}: {reason}");
    Problem::bad_request(field, detail)
}

/// Takes an edit back: what the files say counts again.
#[utoipa::path(delete, path = "/edits/{id}", tag = "administration", params(("id" = EditId, Path)), responses(
    (status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn remove(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    Id(edit): Id<EditId>,
) -> Result<StatusCode, Problem> {
    edge.catalog.call(&context, RemoveEdit { edit }).await?;
    Ok(StatusCode::NO_CONTENT)
}
