//! The codecs and containers that Hexachord plays, with their names and media types.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How the audio is coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Codec {
    Mp3,
    Flac,
    Vorbis,
    Opus,
    Aac,
    Alac,
    /// Uncompressed integer samples.
    Pcm,
    /// Uncompressed floating-point samples.
    PcmFloat,
    WavPack,
    /// `WavPack`'s hybrid mode without its correction file.
    WavPackHybrid,
}

impl Codec {
    /// The name people use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mp3 => "MP3",
            Self::Flac => "FLAC",
            Self::Vorbis => "Vorbis",
            Self::Opus => "Opus",
            Self::Aac => "AAC",
            Self::Alac => "ALAC",
            Self::Pcm => "PCM",
            Self::PcmFloat => "PCM (floating point)",
            Self::WavPack => "WavPack",
            Self::WavPackHybrid => "WavPack (lossy)",
        }
    }

    /// Whether the decoded samples are those that were encoded.
    pub const fn is_lossless(self) -> bool {
        matches!(self, Self::Flac | Self::Alac | Self::Pcm | Self::PcmFloat | Self::WavPack)
    }

    /// The codec's number in a fingerprint: never reused, never renumbered.
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Mp3 => 1,
            Self::Flac => 2,
            Self::Vorbis => 3,
            Self::Opus => 4,
            Self::Aac => 5,
            Self::Alac => 6,
            Self::Pcm => 7,
            Self::PcmFloat => 8,
            Self::WavPack => 9,
            Self::WavPackHybrid => 10,
        }
    }
}

impl fmt::Display for Codec {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// What the coded audio is wrapped in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Container {
    /// Bare MPEG audio frames.
    Mpeg,
    /// Native FLAC.
    Flac,
    Ogg,
    Mp4,
    Wav,
    /// AIFF and AIFF-C.
    Aiff,
    WavPack,
}

impl Container {
    /// The name people use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mpeg => "MPEG audio",
            Self::Flac => "FLAC",
            Self::Ogg => "Ogg",
            Self::Mp4 => "MP4",
            Self::Wav => "WAV",
            Self::Aiff => "AIFF",
            Self::WavPack => "WavPack",
        }
    }

    /// The media type for a `Content-Type` header.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Mpeg => "audio/mpeg",
            Self::Flac => "audio/flac",
            Self::Ogg => "audio/ogg",
            Self::Mp4 => "audio/mp4",
            Self::Wav => "audio/wav",
            Self::Aiff => "audio/aiff",
            Self::WavPack => "audio/x-wavpack",
        }
    }
}

/// How the names of files of a [media type](Container::content_type) end; where Opus is told from Vorbis, by
/// the codec's short name. `None` for what is none of these types.
pub fn file_ending(content_type: &str, codec: &str) -> Option<&'static str> {
    Some(match (content_type, codec) {
        ("audio/mpeg", _) => "mp3",
        ("audio/flac", _) => "flac",
        ("audio/ogg", "opus") => "opus",
        ("audio/ogg", _) => "ogg",
        ("audio/mp4", _) => "m4a",
        ("audio/wav", _) => "wav",
        ("audio/aiff", _) => "aiff",
        ("audio/x-wavpack", _) => "wv",
        _ => return None,
    })
}

impl fmt::Display for Container {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
