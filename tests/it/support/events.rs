//! Server-sent events, as a browser reads them.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    time::Instant,
};

use serde_json::Value;

use super::{Api, Member, PATIENCE, get};

/// An open stream of events.
pub(crate) struct Events(BufReader<TcpStream>);

impl Events {
    #[track_caller]
    pub(crate) fn open(server: &Api, member: &Member, path: &str) -> Self {
        let stream = TcpStream::connect(server.address).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout can be set");
        let request = get(path).bearer(&member.token).bytes("events");
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

    /// The name and the data of the next event; `None` when the stream has ended.
    pub(crate) fn next(&mut self) -> Option<(String, Value)> {
        let mut name = String::new();
        let began = Instant::now();
        loop {
            // What keeps the connection open comes all the time.
            assert!(began.elapsed() < PATIENCE, "nothing was told for {PATIENCE:?}");
            let mut line = String::new();
            if self.0.read_line(&mut line).expect("the stream goes on or ends") == 0 {
                return None;
            }
            if let Some(event) = line.strip_prefix("event: ") {
                event.trim().clone_into(&mut name);
            } else if let Some(data) = line.strip_prefix("data: ") {
                return Some((name, serde_json::from_str(data).expect("data is JSON")));
            }
        }
    }

    /// Reads on until there is one of this name like this.
    #[track_caller]
    pub(crate) fn until(&mut self, name: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        loop {
            let (told, data) = self.next().expect("the stream goes on");
            if told == name && is_it(&data) {
                return data;
            }
        }
    }
}
