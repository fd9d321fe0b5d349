//! Whether a client gets a track's file as it is, or what is made of it instead, and why.

mod fitting;
#[cfg(test)]
mod tests;

use hexachord_contracts::payment::Entitlements;
use serde::Serialize;
use utoipa::ToSchema;

pub use self::fitting::RATES;
use self::fitting::fit;
use super::{
    abilities::{
        ClientAbilities, DirectPlayProfile, Limitation, Property, Protocol, is_codec, is_container,
    },
    formats::Format,
    source::SourceFacts,
};

/// How a track is played, and why not otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub play: Play,
    /// Why the file does not go out as it is, and why nothing can be made of it.
    pub reasons: Vec<Reason>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Play {
    /// The file as it is.
    Direct,
    Transcode(Making),
    Impossible,
}

/// What is made of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Making {
    pub format: Format,
    /// Absent where nothing is left out.
    pub bitrate_kbps: Option<u32>,
    /// Bits a sample, where nothing is left out.
    pub bits: u8,
    /// The highest sampling rate; absent where it stays or is fixed.
    pub most_rate: Option<u32>,
    pub most_channels: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PlaybackReason)]
pub struct Reason {
    pub kind: ReasonKind,
    /// For people.
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReasonKind {
    /// It is a part of its file, or begins in its middle.
    PartOfFile,
    /// More kbit/s than the plan allows.
    BitrateOfPlan,
    BitrateTooHigh,
    ContainerNotSupported,
    CodecNotSupported,
    ChannelsNotSupported,
    BitrateNotSupported,
    SampleRateNotSupported,
    BitDepthNotSupported,
    /// Not by a protocol that the client knows.
    ProtocolNotSupported,
    /// The client takes nothing else.
    NothingElseTaken,
    /// The client takes something that is not made here.
    FormatNotOffered,
    /// The file is damaged, or of a kind that Hexachord does not decode.
    CannotBeDecoded,
}

impl ReasonKind {
    /// As in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::PartOfFile => "part_of_file",
            Self::BitrateOfPlan => "bitrate_of_plan",
            Self::BitrateTooHigh => "bitrate_too_high",
            Self::ContainerNotSupported => "container_not_supported",
            Self::CodecNotSupported => "codec_not_supported",
            Self::ChannelsNotSupported => "channels_not_supported",
            Self::BitrateNotSupported => "bitrate_not_supported",
            Self::SampleRateNotSupported => "sample_rate_not_supported",
            Self::BitDepthNotSupported => "bit_depth_not_supported",
            Self::ProtocolNotSupported => "protocol_not_supported",
            Self::NothingElseTaken => "nothing_else_taken",
            Self::FormatNotOffered => "format_not_offered",
            Self::CannotBeDecoded => "cannot_be_decoded",
        }
    }
}

/// Decides for one client and one track; the first that fits of what the client takes is made.
pub fn decide(source: &SourceFacts, client: &ClientAbilities, allowed: &Entitlements) -> Decision {
    let mut reasons = obstacles(source, client, allowed);
    if reasons.is_empty() {
        return Decision { play: Play::Direct, reasons };
    }
    if !source.is_decodable {
        let text = "the file cannot be decoded, so nothing else can be made of it";
        reasons.push(reason(ReasonKind::CannotBeDecoded, text));
        return Decision { play: Play::Impossible, reasons };
    }
    let mut refused = Vec::new();
    for profile in &client.transcoding {
        match fit(source, profile, client, allowed) {
            Ok(making) => return Decision { play: Play::Transcode(making), reasons },
            Err(reason) => refused.push(reason),
        }
    }
    if refused.is_empty() {
        let text = "the client takes nothing that could be made of the file";
        refused.push(reason(ReasonKind::NothingElseTaken, text));
    }
    for reason in refused {
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    Decision { play: Play::Impossible, reasons }
}

/// What keeps the file from going out as it is.
fn obstacles(
    source: &SourceFacts,
    client: &ClientAbilities,
    allowed: &Entitlements,
) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if source.part.is_some() {
        reasons.push(reason(ReasonKind::PartOfFile, "only a part of the file is to be heard"));
    }
    let bitrate = source.bitrate_kbps;
    reasons.extend(over(allowed.max_bitrate_kbps, bitrate, ReasonKind::BitrateOfPlan));
    reasons.extend(over(client.max_bitrate_kbps, bitrate, ReasonKind::BitrateTooHigh));
    reasons.extend(unplayable(source, client));
    let properties = [
        (Property::Channels, Some(source.channels())),
        (Property::BitrateKbps, Some(bitrate)),
        (Property::SampleRate, Some(source.audio.sample_rate)),
        (Property::BitDepth, source.audio.bit_depth.map(u32::from)),
    ];
    for (property, value) in properties {
        let mut limitations = client.limitations(source.codec(), property);
        if !limitations.all(|limitation: &Limitation| limitation.allows(value)) {
            let text = match value {
                Some(value) => format!("{} is not for this client", told(property, value)),
                None => "the client must know how many bits a sample has".to_owned(),
            };
            reasons.push(reason(unsupported(property), text));
        }
    }
    reasons
}

/// Why no profile of a client takes the file as it is.
fn unplayable(source: &SourceFacts, client: &ClientAbilities) -> Option<Reason> {
    let (container, codec, channels) = (source.container, source.codec(), source.channels());
    let any = |words: &[String], is: &dyn Fn(&str) -> bool| {
        words.is_empty() || words.iter().any(|word| is(word))
    };
    let mut profiles: Vec<&DirectPlayProfile> = client.direct_play.iter().collect();
    profiles.retain(|profile| any(&profile.containers, &|word| is_container(word, container)));
    if profiles.is_empty() {
        let text = format!("the client does not play {container} files");
        return Some(reason(ReasonKind::ContainerNotSupported, text));
    }
    profiles.retain(|profile| any(&profile.codecs, &|word| is_codec(word, codec)));
    if profiles.is_empty() {
        let text = format!("the client does not play {codec} in {container} files");
        return Some(reason(ReasonKind::CodecNotSupported, text));
    }
    profiles.retain(|profile| {
        profile.protocols.is_empty() || profile.protocols.contains(&Protocol::Http)
    });
    if profiles.is_empty() {
        let text = format!("the client does not fetch {container} files over HTTP");
        return Some(reason(ReasonKind::ProtocolNotSupported, text));
    }
    profiles.retain(|profile| profile.max_channels.is_none_or(|most| channels <= most));
    if profiles.is_empty() {
        let text = format!("{} is not for this client", told(Property::Channels, channels));
        return Some(reason(ReasonKind::ChannelsNotSupported, text));
    }
    None
}

/// Why a bitrate is too high, if it is.
fn over(most: Option<u32>, bitrate_kbps: u32, kind: ReasonKind) -> Option<Reason> {
    let most = most.filter(|most| bitrate_kbps > *most)?;
    let whose = match kind {
        ReasonKind::BitrateOfPlan => "that the plan allows",
        _ => "that were asked for",
    };
    let text = format!("{bitrate_kbps} kbit/s are more than the {most} kbit/s {whose}");
    Some(reason(kind, text))
}

fn reason(kind: ReasonKind, text: impl Into<String>) -> Reason {
    Reason { kind, text: text.into() }
}

const fn unsupported(property: Property) -> ReasonKind {
    match property {
        Property::Channels => ReasonKind::ChannelsNotSupported,
        Property::BitrateKbps => ReasonKind::BitrateNotSupported,
        Property::SampleRate => ReasonKind::SampleRateNotSupported,
        Property::BitDepth => ReasonKind::BitDepthNotSupported,
    }
}

fn told(property: Property, value: u32) -> String {
    match property {
        Property::Channels if value == 1 => "one channel".to_owned(),
        Property::Channels => format!("sound of {value} channels"),
        Property::BitrateKbps => format!("a bitrate of {value} kbit/s"),
        Property::SampleRate => format!("a sampling rate of {value} Hz"),
        Property::BitDepth => format!("sound of {value} bits a sample"),
    }
}
