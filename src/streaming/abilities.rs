//! What a client says it can play, after the model of OpenSubsonic's `ClientInfo`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a client can play as it is, and what it would have made of the rest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct ClientAbilities {
    /// Of any stream.
    pub max_bitrate_kbps: Option<u32>,
    /// Of a stream that is made for it.
    pub max_transcoding_bitrate_kbps: Option<u32>,
    /// What it plays as it is; nothing if left out.
    pub direct_play: Vec<DirectPlayProfile>,
    /// What it takes instead, the best first.
    pub transcoding: Vec<TranscodingProfile>,
    /// What it cannot play of codecs that it knows.
    pub codecs: Vec<CodecProfile>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct DirectPlayProfile {
    /// `mp3`, `flac`, `ogg`, `mp4`, `wav`, `aiff`, `wavpack`; none means any.
    pub containers: Vec<String>,
    /// `mp3`, `flac`, `vorbis`, `opus`, `aac`, `alac`, `pcm`, `wavpack`; none means any.
    pub codecs: Vec<String>,
    /// None means any.
    pub protocols: Vec<Protocol>,
    pub max_channels: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TranscodingProfile {
    pub container: String,
    pub codec: String,
    #[serde(default)]
    pub protocol: Protocol,
    #[serde(default)]
    pub max_channels: Option<u32>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    #[default]
    Http,
    Hls,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CodecProfile {
    /// `*` is any codec.
    pub codec: String,
    #[serde(default)]
    pub limitations: Vec<Limitation>,
}

/// What a property must be like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Limitation {
    pub property: Property,
    pub comparison: Comparison,
    /// `at_most` and `at_least` look at the first one alone.
    pub values: Vec<u32>,
    /// Whether it is broken where the property is not known.
    #[serde(default)]
    pub required: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Property {
    Channels,
    BitrateKbps,
    SampleRate,
    BitDepth,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    Equals,
    NotEquals,
    AtMost,
    AtLeast,
}

impl Limitation {
    pub fn allows(&self, value: Option<u32>) -> bool {
        let Some(value) = value else { return !self.required };
        let first = self.values.first();
        match self.comparison {
            Comparison::Equals => self.values.contains(&value),
            Comparison::NotEquals => !self.values.contains(&value),
            Comparison::AtMost => first.is_none_or(|most| value <= *most),
            Comparison::AtLeast => first.is_none_or(|least| value >= *least),
        }
    }
}

impl ClientAbilities {
    /// What it says of a property of a codec.
    pub fn limitations(&self, of: &str, property: Property) -> impl Iterator<Item = &Limitation> {
        let about = |profile: &&CodecProfile| profile.codec == "*" || is_codec(&profile.codec, of);
        let all = self.codecs.iter().filter(about).flat_map(|profile| &profile.limitations);
        all.filter(move |limitation| limitation.property == property)
    }
}

/// Whether a client's word for a container means `container`.
pub fn is_container(word: &str, container: &str) -> bool {
    let word = word.to_ascii_lowercase();
    let known = match word.as_str() {
        "mpeg" | "mpga" => "mp3",
        "oga" | "opus" => "ogg",
        "m4a" | "m4b" | "mov" => "mp4",
        "wave" => "wav",
        "aif" | "aifc" => "aiff",
        "wv" => "wavpack",
        other => other,
    };
    known == container
}

/// Whether a client's word for a codec means `codec`.
pub fn is_codec(word: &str, codec: &str) -> bool {
    let word = word.to_ascii_lowercase();
    let known = match word.as_str() {
        "mp4a" => "aac",
        "lpcm" | "wav" => "pcm",
        "wv" => "wavpack",
        other => other,
    };
    known == codec
}
