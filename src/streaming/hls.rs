//! HTTP Live Streaming (RFC 8216) of a track: the playlists that tell of its variants and segments, and
//! what each segment is made of.

use std::fmt::Write as _;

use hexachord_audio::{Target, Transcode};
use serde::Deserialize;
use utoipa::ToSchema;

use super::source::{Part, SourceFacts};

/// Seconds of a segment: a whole number of them has whole packets of Opus, and whole frames of every
/// file.
const SEGMENT: u64 = 6;
/// Two ears.
const MOST_CHANNELS: usize = 2;

/// What all variants of a master playlist are coded in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Coding {
    #[default]
    Opus,
    Flac,
}

/// One of the ways in which a track is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// kbit/s.
    Opus(u32),
    Flac,
}

/// A track in segments.
#[derive(Debug, Clone, Copy)]
pub struct Segmented {
    pub source: SourceFacts,
    /// Frames of the file that are to be heard.
    frames: u64,
}

impl Variant {
    /// kbit/s of Opus that are offered, the fewest first.
    pub const OPUS: [u32; 4] = [64, 96, 128, 192];

    /// As it is written in addresses: `opus-128`, `flac`.
    pub fn name(self) -> String {
        match self {
            Self::Opus(bitrate) => format!("opus-{bitrate}"),
            Self::Flac => "flac".to_owned(),
        }
    }

    /// The variant that is written so.
    pub fn named(name: &str) -> Option<Self> {
        let opus = Self::OPUS.into_iter().map(Self::Opus);
        opus.chain([Self::Flac]).find(|variant| variant.name() == name)
    }

    /// As RFC 6381 and players call it.
    const fn codecs(self) -> &'static str {
        match self {
            Self::Opus(_) => "opus",
            Self::Flac => "fLaC",
        }
    }
}

impl Segmented {
    /// `duration_ms` of the track stands in for what the file does not say of itself.
    pub fn new(source: SourceFacts, duration_ms: u64) -> Self {
        let estimated = duration_ms.saturating_mul(source.audio.sample_rate.into()) / 1000;
        Self { source, frames: source.frames().unwrap_or(estimated) }
    }

    /// The variants of a codec. There is FLAC only of what has lost nothing yet.
    pub fn variants(&self, coding: Coding) -> Vec<Variant> {
        match coding {
            Coding::Opus => Variant::OPUS.map(Variant::Opus).to_vec(),
            Coding::Flac if self.source.audio.codec.is_lossless() => vec![Variant::Flac],
            Coding::Flac => Vec::new(),
        }
    }

    pub fn has(&self, variant: Variant) -> bool {
        [Coding::Opus, Coding::Flac].iter().any(|coding| self.variants(*coding).contains(&variant))
    }

    /// kbit/s by which plans judge.
    pub const fn kbps(&self, variant: Variant) -> u32 {
        match variant {
            Variant::Opus(kbps) => kbps,
            Variant::Flac => self.source.bitrate_kbps,
        }
    }

    /// The playlist of playlists.
    pub fn master(&self, variants: &[Variant]) -> String {
        let mut text = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n".to_owned();
        for variant in variants {
            let (peak, usual) = self.bandwidths(*variant);
            let (codecs, name) = (variant.codecs(), variant.name());
            writeln!(
                text,
                "#EXT-X-STREAM-INF:BANDWIDTH={peak},AVERAGE-BANDWIDTH={usual},CODECS=\"{codecs}\"\n\
                 {name}/index.m3u8",
            )
            .ok();
        }
        text
    }

    /// The playlist of the segments, of any variant.
    pub fn media(&self) -> String {
        let mut text = format!(
            "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:{SEGMENT}\n#EXT-X-MEDIA-SEQUENCE:0\n\
             #EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MAP:URI=\"init.mp4\"\n",
        );
        for number in 0..self.segments() {
            let frames = self.a_segment().min(self.frames - number * self.a_segment());
            // In hundred-thousandths of a second.
            let length = frames * 100_000 / u64::from(self.source.audio.sample_rate.max(1));
            let (whole, rest) = (length / 100_000, length % 100_000);
            writeln!(text, "#EXTINF:{whole}.{rest:05},\n{number}.m4s").ok();
        }
        text.push_str("#EXT-X-ENDLIST\n");
        text
    }

    /// What makes a segment; `None` behind the last one.
    pub fn segment(&self, variant: Variant, number: u64) -> Option<Transcode> {
        let last = self.segments().checked_sub(1)?;
        if number > last {
            return None;
        }
        let Part { start, end } = self.source.part.unwrap_or(Part { start: 0, end: None });
        let start = start.saturating_add(number * self.a_segment());
        let is_last = number == last;
        let end = if is_last { end } else { Some(start.saturating_add(self.a_segment())) };
        let target = match variant {
            Variant::Opus(kbps) => Target::OpusSegment { bitrate: kbps * 1000, is_last },
            Variant::Flac => Target::FlacSegment { bits: self.source.bits() },
        };
        Some(Transcode { start, end, most_channels: MOST_CHANNELS, ..Transcode::new(target) })
    }

    /// What makes the whole variant at once: its begin is what the segments leave out.
    pub fn whole(&self, variant: Variant) -> Transcode {
        let target = match variant {
            Variant::Opus(kbps) => Target::OpusMp4 { bitrate: kbps * 1000 },
            Variant::Flac => Target::FlacMp4 { bits: self.source.bits() },
        };
        Transcode { most_channels: MOST_CHANNELS, ..Transcode::new(target) }
    }

    fn segments(&self) -> u64 {
        self.frames.div_ceil(self.a_segment())
    }

    /// Frames of a segment.
    fn a_segment(&self) -> u64 {
        SEGMENT * u64::from(self.source.audio.sample_rate.max(1))
    }

    /// Bits a second at most and usually. Opus takes more where it is needed, and FLAC at most what it
    /// has before it is coded.
    fn bandwidths(&self, variant: Variant) -> (u64, u64) {
        match variant {
            Variant::Opus(kbps) => (u64::from(kbps) * 1600, u64::from(kbps) * 1000 + 5000),
            Variant::Flac => {
                let channels = self.source.audio.layout.channels().min(MOST_CHANNELS) as u64;
                let rate = u64::from(self.source.audio.sample_rate);
                let plain = rate * channels * u64::from(self.source.bits());
                (plain + 50_000, plain.min(u64::from(self.source.bitrate_kbps) * 1000))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use hexachord_audio::{AudioFacts, Codec, Layout};

    use super::*;

    fn source(codec: Codec, frames: Option<u64>, part: Option<Part>) -> SourceFacts {
        let layout = Layout::SURROUND_5_1;
        let audio = AudioFacts { codec, sample_rate: 44_100, layout, bit_depth: Some(16), frames };
        SourceFacts { container: "flac", bitrate_kbps: 900, audio, part, is_decodable: true }
    }

    #[test]
    fn segments_stand_one_behind_the_other() {
        let part = Part { start: 588, end: Some(588 + 44_100 * 15) };
        for part in [None, Some(part)] {
            let of = Segmented::new(source(Codec::Flac, Some(44_100 * 15 + 588), part), 0);
            let mut at = part.map_or(0, |part| part.start);
            for number in 0..3 {
                let made = of.segment(Variant::Opus(64), number).unwrap();
                assert_eq!(made.start, at);
                let is_last = number == 2;
                assert_eq!(made.target, Target::OpusSegment { bitrate: 64_000, is_last });
                at = made.end.unwrap_or(0);
            }
            assert_eq!(at, part.and_then(|part| part.end).unwrap_or(0));
            assert_eq!(of.segment(Variant::Flac, 3), None);
            assert_eq!(of.segment(Variant::Flac, u64::MAX), None);
        }
    }

    #[test]
    fn a_playlist_tells_of_every_segment() {
        let of = Segmented::new(source(Codec::Mp3, None, None), 12_500);
        let text = of.media();
        assert!(
            text.contains("#EXTINF:6.00000,\n1.m4s\n#EXTINF:0.50000,\n2.m4s\n#EXT-X-ENDLIST\n")
        );
        assert!(!text.contains("3.m4s"));
        let none = Segmented::new(source(Codec::Mp3, Some(0), None), 12_500);
        assert!(!none.media().contains("m4s"));
        assert_eq!(none.segment(Variant::Opus(64), 0), None);
    }

    #[test]
    fn only_what_makes_sense_is_offered() {
        let lossless = Segmented::new(source(Codec::Flac, Some(1), None), 0);
        let lossy = Segmented::new(source(Codec::Mp3, Some(1), None), 0);
        let opus = Variant::OPUS.map(Variant::Opus);
        for of in [lossless, lossy] {
            assert_eq!(of.variants(Coding::Opus), opus);
            assert!(opus.iter().all(|variant| of.has(*variant)));
        }
        assert_eq!(opus.map(|variant| lossless.kbps(variant)), Variant::OPUS);
        assert_eq!(lossless.variants(Coding::Flac), [Variant::Flac]);
        assert_eq!((lossless.has(Variant::Flac), lossless.kbps(Variant::Flac)), (true, 900));
        assert_eq!((lossy.variants(Coding::Flac), lossy.has(Variant::Flac)), (Vec::new(), false));
        let master = lossless.master(&[opus[0], Variant::Flac]);
        let flac = "BANDWIDTH=1461200,AVERAGE-BANDWIDTH=900000,CODECS=\"fLaC\"\nflac/index.m3u8\n";
        assert!(master.ends_with(flac), "{master}");
        for variant in opus.into_iter().chain([Variant::Flac]) {
            assert_eq!(Variant::named(&variant.name()), Some(variant));
        }
        assert_eq!(Variant::named("opus-65"), None);
    }
}
