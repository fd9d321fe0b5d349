//! The formats that streams are made in.

use std::ops::RangeInclusive;

use hexachord_audio::{Mp3Rate, Target};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::abilities::{Protocol, TranscodingProfile, is_codec, is_container};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Opus in Ogg.
    Opus,
    /// Opus in fragmented MP4, for pages that join tracks without a gap.
    OpusMp4,
    Flac,
    /// FLAC in fragmented MP4, for pages that join tracks without a gap.
    FlacMp4,
    Mp3,
    Wav,
}

/// kbit/s.
const MP3_BITRATES: [u32; 14] = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];

/// What is to be known of a format.
struct Description {
    name: &'static str,
    container: &'static str,
    codec: &'static str,
    /// kbit/s; absent where nothing is left out.
    bitrates: Option<RangeInclusive<u32>>,
}

impl Format {
    pub const ALL: [Self; 6] =
        [Self::Opus, Self::OpusMp4, Self::Flac, Self::FlacMp4, Self::Mp3, Self::Wav];

    const fn description(self) -> Description {
        let (name, container, codec, bitrates) = match self {
            Self::Opus => ("opus", "ogg", "opus", Some(6..=510)),
            Self::OpusMp4 => ("opus-mp4", "mp4", "opus", Some(6..=510)),
            Self::Flac => ("flac", "flac", "flac", None),
            Self::FlacMp4 => ("flac-mp4", "mp4", "flac", None),
            Self::Mp3 => ("mp3", "mp3", "mp3", Some(32..=320)),
            Self::Wav => ("wav", "wav", "pcm", None),
        };
        Description { name, container, codec, bitrates }
    }

    /// What is encoded, at a bitrate or with so many bits a sample.
    pub const fn target(self, bitrate_kbps: u32, bits: u8) -> Target {
        let bitrate = bitrate_kbps * 1000;
        match self {
            Self::Opus => Target::Opus { bitrate },
            Self::OpusMp4 => Target::OpusMp4 { bitrate },
            Self::Flac => Target::Flac { bits },
            Self::FlacMp4 => Target::FlacMp4 { bits },
            Self::Mp3 => Target::Mp3 { rate: Mp3Rate::Constant(bitrate_kbps) },
            Self::Wav => Target::Wav { bits },
        }
    }

    /// As in an address.
    pub const fn name(self) -> &'static str {
        self.description().name
    }

    pub const fn container(self) -> &'static str {
        self.description().container
    }

    pub const fn codec(self) -> &'static str {
        self.description().codec
    }

    /// The bitrates it can have, in kbit/s; absent where nothing is left out.
    pub const fn bitrates(self) -> Option<RangeInclusive<u32>> {
        self.description().bitrates
    }

    /// The highest bitrate that it has up to this one: MP3 has a few alone.
    pub fn bitrate_up_to(self, kbps: u32) -> u32 {
        let has = |step: &u32| *step <= kbps;
        match self {
            Self::Mp3 => MP3_BITRATES.into_iter().rfind(has).unwrap_or(MP3_BITRATES[0]),
            _ => kbps,
        }
    }

    pub const fn is_lossless(self) -> bool {
        self.description().bitrates.is_none()
    }

    /// The sampling rate that it always has.
    pub const fn fixed_rate(self) -> Option<u32> {
        match self {
            Self::Opus | Self::OpusMp4 => Some(hexachord_audio::OPUS_RATE),
            Self::Flac | Self::FlacMp4 | Self::Mp3 | Self::Wav => None,
        }
    }

    /// The one that a client means.
    pub fn meant_by(profile: &TranscodingProfile) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|format| {
            profile.protocol == Protocol::Http
                && is_container(&profile.container, format.container())
                && is_codec(&profile.codec, format.codec())
        })
    }

    /// How a client asks for it.
    pub fn profile(self) -> TranscodingProfile {
        TranscodingProfile {
            container: self.container().to_owned(),
            codec: self.codec().to_owned(),
            protocol: Protocol::Http,
            max_channels: None,
        }
    }
}
