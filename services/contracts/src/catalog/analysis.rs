//! What is measured of tracks by listening to them: how loud they are, how they look over their time, and
//! what they sound like. It is found out in the background; the feed tells of what they sound like alone.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Track;
use crate::{Timestamp, decibels::Decibels, ids::TrackId, page::Paging};

/// How loud a track is (EBU R 128).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Loudness {
    /// Integrated loudness, in LUFS.
    pub integrated: Decibels,
    /// Loudness range, in LU.
    pub range: Decibels,
    /// Of the loudest channel, between the samples too; in dBTP.
    pub true_peak: Decibels,
}

/// How loud the tracks of an album are together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AlbumLoudness {
    /// Of all tracks one behind the other, in LUFS.
    pub integrated: Decibels,
    /// Of the loudest track, in dBTP.
    pub true_peak: Decibels,
}

/// How a track that the caller may see looks over its time. Refused with the reason while it is not
/// measured, or where it cannot be.
#[derive(Debug, Serialize, Deserialize)]
pub struct GetWaveform {
    pub track: TrackId,
}

/// The loudest sample of each of many equally long pieces of a track, whatever its channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Waveform {
    /// At most 1,000, from the begin to the end; 255 is full scale.
    pub peaks: Vec<u8>,
    /// Frames of audio that a peak stands for; the last one may stand for fewer.
    pub frames_a_peak: u64,
    /// Frames a second.
    pub sample_rate: u32,
    /// As it was heard; what tags and headers say may differ.
    pub duration_ms: u64,
}

/// What a track sounds like, in numbers: each group in hundredths of its own units, and always of the same
/// length. Whoever compares tracks weighs a number by how much it differs over all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Features {
    /// 37: cepstral coefficients and the shape of the spectrum.
    pub timbre: Vec<i16>,
    /// 12: how strong beats are by tempo, and how many onsets there are.
    pub rhythm: Vec<i16>,
    /// 8: which intervals sound together, whatever the key.
    pub harmony: Vec<i16>,
}

impl Features {
    /// How many numbers each group has, in the order of the fields.
    pub const LENGTHS: [usize; 3] = [37, 12, 8];
}

/// Administrators and the program: how far the measuring of tracks is.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct GetAnalysis {}

/// Tracks that play, by what is known of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AnalysisState {
    /// It is switched on in the configuration.
    pub enabled: bool,
    /// Tracks are measured at this moment.
    pub running: bool,
    pub measured: u64,
    /// Not measured yet, or by an older program that measured less.
    pub waiting: u64,
    /// They cannot be measured, and are not tried again until their audio changes.
    pub failed: u64,
}

/// Administrators and the program: tracks that cannot be measured, and why.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct ListUnmeasurable {
    pub paging: Paging,
}

/// A track that cannot be measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnmeasurableTrack {
    pub track: Track,
    /// Below its library's folder; bytes that are not UTF-8 are shown as U+FFFD.
    pub path: String,
    pub reason: String,
    pub seen_at: Timestamp,
}
