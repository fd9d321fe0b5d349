//! A client that does as little as possible: HTTP/1.1 over kept connections, bodies thrown away.

use std::{
    io::{Read, Write},
    net::SocketAddr,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    runtime::Runtime,
};

use crate::{child::Child, ratio::Took};

/// The same request again and again, over some connections at a time.
pub(crate) struct Load {
    runtime: Runtime,
    connections: Vec<Connection>,
    request: Vec<u8>,
}

struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Load {
    pub(crate) fn new(address: SocketAddr, connections: usize, request: Vec<u8>) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("an event queue can be made");
        let connect = (0..connections).map(|_| async {
            let stream = TcpStream::connect(address).await.expect("the server listens");
            stream.set_nodelay(true).expect("it is TCP");
            Connection { stream, buffer: vec![0; 256 * 1024] }
        });
        let connections = runtime.block_on(join_all(connect));
        Self { runtime, connections, request }
    }

    /// Every connection makes `each` requests, one after the other. Units are requests.
    pub(crate) fn run(&mut self, server: &Child, each: u64) -> Took {
        let units = each * self.connections.len() as u64;
        let (began, used) = (Instant::now(), server.cpu());
        let request = &self.request;
        let all = self.connections.iter_mut().map(|connection| async move {
            for _ in 0..each {
                connection.ask(request).await.expect("the server answers");
            }
        });
        self.runtime.block_on(join_all(all));
        Took { units, wall: began.elapsed(), cpu: Some(server.cpu().saturating_sub(used)) }
    }
}

impl Connection {
    async fn ask(&mut self, request: &[u8]) -> std::io::Result<()> {
        self.stream.write_all(request).await?;
        let mut filled = 0;
        let (head, length) = loop {
            let count = self.stream.read(&mut self.buffer[filled..]).await?;
            assert!(count > 0, "the server closed the connection");
            filled += count;
            if let Some(parsed) = parse_head(&self.buffer[..filled]) {
                break parsed;
            }
        };
        let mut left = (head + length).saturating_sub(filled);
        while left > 0 {
            let count = self.stream.read(&mut self.buffer).await?;
            assert!(count > 0, "the server closed the connection");
            left -= count;
        }
        Ok(())
    }
}

/// The request's bytes.
pub(crate) fn request(method: &str, path: &str, token: Option<&str>, body: &str) -> Vec<u8> {
    let token = token.map(|token| format!("authorization: Bearer {token}\r\n"));
    let token = token.unwrap_or_default();
    let body = match body.len() {
        0 => "\r\n".to_owned(),
        length => {
            format!("content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}")
        }
    };
    format!("{method} {path} HTTP/1.1\r\nhost: bench\r\n{token}{body}").into_bytes()
}

/// One request over a connection of its own: the answer's body.
pub(crate) fn fetch(address: SocketAddr, request: &[u8]) -> Vec<u8> {
    let mut stream = std::net::TcpStream::connect(address).expect("the server listens");
    stream.set_read_timeout(Some(Duration::from_mins(1))).expect("it is not zero");
    stream.write_all(request).expect("the server reads");
    let mut answer = Vec::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = stream.read(&mut buffer).expect("the server answers");
        assert!(count > 0, "the server closed the connection");
        answer.extend_from_slice(&buffer[..count]);
        if let Some((head, length)) = parse_head(&answer)
            && answer.len() >= head + length
        {
            return answer.split_off(head);
        }
    }
}

/// The bytes of the head and those of the body, once the head is there.
pub(crate) fn parse_head(answer: &[u8]) -> Option<(usize, usize)> {
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&answer[..end]).expect("heads are text");
    assert!(head.starts_with("HTTP/1.1 2"), "the server refuses: {head}");
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    Some((end, length.expect("every answer here tells its length")))
}
