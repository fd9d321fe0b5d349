//! Lossless files come back as they are, lossy ones as long as they were; seeks, gaps, damage.

use hexachord_audio::{Codec, DecodeError, Layout};
use hexachord_fixtures::{Format, Piece, mangle};

use crate::support::{decoder, opus, rest, snr, tones};

/// The samples that the pieces of 16 bits hold: WAV's own bytes.
fn wav_samples(piece: &Piece) -> Vec<f32> {
    let bytes = Piece { format: Format::Wav, ..*piece }.bytes();
    let read = |two: &[u8]| f32::from(i16::from_le_bytes([two[0], two[1]])) / 32_768.0;
    bytes[44..].chunks_exact(2).map(read).collect()
}

#[test]
fn pcm_is_exact() {
    let piece = Piece::new(Format::Wav, 1);
    let expected = wav_samples(&piece);
    let mut wav = decoder(piece.bytes()).unwrap();
    let facts = *wav.facts();
    assert_eq!((facts.codec, facts.bit_depth), (Codec::Pcm, Some(16)));
    assert_eq!((facts.layout, facts.sample_rate), (Layout::STEREO, 44_100));
    assert_eq!(facts.frames, Some(12_800));
    assert_eq!(rest(&mut wav).unwrap(), expected);

    // The same bytes in the other order.
    let mut aiff = decoder(Piece::new(Format::Aiff, 1).bytes()).unwrap();
    let swapped = |sample: &f32| f32::from(((sample * 32_768.0) as i16).swap_bytes()) / 32_768.0;
    let expected: Vec<f32> = expected.iter().map(swapped).collect();
    assert_eq!(rest(&mut aiff).unwrap(), expected);
}

#[test]
fn flac_is_exact() {
    let piece = Piece::new(Format::Flac, 2);
    let mut flac = decoder(piece.bytes()).unwrap();
    assert_eq!(flac.facts().frames, Some(19_200));
    assert_eq!((flac.facts().codec, flac.facts().bit_depth), (Codec::Flac, Some(16)));
    let found = rest(&mut flac).unwrap();
    assert_eq!(found.len(), 19_200 * 2);
    // Verbatim subframes: the first one's bytes are the first channel's samples.
    let bytes = piece.bytes();
    let first = bytes.windows(4).position(|bytes| bytes == [0xFF, 0xF8, 0x19, 0x18]).unwrap();
    for (frame, two) in bytes[first + 7..].chunks_exact(2).take(192).enumerate() {
        let expected = f32::from(i16::from_be_bytes([two[0], two[1]])) / 32_768.0;
        assert_eq!(found[frame * 2].to_bits(), expected.to_bits(), "frame {frame}");
    }
}

#[test]
fn a_smallest_block_that_is_only_the_last_one_does_no_harm() {
    let bytes = Piece::new(Format::Flac, 2).bytes();
    let expected = rest(&mut decoder(bytes.clone()).unwrap()).unwrap();
    for smallest in [16_u16, 100, 191] {
        let mut other = bytes.clone();
        other[8..10].copy_from_slice(&smallest.to_be_bytes());
        let mut flac = decoder(other).unwrap();
        assert_eq!(rest(&mut flac).unwrap(), expected, "{smallest}");
        flac.seek_to(10_000).unwrap();
        assert_eq!(rest(&mut flac).unwrap(), expected[20_000..], "{smallest}, from the middle");
    }
}

#[test]
fn mp3_is_trimmed_as_its_encoder_says() {
    // 100 frames of 1,152, less 576 + 529 at the start and 1,000 - 529 at the end.
    let frames = 100 * 1152 - 1105 - 471;
    let mut mp3 = decoder(Piece::new(Format::Mp3, 3).bytes()).unwrap();
    assert_eq!(mp3.facts().frames, Some(frames));
    assert_eq!(rest(&mut mp3).unwrap().len() as u64, frames * 2);
}

#[test]
fn tags_and_paddings_change_nothing() {
    for format in [Format::Mp3, Format::Flac, Format::Wav, Format::Aiff, Format::WavPack] {
        let piece = Piece { frames: 40, ..Piece::new(format, 4) };
        let plain = rest(&mut decoder(piece.bytes()).unwrap()).unwrap();
        for (how, bytes) in mangle::all(&piece) {
            let mut mangled =
                decoder(bytes).unwrap_or_else(|error| panic!("{format:?} {how}: {error}"));
            let found = rest(&mut mangled).unwrap();
            // An MP3's own words about what to trim are among what is changed.
            let same = found == plain || format == Format::Mp3;
            assert!(same, "{format:?} {how}: {} samples, not {}", found.len(), plain.len());
            assert!(found.len().abs_diff(plain.len()) < 2 * 8192, "{format:?} {how}");
        }
    }
}

#[test]
fn a_seek_lands_exactly() {
    let opus = opus(&tones(96_000, 2, 48_000), Layout::STEREO, 0);
    let files = [
        (Piece::new(Format::Wav, 5).bytes(), f64::INFINITY),
        (Piece::new(Format::Aiff, 5).bytes(), f64::INFINITY),
        (Piece::new(Format::Flac, 5).bytes(), f64::INFINITY),
        (Piece::new(Format::Mp3, 5).bytes(), f64::INFINITY),
        (opus, 60.0),
    ];
    for (bytes, enough) in files {
        let mut decoder = decoder(bytes).unwrap();
        let codec = decoder.facts().codec;
        let all = rest(&mut decoder).unwrap();
        let frames = all.len() as u64 / 2;
        for place in
            [0, 1, 191, 192, 193, 5_000, frames / 2, frames - 1, frames, frames + 1, 7, u64::MAX]
        {
            decoder.seek_to(place).unwrap();
            assert_eq!(decoder.position(), place);
            let found = rest(&mut decoder).unwrap();
            let expected = &all[usize::try_from(place.min(frames)).unwrap() * 2..];
            assert_eq!(found.len(), expected.len(), "{codec} from {place}");
            let alike = snr(expected, &found);
            assert!(alike >= enough || found == expected, "{codec} from {place}: {alike:.1} dB");
        }
    }
}

#[test]
fn what_is_damaged_is_silent_and_the_rest_stays_at_its_place() {
    let opus = opus(&tones(96_000, 2, 48_000), Layout::STEREO, 0);
    let files = [Piece::new(Format::Flac, 6).bytes(), Piece::new(Format::Mp3, 6).bytes(), opus];
    for bytes in files {
        let mut whole = decoder(bytes.clone()).unwrap();
        let codec = whole.facts().codec;
        let expected = rest(&mut whole).unwrap();
        let mut damaged = bytes;
        let middle = damaged.len() / 2;
        damaged[middle..middle + 20].fill(0x55);
        let found = rest(&mut decoder(damaged).unwrap()).unwrap();
        assert_eq!(found.len(), expected.len(), "{codec}");
        let (quarter, all) = (expected.len() / 4, expected.len());
        assert_eq!(found[..quarter], expected[..quarter], "{codec}: the start");
        let (end, same) = (&expected[all - quarter..], &found[all - quarter..]);
        assert!(
            snr(end, same) > 60.0 || end == same,
            "{codec}: the end is {:.1} dB",
            snr(end, same)
        );
    }
}

#[test]
fn a_cut_file_plays_up_to_its_cut() {
    let opus = opus(&tones(96_000, 2, 48_000), Layout::STEREO, 0);
    for bytes in [
        Piece::new(Format::Wav, 7).bytes(),
        Piece::new(Format::Aiff, 7).bytes(),
        Piece::new(Format::Flac, 7).bytes(),
        Piece::new(Format::Mp3, 7).bytes(),
        opus,
    ] {
        let mut whole = decoder(bytes.clone()).unwrap();
        let codec = whole.facts().codec;
        let expected = rest(&mut whole).unwrap();
        let cut = bytes[..bytes.len() / 2 + 7].to_vec();
        let found = rest(&mut decoder(cut).unwrap()).unwrap();
        let share = found.len() as f64 / expected.len() as f64;
        // The first packets of Opus are the longest.
        assert!((0.35..0.55).contains(&share), "{codec}: {share:.2} of it");
        assert_eq!(found, expected[..found.len()], "{codec}");
    }
}

#[test]
fn other_files_are_refused_in_words() {
    let text = b"Once upon a time there was a file without any sound in it. ".repeat(50);
    let error = decoder(text).err().unwrap();
    assert!(matches!(error, DecodeError::Unknown), "{error}");
    assert!(matches!(decoder(Vec::new()).err().unwrap(), DecodeError::Unknown));
    let ogg = b"OggS\0\x02".to_vec();
    assert!(matches!(decoder(ogg).err().unwrap(), DecodeError::Unsupported(_)));
}
