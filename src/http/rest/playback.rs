//! How a track is played on a client, and why.

use std::sync::Arc;

use axum::{Json as Answer, extract::State};
use hexachord_audio::Target;
use hexachord_contracts::{catalog::Locate, ids::TrackId};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::played::look_into;
use crate::{
    http::{
        credential::Who,
        edge::Edge,
        extract::{Id, Json},
        problem::{Problem, ProblemBody},
    },
    streaming::{
        abilities::ClientAbilities,
        decision::{Decision, Making, Play, Reason, decide},
        source::SourceFacts,
    },
};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(playback))
}

/// How a track is played.
#[derive(Serialize, ToSchema)]
struct Playback {
    decision: How,
    /// Why the file is not sent as it is, and why nothing else can be.
    reasons: Vec<Reason>,
    source: StreamDetails,
    /// What is made of it; absent unless it is a transcode.
    target: Option<StreamDetails>,
    /// Where to fetch it; absent where it is impossible. `start_ms` may be added to begin later.
    url: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum How {
    /// The file as it is.
    Direct,
    Transcode,
    Impossible,
}

#[derive(Serialize, ToSchema)]
pub(in crate::http) struct StreamDetails {
    /// `mp3`, `flac`, `ogg`, `mp4`, `wav`, `aiff`, `wavpack`.
    pub(in crate::http) container: String,
    /// `mp3`, `flac`, `vorbis`, `opus`, `aac`, `alac`, `pcm`, `wavpack`.
    pub(in crate::http) codec: String,
    pub(in crate::http) content_type: String,
    /// Absent where it is not known before it is made.
    pub(in crate::http) bitrate_kbps: Option<u32>,
    pub(in crate::http) sample_rate: u32,
    pub(in crate::http) channels: u32,
    pub(in crate::http) bit_depth: Option<u8>,
    /// Exactly how many are to be heard, where the file says it; a second has `sample_rate` of them.
    pub(in crate::http) frames: Option<u64>,
    /// Where the first one to be heard stands in the track's file.
    pub(in crate::http) start_frame: u64,
    /// By how many frames an MP4 stream is late on its timeline: the frame `start_frame` is heard at
    /// `start_frame + delay_frames`.
    pub(in crate::http) delay_frames: u64,
}

/// How a track is to be played on a client that can play so much: its file as it is, something that is
/// made of it, or not at all; and why.
#[utoipa::path(post, path = "/tracks/{id}/playback", tag = "streaming", params(("id" = TrackId, Path)),
    request_body = ClientAbilities, responses(
    (status = 200, body = Playback), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
    (status = 404, body = ProblemBody), (status = 503, body = ProblemBody)))]
async fn playback(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Id(track): Id<TrackId>,
    Json(abilities): Json<ClientAbilities>,
) -> Result<Answer<Playback>, Problem> {
    let entitlement = edge.allowances.of(&who.context).await;
    let location = edge.catalog.call(&who.context, Locate { track }).await?;
    let source = look_into(&edge, &who, &location, 0).await?.source;
    let Decision { play, reasons } = decide(&source, &abilities, &entitlement.entitlements);
    let address = format!("/api/v1/tracks/{track}/stream");
    let (decision, target, url) = match play {
        Play::Direct => (How::Direct, None, Some(address)),
        Play::Transcode(making) => {
            let url = format!("{address}?{}", query(&source, &making));
            (How::Transcode, Some(of_target(&source, &making)), Some(url))
        }
        Play::Impossible => (How::Impossible, None, None),
    };
    let source = of_source(&source, location.content_type);
    Ok(Answer(Playback { decision, reasons, source, target, url }))
}

/// How a track's file is.
pub(in crate::http) fn of_source(source: &SourceFacts, content_type: String) -> StreamDetails {
    StreamDetails {
        container: source.container.to_owned(),
        codec: source.codec().to_owned(),
        content_type,
        bitrate_kbps: Some(source.bitrate_kbps),
        sample_rate: source.audio.sample_rate,
        channels: source.channels(),
        bit_depth: source.audio.bit_depth,
        frames: source.frames(),
        start_frame: source.part.map_or(0, |part| part.start),
        delay_frames: 0,
    }
}

/// How what is made of it is.
pub(in crate::http) fn of_target(source: &SourceFacts, making: &Making) -> StreamDetails {
    let transcode = source.transcode(making);
    let facts = transcode.stream_facts(&source.audio);
    let channels = u32::try_from(facts.layout.channels()).unwrap_or(u32::MAX);
    let of_wav = facts.sample_rate.saturating_mul(channels) / 1000 * u32::from(making.bits);
    let is_wav = matches!(transcode.target, Target::Wav { .. });
    StreamDetails {
        container: making.format.container().to_owned(),
        codec: making.format.codec().to_owned(),
        content_type: transcode.target.content_type().to_owned(),
        bitrate_kbps: making.bitrate_kbps.or_else(|| is_wav.then_some(of_wav)),
        sample_rate: facts.sample_rate,
        channels,
        bit_depth: making.format.is_lossless().then_some(making.bits),
        frames: facts.frames,
        start_frame: facts.start,
        delay_frames: facts.delay,
    }
}

/// The parameters that ask for exactly this.
pub(in crate::http) fn query(source: &SourceFacts, making: &Making) -> String {
    let mut query = format!("format={}", making.format.name());
    let fewer_channels = (making.most_channels < source.channels()).then_some(making.most_channels);
    let is_lossless = making.format.is_lossless();
    let fewer_bits = is_lossless && making.bits < source.bits();
    let others = [
        ("bitrate", making.bitrate_kbps),
        ("max_rate", making.most_rate),
        ("channels", fewer_channels),
        ("max_bits", fewer_bits.then_some(making.bits.into())),
    ];
    for (name, value) in others {
        query.extend(value.map(|value| format!("&{name}={value}")));
    }
    query
}
