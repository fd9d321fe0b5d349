//! HTTP Live Streaming: playlists that are right, and segments that stand one behind the other.

use hexachord_fixtures::Format;

use super::stage::{Stage, piece};
use crate::support::get;

/// Of a FLAC piece: more than a segment.
const FRAMES: usize = 1600;

fn lines<'t>(playlist: &'t str, begin: &str) -> Vec<&'t str> {
    playlist.lines().filter_map(|line| line.strip_prefix(begin)).collect()
}

/// What a master playlist offers: few players can change codecs, so there is one in it.
#[track_caller]
fn variants(master: &str) -> Vec<&str> {
    let variants: Vec<&str> = master.lines().filter(|line| line.ends_with("index.m3u8")).collect();
    let told = lines(master, "#EXT-X-STREAM-INF:");
    assert_eq!(told.len(), variants.len());
    let codec = |line: &&str| line.split_once("CODECS=").map(|(_, codec)| codec.to_owned());
    assert!(told.iter().all(|line| codec(line) == codec(&told[0])), "{master}");
    variants
}

fn playlist(stage: &Stage, path: &str) -> String {
    let response = stage.hear(path);
    assert_eq!(response.header("content-type"), Some("application/vnd.apple.mpegurl"));
    String::from_utf8(response.body).expect("playlists are text")
}

/// The boxes of a kind, wherever they are, in order.
fn boxes(bytes: &[u8], kind: [u8; 4]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let mut rest = bytes;
    while rest.len() >= 8 {
        let size = u32::from_be_bytes(rest[..4].try_into().expect("four bytes")) as usize;
        let (this, behind) = rest.split_at(size);
        if this[4..8] == kind {
            found.push(this[8..].to_vec());
        } else if [*b"moof", *b"traf"].iter().any(|parent| this[4..8] == *parent) {
            found.extend(boxes(&this[8..], kind));
        }
        rest = behind;
    }
    found
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// Where a segment begins on the timeline, and how many frames its samples have.
fn span(segment: &[u8]) -> (u64, u64) {
    let begin = number(&boxes(segment, *b"tfdt")[0][4..12]);
    let frames =
        |run: &Vec<u8>| run[12..].chunks(8).map(|sample| number(&sample[..4])).sum::<u64>();
    (begin, boxes(segment, *b"trun").iter().map(frames).sum())
}

#[test]
fn segments_of_every_variant_stand_one_behind_the_other() {
    let stage = Stage::with_music(|music| {
        piece(music, "Ut", Format::Flac, FRAMES);
    });
    let stream = stage.stream_of("Ut");
    let master_path = stream.replace("/stream", "/hls/master.m3u8");
    let opus = playlist(&stage, &master_path);
    let flac = playlist(&stage, &format!("{master_path}?codec=flac"));
    let variants = [variants(&opus), variants(&flac)].concat();
    assert_eq!(variants.len(), 5);
    let frames = stage.hear(&format!("{stream}?format=flac"));
    let frames = super::stage::sound(&frames, "frames");
    for variant in variants {
        let folder = master_path.replace("master.m3u8", variant).replace("index.m3u8", "");
        let media = playlist(&stage, &format!("{folder}index.m3u8"));
        assert_eq!(lines(&media, "#EXT-X-TARGETDURATION:"), ["6"]);
        assert!(media.ends_with("#EXT-X-ENDLIST\n"));
        let init = lines(&media, "#EXT-X-MAP:URI=")[0].trim_matches('"');
        let init = stage.hear(&format!("{folder}{init}"));
        assert_eq!(init.header("content-type"), Some("audio/mp4"));
        assert_eq!((&init.body[4..8], boxes(&init.body, *b"moof").len()), (&b"ftyp"[..], 0));
        let is_flac = variant.starts_with("flac");
        let rate = if is_flac { 44_100 } else { 48_000 };
        let mut at = 0;
        for segment in media.lines().filter(|line| !line.starts_with('#')) {
            let segment = stage.hear(&format!("{folder}{segment}")).body;
            assert!(boxes(&segment, *b"ftyp").is_empty(), "it is told once");
            let (begin, frames) = span(&segment);
            assert_eq!(begin, at, "{variant}");
            at += frames;
        }
        let of_segments = lines(&media, "#EXTINF:").len() as u64;
        assert_eq!(of_segments, frames.div_ceil(6 * 44_100));
        let all = frames * rate / 44_100;
        if is_flac {
            assert_eq!(at, all);
        } else {
            // The encoder's delay, and the end of the last packet.
            assert!((all + 312..all + 312 + 960).contains(&at), "{at} frames, not {all}");
        }
    }
}

#[test]
fn what_there_is_not_is_not_found() {
    let stage = Stage::with_music(|music| {
        piece(music, "Ut", Format::Mp3, 100);
    });
    let folder = stage.stream_of("Ut").replace("/stream", "/hls/");
    for path in [
        "opus-128/1.m4s",
        "opus-128/18446744073709551616.m4s",
        "opus-128/-1.m4s",
        "opus-128/0.mp4",
        "opus-129/index.m3u8",
        "master.m3u8?codec=flac",
        "flac/index.m3u8",
        "flac/init.mp4",
        "flac/0.m4s",
    ] {
        stage.server.send(stage.ask(&format!("{folder}{path}"))).expect(404);
    }
    let wrong = stage.server.send(stage.ask(&format!("{folder}master.m3u8?codec=aac"))).expect(400);
    assert_eq!(wrong.json()["field"], "codec");
    stage.server.send(get(&format!("{folder}master.m3u8"))).expect(401);
    let nobody = folder.replace("/tr-", "/tr-0");
    stage.server.send(stage.ask(&format!("{nobody}master.m3u8"))).expect(400);
}

#[test]
fn a_segment_is_kept_and_has_ranges() {
    let stage = Stage::with_music(|music| {
        piece(music, "Ut", Format::Flac, FRAMES);
    });
    let path = stage.stream_of("Ut").replace("/stream", "/hls/opus-64/1.m4s");
    let first = stage.hear(&path);
    stage.nothing_runs();
    assert_eq!(stage.kept().len(), 1);
    let ask = stage.ask(&path).header("range", "bytes=4-7");
    let part = stage.server.send(ask).expect(206);
    assert_eq!(part.body, b"moof");
    let etag = first.header("etag").expect("it has one").to_owned();
    stage.server.send(stage.ask(&path).header("if-none-match", &etag)).expect(304);
}
