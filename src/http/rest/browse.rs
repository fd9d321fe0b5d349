//! The library: artists, albums, tracks, genres.

use std::sync::Arc;

use axum::{Json, extract::State};
use hexachord_contracts::{
    Page,
    catalog::{
        Album, AlbumDetail, Artist, ArtistDetail, Filter, Genre, GetAlbum, GetArtist, GetTrack,
        Library, ListAlbums, ListArtists, ListGenres, ListLibraries, ListTracks, Track,
    },
    ids::{AlbumId, ArtistId, NotAnId, TrackId},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{
    credential::Who,
    edge::Edge,
    extract::{Id, ListParameters, Parameters},
    problem::{Problem, ProblemBody},
};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new()
        .routes(routes!(artists))
        .routes(routes!(artist))
        .routes(routes!(albums))
        .routes(routes!(album))
        .routes(routes!(tracks))
        .routes(routes!(track))
        .routes(routes!(genres))
        .routes(routes!(libraries))
}

/// Parameters of lists that can be narrowed to one artist or one genre.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct FilteredParameters {
    /// Rows a page, 1 to 500; 50 when left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// What to sort by, with `-` before it to descend: title, artist, year, added (tracks: album too).
    sort: Option<String>,
    /// Only of this artist.
    artist: Option<String>,
    /// Only of this genre.
    genre: Option<String>,
}

impl FilteredParameters {
    fn split(self) -> Result<(ListParameters, Option<Filter>), Problem> {
        let Self { limit, cursor, sort, artist, genre } = self;
        let wrong = |field| move |error: NotAnId| Problem::bad_request(field, error.to_string());
        let filter = match (artist, genre) {
            (Some(_), Some(_)) => {
                return Err(Problem::bad_request("genre", "give either `artist` or `genre`"));
            }
            (Some(id), None) => Some(Filter::Artist(id.parse().map_err(wrong("artist"))?)),
            (None, Some(id)) => Some(Filter::Genre(id.parse().map_err(wrong("genre"))?)),
            (None, None) => None,
        };
        Ok((ListParameters { limit, cursor, sort }, filter))
    }
}

/// Artists by name.
#[utoipa::path(get, path = "/artists", tag = "library", params(ListParameters), responses(
    (status = 200, body = Page<Artist>), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody)))]
async fn artists(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Parameters(mut list): Parameters<ListParameters>,
) -> Result<Json<Page<Artist>>, Problem> {
    let call = ListArtists { sort: list.sort()?, paging: list.paging(), skip: 0 };
    Ok(Json(edge.catalog.call(&who.context, call).await?))
}

/// One artist, its albums, and the albums of others that it appears on.
#[utoipa::path(get, path = "/artists/{id}", tag = "library", params(("id" = ArtistId, Path)), responses(
    (status = 200, body = ArtistDetail), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn artist(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Id(artist): Id<ArtistId>,
) -> Result<Json<ArtistDetail>, Problem> {
    Ok(Json(edge.catalog.call(&who.context, GetArtist { artist }).await?))
}

/// Albums.
#[utoipa::path(get, path = "/albums", tag = "library", params(FilteredParameters), responses(
    (status = 200, body = Page<Album>), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody)))]
async fn albums(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Parameters(parameters): Parameters<FilteredParameters>,
) -> Result<Json<Page<Album>>, Problem> {
    let (mut list, filter) = parameters.split()?;
    let call =
        ListAlbums { sort: list.sort()?, paging: list.paging(), filter, ..ListAlbums::default() };
    Ok(Json(edge.catalog.call(&who.context, call).await?))
}

/// One album with its tracks.
#[utoipa::path(get, path = "/albums/{id}", tag = "library", params(("id" = AlbumId, Path)), responses(
    (status = 200, body = AlbumDetail), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn album(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Id(album): Id<AlbumId>,
) -> Result<Json<AlbumDetail>, Problem> {
    Ok(Json(edge.catalog.call(&who.context, GetAlbum { album }).await?))
}

/// Tracks.
#[utoipa::path(get, path = "/tracks", tag = "library", params(FilteredParameters), responses(
    (status = 200, body = Page<Track>), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody)))]
async fn tracks(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Parameters(parameters): Parameters<FilteredParameters>,
) -> Result<Json<Page<Track>>, Problem> {
    let (mut list, filter) = parameters.split()?;
    let call = ListTracks { sort: list.sort()?, paging: list.paging(), filter, skip: 0 };
    Ok(Json(edge.catalog.call(&who.context, call).await?))
}

/// One track, also when its file is missing.
#[utoipa::path(get, path = "/tracks/{id}", tag = "library", params(("id" = TrackId, Path)), responses(
    (status = 200, body = Track), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn track(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Id(track): Id<TrackId>,
) -> Result<Json<Track>, Problem> {
    Ok(Json(edge.catalog.call(&who.context, GetTrack { track }).await?))
}

/// Genres by name.
#[utoipa::path(get, path = "/genres", tag = "library", params(ListParameters), responses(
    (status = 200, body = Page<Genre>), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody)))]
async fn genres(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Parameters(mut list): Parameters<ListParameters>,
) -> Result<Json<Page<Genre>>, Problem> {
    let call = ListGenres { sort: list.sort()?, paging: list.paging() };
    Ok(Json(edge.catalog.call(&who.context, call).await?))
}

#[derive(Serialize, ToSchema)]
struct Libraries {
    items: Vec<Library>,
    next_cursor: Option<String>,
}

/// The libraries that one may see.
#[utoipa::path(get, path = "/libraries", tag = "library", responses(
    (status = 200, body = Libraries), (status = 401, body = ProblemBody)))]
async fn libraries(State(edge): State<Arc<Edge>>, who: Who) -> Result<Json<Libraries>, Problem> {
    let items = edge.catalog.call(&who.context, ListLibraries {}).await?;
    Ok(Json(Libraries { items, next_cursor: None }))
}
