//! Native FLAC, through symphonia's reader.

use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};

use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::codecs::audio::well_known::CODEC_ID_FLAC;
use symphonia::core::errors::Error;
use symphonia::core::formats::{FormatOptions, FormatReader, SeekMode, SeekTo};
use symphonia::core::io::{MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::units::Timestamp;
use symphonia::default::formats::FlacReader;

use super::block::Block;
use super::coder::{Coder, Guarded, Symphonia, layout};
use super::input::Source;
use super::{AudioFacts, DecodeError, Reader};
use crate::format::Codec;

/// Errors in a row after which nothing is expected any more.
const MOST_ERRORS: u32 = 1000;

/// A FLAC file.
pub(super) struct Flac {
    /// Always there, but while it is replaced.
    reader: Option<FlacReader<'static>>,
    coder: Guarded<Symphonia>,
    facts: AudioFacts,
    start: u64,
    /// Whether nothing has been read behind the headers.
    fresh: bool,
    errors: u32,
}

impl Flac {
    pub(super) fn open(mut source: Source, start: u64) -> Result<Self, DecodeError> {
        mend_block_sizes(&mut source, start)?;
        let stream = MediaSourceStream::new(Box::new(source), MediaSourceStreamOptions::default());
        let reader = read_headers(stream, start)?;
        let track = &reader.tracks()[0];
        let Some(CodecParameters::Audio(parameters)) = &track.codec_params else {
            return Err(DecodeError::Damaged("FLAC without its STREAMINFO"));
        };
        let facts = facts(parameters, track.num_frames)?;
        let setup = parameters.extra_data.as_deref().unwrap_or_default();
        let coder = Symphonia::guarded(CODEC_ID_FLAC, setup, facts.sample_rate, facts.layout)?;
        Ok(Self { reader: Some(reader), coder, facts, start, fresh: true, errors: 0 })
    }
}

/// Some encoders count the last block among the smallest, although all others are equally long. Then
/// symphonia expects numbers of samples in frames that have numbers of frames, and takes none: it is
/// told that blocks are equally long, which frames say of themselves.
fn mend_block_sizes(source: &mut Source, start: u64) -> Result<(), DecodeError> {
    /// A file has a few blocks of metadata.
    const MOST_BLOCKS: usize = 1000;
    let mut sizes = [0; 4];
    if !read_at(source, start + 8, &mut sizes)? || sizes[..2] == sizes[2..] {
        return Ok(());
    }
    let mut at = start + 4;
    for _ in 0..MOST_BLOCKS {
        let mut header = [0; 4];
        if !read_at(source, at, &mut header)? {
            return Ok(());
        }
        let [kind, length @ ..] = header;
        at += 4 + length.iter().fold(0, |length, byte| length << 8 | u64::from(*byte));
        if kind & 0x80 != 0 {
            break;
        }
    }
    let mut sync = [0; 2];
    if read_at(source, at, &mut sync)? && sync == [0xFF, 0xF8] {
        source.mend(start + 8, [sizes[2], sizes[3]]);
    }
    Ok(())
}

/// Whether there are so many bytes.
fn read_at(source: &mut Source, at: u64, bytes: &mut [u8]) -> Result<bool, DecodeError> {
    source.seek(SeekFrom::Start(at))?;
    match source.read_exact(bytes) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        Err(error) if error.kind() == ErrorKind::QuotaExceeded => Err(DecodeError::Lost),
        Err(error) => Err(error.into()),
    }
}

/// What STREAMINFO says.
pub(super) fn facts(
    parameters: &AudioCodecParameters,
    frames: Option<u64>,
) -> Result<AudioFacts, DecodeError> {
    let damaged = DecodeError::Damaged("the STREAMINFO of FLAC");
    let (Some(sample_rate @ 1..), Some(channels)) = (parameters.sample_rate, &parameters.channels)
    else {
        return Err(damaged);
    };
    let bit_depth = parameters.bits_per_sample.and_then(|bits| u8::try_from(bits).ok());
    let layout = layout(channels)?;
    Ok(AudioFacts { codec: Codec::Flac, sample_rate, layout, bit_depth, frames })
}

fn read_headers(
    mut stream: MediaSourceStream<'static>,
    start: u64,
) -> Result<FlacReader<'static>, DecodeError> {
    stream.seek(SeekFrom::Start(start))?;
    FlacReader::try_new(stream, FormatOptions::default()).map_err(|error| match error {
        Error::IoError(error) if error.kind() == ErrorKind::QuotaExceeded => DecodeError::Lost,
        Error::IoError(error) if error.kind() != ErrorKind::UnexpectedEof => error.into(),
        _ => DecodeError::Damaged("the headers of FLAC, or no audio behind them"),
    })
}

impl Reader for Flac {
    fn facts(&self) -> &AudioFacts {
        &self.facts
    }

    fn next(&mut self, block: &mut Block) -> Result<bool, DecodeError> {
        let Some(reader) = &mut self.reader else { return Ok(false) };
        self.fresh = false;
        let packet = match reader.next_packet() {
            Ok(Some(packet)) => packet,
            Ok(None) => return Ok(false),
            Err(Error::IoError(error)) => match error.kind() {
                ErrorKind::UnexpectedEof => return Ok(false),
                ErrorKind::QuotaExceeded => return Err(DecodeError::Lost),
                _ => return Err(error.into()),
            },
            Err(_damaged) => {
                self.errors += 1;
                return if self.errors > MOST_ERRORS { Err(DecodeError::Lost) } else { Ok(true) };
            }
        };
        self.errors = 0;
        block.position = packet.pts.get();
        self.coder.decode(&packet.data, &mut block.samples);
        Ok(true)
    }

    fn seek(&mut self, frame: u64) -> Result<(), DecodeError> {
        let Some(used) = self.reader.take() else { return Ok(()) };
        // A reader keeps of what it read before a seek, and then mistakes what it finds behind.
        let mut reader =
            if self.fresh { used } else { read_headers(Box::new(used).into_inner(), self.start)? };
        self.fresh = false;
        let to = SeekTo::Timestamp {
            ts: Timestamp::new(i64::try_from(frame).unwrap_or(i64::MAX)),
            track_id: 0,
        };
        // A seek table can be wrong: then the way to the frame is decoding from the start.
        let sought = catch_unwind(AssertUnwindSafe(|| reader.seek(SeekMode::Accurate, to)));
        let there = matches!(sought, Ok(Ok(place)) if place.actual_ts <= place.required_ts);
        self.reader = Some(if there {
            reader
        } else {
            read_headers(Box::new(reader).into_inner(), self.start)?
        });
        self.coder.reset();
        Ok(())
    }
}
