//! Real music files, made by ffmpeg's encoders.

use std::path::Path;

use super::run;

/// A file that ffmpeg makes, and what must be known of it afterwards.
pub(super) struct Encoded {
    /// Name without extension, title, and part of the tone's frequency.
    pub(super) number: u32,
    pub(super) extension: &'static str,
    pub(super) codec: &'static str,
    pub(super) encoder: &'static [&'static str],
    pub(super) seconds: f64,
    pub(super) rate: u32,
    pub(super) channels: u32,
    pub(super) bit_depth: Option<u32>,
}

const fn encoded(
    number: u32,
    extension: &'static str,
    codec: &'static str,
    encoder: &'static [&'static str],
) -> Encoded {
    let (seconds, rate, channels) = (4.5, 44_100, 2);
    Encoded { number, extension, codec, encoder, seconds, rate, channels, bit_depth: None }
}

/// Every format, some of them at unusual rates, depths and widths.
pub(super) const FILES: [Encoded; 15] = [
    encoded(1, "mp3", "mp3", &["-c:a", "libmp3lame", "-b:a", "192k"]),
    Encoded { channels: 1, ..encoded(2, "mp3", "mp3", &["-c:a", "libmp3lame", "-q:a", "4"]) },
    Encoded { rate: 22_050, ..encoded(3, "mp3", "mp3", &["-c:a", "libmp3lame"]) },
    Encoded { bit_depth: Some(16), ..encoded(4, "flac", "flac", &["-sample_fmt", "s16"]) },
    Encoded {
        rate: 96_000,
        bit_depth: Some(24),
        ..encoded(5, "flac", "flac", &["-sample_fmt", "s32", "-bits_per_raw_sample", "24"])
    },
    encoded(6, "ogg", "vorbis", &["-c:a", "libvorbis", "-q:a", "5"]),
    Encoded { rate: 48_000, ..encoded(7, "opus", "opus", &["-c:a", "libopus", "-b:a", "96k"]) },
    Encoded {
        rate: 48_000,
        channels: 1,
        ..encoded(8, "opus", "opus", &["-c:a", "libopus", "-frame_duration", "60"])
    },
    encoded(9, "m4a", "aac", &["-c:a", "aac", "-b:a", "128k"]),
    encoded(10, "m4a", "aac", &["-c:a", "aac", "-movflags", "+faststart"]),
    Encoded {
        bit_depth: Some(16),
        ..encoded(11, "m4a", "alac", &["-c:a", "alac", "-sample_fmt", "s16p"])
    },
    Encoded { bit_depth: Some(16), ..encoded(12, "wav", "pcm", &["-c:a", "pcm_s16le"]) },
    Encoded {
        rate: 48_000,
        bit_depth: Some(24),
        ..encoded(13, "wav", "pcm", &["-c:a", "pcm_s24le"])
    },
    Encoded { bit_depth: Some(16), ..encoded(14, "aiff", "pcm", &["-write_id3v2", "1"]) },
    Encoded { bit_depth: Some(16), ..encoded(15, "wv", "wavpack", &["-sample_fmt", "s16p"]) },
];

impl Encoded {
    pub(super) fn name(&self) -> String {
        format!("{}.{}", self.number, self.extension)
    }

    pub(super) fn title(&self) -> String {
        format!("Tone {} ✓", self.number)
    }

    /// RIFF INFO, which ffmpeg writes into WAV files, has no album artist: the artist stands in.
    pub(super) fn album_artist(&self) -> &'static str {
        if self.extension == "wav" { "ffmpeg" } else { "Fabrice" }
    }

    /// Writes the file into `folder`, with tags.
    pub(super) fn make(&self, ffmpeg: &Path, folder: &Path) {
        let Self { number, seconds, rate, channels, .. } = self;
        let frequency = 200 + 37 * number;
        let source = format!("sine=frequency={frequency}:sample_rate={rate}:duration={seconds}");
        let (rate, channels) = (rate.to_string(), channels.to_string());
        let tags = [
            format!("title={}", self.title()),
            "artist=ffmpeg".to_owned(),
            "album=Tones".to_owned(),
            "album_artist=Fabrice".to_owned(),
            format!("track={number}"),
            "genre=Test".to_owned(),
            "date=2001".to_owned(),
        ];
        let mut arguments = vec!["-y", "-v", "error", "-f", "lavfi", "-i", &source];
        arguments.extend(["-ar", &rate, "-ac", &channels]);
        arguments.extend(self.encoder);
        for tag in &tags {
            arguments.extend(["-metadata", tag]);
        }
        let name = self.name();
        arguments.push(&name);
        run(ffmpeg, folder, &arguments);
    }

    /// Copies the audio into a new container with other tags, in place.
    pub(super) fn remux(&self, ffmpeg: &Path, folder: &Path) {
        let (name, other) = (self.name(), format!("other.{}", self.extension));
        let title = format!("title={}", self.title());
        let comment = format!("comment={}", "c".repeat(20_000));
        let mut arguments = vec!["-y", "-v", "error", "-i", &name, "-c", "copy"];
        arguments.extend(["-map_metadata", "-1", "-metadata", &title, "-metadata", &comment]);
        arguments.extend(["-metadata", "album=Remuxed"]);
        if self.extension == "aiff" {
            arguments.extend(["-write_id3v2", "1"]);
        }
        arguments.push(&other);
        run(ffmpeg, folder, &arguments);
        std::fs::rename(folder.join(other), folder.join(name)).expect("a file can be renamed");
    }
}
