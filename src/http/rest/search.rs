//! Search, while someone types.

use std::sync::Arc;

use axum::{Json, extract::State};
use hexachord_contracts::{
    CallError, Context,
    catalog::{Album, Artist, Track},
    ids::PlaylistId,
    profile::{GetPlaylists, Playlist},
    search::Find,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::filled;
use crate::http::{
    credential::Who,
    edge::Edge,
    extract::Parameters,
    problem::{Problem, ProblemBody},
};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(search))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SearchParameters {
    /// What was typed so far: plain text, at most 1,024 bytes.
    q: String,
    /// Of each kind, 1 to 100; 20 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// What was found, best first.
#[derive(Serialize, ToSchema)]
struct SearchResults {
    artists: Vec<Artist>,
    albums: Vec<Album>,
    tracks: Vec<Track>,
    /// One's own, and the public ones of others.
    playlists: Vec<Playlist>,
}

/// Artists, albums, tracks and playlists that fit what was typed so far: words that are exactly so
/// before words that begin so, those before words with a typing mistake.
#[utoipa::path(get, path = "/search", tag = "library", params(SearchParameters), responses(
    (status = 200, body = SearchResults), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody)))]
async fn search(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Parameters(parameters): Parameters<SearchParameters>,
) -> Result<Json<SearchResults>, Problem> {
    let SearchParameters { q: query, limit } = parameters;
    let call = Find { query, limit: limit.unwrap_or(Find::USUAL), ..Find::default() };
    let found = edge.search.call(&who.context, call).await?;
    let (artists, albums, tracks, playlists) = tokio::try_join!(
        filled::artists(&edge, &who.context, found.artists),
        filled::albums(&edge, &who.context, found.albums),
        filled::tracks(&edge, &who.context, found.tracks),
        playlists(&edge, &who.context, found.playlists),
    )?;
    // The index is a moment behind: what is gone already is left out.
    Ok(Json(SearchResults {
        artists: artists.into_iter().flatten().collect(),
        albums: albums.into_iter().flatten().collect(),
        tracks: tracks
            .into_iter()
            .flatten()
            .filter(|track| track.missing_since.is_none())
            .collect(),
        playlists: playlists.into_iter().flatten().collect(),
    }))
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
