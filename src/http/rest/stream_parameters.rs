//! What an address says of the stream that is wanted.

use axum::extract::Query;
use hexachord_audio::Gain;
use hexachord_contracts::catalog::ReplayGain;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::stream::Wish;
use crate::{
    http::problem::Problem,
    streaming::{
        abilities::{
            ClientAbilities, CodecProfile, Comparison, DirectPlayProfile, Limitation, Property,
        },
        decision::RATES,
        formats::Format,
        source::SourceFacts,
    },
};

/// kbit/s in Opus at most where nobody asks for a number: more is not heard.
const BEST_OPUS: u32 = 256;
/// …and at least, however little the file has.
const LEAST_OPUS: u32 = 64;
/// kbit/s that some format has.
const BITRATES: std::ops::RangeInclusive<u32> = 6..=510;
const MOST_CHANNELS: u32 = 8;

/// The name of no format: the file as it is.
const ORIGINAL: &str = "original";

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct StreamParameters {
    /// What the stream is to be made as: `opus` (in Ogg), `opus-mp4`, `flac`, `flac-mp4`, `mp3` or
    /// `wav`;
    /// `original` is the whole file as it is. Left out: the file as it is where all else that is asked
    /// for, and the plan, allow it; else FLAC or Opus.
    format: Option<String>,
    /// kbit/s: of a format that leaves something out exactly so many (of MP3 the next that it has below),
    /// else at most.
    #[param(minimum = 6, maximum = 510)]
    bitrate: Option<u32>,
    /// Begin so many milliseconds behind the track's begin, at the exact sample.
    start_ms: Option<u64>,
    /// Hz at most: a usual sampling rate.
    max_rate: Option<u32>,
    /// Channels at most; more are mixed down.
    #[param(minimum = 1, maximum = 8)]
    channels: Option<u32>,
    /// Bits a sample at most, 16 or 24, of formats that leave nothing out.
    max_bits: Option<u32>,
    /// Make the stream as loud as others, by the track's or the album's gain, with a limiter; for those
    /// that do not do it themselves. Only with a `format`.
    #[param(inline)]
    loudness: Option<Loudness>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::http) enum Loudness {
    /// As it is.
    Off,
    Track,
    /// As loud as the other tracks of the album; the track's own where the album's is not known.
    Album,
}

impl StreamParameters {
    /// What stands behind the `?` of an address.
    pub(in crate::http) fn of_query(query: &str) -> Result<Self, Problem> {
        let wrong = |_| Problem::bad_request("", "these are not the parameters of a stream");
        let address = format!("/?{query}").parse().map_err(wrong)?;
        let wrong = |_| Problem::bad_request("", "these are not the parameters of a stream");
        let Query(parameters) = Query::try_from_uri(&address).map_err(wrong)?;
        Ok(parameters)
    }

    /// The same from another place on.
    #[must_use]
    pub(in crate::http) fn beginning_at(self, start_ms: u64) -> Self {
        Self { start_ms: Some(start_ms).filter(|start| *start > 0), ..self }
    }

    /// Refuses what makes no sense, by the name of the parameter.
    pub(in crate::http) fn check(&self) -> Result<(), Problem> {
        let Self { bitrate, start_ms, max_rate, channels, max_bits, .. } = *self;
        let refused = |field: &str, why: &str| {
            Err(Problem::bad_request(field, format!("parameter {field}: {why}")))
        };
        let format = self.made();
        if self.format.is_some() && format.is_none() && !self.is_original() {
            let names = Format::ALL.map(Format::name).join(", ");
            return refused("format", &format!("must be {ORIGINAL}, {names}"));
        }
        if let Some(bitrate) = bitrate {
            let Some(bitrates) = format.map_or(Some(BITRATES), Format::bitrates) else {
                return refused("bitrate", "is for formats that leave something out");
            };
            if !bitrates.contains(&bitrate) {
                let (least, most) = bitrates.into_inner();
                return refused("bitrate", &format!("must be from {least} to {most} kbit/s"));
            }
        }
        if max_rate.is_some_and(|rate| !RATES.contains(&rate)) {
            return refused("max_rate", &format!("must be one of {RATES:?}"));
        }
        if channels.is_some_and(|channels| !(1..=MOST_CHANNELS).contains(&channels)) {
            return refused("channels", &format!("must be from 1 to {MOST_CHANNELS}"));
        }
        if max_bits.is_some_and(|bits| ![16, 24].contains(&bits)) {
            return refused("max_bits", "must be 16 or 24");
        }
        if self.loudness.is_some() && format.is_none() {
            return refused("loudness", "is for streams that are made: choose a format");
        }
        if self.is_original() {
            let others = [
                ("bitrate", bitrate.is_some()),
                ("start_ms", start_ms.is_some()),
                ("max_rate", max_rate.is_some()),
                ("channels", channels.is_some()),
                ("max_bits", max_bits.is_some()),
            ];
            if let Some((field, _)) = others.into_iter().find(|(_, is_there)| *is_there) {
                return refused(field, "the original stays as it is: choose another format");
            }
        }
        Ok(())
    }

    /// The format that is asked for by its name.
    pub(in crate::http) fn made(&self) -> Option<Format> {
        let name = self.format.as_deref()?;
        Format::ALL.into_iter().find(|format| format.name() == name)
    }
}

impl Wish for StreamParameters {
    fn is_original(&self) -> bool {
        self.format.as_deref() == Some(ORIGINAL)
    }

    fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    fn start_ms(&self) -> u64 {
        self.start_ms.unwrap_or(0)
    }

    fn gain(&self, gains: &ReplayGain) -> Option<Gain> {
        let gain = match self.loudness? {
            Loudness::Off => None,
            Loudness::Track => gains.track_gain,
            Loudness::Album => gains.album_gain.or(gains.track_gain),
        };
        #[expect(clippy::cast_possible_truncation, reason = "gains are small")]
        gain.map(|gain| Gain::from_decibels(gain.db() as f32))
    }

    fn abilities(&self, source: &SourceFacts) -> ClientAbilities {
        let at_most = |property, value: Option<u32>| {
            let comparison = Comparison::AtMost;
            let limitation =
                |value| Limitation { property, comparison, values: vec![value], required: false };
            value.map(limitation)
        };
        let of_any = [
            at_most(Property::Channels, self.channels),
            at_most(Property::SampleRate, self.max_rate),
            at_most(Property::BitDepth, self.max_bits),
        ];
        let any = CodecProfile {
            codec: "*".to_owned(),
            limitations: of_any.into_iter().flatten().collect(),
        };
        if let Some(format) = self.made() {
            return ClientAbilities {
                max_transcoding_bitrate_kbps: self.bitrate,
                transcoding: vec![format.profile()],
                codecs: vec![any],
                ..ClientAbilities::default()
            };
        }
        let is_lossless = source.audio.codec.is_lossless();
        let best =
            if is_lossless { BEST_OPUS } else { source.bitrate_kbps.clamp(LEAST_OPUS, BEST_OPUS) };
        let opus = CodecProfile {
            codec: "opus".to_owned(),
            limitations: at_most(Property::BitrateKbps, Some(best)).into_iter().collect(),
        };
        let (codecs, flac) = match self.bitrate {
            Some(_) => (vec![any], None),
            None => (vec![any, opus], is_lossless.then_some(Format::Flac)),
        };
        ClientAbilities {
            max_bitrate_kbps: self.bitrate,
            max_transcoding_bitrate_kbps: self.bitrate,
            direct_play: vec![DirectPlayProfile::default()],
            transcoding: flac.into_iter().chain([Format::Opus]).map(Format::profile).collect(),
            codecs,
        }
    }
}
