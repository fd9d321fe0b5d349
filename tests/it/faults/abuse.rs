//! Requests that no honest client sends: each is refused, nothing hangs or panics,
//! and the next request is served.

use rustix::process::Signal;

use super::wire::{status_of, throw};
use crate::support::{Console, Running, get};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

/// HTTP/2 frame types and flags (RFC 9113 section 6).
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const GOAWAY: u8 = 7;
const CONTINUATION: u8 = 9;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

#[test]
fn the_server_outlives_abuse() {
    let folder = tempfile::tempdir().unwrap();
    let music = crate::support::program::subfolder(folder.path(), "music");
    let console = Console::new(folder.path()).argument("--music").argument(&music);
    let server = console.serve(&folder.path().join("data"));

    let filler = format!("x-filler: {}\r\n", "y".repeat(1000));
    is_refused(&server, "a megabyte of headers", &ask("GET /", &filler.repeat(1000), b""), &[431]);
    let one = format!("x-one: {}\r\n", "y".repeat(1_000_000));
    is_refused(&server, "a header of a megabyte", &ask("GET /", &one, b""), &[431]);
    let many = "x: y\r\n".repeat(10_000);
    is_refused(&server, "ten thousand headers", &ask("GET /", &many, b""), &[431]);
    let parameters = format!("GET /api/v1/server?{}", "a=1&".repeat(100_000));
    is_refused(&server, "100,000 parameters", &ask(&parameters, "", b""), &[400, 414, 431]);
    let parameters = format!("GET /api/v1/server?{}", "a&".repeat(30_000));
    let tolerated = throw(server.address, &ask(&parameters, "", b""));
    assert_eq!(status_of(&tolerated), Some(200), "parameters that nobody reads");

    let json = "content-type: application/json\r\n";
    let large = format!(r#"{{"username": "{}"}}"#, "u".repeat(100_000));
    let length = format!("{json}content-length: {}\r\n", large.len());
    let sign_in = "POST /api/v1/session";
    is_refused(&server, "a large body", &ask(sign_in, &length, large.as_bytes()), &[413]);
    let endless = format!("{json}content-length: 1000000000000\r\n");
    is_refused(&server, "a body of a terabyte", &ask(sign_in, &endless, large.as_bytes()), &[413]);
    let chunks = format!("{json}transfer-encoding: chunked\r\n");
    let body = format!("{:x}\r\n{large}\r\n", large.len()).repeat(3);
    is_refused(&server, "chunks without end", &ask(sign_in, &chunks, body.as_bytes()), &[413]);
    let deep = "[".repeat(50_000);
    let length = format!("{json}content-length: {}\r\n", deep.len());
    is_refused(&server, "deep nesting", &ask(sign_in, &length, deep.as_bytes()), &[400]);
    let bomb = format!("{json}content-encoding: gzip\r\ncontent-length: 20\r\n");
    is_refused(&server, "a compressed body", &ask(sign_in, &bomb, &[0x1F; 20]), &[400, 415]);
    let both = format!("{json}content-length: 5\r\ntransfer-encoding: chunked\r\n");
    is_refused(&server, "two lengths", &ask(sign_in, &both, b"0\r\n\r\n"), &[400]);

    for garbage in garbage() {
        let words = format!("garbage {:?}…", &garbage[..garbage.len().min(12)]);
        let answer = thrown(&server, &garbage);
        assert!(matches!(status_of(&answer), None | Some(400)), "{words}: {answer:?}");
    }

    let frames = [PREFACE, &vec![0xFF; 100_000]].concat();
    is_sent_away(&server, "HTTP/2 with garbage for frames", &frames);
    let mut frames = [PREFACE, &frame(HEADERS, END_STREAM, 1, &request_fields())].concat();
    for _ in 0..70 {
        frames.extend_from_slice(&frame(CONTINUATION, 0, 1, &a_long_field()));
    }
    is_sent_away(&server, "HTTP/2 with a megabyte of headers", &frames);
    let mut frames = PREFACE.to_vec();
    for stream in (1..40_000).step_by(2) {
        frames.extend(frame(HEADERS, END_STREAM | END_HEADERS, stream, &request_fields()));
        frames.extend(frame(RST_STREAM, 0, stream, &8_u32.to_be_bytes()));
    }
    is_sent_away(&server, "HTTP/2 rapid reset", &frames);

    server.signal(Signal::TERM);
    let (code, said) = server.ended();
    assert_eq!(code, Some(0), "{said}");
    assert!(!said.contains("panicked"), "{said}");
}

/// A request with these header lines.
fn ask(request: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("{request} HTTP/1.1\r\nhost: abuse\r\nconnection: close\r\n{headers}\r\n");
    [head.as_bytes(), body].concat()
}

fn garbage() -> Vec<Vec<u8>> {
    let noise = |seed: u64| {
        let next = |state: &mut u64| {
            *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            Some((*state >> 56) as u8)
        };
        let bytes = std::iter::repeat_n((), 5000).scan(seed, move |state, ()| next(state));
        [bytes.collect(), b"\r\n\r\n".to_vec()].concat()
    };
    let texts: [&[u8]; 6] = [
        b"\r\n\r\n\r\nnonsense\r\n\r\n",
        b"GET / HTTP/9.9\r\nhost: h\r\n\r\n",
        b"GET  HTTP/1.1\r\n\r\n",
        b"G\0T / HTTP/1.1\r\nhost: h\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: h\r\nbad header\r\n\r\n",
        // The beginning of a TLS handshake, sent to a plain port.
        b"\x16\x03\x01\x02\0\x01\0\x01\xFC\x03\x03\r\n\r\n",
    ];
    (1..=5).map(noise).chain(texts.map(<[u8]>::to_vec)).collect()
}

#[track_caller]
fn is_refused(server: &Running, what: &str, bytes: &[u8], allowed: &[u16]) {
    let answer = thrown(server, bytes);
    let status = status_of(&answer);
    let said = String::from_utf8_lossy(&answer);
    assert!(status.is_some_and(|status| allowed.contains(&status)), "{what}: `{said}`");
}

/// The connection ends with a GOAWAY frame, or is just closed.
#[track_caller]
fn is_sent_away(server: &Running, what: &str, bytes: &[u8]) {
    let mut answer = &thrown(server, bytes)[..];
    let mut last = None;
    while let Some((header, rest)) = answer.split_at_checked(9) {
        let length = u32::from_be_bytes([0, header[0], header[1], header[2]]) as usize;
        last = Some(header[3]);
        answer = rest.get(length..).unwrap_or_default();
    }
    assert!(matches!(last, None | Some(GOAWAY)), "{what}: the last frame has type {last:?}");
}

/// What comes back until the connection ends; then others are served.
#[track_caller]
fn thrown(server: &Running, bytes: &[u8]) -> Vec<u8> {
    let answer = throw(server.address, bytes);
    server.send(get("/readyz")).expect(200);
    answer
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("a frame is short").to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend_from_slice(payload);
    frame
}

/// `GET /healthz` over http, with literal fields where the static table has none.
fn request_fields() -> Vec<u8> {
    [b"\x82\x86\x04\x08/healthz\x01\x05abuse".as_slice()].concat()
}

/// A field of 15,000 bytes that no table keeps, with its length in seven-bit groups.
fn a_long_field() -> Vec<u8> {
    let mut field = b"\0\x06x-long\x7F".to_vec();
    let rest = 15_000_u32 - 127;
    field.extend([0x80 | (rest & 0x7F).to_le_bytes()[0], (rest >> 7).to_le_bytes()[0]]);
    field.resize(field.len() + 15_000, b'y');
    field
}
