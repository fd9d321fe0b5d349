//! From samples to a complete file in memory: FLAC or WAV, with its tags and its picture.

use super::catalogue::{Album, Format, Track, VARIOUS};
use super::dsp::SAMPLE_RATE;
use flacenc::bitsink::ByteSink;
use flacenc::component::BitRepr;
use flacenc::error::{SourceError, Verify};
use flacenc::source::{Fill, Source};
use lofty::config::WriteOptions;
use lofty::id3::v2::Id3v2Tag;
use lofty::picture::{MimeType, Picture, PictureType};
use lofty::tag::{ItemKey, ItemValue, Tag, TagExt, TagItem, TagType};
use std::io::Cursor;

const CHANNELS: u16 = 2;
const BYTES_PER_SAMPLE: u16 = 2;
const BYTES_PER_FRAME: usize = 4;
const BLOCK: usize = 4096;

/// Why samples did not become a file.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    #[error("the FLAC encoder refused the audio: {0}")]
    Flac(String),
    #[error("the audio is too long for a WAV file")]
    TooLong,
    #[error("the tags could not be written")]
    Tags(#[from] lofty::error::FileEncodingError),
}

/// The bytes of a track's file. `samples` are interleaved 16-bit little-endian stereo at 44.1 kHz.
pub(super) fn encode(
    samples: &[u8],
    album: &Album,
    track: &Track,
    cover: Option<&[u8]>,
) -> Result<Vec<u8>, EncodeError> {
    let options = WriteOptions::default();
    match track.format {
        Format::Flac => {
            let mut file = Cursor::new(flac(samples)?);
            tag(TagType::VorbisComments, album, track, cover).save_to(&mut file, options)?;
            Ok(file.into_inner())
        }
        Format::Wav => {
            let mut file = Cursor::new(wav(samples)?);
            in_order(tag(TagType::Id3v2, album, track, cover)).save_to(&mut file, options)?;
            Ok(file.into_inner())
        }
    }
}

/// An `ID3v2` tag with its frames by name: lofty hands them out in the random order of a hash set.
fn in_order(tag: Tag) -> Id3v2Tag {
    let mut frames: Vec<_> = Id3v2Tag::from(tag).into_iter().collect();
    frames.sort_by(|a, b| a.id_str().cmp(b.id_str()));
    let mut ordered = Id3v2Tag::default();
    for frame in frames {
        ordered.insert(frame);
    }
    ordered
}

fn tag(kind: TagType, album: &Album, track: &Track, cover: Option<&[u8]>) -> Tag {
    let mut tag = Tag::new(kind);
    let mut set = |key, value: &str| {
        tag.push(TagItem::new(key, ItemValue::Text(value.to_owned())));
    };
    set(ItemKey::TrackTitle, track.title);
    if track.artists.is_empty() {
        set(ItemKey::TrackArtist, album.artist);
    }
    for artist in track.artists {
        set(ItemKey::TrackArtist, artist);
    }
    set(ItemKey::AlbumTitle, album.title);
    set(ItemKey::AlbumArtist, album.artist);
    set(ItemKey::Composer, track.composer);
    set(ItemKey::Genre, album.genre);
    set(ItemKey::RecordingDate, &album.year.to_string());
    let tracks = album.tracks.iter().filter(|other| other.disc == track.disc).count();
    set(ItemKey::TrackNumber, &track.number.to_string());
    set(ItemKey::TrackTotal, &tracks.to_string());
    set(ItemKey::DiscNumber, &track.disc.to_string());
    set(ItemKey::DiscTotal, &album.discs().to_string());
    if album.artist == VARIOUS {
        set(ItemKey::FlagCompilation, "1");
    }
    if let Some(jpeg) = cover {
        tag.push_picture(
            Picture::unchecked(jpeg.to_vec())
                .pic_type(PictureType::CoverFront)
                .mime_type(MimeType::Jpeg)
                .build(),
        );
    }
    tag
}

fn flac(samples: &[u8]) -> Result<Vec<u8>, EncodeError> {
    let mut config = flacenc::config::Encoder::default();
    config.block_size = BLOCK;
    config.multithread = false;
    // Counted bits and fixed predictors are all integers: logarithms and linear prediction may
    // differ between machines, and the latter takes half as long again for a twentieth.
    config.subframe_coding.fixed.order_sel = flacenc::config::OrderSel::BitCount;
    config.subframe_coding.use_lpc = false;
    let config = config.into_verified().map_err(|(_, error)| refused(&error))?;
    let mut stream =
        flacenc::encode_with_fixed_block_size(&config, Samples { rest: samples }, BLOCK)
            .map_err(|error| refused(&error))?;
    // The last block may be smaller than the smallest (RFC 9639 §8.2).
    stream.stream_info_mut().set_block_sizes(BLOCK, BLOCK).map_err(|error| refused(&error))?;
    let mut sink = ByteSink::new();
    stream.write(&mut sink).map_err(|error| refused(&error))?;
    Ok(sink.into_inner())
}

fn refused(error: &dyn std::fmt::Display) -> EncodeError {
    EncodeError::Flac(error.to_string())
}

/// Hands bytes to the encoder as they are: its MD5 is then taken of whole blocks, not of samples.
struct Samples<'a> {
    rest: &'a [u8],
}

impl Source for Samples<'_> {
    fn channels(&self) -> usize {
        usize::from(CHANNELS)
    }

    fn bits_per_sample(&self) -> usize {
        8 * usize::from(BYTES_PER_SAMPLE)
    }

    fn sample_rate(&self) -> usize {
        44_100
    }

    fn read_samples<F: Fill>(&mut self, block: usize, dest: &mut F) -> Result<usize, SourceError> {
        let (now, rest) = self.rest.split_at(self.rest.len().min(block * BYTES_PER_FRAME));
        dest.fill_le_bytes(now, usize::from(BYTES_PER_SAMPLE))?;
        self.rest = rest;
        Ok(now.len() / BYTES_PER_FRAME)
    }
}

/// A RIFF file with a format and a data chunk.
fn wav(samples: &[u8]) -> Result<Vec<u8>, EncodeError> {
    let length = u32::try_from(samples.len()).map_err(|_| EncodeError::TooLong)?;
    let frame = CHANNELS * BYTES_PER_SAMPLE;
    let mut file = Vec::with_capacity(samples.len() + 44);
    file.extend_from_slice(b"RIFF");
    file.extend_from_slice(&(length + 36).to_le_bytes());
    file.extend_from_slice(b"WAVEfmt ");
    file.extend_from_slice(&16_u32.to_le_bytes());
    file.extend_from_slice(&1_u16.to_le_bytes());
    file.extend_from_slice(&CHANNELS.to_le_bytes());
    file.extend_from_slice(&SAMPLE_RATE.to_le_bytes());
    file.extend_from_slice(&(SAMPLE_RATE * u32::from(frame)).to_le_bytes());
    file.extend_from_slice(&frame.to_le_bytes());
    file.extend_from_slice(&(8 * BYTES_PER_SAMPLE).to_le_bytes());
    file.extend_from_slice(b"data");
    file.extend_from_slice(&length.to_le_bytes());
    file.extend_from_slice(samples);
    Ok(file)
}
