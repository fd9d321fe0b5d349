//! Streams whose length is known before they are made: ranges of what is not there yet.

use hexachord_fixtures::Format;

use super::stage::{Stage, decoded, piece};
use crate::{faults::slow::large_file, support::head};

/// Sources whose samples go into WAV as they are, one whose are dithered, and one whose decoder remembers:
/// with how many coded frames.
const SOURCES: [(&str, Format, usize); 4] = [
    ("Ut", Format::Flac, 150),
    ("Re", Format::Aiff, 150),
    ("Mi", Format::Mp3, 150),
    ("Fa", Format::Opus, 600),
];

#[test]
fn ranges_of_what_is_not_made_yet_are_those_of_the_whole() {
    for cache_mb in [0, 64] {
        let write = |music: &std::path::Path| {
            for (title, format, frames) in SOURCES {
                piece(music, title, format, frames);
            }
        };
        for (title, ..) in SOURCES {
            let stage = Stage::set(write, |setup| setup.config.streaming.cache_mb = cache_mb);
            for parameters in [
                "format=wav",
                "format=wav&start_ms=33&max_rate=32000&channels=1",
                "format=mp3&bitrate=320",
            ] {
                let path = format!("{}?{parameters}", stage.stream_of(title));
                let seen = stage.server.send(head(&path).bearer(&stage.member.token)).expect(200);
                let len: usize = seen.header("content-length").unwrap().parse().unwrap();
                assert_eq!(seen.header("accept-ranges"), Some("bytes"));
                let ranges = [
                    (0, 10),
                    (3, 44),
                    (43, 45),
                    (44, 48),
                    (45, 1000),
                    (1001, 15_007),
                    (len - 100, len),
                    (len - 1, len),
                    (len / 2, len),
                ];
                let parts = ranges.map(|(from, to)| {
                    let asked =
                        stage.ask(&path).header("range", &format!("bytes={from}-{}", to - 1));
                    let part = stage.server.send(asked).expect(206);
                    let place = format!("bytes {from}-{}/{len}", to - 1);
                    assert_eq!(part.header("content-range"), Some(place.as_str()));
                    assert_eq!(part.header("etag"), seen.header("etag"));
                    part.body
                });
                let whole = stage.hear(&path);
                assert_eq!(whole.body.len(), len);
                for ((from, to), part) in ranges.into_iter().zip(parts) {
                    assert!(part == whole.body[from..to], "{title}: bytes {from} to {to}");
                }
                assert!(decoded(whole.body).0.frames.is_some());
                stage
                    .server
                    .send(stage.ask(&path).header("range", &format!("bytes={len}-")))
                    .expect(416);
                let several = stage.ask(&path).header("range", "bytes=0-1,5-6");
                assert!([200, 206].contains(&stage.server.send(several).status));
            }
        }
    }
}

#[test]
fn a_range_near_the_end_is_not_made_from_the_begin() {
    let stage = Stage::with_music(|music| drop(large_file(&music.join("long.wav"), 3)));
    // Samples as they are, others that are resampled and dithered, and an encoder that remembers.
    let paths = ["format=wav", "format=wav&max_rate=32000", "format=mp3&bitrate=128"]
        .map(|parameters| format!("{}?{parameters}", stage.stream_of("long")));
    for (begun, path) in (1..).zip(&paths) {
        let seen = stage.server.send(head(path).bearer(&stage.member.token)).expect(200);
        let len: usize = seen.header("content-length").unwrap().parse().unwrap();
        let range = format!("bytes={}-", len - 44);
        let tail = stage.server.send(stage.ask(path).header("range", &range));
        assert_eq!(tail.expect(206).body.len(), 44);
        // Made on the way, it would have been kept.
        stage.nothing_runs();
        assert!(stage.kept().is_empty());
        assert_eq!(stage.count("transcodes_begun"), begun);
    }
    let mut listener = stage.listen(&paths[0]);
    listener.hear(1000);
    stage.nothing_runs();
    assert_eq!(stage.kept().len(), 1);
}
