//! Tracks that a cue sheet cuts out of a file.

use std::{fs, path::Path};

use hexachord_audio::Codec;
use hexachord_fixtures::Format;

use super::stage::{Stage, decoded, piece, sound};
use crate::support::Response;

/// Of a disc, in 1/75 of a second.
const CUTS: [u64; 2] = [31, 77];

/// A disc of two seconds, cut into three.
fn disc(music: &Path, format: Format) {
    let path = piece(music, "disc", format, 420);
    let name = path.file_name().and_then(|name| name.to_str()).expect("its name is text");
    let track = |number: usize, title: &str, at: u64| {
        let (seconds, frames) = (at / 75, at % 75);
        format!(
            "  TRACK {number:02} AUDIO\n    TITLE \"{title}\"\n    INDEX 01 00:{seconds:02}:{frames:02}\n"
        )
    };
    let tracks = [track(1, "Ut", 0), track(2, "Re", CUTS[0]), track(3, "Mi", CUTS[1])].concat();
    let sheet = format!("PERFORMER \"Guido\"\nTITLE \"Disc\"\nFILE \"{name}\" WAVE\n{tracks}");
    fs::write(music.join("disc.cue"), sheet).expect("a file can be written");
}

#[test]
fn parts_of_a_lossless_file_are_cut_at_the_exact_sample() {
    for format in [Format::Flac, Format::Wav] {
        let stage = Stage::with_music(|music| disc(music, format));
        let whole_file = stage.hear(&format!("{}?format=original", stage.stream_of("Re")));
        let (facts, whole) = decoded(whole_file.body.clone());
        let [first, second] = CUTS.map(|cut| usize::try_from(cut * 588).unwrap());
        let all = whole.len() / 2;
        assert!(all > second + 1000, "the disc is long enough");
        for (title, from, to) in [("Ut", 0, first), ("Re", first, second), ("Mi", second, all)] {
            let part = stage.hear(&stage.stream_of(title));
            let decision = part.header("x-hexachord-decision").unwrap();
            assert_eq!(decision, "transcode; format=flac; because=part_of_file");
            assert_eq!(sound(&part, "start"), from as u64);
            assert_eq!(sound(&part, "frames"), (to - from) as u64);
            let (made, found) = decoded(part.body);
            assert_eq!((made.codec, made.bit_depth), (Codec::Flac, facts.bit_depth));
            assert!(found == whole[2 * from..2 * to], "{title} of {format:?}");
        }
        // Within a part a begin is counted from the part's, and its end stays.
        let later = stage.hear(&format!("{}?format=wav&start_ms=100", stage.stream_of("Re")));
        let (_, found) = decoded(later.body);
        assert!(found == whole[2 * (first + 4410)..2 * second], "a part from 100 ms on");

        let download = stage.stream_of("Re").replace("/stream", "/download");
        assert!(stage.hear(&download).body == whole_file.body, "a download is the whole file");
    }
}

#[test]
fn parts_of_other_files_are_made_into_opus() {
    let stage = Stage::with_music(|music| disc(music, Format::Mp3));
    let (_, whole) =
        decoded(stage.hear(&format!("{}?format=original", stage.stream_of("Ut"))).body);
    let all = whole.len() as u64 / 2;
    let [first, second] = CUTS.map(|cut| cut * 588);
    let at_48k = |frames: u64| (frames * 48_000 + 22_050) / 44_100;
    for (title, from, to) in [("Ut", 0, first), ("Re", first, second), ("Mi", second, all)] {
        let part: Response = stage.hear(&stage.stream_of(title));
        let decision = part.header("x-hexachord-decision").unwrap().to_owned();
        assert!(decision.starts_with("transcode; format=opus; bitrate="), "{decision}");
        let (facts, found) = decoded(part.body);
        assert_eq!(facts.codec, Codec::Opus);
        assert_eq!(found.len() as u64 / 2, at_48k(to) - at_48k(from), "{title}");
    }
}
