//! Reads one file: opens it once, probes it, takes its tags and its length.

use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind};
use std::os::unix::fs::OpenOptionsExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Duration;

use hexachord_audio::{Codec, Container, Probe, ProbeError, Scratch, probe};
use lofty::config::ParseOptions;
use lofty::error::FileParseError;
use lofty::file::AudioFile;
use lofty::flac::FlacFile;
use lofty::mp4::Mp4File;
use lofty::mpeg::MpegFile;
use lofty::ogg::{OpusFile, VorbisFile};

use super::collector::Collector;
use super::window::{Buffers, Window};
use super::{MusicFile, ReadOutcome, chunks, id3v2, mp4, trailing, xiph};

/// `ID3v2` tags looked for before the audio.
const MOST_LEADING_TAGS: usize = 16;

/// Working memory for reading files one after the other.
pub(crate) struct Reader {
    scratch: Scratch,
    buffers: Buffers,
}

impl Reader {
    pub(crate) fn new() -> Self {
        Self { scratch: Scratch::new(), buffers: Buffers::new() }
    }

    /// A file that cannot be read, even one that brings a parser down, is only an outcome.
    pub(super) fn read(&mut self, path: &Path) -> ReadOutcome {
        match catch_unwind(AssertUnwindSafe(|| self.read_file(path))) {
            Ok(Ok(music)) => ReadOutcome::Music(Box::new(music)),
            Ok(Err(reason)) => ReadOutcome::Unreadable { reason },
            Err(_) => {
                *self = Self::new();
                let reason = "damaged: its content contradicts itself".to_owned();
                ReadOutcome::Unreadable { reason }
            }
        }
    }

    fn read_file(&mut self, path: &Path) -> Result<MusicFile, String> {
        let (file, len) = open(path).map_err(|error| reason_of(&error))?;
        let probe = probe(&file, len, &mut self.scratch).map_err(|error| match error {
            ProbeError::Unknown => "not an audio file although its name says so".to_owned(),
            ProbeError::Unreadable(error) => reason_of(&error),
            other => other.to_string(),
        })?;
        let mut window = Window::new(&file, len, &mut self.buffers);
        let mut collector = Collector::new(false);
        let audio = read_tags(&mut window, &probe, &mut collector);
        let duration_ms = duration_ms(&mut window, audio, &probe);
        let (tags, picture) = collector.finish();
        let bits = u128::from(probe.payload_bytes) * 8;
        let bitrate_kbps = bits.checked_div(u128::from(duration_ms)).unwrap_or(0);
        Ok(MusicFile {
            fingerprint: probe.fingerprint,
            codec: codec_name(probe.codec).to_owned(),
            content_type: probe.container.content_type().to_owned(),
            duration_ms,
            bitrate_kbps: u32::try_from(bitrate_kbps).unwrap_or(u32::MAX),
            sample_rate: probe.sample_rate,
            channels: probe.channels,
            bit_depth: probe.bit_depth,
            tags,
            picture,
        })
    }
}

/// The picture that [`MusicFile::picture`] names; `None` when there is none.
pub(crate) fn embedded_picture(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    let (file, len) = open(path)?;
    let probe = probe(&file, len, &mut Scratch::new()).map_err(Error::other)?;
    let mut buffers = Buffers::new();
    let mut window = Window::new(&file, len, &mut buffers);
    let mut collector = Collector::new(true);
    read_tags(&mut window, &probe, &mut collector);
    Ok(collector.picture_bytes())
}

/// Opens a regular file and tells its length. A pipe that took its place does not block.
pub(super) fn open(path: &Path) -> Result<(File, u64), Error> {
    let flags = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    let facts = file.metadata()?;
    if !facts.is_file() {
        return Err(Error::other("it is not a file"));
    }
    Ok((file, facts.len()))
}

/// Reads what tags there are, and says where the container begins behind leading tags. Damaged tags
/// end only the reading of that tag: the audio plays.
fn read_tags(window: &mut Window<'_>, probe: &Probe, collector: &mut Collector) -> u64 {
    let audio = behind_leading_tags(window);
    let tell = |error| tracing::debug!(%error, "a damaged tag is left alone");
    read_container(window, audio, probe.container, collector).unwrap_or_else(tell);
    read_leading_tags(window, audio, collector).unwrap_or_else(tell);
    if matches!(probe.container, Container::Mpeg | Container::Flac) {
        trailing::read(window, collector).unwrap_or_else(tell);
    }
    audio
}

fn read_container(
    window: &mut Window<'_>,
    audio: u64,
    container: Container,
    collector: &mut Collector,
) -> Result<(), Error> {
    match container {
        Container::Flac => xiph::read_flac(window, audio, collector),
        Container::Ogg => xiph::read_ogg(window, audio, collector),
        Container::Mp4 => mp4::read(window, collector),
        Container::Wav => chunks::read_wav(window, audio, collector),
        Container::Aiff => chunks::read_aiff(window, audio, collector),
        Container::Mpeg => Ok(()),
    }
}

fn read_leading_tags(
    window: &mut Window<'_>,
    audio: u64,
    collector: &mut Collector,
) -> Result<(), Error> {
    let mut at = 0;
    while at < audio {
        collector.begin_lesser_tag();
        match id3v2::read(window, at, collector)? {
            Some(end) => at = end,
            None => break,
        }
    }
    Ok(())
}

fn behind_leading_tags(window: &mut Window<'_>) -> u64 {
    let mut at = 0;
    for _ in 0..MOST_LEADING_TAGS {
        match id3v2::end_of(window, at) {
            Some(end) => at = end,
            None => break,
        }
    }
    at
}

/// From the headers, without decoding; 0 where they do not tell. The audio plays all the same.
fn duration_ms(window: &mut Window<'_>, audio: u64, probe: &Probe) -> u64 {
    if let (Codec::Pcm | Codec::PcmFloat, Some(bits)) = (probe.codec, probe.bit_depth) {
        let frame = u64::from(bits.div_ceil(8)) * u64::from(probe.channels);
        let frames = probe.payload_bytes.checked_div(frame).unwrap_or(0);
        return frames.saturating_mul(1_000) / u64::from(probe.sample_rate.max(1));
    }
    let told = catch_unwind(AssertUnwindSafe(|| told_duration(window, audio, probe)));
    let duration = match told {
        Ok(Ok(duration)) => duration,
        Ok(Err(error)) => {
            tracing::debug!(%error, "the length of a file is not known");
            Duration::ZERO
        }
        Err(_panic) => {
            tracing::debug!("the headers of a file contradict themselves: its length is not known");
            Duration::ZERO
        }
    };
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn told_duration(
    window: &mut Window<'_>,
    audio: u64,
    probe: &Probe,
) -> Result<Duration, FileParseError> {
    let options = ParseOptions::new().read_tags(false).read_cover_art(false).max_junk_bytes(0);
    let source = window.behind(audio);
    match (probe.container, probe.codec) {
        (Container::Mpeg, _) => {
            MpegFile::read_from(source, options).map(|file| file.properties().duration())
        }
        (Container::Flac, _) => {
            FlacFile::read_from(source, options).map(|file| file.properties().duration())
        }
        (Container::Mp4, _) => {
            Mp4File::read_from(source, options).map(|file| file.properties().duration())
        }
        (Container::Ogg, Codec::Opus) => {
            OpusFile::read_from(source, options).map(|file| file.properties().duration())
        }
        (Container::Ogg, Codec::Vorbis) => {
            VorbisFile::read_from(source, options).map(|file| file.properties().duration())
        }
        _ => Ok(Duration::ZERO),
    }
}

const fn codec_name(codec: Codec) -> &'static str {
    match codec {
        Codec::Mp3 => "mp3",
        Codec::Flac => "flac",
        Codec::Vorbis => "vorbis",
        Codec::Opus => "opus",
        Codec::Aac => "aac",
        Codec::Alac => "alac",
        Codec::Pcm | Codec::PcmFloat => "pcm",
    }
}

fn reason_of(error: &Error) -> String {
    match error.kind() {
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::NotFound => "the file is no longer there".to_owned(),
        _ => format!("the file cannot be read: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use hexachord_fixtures::{Format, Piece};

    use super::*;

    #[test]
    fn headers_that_tell_no_length_are_not_fatal() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("piece.mp3");
        Piece::new(Format::Mp3, 7).write(&path).unwrap();
        let (file, len) = open(&path).unwrap();
        let good = probe(&file, len, &mut Scratch::new()).unwrap();
        let mut buffers = Buffers::new();
        let mut window = Window::new(&file, len, &mut buffers);
        assert!(duration_ms(&mut window, 0, &good) > 0);
        for container in [Container::Flac, Container::Mp4] {
            assert!(told_duration(&mut window, 0, &Probe { container, ..good }).is_err());
            assert_eq!(duration_ms(&mut window, 0, &Probe { container, ..good }), 0);
        }
    }
}
