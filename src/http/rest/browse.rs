//! The library: artists, albums, tracks, genres.

use std::sync::Arc;

use axum::{Json, extract::State};
use hexachord_contracts::{
    Page,
    catalog::{
        Album, AlbumDetail, Artist, ArtistDetail, Filter, Genre, GetAlbum, GetArtist, GetTrack,
        Library, ListAlbums, ListArtists, ListGenres, ListLibraries, ListTracks, Track, Years,
    },
    ids::{AlbumId, ArtistId, NotAnId, TrackId},
    page::{Paging, Window},
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

/// Parameters of the list of artists.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ArtistParameters {
    /// Rows a page, 1 to 500; 50 when left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Begins behind so many rows, in place of a cursor.
    skip: Option<u32>,
    /// What to sort by, with `-` before it to descend: name.
    sort: Option<String>,
}

/// Parameters of the list of tracks.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TrackParameters {
    /// Rows a page, 1 to 500; 50 when left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Begins behind so many rows, in place of a cursor.
    skip: Option<u32>,
    /// What to sort by, with `-` before it to descend: title, artist, album, year, added.
    sort: Option<String>,
    /// Only of this artist.
    artist: Option<String>,
    /// Only of this genre.
    genre: Option<String>,
}

/// Parameters of the list of albums.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AlbumParameters {
    /// Rows a page, 1 to 500; 50 when left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Begins behind so many rows, in place of a cursor.
    skip: Option<u32>,
    /// What to sort by, with `-` before it to descend: title, artist, year, added.
    sort: Option<String>,
    /// Only of this artist.
    artist: Option<String>,
    /// Only of this genre.
    genre: Option<String>,
    /// Only of this year or later.
    year_from: Option<i32>,
    /// Only of this year or earlier.
    year_to: Option<i32>,
}

/// The part of a list that is asked for: from behind a cursor on, or from behind so many rows.
fn paging(list: &mut ListParameters, skip: Option<u32>) -> Result<(Paging, u32), Problem> {
    let paging = list.paging();
    if skip.is_some() && paging.cursor.is_some() {
        return Err(Problem::bad_request("skip", "skip: give either `cursor` or `skip`"));
    }
    Ok((paging, skip.unwrap_or(0)))
}

pub(super) fn filter(artist: Option<&str>, genre: Option<&str>) -> Result<Option<Filter>, Problem> {
    let wrong = |field| move |error: NotAnId| Problem::bad_request(field, error.to_string());
    match (artist, genre) {
        (Some(_), Some(_)) => Err(Problem::bad_request("genre", "give either `artist` or `genre`")),
        (Some(id), None) => Ok(Some(Filter::Artist(id.parse().map_err(wrong("artist"))?))),
        (None, Some(id)) => Ok(Some(Filter::Genre(id.parse().map_err(wrong("genre"))?))),
        (None, None) => Ok(None),
    }
}

pub(super) fn years(from: Option<i32>, to: Option<i32>) -> Result<Option<Years>, Problem> {
    if from.is_none() && to.is_none() {
        return Ok(None);
    }
    let (first, last) = (from.unwrap_or(i32::MIN), to.unwrap_or(i32::MAX));
    if first > last {
        let detail = "year_to: lies before `year_from`";
        return Err(Problem::bad_request("year_to", detail));
    }
    Ok(Some(Years { first, last }))
}

/// Artists by name.
#[utoipa::path(get, path = "/artists", tag = "library", params(ArtistParameters), responses(
    (status = 200, body = Window<Artist>), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody)))]
async fn artists(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Parameters(parameters): Parameters<ArtistParameters>,
) -> Result<Json<Window<Artist>>, Problem> {
    let ArtistParameters { limit, cursor, skip, sort } = parameters;
    let mut list = ListParameters { limit, cursor, sort };
    let (paging, skip) = paging(&mut list, skip)?;
    let call = ListArtists { sort: list.sort()?, paging, skip };
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
#[utoipa::path(get, path = "/albums", tag = "library", params(AlbumParameters), responses(
    (status = 200, body = Window<Album>), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody)))]
async fn albums(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Parameters(parameters): Parameters<AlbumParameters>,
) -> Result<Json<Window<Album>>, Problem> {
    let AlbumParameters { limit, cursor, skip, sort, artist, genre, year_from, year_to } =
        parameters;
    let mut list = ListParameters { limit, cursor, sort };
    let (paging, skip) = paging(&mut list, skip)?;
    let filter = filter(artist.as_deref(), genre.as_deref())?;
    let years = years(year_from, year_to)?;
    let call = ListAlbums { sort: list.sort()?, paging, filter, skip, years };
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
#[utoipa::path(get, path = "/tracks", tag = "library", params(TrackParameters), responses(
    (status = 200, body = Window<Track>), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody)))]
async fn tracks(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Parameters(parameters): Parameters<TrackParameters>,
) -> Result<Json<Window<Track>>, Problem> {
    let TrackParameters { limit, cursor, skip, sort, artist, genre } = parameters;
    let mut list = ListParameters { limit, cursor, sort };
    let (paging, skip) = paging(&mut list, skip)?;
    let filter = filter(artist.as_deref(), genre.as_deref())?;
    let call = ListTracks { sort: list.sort()?, paging, filter, skip };
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
