//! What a probe says about a file: codec, container, facts, and errors in words.

use hexachord_audio::{Codec, Container};
use hexachord_fixtures::{Format, Piece};

use crate::{probe_bytes, probe_path};

#[test]
fn the_facts_of_every_format_are_found() {
    let table = [
        (Format::Mp3, Codec::Mp3, Container::Mpeg, 44_100, None, 41_700, "audio/mpeg"),
        (Format::Flac, Codec::Flac, Container::Flac, 44_100, Some(16), 77_800, "audio/flac"),
        (Format::Vorbis, Codec::Vorbis, Container::Ogg, 44_100, None, 44_550, "audio/ogg"),
        (Format::Opus, Codec::Opus, Container::Ogg, 48_000, None, 44_550, "audio/ogg"),
        (Format::Aac, Codec::Aac, Container::Mp4, 44_100, None, 42_450, "audio/mp4"),
        (Format::Alac, Codec::Alac, Container::Mp4, 44_100, Some(16), 42_450, "audio/mp4"),
        (Format::Wav, Codec::Pcm, Container::Wav, 44_100, Some(16), 51_200, "audio/wav"),
        (Format::Aiff, Codec::Pcm, Container::Aiff, 44_100, Some(16), 51_200, "audio/aiff"),
        (
            Format::WavPack,
            Codec::WavPack,
            Container::WavPack,
            44_100,
            Some(16),
            76_000,
            "audio/x-wavpack",
        ),
    ];
    for (format, codec, container, rate, depth, bytes, content_type) in table {
        let found = probe_bytes(&Piece::new(format, 1).bytes()).unwrap();
        assert_eq!(found.codec, codec);
        assert_eq!(found.container, container);
        assert_eq!(found.container.content_type(), content_type);
        assert_eq!(found.sample_rate, rate, "{format:?}");
        assert_eq!(found.channels, 2, "{format:?}");
        assert_eq!(found.bit_depth, depth, "{format:?}");
        assert_eq!(found.payload_bytes, bytes, "{format:?}");
    }
}

#[test]
fn a_misnamed_file_is_what_it_holds() {
    let folder = tempfile::tempdir().unwrap();
    for (index, format) in Format::ALL.into_iter().enumerate() {
        let piece = Piece::new(format, 2);
        let other = Format::ALL[(index + 3) % Format::ALL.len()].extension();
        let path = folder.path().join(format!("{index}.{other}"));
        piece.write(&path).unwrap();
        assert_eq!(probe_path(&path).unwrap(), probe_bytes(&piece.bytes()).unwrap());
    }
}

#[test]
fn errors_say_what_is_wrong() {
    let words = |bytes: &[u8]| probe_bytes(bytes).unwrap_err().to_string();
    assert_eq!(words(b""), "the file is empty");
    assert_eq!(words(&b"just a text file, written by hand\n".repeat(9)), UNKNOWN);
    assert_eq!(words(&vec![0; 70_000]), UNKNOWN);
    assert_eq!(words(b"MPCK and so on, long enough"), "not supported: Musepack");
    assert_eq!(words(b"ID3\x04\0\0\0\0\x0F\x7F"), "truncated: the file ends inside its tag");

    let tag_only = [b"ID3\x04\0\0\0\0\0\x0A".as_slice(), &[0; 10], b"no frame"].concat();
    assert_eq!(words(&tag_only), "truncated: no audio follows the tag");

    let movie = Piece::new(Format::Aac, 3).bytes();
    assert_eq!(words(&movie[..9000]), "truncated: the MP4 file has no index (moov)");
    let locked = replaced(&movie, b"mp4a", b"drms");
    assert_eq!(words(&locked), "not supported: audio locked by copy protection");
    let silent = replaced(&movie, b"soun", b"vide");
    assert_eq!(words(&silent), "not supported: MP4 without an audio track");

    let wav = Piece::new(Format::Wav, 3).bytes();
    assert_eq!(words(&wav[..40]), "truncated: the WAV file has no audio (its data chunk)");
    assert_eq!(words(&wav[..44]), "truncated: no audio follows the headers");
    let adpcm = [&wav[..20], &[2], &wav[21..]].concat();
    assert_eq!(words(&adpcm), "not supported: WAV with a coding other than PCM");
    let no_channels = [&wav[..22], &[0], &wav[23..]].concat();
    assert!(words(&no_channels).contains("number of channels is zero"));

    let wavpack = Piece::new(Format::WavPack, 3).bytes();
    let no_audio = "truncated: no block of the WavPack file has audio";
    assert_eq!(words(&wavpack[..30]), no_audio);
    assert_eq!(words(&replaced(&wavpack[..700], &wavpack[20..22], &[0, 0])), no_audio);
    assert_eq!(
        words(&[&wavpack[..27], &[0x84], &wavpack[28..]].concat()),
        "not supported: WavPack with DSD"
    );

    let ogg = Piece::new(Format::Vorbis, 3).bytes();
    assert_eq!(words(&ogg[..1000]), "truncated: the file ends inside the Ogg headers");
    let speex = replaced(&ogg, b"\x01vorbis", b"Speex  ");
    assert_eq!(words(&speex), "not supported: Ogg without Vorbis, Opus or FLAC");
}

const UNKNOWN: &str = "not an audio file Hexachord knows";

/// `bytes` with the first `old` turned into `new`.
fn replaced(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let at = bytes.windows(old.len()).position(|window| window == old).unwrap();
    [&bytes[..at], new, &bytes[at + old.len()..]].concat()
}

#[test]
fn long_wav_variants_are_read_like_the_short_one() {
    let piece = Piece::new(Format::Wav, 4);
    let plain = probe_bytes(&piece.bytes()).unwrap();
    let bytes = piece.bytes();
    let data_len = bytes[40..44].try_into().map(u32::from_le_bytes).unwrap();

    let mut rf64 = b"RF64\xFF\xFF\xFF\xFFWAVEds64\x1C\0\0\0".to_vec();
    rf64.extend_from_slice(&[0; 8]);
    rf64.extend_from_slice(&u64::from(data_len).to_le_bytes());
    rf64.extend_from_slice(&[0; 12]);
    rf64.extend_from_slice(&bytes[12..40]);
    rf64.extend_from_slice(&[0xFF; 4]);
    rf64.extend_from_slice(&bytes[44..]);
    rf64.extend_from_slice(b"LIST\x04\0\0\0INFO");
    assert_eq!(probe_bytes(&rf64).unwrap(), plain);

    let streamed = [&bytes[..40], &[0xFF; 4], &bytes[44..]].concat();
    assert_eq!(probe_bytes(&streamed).unwrap(), plain);

    let mut extensible = bytes[..16].to_vec();
    extensible.extend_from_slice(b"\x28\0\0\0\xFE\xFF");
    extensible.extend_from_slice(&bytes[22..36]);
    extensible
        .extend_from_slice(b"\x16\0\x10\0\x03\0\0\0\x01\0\0\0\0\0\x10\0\x80\0\0\xAA\0\x38\x9B\x71");
    extensible.extend_from_slice(&bytes[36..]);
    assert_eq!(probe_bytes(&extensible).unwrap(), plain);
}
