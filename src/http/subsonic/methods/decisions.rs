//! The extension `transcoding`: an app says what it can play, and is told how it gets it.

use axum::response::{IntoResponse, Response};
use http::Method;
use serde::{Deserialize, Serialize};

use super::{
    super::{
        call::{Call, Outcome},
        failure::Failure,
        parameters::Parameters,
    },
    media::Media,
};
use crate::{
    http::{
        problem::Problem,
        rest::{
            playback::{self, of_source, of_target},
            played::look_into,
            stream::send_located,
            stream_parameters::StreamParameters,
        },
    },
    streaming::{
        abilities::{
            ClientAbilities, CodecProfile, Comparison, DirectPlayProfile, Limitation, Property,
            Protocol, TranscodingProfile,
        },
        decision::{Decision, Play, decide},
    },
};

/// Profiles of each kind, and limitations in all of them. Each is held against each.
const MOST_PROFILES: usize = 64;
const MOST_LIMITATIONS: usize = 256;

/// Its failures are statuses, and no envelopes.
pub(in crate::http::subsonic) const STREAM_OF_DECISION: &str = "getTranscodeStream";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientInfo {
    /// Bits a second, as all bitrates of this extension.
    max_audio_bitrate: Option<u64>,
    max_transcoding_audio_bitrate: Option<u64>,
    #[serde(default)]
    direct_play_profiles: Vec<DirectPlay>,
    #[serde(default)]
    transcoding_profiles: Vec<Transcoding>,
    #[serde(default)]
    codec_profiles: Vec<OfCodec>,
}

impl ClientInfo {
    fn check_size(&self) -> Result<(), Failure> {
        let profiles = [
            self.direct_play_profiles.len(),
            self.transcoding_profiles.len(),
            self.codec_profiles.len(),
        ];
        let limitations: usize = self.codec_profiles.iter().map(|of| of.limitations.len()).sum();
        if profiles.iter().any(|count| *count > MOST_PROFILES) || limitations > MOST_LIMITATIONS {
            return Err(Failure::wrong("clientInfo", "has too many profiles or limitations"));
        }
        Ok(())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DirectPlay {
    #[serde(default)]
    containers: Vec<String>,
    #[serde(default)]
    audio_codecs: Vec<String>,
    #[serde(default)]
    protocols: Vec<String>,
    max_audio_channels: Option<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Transcoding {
    container: String,
    audio_codec: String,
    #[serde(default)]
    protocol: String,
    max_audio_channels: Option<u32>,
}

#[derive(Deserialize)]
struct OfCodec {
    name: String,
    #[serde(default)]
    limitations: Vec<Limit>,
}

#[derive(Deserialize)]
struct Limit {
    name: String,
    comparison: String,
    #[serde(default)]
    values: Vec<String>,
    #[serde(default)]
    required: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TranscodeDecision {
    can_direct_play: bool,
    can_transcode: bool,
    transcode_reason: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    transcode_params: Option<String>,
    source_stream: StreamDetails,
    #[serde(skip_serializing_if = "Option::is_none")]
    transcode_stream: Option<StreamDetails>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StreamDetails {
    protocol: &'static str,
    container: String,
    codec: String,
    audio_channels: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    audio_bitrate: Option<u32>,
    audio_profile: &'static str,
    audio_samplerate: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    audio_bitdepth: Option<u8>,
}

pub(super) async fn decision(call: &Call) -> Outcome {
    if call.method != Method::POST {
        return Err(Failure::new(Failure::GENERIC, "use POST, with what the app can play"));
    }
    let media = media(&call.parameters)?;
    let client: ClientInfo = serde_json::from_slice(&call.body)
        .map_err(|error| Failure::wrong("clientInfo", &error.to_string()))?;
    client.check_size()?;
    let abilities = client.abilities();
    let entitlement = call.edge.allowances.of(call.context()).await;
    let location = media.locate(call).await?;
    let source = look_into(&call.edge, &call.who, &location, 0).await?.source;
    let Decision { play, reasons } = decide(&source, &abilities, &entitlement.entitlements);
    let reasons: Vec<String> = reasons.into_iter().map(|reason| reason.text).collect();
    let (transcode_params, transcode_stream) = match &play {
        Play::Transcode(making) => {
            let details = StreamDetails::of(of_target(&source, making));
            (Some(playback::query(&source, making)), Some(details))
        }
        Play::Direct | Play::Impossible => (None, None),
    };
    let is_impossible = play == Play::Impossible;
    call.answer(
        "transcodeDecision",
        &TranscodeDecision {
            can_direct_play: play == Play::Direct,
            can_transcode: transcode_params.is_some(),
            error_reason: is_impossible.then(|| reasons.join("; ")),
            transcode_reason: reasons,
            transcode_params,
            source_stream: StreamDetails::of(of_source(&source, location.content_type)),
            transcode_stream,
        },
    )
}

/// The stream that was decided upon.
pub(in crate::http::subsonic) async fn stream_of_decision(call: &Call) -> Response {
    let sent = async {
        let parameters = &call.parameters;
        let wrong = |failure: Failure| match failure.code {
            Failure::NOT_FOUND => Problem::not_found("song"),
            _ => Problem::bad_request("", failure.message),
        };
        let media = media(parameters).map_err(wrong)?;
        let params = parameters.required("transcodeParams").map_err(wrong)?;
        let offset = parameters.number::<u32>("offset").map_err(wrong)?.unwrap_or(0);
        let wanted = StreamParameters::of_query(params)?.beginning_at(u64::from(offset) * 1000);
        wanted.check()?;
        let location = media.locate(call).await?;
        send_located(&call.edge, &call.who, None, &call.asked, location, &wanted).await
    };
    sent.await.into_response()
}

fn media(parameters: &Parameters) -> Result<Media, Failure> {
    match parameters.required("mediaType")? {
        "song" => parameters.id("mediaId").map(Media::Song),
        "podcast" => parameters.id("mediaId").map(Media::Episode),
        _ => Err(Failure::wrong("mediaType", "must be song or podcast")),
    }
}

/// Kilobits of bits; 0 is no limit.
fn kbps(bits: Option<u64>) -> Option<u32> {
    let bits = bits.filter(|bits| *bits > 0)?;
    Some(u32::try_from(bits / 1000).unwrap_or(u32::MAX))
}

fn protocol(name: &str) -> Protocol {
    if name.eq_ignore_ascii_case("hls") { Protocol::Hls } else { Protocol::Http }
}

impl ClientInfo {
    fn abilities(self) -> ClientAbilities {
        let any =
            |words: Vec<String>| if words.iter().any(|word| word == "*") { vec![] } else { words };
        let direct = |profile: DirectPlay| DirectPlayProfile {
            containers: any(profile.containers),
            codecs: any(profile.audio_codecs),
            protocols: any(profile.protocols).iter().map(|name| protocol(name)).collect(),
            max_channels: profile.max_audio_channels.filter(|most| *most > 0),
        };
        let transcoding = |profile: Transcoding| TranscodingProfile {
            container: profile.container,
            codec: profile.audio_codec,
            protocol: protocol(&profile.protocol),
            max_channels: profile.max_audio_channels.filter(|most| *most > 0),
        };
        let of_codec = |profile: OfCodec| CodecProfile {
            codec: profile.name,
            limitations: profile.limitations.iter().filter_map(Limit::limitation).collect(),
        };
        ClientAbilities {
            max_bitrate_kbps: kbps(self.max_audio_bitrate),
            max_transcoding_bitrate_kbps: kbps(self.max_transcoding_audio_bitrate),
            direct_play: self.direct_play_profiles.into_iter().map(direct).collect(),
            transcoding: self.transcoding_profiles.into_iter().map(transcoding).collect(),
            codecs: self.codec_profiles.into_iter().map(of_codec).collect(),
        }
    }
}

impl Limit {
    /// `None` for what is not looked at here: profiles of codecs.
    fn limitation(&self) -> Option<Limitation> {
        let property = match self.name.as_str() {
            "audioChannels" => Property::Channels,
            "audioBitrate" => Property::BitrateKbps,
            "audioSamplerate" => Property::SampleRate,
            "audioBitdepth" => Property::BitDepth,
            _ => return None,
        };
        let comparison = match self.comparison.as_str() {
            "Equals" => Comparison::Equals,
            "NotEquals" => Comparison::NotEquals,
            "LessThanEqual" => Comparison::AtMost,
            "GreaterThanEqual" => Comparison::AtLeast,
            _ => return None,
        };
        let value = |text: &String| {
            let number: u32 = text.parse().ok()?;
            Some(if property == Property::BitrateKbps { number / 1000 } else { number })
        };
        let values = self.values.iter().filter_map(value).collect();
        Some(Limitation { property, comparison, values, required: self.required })
    }
}

impl StreamDetails {
    fn of(details: playback::StreamDetails) -> Self {
        Self {
            protocol: "http",
            container: details.container,
            codec: details.codec,
            audio_channels: details.channels,
            audio_bitrate: details.bitrate_kbps.map(|kbps| kbps.saturating_mul(1000)),
            audio_profile: "",
            audio_samplerate: details.sample_rate,
            audio_bitdepth: details.bit_depth,
        }
    }
}
