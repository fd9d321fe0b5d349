//! What streams are encoded as.

use crate::encode::Mp3Rate;

/// What a stream is encoded as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// 16 or 24 bits; 32 is floating point.
    Wav { bits: u8 },
    /// 8 to 24 bits.
    Flac { bits: u8 },
    /// In fragments, on the timeline of the file; 8 to 24 bits.
    FlacMp4 { bits: u8 },
    /// Of at most two channels, at a rate that MP3 has.
    Mp3 { rate: Mp3Rate },
    /// What of an MP3 of a constant bitrate comes from one of its segments on, as it is in the whole.
    Mp3Rest { rate: Mp3Rate, segment: u64 },
    /// In Ogg. Bits a second. Always at 48 kHz.
    Opus { bitrate: u32 },
    /// In fragments, on the timeline of the file. Bits a second. Always at 48 kHz.
    OpusMp4 { bitrate: u32 },
    /// A segment of a stream of FLAC in MP4.
    FlacSegment { bits: u8 },
    /// A segment of a stream of Opus in MP4: all but the last one end on the grid of packets.
    OpusSegment { bitrate: u32, is_last: bool },
}

impl Target {
    /// The media type, with the codec where the container does not say which it is (RFC 6381).
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Wav { .. } => "audio/wav",
            Self::Flac { .. } => "audio/flac",
            Self::FlacMp4 { .. } | Self::FlacSegment { .. } => "audio/mp4; codecs=\"flac\"",
            Self::Mp3 { .. } | Self::Mp3Rest { .. } => "audio/mpeg",
            Self::Opus { .. } => "audio/ogg; codecs=opus",
            Self::OpusMp4 { .. } | Self::OpusSegment { .. } => "audio/mp4; codecs=\"opus\"",
        }
    }
}
