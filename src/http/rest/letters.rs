//! Ways into long lists: where their letters begin, and which decades there are.

use std::sync::Arc;

use axum::{Json, extract::State};
use hexachord_contracts::catalog::{Decade, Letters};
use hexachord_contracts::catalog::{ListAlbumLetters, ListArtistLetters, ListDecades};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::browse::{filter, years};
use crate::http::{
    credential::Who,
    edge::Edge,
    extract::Parameters,
    problem::{Problem, ProblemBody},
};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new()
        .routes(routes!(artist_letters))
        .routes(routes!(album_letters))
        .routes(routes!(decades))
}

/// Where the letters of the list of artists by name begin: `skip` of each is that of the list. `#` stands
/// for what begins with no letter.
#[utoipa::path(get, path = "/artists/letters", tag = "library", responses(
    (status = 200, body = Letters), (status = 401, body = ProblemBody)))]
async fn artist_letters(State(edge): State<Arc<Edge>>, who: Who) -> Result<Json<Letters>, Problem> {
    Ok(Json(edge.catalog.call(&who.context, ListArtistLetters {}).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AlbumLetterParameters {
    /// Only of this artist.
    artist: Option<String>,
    /// Only of this genre.
    genre: Option<String>,
    /// Only of this year or later.
    year_from: Option<i32>,
    /// Only of this year or earlier.
    year_to: Option<i32>,
}

/// Where the letters of the list of albums with these parameters and `sort=title` begin.
#[utoipa::path(get, path = "/albums/letters", tag = "library", params(AlbumLetterParameters), responses(
    (status = 200, body = Letters), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody)))]
async fn album_letters(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Parameters(parameters): Parameters<AlbumLetterParameters>,
) -> Result<Json<Letters>, Problem> {
    let AlbumLetterParameters { artist, genre, year_from, year_to } = parameters;
    let filter = filter(artist.as_deref(), genre.as_deref())?;
    let call = ListAlbumLetters { filter, years: years(year_from, year_to)? };
    Ok(Json(edge.catalog.call(&who.context, call).await?))
}

#[derive(Serialize, ToSchema)]
struct Decades {
    items: Vec<Decade>,
}

/// The decades that there is something of, the first one first.
#[utoipa::path(get, path = "/decades", tag = "library", responses(
    (status = 200, body = Decades), (status = 401, body = ProblemBody)))]
async fn decades(State(edge): State<Arc<Edge>>, who: Who) -> Result<Json<Decades>, Problem> {
    let items = edge.catalog.call(&who.context, ListDecades {}).await?;
    Ok(Json(Decades { items }))
}
