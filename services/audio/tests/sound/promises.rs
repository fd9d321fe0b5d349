//! What is promised before a transcode is there afterwards, also where the file holds less than it says.

use crossbeam_channel::bounded;
use hexachord_audio::{Ended, Layout, Target, Transcode};
use hexachord_fixtures::{Format, Piece};

use crate::pipeline::{FLOATS, transcoded};
use crate::support::{decoder, noise, rest, wav};

#[test]
fn the_size_of_a_wav_is_known_before() {
    for (layout, bits) in [(Layout::MONO, 24), (Layout::STEREO, 16), (Layout::SURROUND_5_1, 32)] {
        let samples = noise(5_001 * layout.channels(), 16, 1);
        let bytes = wav(&samples, layout, 48_000);
        for (start, end) in [(0, None), (1, None), (2, Some(2)), (0, Some(9)), (9_000, None)] {
            let target = Target::Wav { bits };
            let most_channels = 8;
            let wanted = Transcode { start, end, most_channels, ..Transcode::new(target) };
            let mut source = decoder(bytes.clone()).unwrap();
            let promised = wanted.promised_bytes(source.facts());
            let found = transcoded(&mut source, &wanted).len() as u64;
            assert_eq!(promised, Some(found), "{bits} bits, {start} to {end:?}");
        }
        let opus = Transcode::new(Target::Opus { bitrate: 96_000 });
        assert_eq!(opus.promised_bytes(decoder(bytes).unwrap().facts()), None);
    }
}

/// All bytes of a transcode, and how it ended.
fn ended(bytes: Vec<u8>, transcode: &Transcode) -> (Vec<u8>, Ended) {
    // More than the streams here have pieces.
    let (mut pieces, received) = bounded(1_000);
    let ended = transcode.run(&mut decoder(bytes).unwrap(), &mut pieces).unwrap();
    drop(pieces);
    (received.iter().flatten().collect(), ended)
}

#[test]
fn a_file_that_lacks_its_end_keeps_its_length() {
    for format in [Format::Flac, Format::Mp3] {
        let bytes = Piece::new(format, 11).bytes();
        let mut whole = decoder(bytes.clone()).unwrap();
        let samples = rest(&mut whole).unwrap();
        let cut = bytes[..bytes.len() - 3_000].to_vec();
        let source = decoder(cut.clone()).unwrap();
        let transcode = Transcode::new(FLOATS);
        let promised = transcode.promised_bytes(source.facts());
        let (stream, how) = ended(cut, &transcode);
        assert_eq!((how, promised), (Ended::Complete, Some(stream.len() as u64)), "{format:?}");
        let found = rest(&mut decoder(stream).unwrap()).unwrap();
        assert_eq!(found.len(), samples.len(), "{format:?}");
        assert!(found[found.len() - 100..].iter().all(|sample| *sample == 0.0), "{format:?}");
        assert_eq!(found[..2_000], samples[..2_000], "{format:?}");
    }
}

#[test]
fn a_file_that_breaks_off_in_the_middle_ends_there() {
    let piece = Piece { frames: 3_000, ..Piece::new(Format::Flac, 12) };
    let bytes = piece.bytes();
    let all = rest(&mut decoder(bytes.clone()).unwrap()).unwrap().len();
    assert!(all > 44_100 * 2 * 12, "it is longer than what is made up for: {all}");
    let cut = bytes[..bytes.len() / 100].to_vec();
    for target in [FLOATS, Target::Opus { bitrate: 64_000 }, Target::Flac { bits: 16 }] {
        let (stream, how) = ended(cut.clone(), &Transcode::new(target));
        assert_eq!(how, Ended::Short, "{target:?}");
        let found = rest(&mut decoder(stream).unwrap()).unwrap().len();
        assert!(found < all / 50, "{target:?}: {found} of {all}");
    }
}
