//! Heard while it sends, left when nobody listens.

use std::time::Duration;

use hexachord::{http::stations::MOST, options::Silence};

use super::stage::{Stage, live, on_loopback, quiet};
use crate::{
    faults::wire::until,
    support::{delete, head, text},
};

#[test]
fn a_station_is_heard_while_it_sends() {
    let stage = Stage::of(on_loopback(), live());
    let request = stage.keep(&stage.station.url("/live?x=1"));
    let mut hearing = stage.hear(&request);
    hearing.reach(300_000);
    let sent = [&b"begin"[..], &b"0123456789abcdef".repeat(40_000)].concat();
    assert!(sent.starts_with(&hearing.heard), "it is passed on as it is");
    let head = &hearing.head;
    assert_eq!(head.header("content-type"), Some("audio/mpeg"));
    assert_eq!(head.header("cache-control"), Some("no-store"));
    assert_eq!(head.header("accept-ranges"), Some("none"));
    assert_eq!(head.header("content-length"), None);
    for of_the_station in ["icy-name", "server", "set-cookie"] {
        assert_eq!(head.header(of_the_station), None, "{of_the_station} is the station's own");
    }
    let asked = stage.station.asked();
    assert!(asked.starts_with("get /live?x=1 http/1.1\r\n"), "{asked}");
    for of_the_listener in ["icy-metadata", "authorization", "cookie", "range"] {
        assert!(!asked.contains(of_the_listener), "{asked}");
    }
    drop(hearing);
    stage.station.is_left();
    assert!(stage.station.is_unasked(), "it is asked once");
}

#[test]
fn who_leaves_closes_the_connection_to_a_silent_station() {
    let stage = Stage::of(on_loopback(), quiet());
    let mut hearing = stage.hear(&stage.keep(&stage.station.url("/")));
    hearing.reach(5);
    assert_eq!(hearing.heard, b"begin");
    drop(hearing);
    stage.station.is_left();
}

#[test]
fn a_playlist_leads_on() {
    let stage = Stage::of(on_loopback(), live());
    let address = stage.station.url("/live");
    let page = |path: &str, kind: &str, text: &str| {
        let head = format!("HTTP/1.1 200 OK\r\n{kind}content-length: {}\r\n\r\n", text.len());
        stage.web.raw(path, [head, text.to_owned()].concat().into_bytes());
    };
    page("/a", "content-type: audio/x-scpls\r\n", &format!("[playlist]\nFile1={address}\n"));
    page("/b", "content-type: audio/x-mpegurl\r\n", &format!("#EXTM3U\r\n\r\n{address}\r\n"));
    page("/c.pls", "content-type: text/plain\r\n", &format!("[playlist]\nFile1={address}\n"));
    page("/d.M3U", "", &format!("rtsp://no.example/\n{address}\n"));
    let moved = format!(
        "HTTP/1.1 302 Found\r\nlocation: {}\r\ncontent-length: 0\r\n\r\n",
        stage.web.url("/c.pls")
    );
    stage.web.raw("/moved", moved.into_bytes());
    for path in ["/a", "/b", "/c.pls", "/d.M3U", "/moved"] {
        let mut hearing = stage.hear(&stage.keep(&stage.web.url(path)));
        hearing.reach(1_000);
        assert_eq!(hearing.head.header("content-type"), Some("audio/mpeg"), "{path}");
        assert!(stage.station.asked().starts_with("get /live "), "{path}");
    }
}

#[test]
fn so_many_listen_and_no_more() {
    let stage = Stage::of(on_loopback(), quiet());
    let request = stage.keep(&stage.station.url("/"));
    let mut all: Vec<_> = (0..MOST).map(|_| stage.hear(&request)).collect();
    let refused = stage.server.send(request.clone()).expect(503);
    assert_eq!(refused.header("retry-after"), Some("30"));
    let problem = refused.json();
    assert_eq!(problem["type"], "urn:hexachord:problem:too-many-stations");
    assert!(text(&problem["detail"]).contains("16 stations"), "{problem}");
    drop(all.pop());
    stage.station.is_left();
    // The place is free as soon as the connection is closed, which the station may see first.
    until("a place is free", || {
        let answer = stage.server.send(head(&request.path).bearer(&stage.ida.token));
        (answer.status == 200).then_some(())
    });
    drop(stage.hear(&request));
}

#[test]
fn who_signs_out_hears_nothing_more() {
    let mut setup = on_loopback();
    setup.options.silence = Silence(Duration::from_millis(100));
    let stage = Stage::of(setup, quiet());
    let mut hearing = stage.hear(&stage.keep(&stage.station.url("/")));
    hearing.reach(5);
    stage.server.send(delete("/api/v1/session").bearer(&stage.ida.token)).expect(204);
    hearing.end();
    stage.station.is_left();
}
