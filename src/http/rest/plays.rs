//! What was listened to: reports of plays, the history, and the most played.

use std::sync::Arc;

use axum::{Json, extract::State};
use hexachord_contracts::{
    Context, ItemKind, Page, Timestamp,
    catalog::{Album, Artist, Track},
    ids::TrackId,
    profile::{Between, ListPlays, ListTop, Play, RecordPlay, RecordedPlay, TopItem},
};
use http::{HeaderMap, StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::filled::{self, Item};
use crate::http::{
    credential::Who,
    edge::Edge,
    extract::{Json as JsonBody, ListParameters, Parameters},
    problem::{Problem, ProblemBody},
};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new()
        .routes(routes!(record))
        .routes(routes!(history))
        .routes(routes!(top_tracks))
        .routes(routes!(top_albums))
        .routes(routes!(top_artists))
}

#[derive(Deserialize, ToSchema)]
struct PlayBody {
    track_id: TrackId,
    started_at: Timestamp,
    /// Milliseconds that were heard so far.
    #[schema(minimum = 0, maximum = 86_400_000)]
    listened_ms: u64,
    /// From where it was played: `album`, `search`, `playlist:pl-…`.
    #[schema(max_length = 200)]
    source: Option<String>,
    /// The client's own name of this play; without it a play is known by its track and its start.
    #[schema(min_length = 1, max_length = 64)]
    id: Option<String>,
}

/// Reports a play, as it goes or afterwards. It counts when half of the track or four minutes were
/// heard, and is recorded once, however often it is reported (200 when it was known already).
#[utoipa::path(post, path = "/plays", tag = "listening", request_body = PlayBody, responses(
    (status = 201, body = RecordedPlay), (status = 200, body = RecordedPlay),
    (status = 400, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn record(
    State(edge): State<Arc<Edge>>,
    who: Who,
    headers: HeaderMap,
    JsonBody(body): JsonBody<PlayBody>,
) -> Result<(StatusCode, Json<RecordedPlay>), Problem> {
    let PlayBody { track_id, started_at, listened_ms, source, id } = body;
    let device = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    let device = device.unwrap_or_default().to_owned();
    let call = RecordPlay { track: track_id, started_at, listened_ms, source, device, id };
    let recorded = edge.profile.call(&who.context, call).await?;
    let status = if recorded.new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(recorded)))
}

/// A play with its track; `null` when it is gone meanwhile.
#[derive(Serialize, ToSchema)]
struct PlayedTrack {
    #[serde(flatten)]
    play: PlayFields,
    track: Option<Track>,
}

#[derive(Serialize, ToSchema)]
struct PlayFields {
    id: hexachord_contracts::ids::PlayId,
    track_id: TrackId,
    started_at: Timestamp,
    listened_ms: u64,
    counted: bool,
    source: Option<String>,
    device: String,
}

impl From<Play> for PlayFields {
    fn from(play: Play) -> Self {
        let Play { id, track: track_id, started_at, listened_ms, counted, source, device } = play;
        Self { id, track_id, started_at, listened_ms, counted, source, device }
    }
}

/// What one listened to, newest first.
#[utoipa::path(get, path = "/me/plays", tag = "listening", params(ListParameters), responses(
    (status = 200, body = Page<PlayedTrack>), (status = 400, body = ProblemBody)))]
async fn history(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Parameters(mut list): Parameters<ListParameters>,
) -> Result<Json<Page<PlayedTrack>>, Problem> {
    let page = edge.profile.call(&who.context, ListPlays { paging: list.paging() }).await?;
    let ids = page.items.iter().map(|play| play.track).collect();
    let tracks = filled::tracks(&edge, &who.context, ids).await?;
    let played = |(play, track): (Play, _)| PlayedTrack { play: play.into(), track };
    let items = page.items.into_iter().zip(tracks).map(played).collect();
    Ok(Json(Page { items, next_cursor: page.next_cursor }))
}

macro_rules! top_item {
    ($name:ident, $field:ident: $item:ty) => {
        #[derive(Serialize, ToSchema)]
        struct $name {
            $field: $item,
            /// Plays that counted.
            plays: u32,
            last_played_at: Timestamp,
        }
    };
}
top_item!(TopTrack, track: Box<Track>);
top_item!(TopAlbum, album: Album);
top_item!(TopArtist, artist: Artist);

/// Parameters of the lists of what one played most.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TopParameters {
    /// Rows a page, 1 to 500; 50 when left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// `next_cursor` of the page before: with the same `from` and `until`.
    cursor: Option<String>,
    /// Only plays from then on.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Only plays until before then.
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
}

/// The tracks that one played most.
#[utoipa::path(get, path = "/me/top/tracks", tag = "listening", params(TopParameters), responses(
    (status = 200, body = Page<TopTrack>), (status = 400, body = ProblemBody)))]
async fn top_tracks(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Parameters(parameters): Parameters<TopParameters>,
) -> Result<Json<Page<TopTrack>>, Problem> {
    let page = top(&edge, &who.context, ItemKind::Track, parameters).await?;
    Ok(Json(of_kind(page, |top, item| match item {
        Item::Track(track) => {
            Some(TopTrack { track, plays: top.plays, last_played_at: top.last_played_at })
        }
        _ => None,
    })))
}

/// The albums that one played most.
#[utoipa::path(get, path = "/me/top/albums", tag = "listening", params(TopParameters), responses(
    (status = 200, body = Page<TopAlbum>), (status = 400, body = ProblemBody)))]
async fn top_albums(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Parameters(parameters): Parameters<TopParameters>,
) -> Result<Json<Page<TopAlbum>>, Problem> {
    let page = top(&edge, &who.context, ItemKind::Album, parameters).await?;
    Ok(Json(of_kind(page, |top, item| match item {
        Item::Album(album) => {
            Some(TopAlbum { album: *album, plays: top.plays, last_played_at: top.last_played_at })
        }
        _ => None,
    })))
}

/// The artists that one played most.
#[utoipa::path(get, path = "/me/top/artists", tag = "listening", params(TopParameters), responses(
    (status = 200, body = Page<TopArtist>), (status = 400, body = ProblemBody)))]
async fn top_artists(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Parameters(parameters): Parameters<TopParameters>,
) -> Result<Json<Page<TopArtist>>, Problem> {
    let page = top(&edge, &who.context, ItemKind::Artist, parameters).await?;
    Ok(Json(of_kind(page, |top, item| match item {
        Item::Artist(artist) => {
            Some(TopArtist { artist, plays: top.plays, last_played_at: top.last_played_at })
        }
        _ => None,
    })))
}

type Filled = Page<(TopItem, Option<Item>)>;

async fn top(
    edge: &Edge,
    context: &Context,
    kind: ItemKind,
    parameters: TopParameters,
) -> Result<Filled, Problem> {
    let TopParameters { limit, cursor, from, until } = parameters;
    let between = (from.is_some() || until.is_some()).then(|| Between {
        from: from.unwrap_or(Timestamp::from_millis(i64::MIN)),
        until: until.unwrap_or(Timestamp::from_millis(i64::MAX)),
    });
    let paging = ListParameters { limit, cursor, sort: None }.paging();
    let call = ListTop { kind, paging, between };
    let page = edge.profile.call(context, call).await?;
    let ids: Vec<_> = page.items.iter().map(|top| top.item).collect();
    let items = filled::items(edge, context, &ids).await?;
    Ok(Page { items: page.items.into_iter().zip(items).collect(), next_cursor: page.next_cursor })
}

/// What is gone meanwhile is left out.
fn of_kind<T>(page: Filled, item: impl Fn(TopItem, Item) -> Option<T>) -> Page<T> {
    let items = page.items.into_iter().filter_map(|(top, filled)| item(top, filled?));
    Page { items: items.collect(), next_cursor: page.next_cursor }
}
