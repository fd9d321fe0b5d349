//! Streams from one of their bytes on are those of the whole, and are not made from the begin.

use std::io::{Cursor, Read, Result, Seek, SeekFrom};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use hexachord_audio::{
    AudioFacts, Decoder, Flac, FlacSettings, Gain, Layout, Mp3, Mp3Rate, Mp3Settings, Target,
    Transcode,
};
use hexachord_fixtures::{Format, Piece};

use crate::pipeline::transcoded;
use crate::support::{decoder, encoded, noise, tones, wav};

const WAV_16: Target = Target::Wav { bits: 16 };

/// FLAC of 24 bits.
pub(crate) fn flac(frames: usize, channels: usize, layout: Layout, sample_rate: u32) -> Vec<u8> {
    let samples = noise(frames * channels, 24, 7);
    let frames = Some(frames as u64);
    let settings = FlacSettings { layout, sample_rate, bits: 24, dither: None, frames };
    encoded(Flac::new(&settings).unwrap(), &samples, channels)
}

fn mp3(frames: usize) -> Vec<u8> {
    let settings = Mp3Settings {
        layout: Layout::STEREO,
        sample_rate: 44_100,
        rate: Mp3Rate::Variable(2),
        frames: Some(frames as u64),
    };
    encoded(Mp3::new(&settings, 0).unwrap(), &tones(frames, 2, 44_100), 2)
}

/// Checks parts of a stream against the whole of it.
#[track_caller]
fn is_the_same_from_anywhere(bytes: &[u8], transcode: &Transcode) {
    let whole = transcoded(&mut decoder(bytes.to_vec()).unwrap(), transcode);
    let source = *decoder(bytes.to_vec()).unwrap().facts();
    let len = whole.len();
    for from in [101, 107, 5_003, len / 3, len / 2 + 1, len - len / 7, len - 2] {
        let part = transcode.beginning_at(&source, from as u64);
        let (part, skip) = part.unwrap_or_else(|| panic!("{transcode:?}: not from {from}"));
        let found = transcoded(&mut decoder(bytes.to_vec()).unwrap(), &part);
        let skip = usize::try_from(skip).unwrap();
        assert!(skip < 200, "{transcode:?} from {from}: {skip} bytes for nothing");
        assert!(found[skip..] == whole[from..], "{transcode:?} from {from}");
    }
}

#[test]
fn dithered_streams_are_the_same_from_anywhere() {
    let stereo = flac(30_000, 2, Layout::STEREO, 44_100);
    let whole = Transcode::new(WAV_16);
    is_the_same_from_anywhere(&stereo, &whole);
    is_the_same_from_anywhere(&stereo, &Transcode { start: 1_471, ..whole });
    is_the_same_from_anywhere(&stereo, &Transcode { start: 7, end: Some(22_222), ..whole });
    is_the_same_from_anywhere(&stereo, &Transcode { most_channels: 1, ..whole });
    is_the_same_from_anywhere(&mp3(30_000), &whole);
    is_the_same_from_anywhere(&Piece::new(Format::Mp3, 5).bytes(), &whole);
    let surround = flac(20_000, 6, Layout::SURROUND_5_1, 48_000);
    is_the_same_from_anywhere(&surround, &whole);
    is_the_same_from_anywhere(&surround, &Transcode { most_channels: 6, ..whole });
    let mono = Piece::new(Format::Wav, 3).bytes();
    is_the_same_from_anywhere(&mono, &Transcode { most_channels: 1, ..whole });
}

#[test]
fn resampled_and_limited_streams_are_the_same_from_anywhere() {
    let whole = Transcode::new(WAV_16);
    let gain = Some(Gain::from_decibels(9.0));
    for (rate, most_rate) in [(96_000, 44_100), (48_000, 44_100), (44_100, 32_000)] {
        let bytes = flac(40_000, 2, Layout::STEREO, rate);
        let lower = Transcode { most_rate: Some(most_rate), ..whole };
        is_the_same_from_anywhere(&bytes, &lower);
        is_the_same_from_anywhere(&bytes, &Transcode { start: 333, gain, ..lower });
        is_the_same_from_anywhere(&bytes, &Transcode { target: Target::Wav { bits: 24 }, ..lower });
    }
    let bytes = wav(&tones(50_000, 2, 48_000), Layout::STEREO, 48_000);
    is_the_same_from_anywhere(&bytes, &Transcode { gain, ..whole });
}

#[test]
fn what_has_to_be_made_from_its_begin_says_so() {
    let bytes = flac(20_000, 2, Layout::STEREO, 48_000);
    let source = *decoder(bytes).unwrap().facts();
    let wav = Transcode::new(WAV_16);
    assert_eq!(wav.beginning_at(&source, 0), None);
    assert_eq!(wav.beginning_at(&source, 43), None, "in the header");
    assert_eq!(wav.beginning_at(&source, 47), Some((wav, 47)), "in the first frame");
    let later = Transcode { start: 2, ..wav };
    assert_eq!(wav.beginning_at(&source, 53), Some((later, 45)));
    for rate in [Mp3Rate::Constant(128), Mp3Rate::Variable(4)] {
        let mp3 = Transcode::new(Target::Mp3 { rate });
        assert_eq!(mp3.beginning_at(&source, 5_000), None, "in the first segment, or not promised");
    }
    for target in [Target::Flac { bits: 16 }, Target::Opus { bitrate: 96_000 }] {
        assert_eq!(Transcode::new(target).beginning_at(&source, 5_000), None);
    }
    let unknown = AudioFacts { frames: None, ..source };
    assert_eq!(wav.beginning_at(&unknown, 5_000), None);
}

/// Counts the bytes that are read of it.
struct Counted {
    bytes: Cursor<Vec<u8>>,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, target: &mut [u8]) -> Result<usize> {
        let count = self.bytes.read(target)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

impl Seek for Counted {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        self.bytes.seek(to)
    }
}

#[test]
fn the_end_of_a_dithered_stream_is_made_without_decoding_from_the_begin() {
    let bytes = flac(480_000, 2, Layout::STEREO, 48_000);
    let all = bytes.len() as u64;
    let read = Arc::new(AtomicU64::new(0));
    let counted = Counted { bytes: Cursor::new(bytes), read: Arc::clone(&read) };
    let mut source = Decoder::open(counted).unwrap();
    let whole = Transcode { most_rate: Some(44_100), ..Transcode::new(WAV_16) };
    let promised = whole.promised_bytes(source.facts()).unwrap();
    let (part, _) = whole.beginning_at(source.facts(), promised - 4_000).unwrap();
    let found = transcoded(&mut source, &part);
    assert!((4_000..5_000).contains(&found.len()), "{}", found.len());
    let read = read.load(Ordering::Relaxed);
    assert!(read < all / 3, "{read} of {all} bytes were read");
}
