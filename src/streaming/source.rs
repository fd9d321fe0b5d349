//! What is known of a track's file before a stream is made of it.

use hexachord_audio::{AudioFacts, Codec, StreamFacts, Transcode};
use hexachord_contracts::catalog::Excerpt;

use super::decision::Making;

/// A track's file, or the part of it that is to be heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceFacts {
    /// `mp3`, `flac`, `ogg`, `mp4`, `wav`, `aiff`, `wavpack`.
    pub container: &'static str,
    pub bitrate_kbps: u32,
    pub audio: AudioFacts,
    pub part: Option<Part>,
    /// Whether it was opened, so that something else can be made of it.
    pub is_decodable: bool,
}

/// In frames of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub start: u64,
    /// Absent: up to the file's end.
    pub end: Option<u64>,
}

impl Part {
    /// A cue sheet's part. Its microseconds lie within half a frame of the frame that is meant.
    pub fn of(excerpt: Excerpt, sample_rate: u32) -> Self {
        let frame = |us| rounded(us, sample_rate, 1_000_000);
        Self { start: frame(excerpt.start_us), end: excerpt.end_us.map(frame) }
    }

    /// What is left of a part, or of the whole, from so far behind its begin.
    pub fn from_ms(within: Option<Self>, start_ms: u64, sample_rate: u32) -> Self {
        let within = within.unwrap_or(Self { start: 0, end: None });
        let skipped = rounded(start_ms, sample_rate, 1000);
        Self { start: within.start.saturating_add(skipped), ..within }
    }
}

fn rounded(time: u64, sample_rate: u32, parts_a_second: u32) -> u64 {
    let parts = u128::from(parts_a_second);
    let frames = (u128::from(time) * u128::from(sample_rate) + parts / 2) / parts;
    u64::try_from(frames).unwrap_or(u64::MAX)
}

impl SourceFacts {
    /// The container that the catalog's media type names.
    pub fn container_of(content_type: &str) -> &'static str {
        match content_type {
            "audio/mpeg" => "mp3",
            "audio/flac" => "flac",
            "audio/ogg" => "ogg",
            "audio/mp4" => "mp4",
            "audio/wav" => "wav",
            "audio/aiff" => "aiff",
            "audio/x-wavpack" => "wavpack",
            _ => "unknown",
        }
    }

    /// As the catalog and clients call it.
    pub const fn codec(&self) -> &'static str {
        match self.audio.codec {
            Codec::Mp3 => "mp3",
            Codec::Flac => "flac",
            Codec::Vorbis => "vorbis",
            Codec::Opus => "opus",
            Codec::Aac => "aac",
            Codec::Alac => "alac",
            Codec::Pcm | Codec::PcmFloat => "pcm",
            Codec::WavPack | Codec::WavPackHybrid => "wavpack",
        }
    }

    pub fn channels(&self) -> u32 {
        u32::try_from(self.audio.layout.channels()).unwrap_or(u32::MAX)
    }

    /// Bits a sample of what is made of it where nothing may be lost.
    pub const fn bits(&self) -> u8 {
        match self.audio.bit_depth {
            None | Some(..=16) => 16,
            Some(_) => 24,
        }
    }

    /// How many frames there are to hear, where that is known.
    pub fn frames(&self) -> Option<u64> {
        let all = self.audio.frames;
        let Some(Part { start, end }) = self.part else { return all };
        let end = match (end, all) {
            (Some(end), Some(all)) => Some(end.min(all)),
            (end, all) => end.or(all),
        };
        end.map(|end| end.saturating_sub(start))
    }

    pub fn transcode(&self, making: &Making) -> Transcode {
        let part = self.part.unwrap_or(Part { start: 0, end: None });
        Transcode {
            start: part.start,
            end: part.end,
            most_rate: making.most_rate,
            most_channels: making.most_channels as usize,
            ..Transcode::new(making.format.target(making.bitrate_kbps.unwrap_or(0), making.bits))
        }
    }

    pub fn stream_facts(&self, making: &Making) -> StreamFacts {
        self.transcode(making).stream_facts(&self.audio)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frames of a disc are 1/75 of a second, which are whole frames at these rates.
    #[test]
    fn parts_of_discs_begin_and_end_at_the_exact_frame() {
        for (rate, frames) in [(44_100, 588), (48_000, 640), (88_200, 1176), (192_000, 2560)] {
            for number in [0, 1, 2, 74, 12_345, 350_001_u64] {
                let rounded_down = number * 1_000_000 / 75;
                for us in [rounded_down, (number * 1_000_000).div_ceil(75)] {
                    let part = Part::of(Excerpt { start_us: us, end_us: Some(us) }, rate);
                    let exact = number * frames;
                    assert_eq!(part, Part { start: exact, end: Some(exact) }, "{number} at {rate}");
                }
            }
        }
        let part = Part::from_ms(Some(Part { start: 588, end: Some(9999) }), 1500, 44_100);
        assert_eq!(part, Part { start: 588 + 66_150, end: Some(9999) });
        assert_eq!(Part::from_ms(None, u64::MAX, 192_000).start, u64::MAX);
    }
}
