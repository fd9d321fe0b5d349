//! Covers in several sizes, and the bytes of music: whole, in parts, and only if they changed.

use serde_json::json;

use super::{House, id_of};
use crate::support::{Api, Member, Request, get, head, text};

pub(super) fn shows_covers(api: &Api, anna: &Member) {
    let ask = |path: &str| api.send(get(path).bearer(&anna.token));
    let embedded = id_of(api, anna, "albums", "title", "Ut queant laxis");
    let embedded = format!("/api/v1/albums/{embedded}/cover");
    let mut etags = Vec::new();
    for (query, kind, side) in [
        ("", "image/png", 700),
        ("?size=64", "image/jpeg", 64),
        ("?size=300", "image/jpeg", 320),
        ("?size=4096", "image/jpeg", 700),
    ] {
        let path = format!("{embedded}{query}");
        let cover = ask(&path).expect(200);
        assert_eq!(cover.header("content-type"), Some(kind), "{path}");
        let picture = image::load_from_memory(&cover.body).expect("a cover is a picture");
        assert_eq!((picture.width(), picture.height()), (side, side), "{path}");
        let etag = cover.header("etag").expect("a cover has its tag").to_owned();
        assert!(cover.header("cache-control").is_some_and(|control| control.contains("private")));
        let known = get(&path).bearer(&anna.token).header("if-none-match", &etag);
        let unchanged = api.send(known).expect(304);
        assert_eq!(unchanged.header("etag"), Some(etag.as_str()));
        etags.push(etag);
    }
    etags.sort_unstable();
    etags.dedup();
    assert_eq!(etags.len(), 4, "pictures of different sizes have different tags");

    let folder = id_of(api, anna, "albums", "title", "Beta");
    let folder = ask(&format!("/api/v1/albums/{folder}/cover")).expect(200);
    assert_eq!(folder.header("content-type"), Some("image/jpeg"));
    let of_track = id_of(api, anna, "tracks", "title", "Beta 2");
    let of_track = ask(&format!("/api/v1/tracks/{of_track}/cover")).expect(200);
    let of_artist = id_of(api, anna, "artists", "name", "Chord");
    let of_artist = ask(&format!("/api/v1/artists/{of_artist}/cover")).expect(200);
    assert!(of_track.body == folder.body && of_artist.body == folder.body);
    let without = id_of(api, anna, "albums", "title", "Alpha");
    ask(&format!("/api/v1/albums/{without}/cover")).expect(404);
}

pub(super) fn streams(api: &Api, anna: &Member, house: &House) {
    for track in api.pages(anna, "/api/v1/tracks", 500) {
        let file = std::fs::read(&house.files[text(&track["title"])]).expect("it is there");
        let path = format!("/api/v1/tracks/{}/stream", text(&track["id"]));
        let whole = api.send(get(&path).bearer(&anna.token)).expect(200);
        assert!(whole.body == file, "{track}: the stream is the file");
        assert_eq!(track["content_type"], json!(whole.header("content-type")));
        assert_eq!(track["size"], json!(file.len()));
    }
    let track = id_of(api, anna, "tracks", "title", "Flac");
    let path = format!("/api/v1/tracks/{track}/stream");
    let file = std::fs::read(&house.files["Flac"]).expect("it is there");
    ranges(api, &|| get(&path).bearer(&anna.token), &file);
    conditions(api, &|| get(&path).bearer(&anna.token), &file);

    let described = api.send(head(&path).bearer(&anna.token)).expect(200);
    assert_eq!(described.header("content-length"), Some(file.len().to_string().as_str()));
    assert_eq!(described.header("accept-ranges"), Some("bytes"));
    assert_eq!(described.header("content-type"), Some("audio/flac"));
}

fn ranges(api: &Api, ask: &dyn Fn() -> Request, file: &[u8]) {
    let len = file.len();
    for (range, from, to) in [
        ("bytes=0-0", 0, 1),
        ("bytes=100-199", 100, 200),
        ("bytes=-50", len - 50, len),
        ("bytes=1000-", 1000, len),
        ("bytes=0-999999999999", 0, len),
    ] {
        let part = api.send(ask().header("range", range)).expect(206);
        assert!(part.body == file[from..to], "{range}");
        let place = format!("bytes {from}-{}/{len}", to - 1);
        assert_eq!(part.header("content-range"), Some(place.as_str()), "{range}");
    }
    let parts = api.send(ask().header("range", "bytes=0-9, 100-109")).expect(206);
    let kind = parts.header("content-type").unwrap_or_default().to_owned();
    let boundary = kind.strip_prefix("multipart/byteranges; boundary=").expect("several parts");
    let part = |from: usize| {
        let place = format!("Content-Range: bytes {from}-{}/{len}", from + 9);
        let mut part =
            format!("--{boundary}\r\nContent-Type: audio/flac\r\n{place}\r\n\r\n").into_bytes();
        part.extend_from_slice(&file[from..from + 10]);
        part.extend_from_slice(b"\r\n");
        part
    };
    let end = format!("--{boundary}--\r\n").into_bytes();
    assert!(parts.body == [part(0), part(100), end].concat(), "{:?}", parts.body);

    for range in [format!("bytes={len}-"), "bytes=-0".to_owned()] {
        let refused = api.send(ask().header("range", &range)).expect(416);
        let place = format!("bytes */{len}");
        assert_eq!(refused.header("content-range"), Some(place.as_str()), "{range}");
        assert_eq!(refused.header("content-type"), Some("application/problem+json"));
    }
    for nonsense in ["bytes=5-2", "lines=1-2", "bytes=x"] {
        let whole = api.send(ask().header("range", nonsense)).expect(200);
        assert!(whole.body == file, "{nonsense} is no range");
    }
}

fn conditions(api: &Api, ask: &dyn Fn() -> Request, file: &[u8]) {
    let whole = api.send(ask()).expect(200);
    let etag = whole.header("etag").expect("a stream has its tag").to_owned();
    assert!(etag.starts_with('"'), "{etag} is strong");
    let resumed = ask().header("range", "bytes=10-").header("if-range", &etag);
    assert!(api.send(resumed).expect(206).body == file[10..]);
    let changed = ask().header("range", "bytes=10-").header("if-range", "\"other\"");
    assert!(api.send(changed).expect(200).body == file, "another file is sent whole");
    api.send(ask().header("if-none-match", &etag)).expect(304);
    api.send(ask().header("if-match", "\"other\"")).expect(412);
    let modified = whole.header("last-modified").expect("a file has its date");
    api.send(ask().header("if-modified-since", modified)).expect(304);
}
