//! What people did in another program, taken over: for administrators and the command line.

use std::sync::Arc;

use axum::extract::State;
use hexachord_contracts::{
    Caller, Context,
    catalog::{MatchTracks, MatchedBy, Track, WantedTrack},
    ids::{AccountId, TrackId},
    profile::{ImportHistory, ImportPlaylist, ImportedFact, ImportedPlaylist, Taken},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::filled;
use crate::http::{
    credential::Administrator,
    edge::Edge,
    extract::{Json, LONG_LIST_BYTES},
    problem::{Problem, ProblemBody},
};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new()
        .routes(routes!(find))
        .routes(routes!(import_history))
        .routes(routes!(import_playlist))
}

/// Imports are of other accounts than the one that asks: the program carries them out.
fn as_program(context: Context) -> Context {
    Context { caller: Caller::System, ..context }
}

#[derive(Deserialize, ToSchema)]
struct MatchesBody {
    #[schema(max_items = 500)]
    tracks: Vec<Wanted>,
}

/// What the other program knew of a track.
#[derive(Deserialize, ToSchema)]
struct Wanted {
    /// Where it had the file, with `/` between folders: matched from its end.
    path: Option<String>,
    title: Option<String>,
    artist: Option<String>,
    album: Option<String>,
    disc_number: Option<u32>,
    track_number: Option<u32>,
    duration_ms: Option<u64>,
    /// The recording's id at `MusicBrainz`.
    musicbrainz: Option<String>,
}

impl From<Wanted> for WantedTrack {
    fn from(wanted: Wanted) -> Self {
        Self {
            path: wanted.path,
            title: wanted.title,
            artist: wanted.artist,
            album: wanted.album,
            disc_number: wanted.disc_number,
            track_number: wanted.track_number,
            duration_ms: wanted.duration_ms,
            musicbrainz: wanted.musicbrainz,
        }
    }
}

#[derive(Serialize, ToSchema)]
struct Matches {
    /// In the order of what was asked; `null` where no track, or more than one, is it.
    items: Vec<Option<Match>>,
}

#[derive(Serialize, ToSchema)]
struct Match {
    by: By,
    track: Track,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum By {
    Path,
    Tags,
}

/// The tracks that another program knew by these paths or tags, missing ones too.
#[utoipa::path(post, path = "/import/matches", tag = "administration", request_body = MatchesBody, responses(
    (status = 200, body = Matches), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
async fn find(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    Json(body): Json<MatchesBody, LONG_LIST_BYTES>,
) -> Result<axum::Json<Matches>, Problem> {
    if body.tracks.len() > MatchTracks::MOST {
        let detail = format!("tracks: are more than {}", MatchTracks::MOST);
        return Err(Problem::bad_request("tracks", detail));
    }
    let wanted = body.tracks.into_iter().map(WantedTrack::from).collect();
    let found = edge.catalog.call(&as_program(context.clone()), MatchTracks { wanted }).await?;
    let ids = found.iter().flatten().map(|found| found.track).collect();
    let mut tracks = filled::tracks(&edge, &context, ids).await?.into_iter();
    let items = found.into_iter().map(|found| {
        let found = found?;
        let by = match found.by {
            MatchedBy::Path => By::Path,
            MatchedBy::Tags => By::Tags,
        };
        Some(Match { by, track: tracks.next()?? })
    });
    Ok(axum::Json(Matches { items: items.collect() }))
}

#[derive(Deserialize, ToSchema)]
struct HistoryBody {
    account_id: AccountId,
    /// The other program: what it told before is recognised by this name.
    #[schema(min_length = 1, max_length = 32, pattern = "^[a-z0-9-]+$")]
    source: String,
    #[schema(max_items = 500)]
    facts: Vec<ImportedFact>,
    /// Changes nothing, and answers what would be.
    #[serde(default)]
    dry_run: bool,
}

#[derive(Serialize, ToSchema)]
struct TakenFacts {
    /// What became of each fact, in their order.
    items: Vec<Taken>,
}

/// Takes over plays, counts, favourites and ratings of an account. Said again, they change nothing,
/// and what the listener has changed here since stays.
#[utoipa::path(post, path = "/import/history", tag = "administration", request_body = HistoryBody, responses(
    (status = 200, body = TakenFacts), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody)))]
async fn import_history(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    Json(body): Json<HistoryBody, LONG_LIST_BYTES>,
) -> Result<axum::Json<TakenFacts>, Problem> {
    let HistoryBody { account_id: account, source, facts, dry_run } = body;
    let call = ImportHistory { account, source, facts, dry_run };
    let items = edge.profile.call(&as_program(context), call).await?;
    Ok(axum::Json(TakenFacts { items }))
}

#[derive(Deserialize, ToSchema)]
struct PlaylistBody {
    /// Its owner.
    account_id: AccountId,
    #[schema(min_length = 1, max_length = 32, pattern = "^[a-z0-9-]+$")]
    source: String,
    /// The other program's own name of the playlist.
    #[schema(min_length = 1, max_length = 100)]
    key: String,
    name: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    public: bool,
    #[schema(max_items = 25_000)]
    track_ids: Vec<TrackId>,
    /// Changes nothing, and answers what would be.
    #[serde(default)]
    dry_run: bool,
}

/// Makes a playlist of another program's, or brings the one that was made of it up to date, unless its
/// owner has changed that one here.
#[utoipa::path(post, path = "/import/playlists", tag = "administration", request_body = PlaylistBody, responses(
    (status = 200, body = ImportedPlaylist), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody)))]
async fn import_playlist(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    Json(body): Json<PlaylistBody, LONG_LIST_BYTES>,
) -> Result<axum::Json<ImportedPlaylist>, Problem> {
    let call = ImportPlaylist {
        account: body.account_id,
        source: body.source,
        key: body.key,
        name: body.name,
        description: body.description,
        public: body.public,
        tracks: body.track_ids,
        dry_run: body.dry_run,
    };
    Ok(axum::Json(edge.profile.call(&as_program(context), call).await?))
}
