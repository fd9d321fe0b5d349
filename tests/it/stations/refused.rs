//! What is no sound is not passed on, and who may not hear hears nothing.

use std::net::TcpListener;

use super::stage::{Stage, live, on_loopback};
use crate::support::{Setup, get, text};

/// The kind and the sentence of the problem that a station at this address has.
#[track_caller]
fn refused(stage: &Stage, url: &str) -> (String, String) {
    let problem = stage.server.send(stage.keep(url)).expect(502).json();
    let kind = text(&problem["type"]).rsplit(':').next().unwrap_or_default();
    (kind.to_owned(), text(&problem["detail"]).to_owned())
}

fn page(kind: &str, text: &str) -> Vec<u8> {
    let length = text.len();
    format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n{text}")
        .into_bytes()
}

#[test]
fn what_is_no_sound_is_named() {
    let stage = Stage::of(on_loopback(), live());
    let nested = format!("#EXTM3U\n{}\n", stage.web.url("/nested"));
    for (path, answer, said) in [
        ("/page", page("text/html; charset=utf-8", "<html>"), "sends `text/html; charset=utf-8`"),
        ("/odd", page("audio/mpeg, text/html", "<html>"), "sends `audio/mpeg, text/html`"),
        (
            "/none",
            b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx".to_vec(),
            "without a content type",
        ),
        ("/hls", page("application/vnd.apple.mpegurl", "#EXTM3U\n#EXT-X-VERSION:3\n"), "HLS"),
        ("/empty.pls", page("text/plain", "[playlist]\nFile1=live.mp3"), "names no address"),
        ("/nested", page("audio/x-mpegurl", &nested), "another playlist"),
    ] {
        stage.web.raw(path, answer);
        let (kind, detail) = refused(&stage, &stage.web.url(path));
        assert_eq!(kind, "no-sound", "{path}: {detail}");
        assert!(detail.contains(said), "{path}: {detail}");
    }
}

#[test]
fn a_station_that_is_away_is_told() {
    let stage = Stage::of(on_loopback(), live());
    let free = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let nobody = format!("http://{}/", free.local_addr().expect("it is bound"));
    drop(free);
    stage.web.raw("/large.pls", page("audio/x-scpls", &"x".repeat(64 * 1024 + 1)));
    stage.web.raw("/shout", b"ICY 200 OK\r\ncontent-type: audio/mpeg\r\n\r\n".to_vec());
    for (url, said) in [
        (nobody, "cannot be reached"),
        (stage.web.url("/gone"), "answers with status 404"),
        (stage.web.url("/large.pls"), "larger than 65536 bytes"),
        (stage.web.url("/shout"), "something else than HTTP"),
    ] {
        let (kind, detail) = refused(&stage, &url);
        assert_eq!(kind, "station-away", "{url}: {detail}");
        assert!(detail.contains(said), "{url}: {detail}");
    }
}

#[test]
fn nothing_inside_is_asked_without_a_word_in_the_configuration() {
    let stage = Stage::of(Setup::new(), live());
    let address = stage.station.url("/");
    for url in [address.as_str(), "http://169.254.169.254/live", "http://[::ffff:10.0.0.1]/"] {
        let (kind, detail) = refused(&stage, url);
        assert_eq!(kind, "station-away");
        assert!(detail.contains("outgoing.allowed_networks"), "{url}: {detail}");
    }
    assert!(stage.station.is_unasked());
}

#[test]
fn a_playlist_leads_nobody_inside() {
    let stage = Stage::of(on_loopback(), live());
    stage.web.raw("/list", page("audio/x-mpegurl", "http://10.0.0.1/live\n"));
    stage.web.raw(
        "/moved",
        b"HTTP/1.1 302 Found\r\nlocation: http://10.0.0.1/\r\ncontent-length: 0\r\n\r\n".to_vec(),
    );
    for path in ["/list", "/moved"] {
        let (_, detail) = refused(&stage, &stage.web.url(path));
        assert!(detail.contains("10.0.0.1 is an address inside"), "{path}: {detail}");
    }
}

#[test]
fn strangers_hear_nothing() {
    let stage = Stage::of(on_loopback(), live());
    let path = stage.keep(&stage.station.url("/")).path;
    stage.server.send(get(&path)).expect(401);
    stage.server.send(get(&path).bearer("wrong")).expect(401);
    let unknown = get("/api/v1/radio-stations/rs-0000000000001/stream");
    stage.server.send(unknown.bearer(&stage.ida.token)).expect(404);
    assert!(stage.station.is_unasked());
}
