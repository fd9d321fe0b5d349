//! `hexachord decode` and `hexachord transcode`: one file into another, through the pipeline that
//! streams go through.

use std::{
    fs::{File, Permissions},
    io::{self, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use clap::{Args, ValueEnum};
use crossbeam_channel::{Receiver, bounded};
use hexachord_audio::{AudioFacts, Decoder, Ended, Gain, Mp3Rate, Target, Transcode};
use indicatif::{ProgressBar, ProgressStyle};
use rustix::fs::{Stat, fstat, stat};
use tempfile::NamedTempFile;

use super::{failed, output::tell};

type Error = Box<dyn std::error::Error + Send + Sync>;

/// Pieces of the stream on their way to the disk.
const WAITING: usize = 16;
/// kbit/s where nothing is said: what is hard to tell from the original.
const USUAL_BITRATE: u32 = 128;
/// The same for MP3, which needs more.
const USUAL_MP3_BITRATE: u32 = 192;
/// What `-o` means standard output by.
const STANDARD_OUTPUT: &str = "-";

#[derive(Debug, Args)]
pub(super) struct DecodeArguments {
    /// A file of any format that Hexachord plays.
    file: PathBuf,
    /// The WAV file to write; `-` is standard output.
    #[arg(short, long, value_name = "OUT")]
    output: PathBuf,
    /// Bits a sample: 16, 24, or 32 for floating point. As many as the file has, if left out.
    #[arg(long, value_name = "N", value_parser = ["16", "24", "32"])]
    bits: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct TranscodeArguments {
    /// A file of any format that Hexachord plays.
    file: PathBuf,
    /// What to make of it.
    #[arg(long, value_name = "F")]
    format: Format,
    /// kbit/s, for formats that leave something out: 128, and 192 for MP3, if left out.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(6..=510))]
    bitrate: Option<u32>,
    /// For MP3, in place of a bitrate: 0 is the best, 9 the smallest; every second takes what it needs.
    #[arg(long, value_name = "Q", conflicts_with = "bitrate",
        value_parser = clap::value_parser!(u8).range(0..=9))]
    quality: Option<u8>,
    /// Begin so far from the start, in milliseconds.
    #[arg(long, value_name = "MS", default_value_t = 0)]
    start_ms: u64,
    /// End so far from the start, in milliseconds; where the file ends, if left out.
    #[arg(long, value_name = "MS")]
    end_ms: Option<u64>,
    /// So many decibels louder, or quieter where it is less than 0; peaks stay below full scale.
    #[arg(long, value_name = "DB", allow_negative_numbers = true,
        value_parser = clap::value_parser!(i8).range(-60..=60))]
    gain: Option<i8>,
    /// The file to write; `-` is standard output.
    #[arg(short, long, value_name = "OUT")]
    output: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Opus in Ogg.
    Opus,
    Flac,
    Mp3,
    Wav,
}

pub(super) fn decode(arguments: DecodeArguments) -> ExitCode {
    let DecodeArguments { file, output, bits } = arguments;
    let wanted = bits.and_then(|bits| bits.parse().ok());
    let choose = |facts: &AudioFacts| {
        let bits = wanted.unwrap_or(match facts.bit_depth {
            Some(..=16) => 16,
            Some(17..=24) => 24,
            // What was coded as waves has no bits, and may be louder than full scale.
            _ => 32,
        });
        let most_channels = facts.layout.channels();
        Ok(Transcode { most_channels, ..Transcode::new(Target::Wav { bits }) })
    };
    ended(convert(&file, &output, choose))
}

pub(super) fn transcode(arguments: TranscodeArguments) -> ExitCode {
    let TranscodeArguments { file, format, bitrate, quality, start_ms, end_ms, gain, output } =
        arguments;
    let choose = |facts: &AudioFacts| {
        if bitrate.is_some() && !matches!(format, Format::Opus | Format::Mp3) {
            return Err("--bitrate is for formats that leave something out: these keep all".into());
        }
        if quality.is_some() && format != Format::Mp3 {
            return Err("--quality is for MP3: give the others a --bitrate".into());
        }
        let bits = if facts.bit_depth.is_none_or(|depth| depth <= 16) { 16 } else { 24 };
        let target = match format {
            Format::Opus => Target::Opus { bitrate: bitrate.unwrap_or(USUAL_BITRATE) * 1000 },
            Format::Mp3 => Target::Mp3 {
                rate: match quality {
                    Some(quality) => Mp3Rate::Variable(quality),
                    None => Mp3Rate::Constant(bitrate.unwrap_or(USUAL_MP3_BITRATE)),
                },
            },
            Format::Flac => Target::Flac { bits },
            Format::Wav => Target::Wav { bits },
        };
        let frame = |ms: u64| ms.saturating_mul(facts.sample_rate.into()) / 1000;
        let (start, end) = (frame(start_ms), end_ms.map(frame));
        if end_ms.is_some_and(|end| end <= start_ms) {
            return Err("--end-ms is not behind --start-ms: end later".into());
        }
        if facts.frames.is_some_and(|frames| start > frames) {
            return Err(format!("it ends before {start_ms} ms: begin earlier").into());
        }
        let most_channels = facts.layout.channels();
        let gain = gain.map(|decibels| Gain::from_decibels(decibels.into()));
        Ok(Transcode { start, end, gain, most_channels, ..Transcode::new(target) })
    };
    ended(convert(&file, &output, choose))
}

fn ended(done: Result<(), Error>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(error.as_ref()),
    }
}

fn convert(
    path: &Path,
    output: &Path,
    choose: impl FnOnce(&AudioFacts) -> Result<Transcode, Error>,
) -> Result<(), Error> {
    let began = Instant::now();
    let of_file = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let file = File::open(path).map_err(|error| of_file(&error))?;
    let facts = file.metadata()?;
    if !facts.is_file() {
        return Err(of_file(&"is not a file").into());
    }
    if stat(output).is_ok_and(|there| fstat(&file).is_ok_and(|here| is_one(&here, &there))) {
        return Err(of_file(&"would be overwritten: give -o another name").into());
    }
    let bar = progress(facts.len());
    let mut decoder = Decoder::open(bar.wrap_read(file)).map_err(|error| of_file(&error))?;
    let transcode = choose(decoder.facts()).map_err(|error| of_file(&error))?;
    let facts = transcode.stream_facts(decoder.facts());
    let mut place = Place::new(output)?;
    let (mut pieces, stream) = bounded(WAITING);
    let (transcoded, written) = std::thread::scope(|scope| {
        let transcoding = scope.spawn(move || transcode.run(&mut decoder, &mut pieces));
        let written = place.take(stream);
        (transcoding.join(), written)
    });
    bar.finish_and_clear();
    // Who could not write ended the transcode, too.
    let bytes = written?;
    match transcoded {
        // A file that was cut short becomes one as short.
        Ok(Ok(Ended::Complete | Ended::Short)) => place.finish()?,
        Ok(Err(error)) => return Err(of_file(&error).into()),
        _ => return Err(of_file(&"the pipeline broke off").into()),
    }
    if let Some(frames) = facts.frames {
        tell(summary(frames, facts.sample_rate, bytes, began.elapsed().as_secs_f64()));
    }
    Ok(())
}

fn is_one(one: &Stat, other: &Stat) -> bool {
    (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino)
}

/// Counts what is read of the file.
fn progress(bytes: u64) -> ProgressBar {
    let bar = ProgressBar::new(bytes);
    if let Ok(style) = ProgressStyle::with_template("{bar:32} {percent} %, {eta} left") {
        bar.set_style(style);
    }
    bar
}

#[expect(clippy::cast_precision_loss, reason = "they are told with one digit behind the point")]
fn summary(frames: u64, rate: u32, bytes: u64, took: f64) -> String {
    let seconds = frames as f64 / f64::from(rate);
    let kbps = if frames > 0 { bytes as f64 * 8.0 / 1000.0 / seconds } else { 0.0 };
    let speed = seconds / took;
    format!("{seconds:.1} s of music, {kbps:.0} kbit/s, made {speed:.0} times as fast as it plays")
}

/// Where the stream goes.
enum Place {
    StandardOutput,
    /// A pipe or a device.
    There(PathBuf),
    /// Under another name beside it until it is whole; goes unless it is finished.
    File {
        unfinished: NamedTempFile,
        path: PathBuf,
    },
}

impl Place {
    fn new(output: &Path) -> Result<Self, Error> {
        if output.as_os_str() == STANDARD_OUTPUT {
            return Ok(Self::StandardOutput);
        }
        let path = match output.metadata() {
            Ok(there) if there.is_dir() => {
                return Err(format!("{} is a folder: give -o a file", output.display()).into());
            }
            Ok(there) if !there.is_file() => return Ok(Self::There(output.to_owned())),
            // What a link leads to is replaced, not the link.
            Ok(_) => output.canonicalize().map_err(|error| unwritten(output, &error))?,
            Err(_absent) => output.to_owned(),
        };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let unfinished = tempfile::Builder::new()
            .prefix(".")
            .suffix(".part")
            .permissions(Permissions::from_mode(0o666))
            .tempfile_in(folder.unwrap_or_else(|| Path::new(".")))
            .map_err(|error| unwritten(output, &error))?;
        Ok(Self::File { unfinished, path })
    }

    /// Writes the stream; how many bytes it has.
    fn take(&mut self, stream: Receiver<Vec<u8>>) -> Result<u64, Error> {
        match self {
            Self::StandardOutput => Ok(write(stream, &mut io::stdout().lock())?),
            Self::There(path) => {
                let written = File::options().write(true).open(&path);
                let written = written.and_then(|mut there| write(stream, &mut there));
                written.map_err(|error| unwritten(path, &error))
            }
            Self::File { unfinished, path } => {
                let written = write(stream, unfinished.as_file_mut());
                let written = written.and_then(|bytes| {
                    unfinished.as_file().sync_all()?;
                    Ok(bytes)
                });
                written.map_err(|error| unwritten(path, &error))
            }
        }
    }

    /// It is whole.
    fn finish(self) -> Result<(), Error> {
        if let Self::File { unfinished, path } = self {
            unfinished.persist(&path).map_err(|error| unwritten(&path, &error.error))?;
        }
        Ok(())
    }
}

fn unwritten(path: &Path, error: &io::Error) -> Error {
    // Errors of temporary files name those.
    let error = error
        .get_ref()
        .and_then(|inner| inner.source())
        .map_or_else(|| error.to_string(), std::string::ToString::to_string);
    format!("{} cannot be written: {error}", path.display()).into()
}

fn write(stream: Receiver<Vec<u8>>, out: &mut impl Write) -> io::Result<u64> {
    let mut bytes = 0;
    for piece in stream {
        out.write_all(&piece)?;
        bytes += piece.len() as u64;
    }
    out.flush()?;
    Ok(bytes)
}
