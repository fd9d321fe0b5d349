//! Search, while someone types.

use std::sync::Arc;

use axum::{Json, extract::State};
use hexachord_contracts::{
    CallError, Context,
    catalog::{Album, Artist, Track},
    ids::PlaylistId,
    profile::{GetPlaylists, Playlist},
    search::{Facets, Find, FoundKind, Suggest, Suggestion},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    filled,
    marked::{Marked, mark},
};
use crate::http::{
    credential::Who,
    edge::Edge,
    extract::Parameters,
    problem::{Problem, ProblemBody},
};

/// Suggestions that are given when nobody says how many.
const SUGGESTIONS: u32 = 8;

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(search)).routes(routes!(suggestions))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SearchParameters {
    /// What was typed so far, at most 1,024 bytes: words, "quoted words", and fields like
    /// `artist:björk year:1990..1999 genre:"trip hop" -live format:flac bitrate:>=320 loved:yes`.
    q: String,
    /// Of each kind, 1 to 100; 20 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// Only of this kind.
    kind: Option<FoundKind>,
    /// Where to read on: the `next_cursor` of an answer to the same query and kind.
    cursor: Option<String>,
    /// Also count the tracks that were found by genre, decade, format and library.
    #[serde(default)]
    facets: bool,
}

/// What was found, best first.
#[derive(Serialize, ToSchema)]
pub(super) struct SearchResults {
    pub(super) artists: Vec<Artist>,
    pub(super) albums: Vec<Album>,
    pub(super) tracks: Vec<Track>,
    /// One's own, and the public ones of others.
    pub(super) playlists: Vec<Playlist>,
    /// The texts that the query matches, in parts, by the ids of what they are of.
    marked: Marked,
    /// Where to read on, when one kind was asked for and there is more.
    next_cursor: Option<String>,
    facets: Option<Facets>,
}

/// Artists, albums, tracks and playlists that fit what was typed so far: names that are so before
/// words that are so, those before words that begin so and words with a typing mistake.
#[utoipa::path(get, path = "/search", tag = "library", params(SearchParameters), responses(
    (status = 200, body = SearchResults), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody)))]
async fn search(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Parameters(parameters): Parameters<SearchParameters>,
) -> Result<Json<SearchResults>, Problem> {
    let SearchParameters { q: query, limit, kind, cursor, facets } = parameters;
    let cursor = cursor.filter(|cursor| !cursor.is_empty());
    let limit = limit.unwrap_or(Find::USUAL);
    let call = Find { query: query.clone(), limit, kind, cursor, facets, plain: false };
    let found = edge.search.call(&who.context, call).await?;
    let (artists, albums, tracks, playlists) = tokio::try_join!(
        filled::artists(&edge, &who.context, found.artists),
        filled::albums(&edge, &who.context, found.albums),
        filled::tracks(&edge, &who.context, found.tracks),
        playlists(&edge, &who.context, found.playlists),
    )?;
    // The index is a moment behind: what is gone already is left out.
    let mut tracks: Vec<Track> = tracks.into_iter().flatten().collect();
    tracks.retain(|track| track.missing_since.is_none());
    let mut results = SearchResults {
        artists: artists.into_iter().flatten().collect(),
        albums: albums.into_iter().flatten().collect(),
        tracks,
        playlists: playlists.into_iter().flatten().collect(),
        marked: Marked::default(),
        next_cursor: found.next_cursor,
        facets: found.facets,
    };
    // What was found is worth more than its marks.
    results.marked = mark(&edge, &who.context, query, &results).await.unwrap_or_default();
    Ok(Json(results))
}

/// Music is found also while profile is away.
async fn playlists(
    edge: &Edge,
    context: &Context,
    playlists: Vec<PlaylistId>,
) -> Result<Vec<Option<Playlist>>, Problem> {
    if playlists.is_empty() {
        return Ok(Vec::new());
    }
    match edge.profile.call(context, GetPlaylists { playlists }).await {
        Ok(playlists) => Ok(playlists),
        Err(CallError::Refused(error)) => Err(error.into()),
        Err(error) => {
            tracing::debug!(%error, "search answers without playlists");
            Ok(Vec::new())
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SuggestParameters {
    /// What was typed so far, at most 1,024 bytes.
    q: String,
    /// 1 to 20; 8 when left out.
    #[param(minimum = 1, maximum = 20)]
    limit: Option<u32>,
}

#[derive(Serialize, ToSchema)]
struct Suggestions {
    items: Vec<Suggestion>,
}

/// Names that a query may become, the likeliest first; with typing mistakes mended.
#[utoipa::path(get, path = "/search/suggestions", tag = "library", params(SuggestParameters), responses(
    (status = 200, body = Suggestions), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody)))]
async fn suggestions(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Parameters(parameters): Parameters<SuggestParameters>,
) -> Result<Json<Suggestions>, Problem> {
    let SuggestParameters { q: query, limit } = parameters;
    let call = Suggest { query, limit: limit.unwrap_or(SUGGESTIONS) };
    Ok(Json(Suggestions { items: edge.search.call(&who.context, call).await? }))
}
