//! Requests that may fail on the way, and bytes that are no requests at all.

use std::{
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::support::{PATIENCE, Request, Response};

/// Between two looks at something that is awaited.
const LOOK_AGAIN: Duration = Duration::from_millis(2);

/// A whole answer, or `None` when the server went away before its last byte.
pub(crate) fn attempt(address: SocketAddr, request: &Request) -> Option<(u16, Value)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    stream.write_all(&request.bytes("attempt")).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let end_of_head = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let body = &answer[end_of_head + 4..];
    let head = Response::read_head(&mut &answer[..]);
    let length: usize = head.header("content-length").map_or(Ok(0), str::parse).ok()?;
    let whole = body.get(..length)?;
    Some((head.status, serde_json::from_slice(whole).unwrap_or_default()))
}

/// Sends bytes as they are while reading what comes; the answer until the connection ends, which it
/// must. Whether the server takes all of them is its own affair.
#[track_caller]
pub(crate) fn throw(address: SocketAddr, bytes: &[u8]) -> Vec<u8> {
    let stream = TcpStream::connect(address).expect("the server listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout can be set");
    stream.set_write_timeout(Some(PATIENCE)).expect("a timeout can be set");
    let (mut sending, mut receiving) = (&stream, &stream);
    let mut answer = Vec::new();
    thread::scope(|scope| {
        scope.spawn(move || drop(sending.write_all(bytes)));
        let mut chunk = [0; 4096];
        let ended = loop {
            match receiving.read(&mut chunk) {
                Ok(count @ 1..) => answer.extend_from_slice(&chunk[..count]),
                Ok(_) => break Ok(()),
                Err(error) => break Err(error.kind()),
            }
        };
        // Whoever still sends to a server that has closed is told so.
        drop(stream.shutdown(std::net::Shutdown::Both));
        // A connection that is reset has ended, too; one that times out has not.
        let hangs = matches!(ended, Err(ErrorKind::WouldBlock | ErrorKind::TimedOut));
        assert!(!hangs, "the server keeps the connection");
    });
    answer
}

/// The status of an answer over HTTP/1.1, if there is one.
pub(crate) fn status_of(answer: &[u8]) -> Option<u16> {
    let line = answer.strip_prefix(b"HTTP/1.1 ")?.get(..3)?;
    std::str::from_utf8(line).ok()?.parse().ok()
}

/// Waits until `look` finds something.
#[track_caller]
pub(crate) fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "not within {PATIENCE:?}: {what}");
        thread::sleep(LOOK_AGAIN);
    }
}
