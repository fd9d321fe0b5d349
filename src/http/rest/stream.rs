//! Music on its way to listeners: found by the catalog, sent from the disk to the socket or made into
//! what suits the listener.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use hexachord_audio::{Gain, Transcode};
use hexachord_contracts::{
    catalog::{Locate, Location, ReplayGain},
    ids::TrackId,
    payment::Entitlement,
};
use http::{HeaderValue, header};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    files::send,
    played::{DECISION, impossible, look_into, told},
    stream_parameters::StreamParameters,
    transcoded,
};
use crate::{
    http::{
        allowances::{Device, check_bitrate, check_downloads},
        asked::Asked,
        credential::Who,
        edge::Edge,
        extract::{Id, Parameters},
        opens::Disk,
        problem::{Problem, ProblemBody},
        transcodes::Identity,
    },
    percent::percent_encoded,
    streaming::{
        abilities::ClientAbilities,
        decision::{Play, decide},
        source::SourceFacts,
    },
};

/// A listener's own: no shared cache may keep it, and a replaced file must be noticed.
const REVALIDATE: HeaderValue = HeaderValue::from_static("private, no-cache");

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(stream)).routes(routes!(download))
}

/// A track to be listened to: its file as it is, whole or in ranges, or what is made of it on the way.
///
/// Without parameters the file itself is sent, unless the plan allows only less, or a cue sheet cuts the
/// track out of its file: then it is made into Opus, or FLAC where nothing may be lost. The header
/// `x-hexachord-decision` tells what was decided, and `x-hexachord-sound` what a player must know of a
/// stream that was made to join it with another: sampling rate, channels, frames to be heard, where the
/// first of them stands in the track's file, and by how many the stream is late on its timeline.
#[utoipa::path(get, path = "/tracks/{id}/stream", tag = "streaming",
    params(("id" = TrackId, Path), StreamParameters), responses(
    (status = 200, content_type = "audio/*"), (status = 206, content_type = "audio/*"), (status = 304),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 402, body = ProblemBody),
    (status = 404, body = ProblemBody), (status = 412, body = ProblemBody), (status = 416, body = ProblemBody),
    (status = 422, body = ProblemBody), (status = 503, body = ProblemBody)))]
async fn stream(
    State(edge): State<Arc<Edge>>,
    who: Who,
    asked: Asked,
    Id(track): Id<TrackId>,
    Parameters(wanted): Parameters<StreamParameters>,
) -> Result<Response, Problem> {
    wanted.check()?;
    send_stream(&edge, &who, None, &asked, track, &wanted).await
}

/// What a client wants of a stream.
pub(in crate::http) trait Wish: Sync {
    /// The file as it is, or nothing.
    fn is_original(&self) -> bool;

    /// Whether nothing is asked for but the track.
    fn is_plain(&self) -> bool;

    /// Where it begins behind the track's begin.
    fn start_ms(&self) -> u64;

    /// What a client that asks so can play.
    fn abilities(&self, source: &SourceFacts) -> ClientAbilities;

    /// How much louder the stream is to be, as far as that is known.
    fn gain(&self, gains: &ReplayGain) -> Option<Gain>;
}

/// Answers GET and HEAD for whoever listens, or for a visitor of that account.
pub(in crate::http) async fn send_stream(
    edge: &Edge,
    who: &Who,
    visitor: Option<Device>,
    asked: &Asked,
    track: TrackId,
    wish: &impl Wish,
) -> Result<Response, Problem> {
    let location = edge.catalog.call(&who.context, Locate { track }).await?;
    send_located(edge, who, visitor, asked, location, wish).await
}

/// The same of what was located.
pub(in crate::http) async fn send_located(
    edge: &Edge,
    who: &Who,
    visitor: Option<Device>,
    asked: &Asked,
    location: Location,
    wish: &impl Wish,
) -> Result<Response, Problem> {
    let entitlement = edge.allowances.of(&who.context).await;
    let within_plan = check_bitrate(&entitlement, location.bitrate_kbps);
    let place = edge.allowances.take(who, visitor, &entitlement, &asked.method)?;
    let response = if wish.is_original() {
        within_plan?;
        send_track(edge, asked, location).await?
    } else if wish.is_plain() && location.excerpt.is_none() && within_plan.is_ok() {
        // There is nothing to decide.
        send_track(edge, asked, location).await?
    } else {
        decided(edge, who, &entitlement, asked, location, wish).await?
    };
    Ok(place.held_by(response))
}

async fn decided(
    edge: &Edge,
    who: &Who,
    entitlement: &Entitlement,
    asked: &Asked,
    location: Location,
    wish: &impl Wish,
) -> Result<Response, Problem> {
    let looked = look_into(edge, who, &location, wish.start_ms()).await?;
    let abilities = wish.abilities(&looked.source);
    let decision = decide(&looked.source, &abilities, &entitlement.entitlements);
    let mut response = match &decision.play {
        Play::Direct => send_track(edge, asked, location).await?,
        Play::Transcode(making) => {
            let transcode = looked.source.transcode(making);
            let gain = wish.gain(&location.gain);
            let recipe = looked.recipe(Transcode { gain, ..transcode });
            transcoded::send(edge, who, asked, recipe, REVALIDATE).await?
        }
        Play::Impossible => return Err(impossible(&decision, &location, entitlement)),
    };
    response.headers_mut().insert(DECISION, told(&decision));
    Ok(response)
}

/// The file of a track, to be kept.
#[utoipa::path(get, path = "/tracks/{id}/download", tag = "streaming", params(("id" = TrackId, Path)), responses(
    (status = 200, content_type = "audio/*"), (status = 206, content_type = "audio/*"), (status = 304),
    (status = 401, body = ProblemBody), (status = 402, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 412, body = ProblemBody), (status = 416, body = ProblemBody)))]
async fn download(
    State(edge): State<Arc<Edge>>,
    who: Who,
    asked: Asked,
    Id(track): Id<TrackId>,
) -> Result<Response, Problem> {
    let location = edge.catalog.call(&who.context, Locate { track }).await?;
    send_located_file(&edge, &who, &asked, location).await
}

/// Answers GET and HEAD for whoever keeps the file.
pub(in crate::http) async fn send_located_file(
    edge: &Edge,
    who: &Who,
    asked: &Asked,
    location: Location,
) -> Result<Response, Problem> {
    let entitlement = edge.allowances.of(&who.context).await;
    check_downloads(&entitlement)?;
    check_bitrate(&entitlement, location.bitrate_kbps)?;
    let attachment = attachment(&location.path);
    let mut response = send_track(edge, asked, location).await?;
    response.headers_mut().insert(header::CONTENT_DISPOSITION, attachment);
    Ok(response)
}

async fn send_track(edge: &Edge, asked: &Asked, location: Location) -> Result<Response, Problem> {
    let disk = Disk::of(location.library);
    let opened = edge.opens.open(disk, location.path).await?;
    let etag = Identity::of(&opened.1).etag();
    send(edge, asked, opened, &etag, location.content_type, REVALIDATE)
}

/// To be saved under the name of its file (RFC 6266, RFC 8187).
fn attachment(path: &[u8]) -> HeaderValue {
    let name = path.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    let name = percent_encoded(&String::from_utf8_lossy(name));
    let value = HeaderValue::try_from(format!("attachment; filename*=UTF-8''{name}"));
    value.unwrap_or(HeaderValue::from_static("attachment"))
}
