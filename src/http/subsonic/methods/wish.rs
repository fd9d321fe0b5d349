//! What an app wants of a stream, in the words of `stream`.

use hexachord_audio::Gain;
use hexachord_contracts::catalog::ReplayGain;

use super::super::{failure::Failure, parameters::Parameters};
use crate::{
    http::rest::stream::Wish,
    streaming::{
        abilities::{
            ClientAbilities, CodecProfile, Comparison, DirectPlayProfile, Limitation, Property,
        },
        formats::Format,
        source::SourceFacts,
    },
};

/// kbit/s of MP3 where nobody says how many: as many as the file has, within these.
const MP3: std::ops::RangeInclusive<u32> = 128..=320;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    /// The file as it is.
    raw: bool,
    format: Option<Format>,
    most_kbps: Option<u32>,
    start_ms: u64,
}

impl Wanted {
    pub(super) fn of(parameters: &Parameters) -> Result<Self, Failure> {
        let most_kbps = parameters.number::<u32>("maxBitRate")?.filter(|kbps| *kbps > 0);
        let start = parameters.number::<f64>("timeOffset")?.unwrap_or(0.0);
        if !start.is_finite() || start < 0.0 {
            return Err(Failure::wrong("timeOffset", "must be seconds from the begin"));
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is not negative, and what is too large is behind every end"
        )]
        let start_ms = (start * 1000.0) as u64;
        let name = parameters.text("format").unwrap_or_default().to_ascii_lowercase();
        let format = match name.as_str() {
            "ogg" | "oga" => Some(Format::Opus),
            // What is not made here is made as the server likes.
            name => Format::ALL.into_iter().find(|format| format.name() == name),
        };
        if name == "raw" {
            return Ok(Self { raw: true, ..Self::default() });
        }
        Ok(Self { raw: false, format, most_kbps, start_ms })
    }
}

impl Wish for Wanted {
    fn is_original(&self) -> bool {
        self.raw
    }

    fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    fn start_ms(&self) -> u64 {
        self.start_ms
    }

    /// A file that is in the format already, and small enough, goes out as it is.
    fn abilities(&self, source: &SourceFacts) -> ClientAbilities {
        let direct = match self.format {
            None => DirectPlayProfile::default(),
            Some(format) => DirectPlayProfile {
                containers: vec![format.container().to_owned()],
                codecs: vec![format.codec().to_owned()],
                ..DirectPlayProfile::default()
            },
        };
        // Everything plays MP3.
        let is_lossless = source.audio.codec.is_lossless() && self.most_kbps.is_none();
        let formats = match self.format {
            Some(format) => vec![format],
            None if is_lossless => vec![Format::Flac, Format::Mp3],
            None => vec![Format::Mp3],
        };
        let usual = source.bitrate_kbps.clamp(*MP3.start(), *MP3.end());
        let limitation = Limitation {
            property: Property::BitrateKbps,
            comparison: Comparison::AtMost,
            values: vec![usual],
            required: false,
        };
        let is_of_mp3 = source.codec() == Format::Mp3.codec();
        let from_mp3_to_mp3 = is_of_mp3 && formats.contains(&Format::Mp3);
        let limitations =
            if self.most_kbps.is_none() && !is_of_mp3 { vec![limitation] } else { vec![] };
        // Less than a format can have is the least that it has.
        let least = |format: &Format| format.bitrates().map_or(0, |range| *range.start());
        let least = formats.iter().map(least).max().unwrap_or(0);
        let most_kbps = self.most_kbps.map(|kbps| kbps.max(least));
        ClientAbilities {
            max_bitrate_kbps: most_kbps,
            max_transcoding_bitrate_kbps: most_kbps.or_else(|| from_mp3_to_mp3.then_some(usual)),
            direct_play: vec![direct],
            transcoding: formats.into_iter().map(Format::profile).collect(),
            codecs: vec![CodecProfile { codec: "mp3".to_owned(), limitations }],
        }
    }

    /// Apps do it themselves.
    fn gain(&self, _: &ReplayGain) -> Option<Gain> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(query: &str) -> Result<Wanted, u32> {
        Wanted::of(&Parameters::read(query, b"")).map_err(|failure| failure.code)
    }

    #[test]
    fn parameters_are_read_as_apps_send_them() {
        assert!(wanted("").unwrap().is_plain());
        assert!(wanted("maxBitRate=0&format=&timeOffset=0").unwrap().is_plain());
        assert!(wanted("format=aac").unwrap().is_plain());
        assert!(wanted("format=raw&maxBitRate=64&timeOffset=9").unwrap().is_original());
        assert_eq!(wanted("timeOffset=1.5").unwrap().start_ms(), 1500);
        assert_eq!(wanted("timeOffset=1e300").unwrap().start_ms(), u64::MAX);
        assert_eq!(wanted("format=OGG").unwrap().format, Some(Format::Opus));
        for wrong in ["timeOffset=-1", "timeOffset=NaN", "timeOffset=inf", "maxBitRate=-1"] {
            assert_eq!(wanted(wrong), Err(10), "{wrong}");
        }
    }
}
