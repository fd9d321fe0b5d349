//! The events of a scan: they tell how it goes, and end with the credential, the listener or the server.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpStream,
};

use serde_json::{Value, json};

use crate::support::{Member, PATIENCE, Server, Setup, delete, get, music, post};

const EVENTS: &str = "/api/v1/admin/scan/events";

/// An open stream of events.
struct Events(BufReader<TcpStream>);

impl Events {
    fn open(server: &Server, member: &Member) -> Self {
        let stream = TcpStream::connect(server.address).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout can be set");
        let request = get(EVENTS).bearer(&member.token).bytes("events");
        (&stream).write_all(&request).expect("the request is taken");
        let mut lines = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            let read = lines.read_line(&mut head).expect("there is an answer");
            assert!(read > 0, "the head of an answer: {head}");
        }
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        let head = head.to_lowercase();
        assert!(head.contains("content-type: text/event-stream"), "{head}");
        assert!(head.contains("cache-control: no-store"), "{head}");
        Self(lines)
    }

    /// The next state that is told; `None` when the stream has ended.
    fn next(&mut self) -> Option<Value> {
        let mut name = String::new();
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line).expect("the stream goes on or ends") == 0 {
                return None;
            }
            if let Some(event) = line.strip_prefix("event: ") {
                event.trim().clone_into(&mut name);
            } else if let Some(data) = line.strip_prefix("data: ") {
                assert_eq!(name, "scan");
                return Some(serde_json::from_str(data).expect("data is JSON"));
            }
        }
    }

    /// Reads on until there is one like this.
    fn until(&mut self, is_it: impl Fn(&Value) -> bool) -> Value {
        loop {
            let state = self.next().expect("the stream goes on");
            if is_it(&state) {
                return state;
            }
        }
    }
}

#[test]
fn events_tell_a_scan_to_its_end() {
    let setup = Setup::new();
    music::album(&setup.music(), "Guido", "Micrologus", 5);
    let server = setup.start();
    let anna = server.member("anna", "administrator");
    let mut events = Events::open(&server, &anna);
    let first = events.next().expect("the state comes at once");
    assert_eq!(first["phase"], "idle");
    post("/api/v1/admin/scan").bearer(&anna.token).send(server.address);
    let last = events.until(|state| state["phase"] == "finished");
    assert_eq!([&last["found"], &last["added"]], [&json!(5), &json!(5)]);
    // Ended by the server, in good order.
    drop(server);
    assert_eq!(events.next(), None);
}

#[test]
fn events_end_with_the_session() {
    let server = Setup::new().start();
    let anna = server.member("anna", "administrator");
    let mut events = Events::open(&server, &anna);
    assert!(events.next().is_some());
    let answer = delete("/api/v1/session").bearer(&anna.token).send(server.address);
    assert!(answer.status < 300, "{}", answer.status);
    // The next news find nobody who may hear them.
    let bert = server.member("bert", "administrator");
    post("/api/v1/admin/scan").bearer(&bert.token).send(server.address);
    assert_eq!(events.next(), None);
}

#[test]
fn a_listener_hears_nothing() {
    let server = Setup::new().start();
    let listener = server.member("bert", "listener");
    assert_eq!(get(EVENTS).bearer(&listener.token).send(server.address).status, 403);
    assert_eq!(get(EVENTS).send(server.address).status, 401);
}
