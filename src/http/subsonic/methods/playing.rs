//! What is played now: reports of players, and who listens to what.

use hexachord_contracts::{
    catalog::GetEpisode,
    ids::TrackId,
    profile::{ListNowPlaying, NowPlaying, PlaybackState, ReportPlayback},
};
use serde::Serialize;

use super::super::{
    call::{Call, Outcome},
    failure::{Failure, Names},
    filling,
    model::Child,
    parameters::id,
};

const NAMES: &Names = &[("position_ms", "positionMs"), ("rate_permille", "playbackRate")];

/// Of everybody in the house, the latest report first.
pub(super) async fn now(call: &Call) -> Outcome {
    #[derive(Serialize)]
    struct NowPlayingOf {
        entry: Vec<Child>,
    }
    let playing = call.edge.profile.call(call.context(), ListNowPlaying {}).await?;
    let ids: Vec<TrackId> = playing.iter().map(|playing| playing.track).collect();
    let songs = filling::songs_by_id(&call.edge, call.context(), &ids).await?;
    let now = call.edge.clock.now();
    let entry = playing.into_iter().filter_map(|playing: NowPlaying| {
        let song = songs.get(&playing.track)?.clone();
        Some(Child {
            minutes_ago: Some(now.since(playing.reported_at).as_secs() / 60),
            player_id: Some(player_id(&playing)),
            username: Some(playing.username),
            player_name: Some(playing.device),
            state: Some(state_name(playing.state)),
            position_ms: Some(playing.position_ms),
            playback_rate: Some(f64::from(playing.rate_permille) / 1_000.0),
            ..song
        })
    });
    call.answer("nowPlaying", &NowPlayingOf { entry: entry.collect() })
}

/// A positive number that stays with a player.
fn player_id(playing: &NowPlaying) -> u32 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(playing.username.as_bytes()).update(&[0]).update(playing.device.as_bytes());
    let mut number = [0; 4];
    hasher.finalize_xof().fill(&mut number);
    u32::from_le_bytes(number) >> 1
}

fn state_name(state: PlaybackState) -> &'static str {
    match state {
        PlaybackState::Starting => "starting",
        PlaybackState::Playing => "playing",
        PlaybackState::Paused => "paused",
        PlaybackState::Stopped => "stopped",
    }
}

/// A player tells what it does; enough of it is a play.
pub(super) async fn report(call: &Call) -> Outcome {
    let parameters = &call.parameters;
    let media = parameters.required("mediaId")?;
    match parameters.required("mediaType")? {
        "song" => {}
        // They have no plays yet.
        "podcast" => {
            let episode = id(media)?;
            call.edge.catalog.call(call.context(), GetEpisode { episode }).await?;
            return call.done();
        }
        _ => return Err(Failure::wrong("mediaType", "must be song or podcast")),
    }
    let track: TrackId = id(media)?;
    parameters.required("positionMs")?;
    let position_ms = parameters.number("positionMs")?.unwrap_or(0);
    let state = match parameters.required("state")? {
        "starting" => PlaybackState::Starting,
        "playing" => PlaybackState::Playing,
        "paused" => PlaybackState::Paused,
        "stopped" => PlaybackState::Stopped,
        _ => return Err(Failure::wrong("state", "must be starting, playing, paused or stopped")),
    };
    let rate_permille = permille(parameters.number("playbackRate")?.unwrap_or(1.0))?;
    let count = !parameters.flag("ignoreScrobble")?.unwrap_or(false);
    let device = call.device();
    let report = ReportPlayback { track, device, position_ms, state, rate_permille, count };
    tell(call, report).await
}

/// A song that plays from now on, of which no play is to come.
pub(super) async fn begin(call: &Call, track: TrackId) -> Outcome {
    let report = ReportPlayback {
        track,
        device: call.device(),
        position_ms: 0,
        // It may be told again while it goes on.
        state: PlaybackState::Playing,
        rate_permille: ReportPlayback::USUAL_RATE,
        count: false,
    };
    tell(call, report).await
}

async fn tell(call: &Call, report: ReportPlayback) -> Outcome {
    let told = call.edge.profile.call(call.context(), report).await;
    told.map_err(|error| Failure::named(error, NAMES))?;
    call.done()
}

/// Thousandths of a speed.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is neither negative nor large"
)]
fn permille(rate: f64) -> Result<u32, Failure> {
    if (0.0..=1_000.0).contains(&rate) {
        return Ok((rate * 1_000.0).round() as u32);
    }
    Err(Failure::wrong("playbackRate", "must be a speed: 1 is the usual one"))
}

#[cfg(test)]
mod tests {
    use super::permille;

    #[test]
    fn speeds_are_told_in_thousandths() {
        for (rate, expected) in [(1.0, 1_000), (0.0, 0), (1.25, 1_250), (0.333_333, 333)] {
            assert_eq!(permille(rate), Ok(expected), "{rate}");
        }
        for wrong in [-1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300] {
            assert_eq!(permille(wrong).unwrap_err().code, 10, "{wrong}");
        }
    }
}
