//! What is played now: reports of players, and who listens to what.

use std::sync::Arc;

use axum::{Json, extract::State};
use hexachord_contracts::{
    Context, Page, Timestamp,
    catalog::Track,
    ids::{AccountId, TrackId},
    profile::{ListNowPlaying, NowPlaying, PlaybackState, RecordedPlay, ReportPlayback},
};
use http::{HeaderMap, header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::filled;
use crate::http::{
    credential::Who,
    edge::Edge,
    extract::Json as JsonBody,
    problem::{Problem, ProblemBody},
};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(list, report))
}

/// A track that somebody listens to; `null` when it is gone meanwhile.
#[derive(Serialize, ToSchema)]
pub(super) struct PlayingTrack {
    account_id: AccountId,
    username: String,
    track_id: TrackId,
    /// What the client calls itself.
    device: String,
    state: PlaybackState,
    /// Where it must be by now.
    position_ms: u64,
    /// Thousandths of the usual speed.
    rate_permille: u32,
    started_at: Timestamp,
    reported_at: Timestamp,
    track: Option<Track>,
}

/// What everybody in the house plays now, the latest report first, as far as it is in one's libraries.
#[utoipa::path(get, path = "/now-playing", tag = "listening", responses((status = 200, body = Page<PlayingTrack>)))]
async fn list(
    State(edge): State<Arc<Edge>>,
    who: Who,
) -> Result<Json<Page<PlayingTrack>>, Problem> {
    Ok(Json(now(&edge, &who.context).await?))
}

/// What everybody plays now, as the caller may see it.
pub(super) async fn now(edge: &Edge, context: &Context) -> Result<Page<PlayingTrack>, Problem> {
    let playing = edge.profile.call(context, ListNowPlaying {}).await?;
    let ids = playing.iter().map(|playing| playing.track).collect();
    let tracks = filled::tracks(edge, context, ids).await?;
    let items = playing.into_iter().zip(tracks).map(|(playing, track)| {
        let NowPlaying { account: account_id, username, track: track_id, device, .. } = playing;
        let NowPlaying { state, position_ms, rate_permille, started_at, reported_at, .. } = playing;
        PlayingTrack {
            account_id,
            username,
            track_id,
            device,
            state,
            position_ms,
            rate_permille,
            started_at,
            reported_at,
            track,
        }
    });
    Ok(Page { items: items.collect(), next_cursor: None })
}

#[derive(Deserialize, ToSchema)]
struct ReportBody {
    track_id: TrackId,
    #[schema(inline)]
    state: PlaybackState,
    /// At most 30 days.
    #[schema(maximum = 2_592_000_000_u64)]
    position_ms: u64,
    /// Thousandths of the usual speed; 1000 when left out.
    #[serde(default = "usual_rate")]
    #[schema(maximum = 16_000)]
    rate_permille: u32,
    /// False: no play comes of this report. True when left out.
    #[serde(default = "yes")]
    count: bool,
}

fn usual_rate() -> u32 {
    ReportPlayback::USUAL_RATE
}

fn yes() -> bool {
    true
}

#[derive(Serialize, ToSchema)]
struct Reported {
    /// The play that the listening came to, once enough was heard.
    recorded: Option<RecordedPlay>,
}

/// Tells what a player does now: others see it, and a play is recorded once half of the track or four
/// minutes were heard, by the time that passed between reports. A client that records its plays by itself,
/// too, counts once. Reports are kept until the server ends, and a player is known by its `User-Agent`.
#[utoipa::path(post, path = "/now-playing", tag = "listening", request_body = ReportBody, responses(
    (status = 200, body = Reported), (status = 400, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn report(
    State(edge): State<Arc<Edge>>,
    who: Who,
    headers: HeaderMap,
    JsonBody(body): JsonBody<ReportBody>,
) -> Result<Json<Reported>, Problem> {
    let device = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    let device = device.unwrap_or_default().to_owned();
    let ReportBody { track_id: track, state, position_ms, rate_permille, count } = body;
    let call = ReportPlayback { track, device, position_ms, state, rate_permille, count };
    let recorded = edge.profile.call(&who.context, call).await?;
    Ok(Json(Reported { recorded }))
}
