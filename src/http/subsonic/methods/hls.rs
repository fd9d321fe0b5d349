//! HTTP Live Streaming: playlists whose addresses carry the credential of who asked for them.

use axum::response::Response;
use hexachord_contracts::ids::TrackId;

use super::super::{
    call::{Call, Outcome},
    parameters::{Parameters, number},
};
use crate::{
    http::{
        problem::Problem,
        rest::hls::{Presented, text},
    },
    percent::percent_encoded,
    streaming::hls::{Coding, Variant},
};

/// What the addresses in a playlist say again.
const CARRIED: [&str; 7] = ["apiKey", "u", "p", "t", "s", "v", "c"];

/// `bitRate` once or more: the variants that have at most so many kbit/s.
pub(super) async fn master(call: &Call) -> Outcome {
    let track: TrackId = call.parameters.id("id")?;
    let mut wanted = Vec::new();
    // Libraries of clients write it both ways.
    let rates = ["bitRate", "bitrate"].into_iter().flat_map(|name| call.parameters.all(name));
    for rate in rates {
        // With a size it is of a video.
        let rate = rate.split('@').next().unwrap_or_default();
        wanted.push(number::<u32>("bitRate", rate)?);
    }
    let chosen: Vec<Variant> = wanted.iter().filter_map(|kbps| up_to(*kbps)).collect();
    let presented = Presented::look(&call.edge, call.who.clone(), track).await?;
    let is_wanted = |variant| wanted.is_empty() || chosen.contains(&variant);
    let playlist = presented.master(Coding::Opus, is_wanted)?;
    Ok(text(with_credential(&playlist, &format!("hls/{track}/"), &call.parameters)))
}

/// The best variant of so many kbit/s; the smallest where all have more.
fn up_to(kbps: u32) -> Option<Variant> {
    let best = Variant::OPUS.into_iter().rfind(|bitrate| *bitrate <= kbps);
    best.or(Variant::OPUS.first().copied()).map(Variant::Opus)
}

/// The addresses behind [`master`].
pub(in crate::http::subsonic) async fn part_of_hls(
    call: &Call,
    track: &str,
    variant: &str,
    file: &str,
) -> Result<Response, Problem> {
    let track: TrackId = track.parse().map_err(|_other| Problem::not_found("track"))?;
    let presented = Presented::look(&call.edge, call.who.clone(), track).await?;
    match file {
        "index.m3u8" => {
            let playlist = presented.media(variant)?;
            Ok(text(with_credential(&playlist, "", &call.parameters)))
        }
        "init.mp4" => presented.initialization(variant),
        segment => presented.segment(variant, segment, &call.asked).await,
    }
}

/// The playlist with `before` in front of each address, and the credential behind it.
fn with_credential(playlist: &str, before: &str, parameters: &Parameters) -> String {
    let carried = CARRIED.into_iter().filter_map(|name| Some((name, parameters.text(name)?)));
    let carried = carried.map(|(name, text)| format!("{name}={}", percent_encoded(text)));
    let query = carried.collect::<Vec<_>>().join("&");
    let mut text = String::with_capacity(playlist.len() * 2);
    for line in playlist.lines() {
        if line.is_empty() {
            // Nothing to say.
        } else if !line.starts_with('#') {
            text.extend([before, line, "?", &query]);
        } else if let Some((tag, address)) = line.split_once("URI=\"") {
            let (address, rest) = address.split_once('"').unwrap_or((address, ""));
            text.extend([tag, "URI=\"", before, address, "?", &query, "\"", rest]);
        } else {
            text.push_str(line);
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_carries_the_credential() {
        let parameters = Parameters::read("u=a%20b&t=1&s=2&c=x&id=tr-1&f=json", b"");
        let playlist = "#EXTM3U\n#EXT-X-MAP:URI=\"init.mp4\"\n#EXTINF:6.0,\n0.m4s\n";
        assert_eq!(
            with_credential(playlist, "hls/", &parameters),
            "#EXTM3U\n#EXT-X-MAP:URI=\"hls/init.mp4?u=a%20b&t=1&s=2&c=x\"\n#EXTINF:6.0,\n\
             hls/0.m4s?u=a%20b&t=1&s=2&c=x\n"
        );
    }
}
