//! Fingerprints that are stored in libraries stay: a change here is a new `FINGERPRINT_VERSION` and a
//! migration of every catalog.

use hexachord_audio::FINGERPRINT_VERSION;
use hexachord_fixtures::{Format, Piece};

use crate::probe_bytes;

const GOLDEN: [(Format, [&str; 2]); 9] = [
    (Format::Mp3, ["daa79609375e0bed067d24ec329f397b", "2560a2f1a6b528ea082686d32de355c6"]),
    (Format::Flac, ["97e2c62f621edbe7c877bf1fd64c391e", "cd27c873314f95c8ab4e334afd97f680"]),
    (Format::Vorbis, ["6d450eed8d75f477b156cedc87ef0605", "0195548925731ff30eb7a651d3abacb5"]),
    (Format::Opus, ["31a4748b04c6bb167671245e2d926b12", "28ff0e56f89584243912bf6a4e4738b5"]),
    (Format::Aac, ["d304ef6d841fde44a47f119256589304", "7962b9ee42e3153b03443dc51c40072a"]),
    (Format::Alac, ["32e588c4c41173a349d93ce54e4dec6c", "229f0d0143c079ab425b00f08f37b186"]),
    (Format::Wav, ["4b11197d20aa663027df1084eaad4f47", "9534e987f091fa86a024c98fb4c40c92"]),
    (Format::Aiff, ["bdfa30b88bf6727c96db8c11d2d5264f", "c90a9aea8ac6be9f18b374e096e6681c"]),
    (Format::WavPack, ["f98086b64db241488bf0ef06362ab5bc", "10f8ee7080a433c70cb7090cb6faa67e"]),
];

#[test]
fn stored_fingerprints_stay_what_they_are() {
    assert_eq!(FINGERPRINT_VERSION, 1);
    let found = GOLDEN.map(|(format, _)| {
        let pieces = [
            Piece { frames: 30, ..Piece::new(format, 1) },
            Piece { frames: 400, silent_opening: 150, ..Piece::new(format, 2) },
        ];
        let hex = |piece: Piece| probe_bytes(&piece.bytes()).unwrap().fingerprint.to_string();
        (format, pieces.map(hex))
    });
    let expected = GOLDEN.map(|(format, hex)| (format, hex.map(str::to_owned)));
    assert_eq!(found, expected);
}
