//! A track as a client is to hear it: looked into, and decided upon.

use hexachord_audio::{AudioFacts, Codec, Layout, Transcode};
use hexachord_contracts::{
    catalog::{GetTrack, Location, Track},
    payment::Entitlement,
};
use http::{HeaderName, HeaderValue, StatusCode};

use crate::{
    http::{
        allowances::check_bitrate,
        credential::Who,
        edge::Edge,
        opens::Disk,
        problem::{Lack, Problem},
        transcodes::{Identity, Recipe, look},
    },
    streaming::{
        decision::{Decision, Play, ReasonKind},
        source::{Part, SourceFacts},
    },
};

/// How a stream was decided upon, for whoever wonders.
pub(in crate::http) const DECISION: HeaderName = HeaderName::from_static("x-hexachord-decision");
/// A file that was looked into.
pub(in crate::http) struct Looked {
    pub(in crate::http) source: SourceFacts,
    identity: Identity,
    disk: Disk,
    path: Vec<u8>,
}

/// Looks into a track's file, for what is heard of it from `start_ms` on.
pub(in crate::http) async fn look_into(
    edge: &Edge,
    who: &Who,
    location: &Location,
    start_ms: u64,
) -> Result<Looked, Problem> {
    let disk = Disk::of(location.library);
    let found = look(&edge.opens, disk, location.path.clone()).await?;
    let is_decodable = found.audio.is_ok();
    let audio = match found.audio {
        Ok(audio) => audio,
        Err(error) => {
            tracing::debug!(%error, "a file cannot be decoded");
            let Some(track) = location.track else { return Err(undecodable(error.to_string())) };
            as_scanned(&edge.catalog.call(&who.context, GetTrack { track }).await?)
        }
    };
    let part = location.excerpt.map(|excerpt| Part::of(excerpt, audio.sample_rate));
    let part = match start_ms {
        0 => part,
        start_ms => Some(Part::from_ms(part, start_ms, audio.sample_rate)),
    };
    let source = SourceFacts {
        container: SourceFacts::container_of(&location.content_type),
        bitrate_kbps: location.bitrate_kbps,
        audio,
        part,
        is_decodable,
    };
    if start_ms > 0 && source.frames() == Some(0) {
        let detail = format!("parameter start_ms: the track ends before {start_ms} ms");
        return Err(Problem::bad_request("start_ms", detail));
    }
    Ok(Looked { source, identity: found.identity, disk, path: location.path.clone() })
}

/// What the catalog knows of a file that cannot be decoded.
fn as_scanned(track: &Track) -> AudioFacts {
    let codec = match track.codec.as_str() {
        "flac" => Codec::Flac,
        "vorbis" => Codec::Vorbis,
        "opus" => Codec::Opus,
        "aac" => Codec::Aac,
        "alac" => Codec::Alac,
        "pcm" => Codec::Pcm,
        "wavpack" => Codec::WavPack,
        "wavpack_lossy" => Codec::WavPackHybrid,
        _ => Codec::Mp3,
    };
    AudioFacts {
        codec,
        sample_rate: track.sample_rate,
        layout: Layout::usual(track.channels.into()).unwrap_or(Layout::STEREO),
        bit_depth: track.bit_depth,
        frames: None,
    }
}

impl Looked {
    pub(in crate::http) fn recipe(self, transcode: Transcode) -> Recipe {
        let Self { source, identity, disk, path } = self;
        Recipe::new(disk, path, identity, source.audio, transcode)
    }
}

pub(in crate::http) fn undecodable(detail: String) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "undecodable", detail)
}

/// Why nothing is sent.
pub(in crate::http) fn impossible(
    decision: &Decision,
    location: &Location,
    entitlement: &Entitlement,
) -> Problem {
    let text = |kind| decision.reasons.iter().rev().find(|reason| reason.kind == kind);
    if let Some(reason) = text(ReasonKind::BitrateOfPlan) {
        return match check_bitrate(entitlement, location.bitrate_kbps) {
            Err(problem) => problem,
            Ok(()) => Problem::plan_lacks(Lack::Bitrate, reason.text.clone()),
        };
    }
    if let Some(reason) = text(ReasonKind::CannotBeDecoded) {
        return undecodable(reason.text.clone());
    }
    let fields = [
        (ReasonKind::SampleRateNotSupported, "max_rate"),
        (ReasonKind::ChannelsNotSupported, "channels"),
        (ReasonKind::BitDepthNotSupported, "max_bits"),
        (ReasonKind::BitrateTooHigh, "bitrate"),
    ];
    let named = fields.into_iter().find_map(|(kind, field)| Some((text(kind)?, field)));
    match named {
        Some((reason, field)) => {
            Problem::bad_request(field, format!("parameter {field}: {}", reason.text))
        }
        None => Problem::bad_request("format", "parameter format: this track has nothing like it"),
    }
}

/// The decision in a header: `transcode; format=opus; bitrate=128; because=bitrate_of_plan`.
pub(in crate::http) fn told(decision: &Decision) -> HeaderValue {
    let mut text = match &decision.play {
        Play::Direct => "direct".to_owned(),
        Play::Impossible => "impossible".to_owned(),
        Play::Transcode(making) => {
            let bitrate = making.bitrate_kbps.map(|bitrate| format!("; bitrate={bitrate}"));
            format!("transcode; format={}{}", making.format.name(), bitrate.unwrap_or_default())
        }
    };
    let kinds = decision.reasons.iter().map(|reason| reason.kind.name());
    let kinds = kinds.collect::<Vec<_>>().join(",");
    if !kinds.is_empty() {
        text.push_str("; because=");
        text.push_str(&kinds);
    }
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("transcode"))
}
