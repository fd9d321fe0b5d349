//! Reads one file: opens it once, probes it, takes its tags and its length.

use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind};
use std::os::unix::fs::OpenOptionsExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Duration;

use hexachord_audio::{Codec, Probe, ProbeError, Scratch, probe};
use rustix::fs::OFlags;

use super::collector::Collector;
use super::window::{Buffer, Window};
use super::{MusicFile, ReadJob, ReadOutcome, beside, cue, tags};

/// Working memory for reading files one after the other.
pub(crate) struct Reader {
    scratch: Scratch,
    buffer: Buffer,
}

impl Reader {
    pub(super) fn new() -> Self {
        Self { scratch: Scratch::new(), buffer: Buffer::new() }
    }

    /// A file that cannot be read, even one that brings a parser down, is only an outcome.
    pub(super) fn read(&mut self, job: &ReadJob) -> ReadOutcome {
        match catch_unwind(AssertUnwindSafe(|| self.read_file(job))) {
            Ok(Ok(music)) => ReadOutcome::Music(Box::new(music)),
            Ok(Err(reason)) => ReadOutcome::Unreadable { reason },
            Err(_) => {
                *self = Self::new();
                let reason = "damaged: its content contradicts itself".to_owned();
                ReadOutcome::Unreadable { reason }
            }
        }
    }

    fn read_file(&mut self, job: &ReadJob) -> Result<MusicFile, String> {
        let (file, len) = open(job.path()).map_err(|error| reason_of(&error))?;
        let probe = probe(&file, len, &mut self.scratch).map_err(|error| match error {
            ProbeError::Unknown => "not an audio file although its name says so".to_owned(),
            ProbeError::Unreadable(error) => reason_of(&error),
            other => other.to_string(),
        })?;
        let mut window = Window::new(&file, len, &mut self.buffer);
        let mut collector = Collector::new(false);
        let told = tags::read(&mut window, &probe, &mut collector);
        if let Some(failure) = window.failure() {
            return Err(reason_of(&failure.into()));
        }
        beside::read(job, &mut collector);
        let duration_ms = duration_ms(&probe, told);
        let mut sheets = beside::cue_sheets(job).map_err(|error| reason_of(&error))?;
        let inside = collector.take_cue_sheet();
        sheets.extend(inside.map(|text| cue::Offered { text, is_own: true }));
        let (tags, picture) = collector.finish();
        let name = job.path().file_name().unwrap_or_default().to_string_lossy();
        let parts = cue::parts(&sheets, &name, duration_ms, &tags);
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
            parts,
        })
    }
}

/// The picture that [`MusicFile::picture`] names; `None` when there is none.
pub(super) fn embedded_picture(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    let (file, len) = open(path)?;
    let probe = probe(&file, len, &mut Scratch::new()).map_err(Error::other)?;
    let mut buffer = Buffer::new();
    let mut window = Window::new(&file, len, &mut buffer);
    let mut collector = Collector::new(true);
    tags::read(&mut window, &probe, &mut collector);
    Ok(collector.picture().and_then(|picture| picture.bytes))
}

/// Opens a regular file and tells its length. A pipe that took its place does not block.
pub(super) fn open(path: &Path) -> Result<(File, u64), Error> {
    open_with(path, OFlags::NONBLOCK)
}

/// The same, of what is no link.
pub(super) fn open_itself(path: &Path) -> Result<(File, u64), Error> {
    open_with(path, OFlags::NONBLOCK | OFlags::NOFOLLOW)
}

fn open_with(path: &Path, flags: OFlags) -> Result<(File, u64), Error> {
    let flags = flags.bits().cast_signed();
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    let facts = file.metadata()?;
    if !facts.is_file() {
        return Err(Error::other("it is not a file"));
    }
    Ok((file, facts.len()))
}

/// By counting where that is possible, else as the headers told; 0 where they do not.
fn duration_ms(probe: &Probe, told: Duration) -> u64 {
    if let Some(frames) = probe.frames {
        return frames.saturating_mul(1_000) / u64::from(probe.sample_rate.max(1));
    }
    if let (Codec::Pcm | Codec::PcmFloat, Some(bits)) = (probe.codec, probe.bit_depth) {
        let frame = u64::from(bits.div_ceil(8)) * u64::from(probe.channels);
        let frames = probe.payload_bytes.checked_div(frame).unwrap_or(0);
        return frames.saturating_mul(1_000) / u64::from(probe.sample_rate.max(1));
    }
    u64::try_from(told.as_millis()).unwrap_or(u64::MAX)
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
        Codec::WavPack => "wavpack",
        Codec::WavPackHybrid => "wavpack_lossy",
    }
}

fn reason_of(error: &Error) -> String {
    match error.kind() {
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::NotFound => "the file is no longer there".to_owned(),
        _ => format!("the file cannot be read: {error}"),
    }
}
