//! A small HTTP/1.1 client: one request a connection. Every answer is held against what all answers
//! promise before a test sees it.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    os::unix::net::UnixStream,
    path::Path,
};

use serde_json::Value;

use super::{PATIENCE, document};

#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

#[derive(Debug, Clone)]
pub(crate) struct Response {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

pub(crate) fn get(path: &str) -> Request {
    Request::new("GET", path)
}

pub(crate) fn head(path: &str) -> Request {
    Request::new("HEAD", path)
}

pub(crate) fn post(path: &str) -> Request {
    Request::new("POST", path)
}

pub(crate) fn delete(path: &str) -> Request {
    Request::new("DELETE", path)
}

impl Request {
    pub(crate) fn new(method: &'static str, path: &str) -> Self {
        Self { method, path: path.to_owned(), headers: Vec::new(), body: Vec::new() }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json").body(body.to_string())
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    pub(crate) fn send(self, address: SocketAddr) -> Response {
        let stream = TcpStream::connect_timeout(&address, PATIENCE).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout can be set");
        self.converse(stream, &address.to_string())
    }

    pub(crate) fn send_to_socket(self, socket: &Path) -> Response {
        let stream = UnixStream::connect(socket).expect("the server has its control socket");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout can be set");
        self.converse(stream, "control")
    }

    /// What goes over the wire.
    pub(crate) fn bytes(&self, host: &str) -> Vec<u8> {
        let Self { method, path, headers, body } = self;
        let mut bytes = format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\n").into_bytes();
        for (name, value) in headers {
            bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        }
        let length = body.len();
        if length > 0 || *method == "POST" {
            bytes.extend_from_slice(format!("content-length: {length}\r\n").as_bytes());
        }
        bytes.extend_from_slice(b"connection: close\r\n\r\n");
        bytes.extend_from_slice(body);
        bytes
    }

    /// Over a connection that is there.
    pub(crate) fn converse(self, mut stream: impl Read + Write, host: &str) -> Response {
        stream.write_all(&self.bytes(host)).expect("the server takes the request");
        let mut reader = BufReader::new(stream);
        let mut response = Response::read_head(&mut reader);
        response.read_body(&mut reader, self.method == "HEAD");
        response.check_promises(&self);
        response
    }
}

impl Response {
    /// Status and headers; the body stays in the reader.
    pub(crate) fn read_head(reader: &mut impl BufRead) -> Self {
        let status = line(reader);
        let code = status.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3));
        let code = code.unwrap_or_else(|| panic!("not a status line: {status:?}"));
        let mut headers = Vec::new();
        loop {
            let header = line(reader);
            let Some((name, value)) = header.split_once(':') else { break };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        Self { status: code.parse().expect("a status is a number"), headers, body: Vec::new() }
    }

    fn read_body(&mut self, reader: &mut impl BufRead, is_head: bool) {
        if is_head || [204, 304].contains(&self.status) {
            let trailing = reader.read_to_end(&mut self.body).expect("the connection ends well");
            assert_eq!(trailing, 0, "a body where none may be");
        } else if self.header("transfer-encoding") == Some("chunked") {
            self.read_chunks(reader);
        } else {
            let length = self.header("content-length").expect("a body has a length");
            let length: usize = length.parse().expect("a length is a number");
            self.body.resize(length, 0);
            reader.read_exact(&mut self.body).expect("the body is as long as promised");
        }
    }

    fn read_chunks(&mut self, reader: &mut impl BufRead) {
        loop {
            let size = line(reader);
            let size = usize::from_str_radix(&size, 16).expect("a chunk has its size");
            let start = self.body.len();
            self.body.resize(start + size, 0);
            reader.read_exact(&mut self.body[start..]).expect("a chunk is as long as promised");
            assert_eq!(line(reader), "", "a chunk ends with its line");
            if size == 0 {
                return;
            }
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    /// Itself, when it has this status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        let said = String::from_utf8_lossy(&self.body[..self.body.len().min(2000)]);
        assert_eq!(self.status, status, "{said}");
        self
    }

    /// What stands on every answer, and what the OpenAPI document says of this one.
    fn check_promises(&self, request: &Request) {
        let place = || format!("{} {}", request.method, request.path);
        let policy = self.header("content-security-policy").unwrap_or_default();
        assert!(policy.contains("default-src 'none'"), "{}: policy `{policy}`", place());
        assert_eq!(self.header("x-content-type-options"), Some("nosniff"), "{}", place());
        assert_eq!(self.header("referrer-policy"), Some("no-referrer"), "{}", place());
        assert_eq!(self.header("x-frame-options"), Some("DENY"), "{}", place());
        document::check(request, self);
    }
}

fn line(reader: &mut impl BufRead) -> String {
    let mut line = String::new();
    reader.read_line(&mut line).expect("the server answers in time");
    assert!(line.ends_with("\r\n"), "the connection ended in the middle of `{line}`");
    line.truncate(line.len() - 2);
    line
}
