//! A server that may ask the loopback, a station on it, and who hears what is passed on.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
};

use serde_json::json;

use crate::support::{
    Member, PATIENCE, Request, Response, Server, Setup, get, post,
    station::{Programme, Station},
    text,
    web::Web,
};

pub(super) struct Stage {
    pub(super) server: Server,
    pub(super) station: Station,
    pub(super) web: Web,
    pub(super) ida: Member,
}

/// Sends sound without an end, as old servers do.
pub(super) fn live() -> Programme {
    Programme {
        head: "HTTP/1.0 200 OK\r\ncontent-type: Audio/MPEG;rate=44100\r\nicy-name: Waves\r\n\
               server: a station\r\nset-cookie: a=b",
        begin: b"begin".to_vec(),
        again: b"0123456789abcdef".repeat(512),
    }
}

/// Sends a little, and then nothing more.
pub(super) fn quiet() -> Programme {
    Programme { again: Vec::new(), ..live() }
}

pub(super) fn on_loopback() -> Setup {
    let mut setup = Setup::new();
    setup.config.outgoing.allowed_networks = vec!["127.0.0.0/8".parse().expect("it is a network")];
    setup
}

impl Stage {
    pub(super) fn of(setup: Setup, programme: Programme) -> Self {
        let (server, station, web) = (setup.start(), Station::sending(programme), Web::start());
        let ida = server.member("ida", "listener");
        Self { server, station, web, ida }
    }

    /// Keeps a station at this address; how Ida asks for its sound.
    pub(super) fn keep(&self, url: &str) -> Request {
        let body = json!({ "name": "Waves", "stream_url": url });
        let added = self.server.control(post("/api/v1/radio-stations").json(&body)).expect(201);
        let added = added.json();
        get(&format!("/api/v1/radio-stations/{}/stream", text(&added["id"])))
            .bearer(&self.ida.token)
    }

    /// Listens to what was kept.
    #[track_caller]
    pub(super) fn hear(&self, request: &Request) -> Hearing {
        let mut stream = TcpStream::connect(self.server.address).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout can be set");
        stream.write_all(&request.bytes("radio")).expect("the server takes the request");
        let mut reader = BufReader::new(stream);
        let head = Response::read_head(&mut reader).expect(200);
        Hearing { reader, head, heard: Vec::new() }
    }
}

/// What comes in chunks.
pub(super) struct Hearing {
    reader: BufReader<TcpStream>,
    pub(super) head: Response,
    pub(super) heard: Vec<u8>,
}

impl Hearing {
    /// Reads on until so many bytes were heard.
    #[track_caller]
    pub(super) fn reach(&mut self, count: usize) {
        while self.heard.len() < count {
            assert!(self.chunk(), "it ended after {} bytes", self.heard.len());
        }
    }

    /// Reads on to a good end.
    #[track_caller]
    pub(super) fn end(mut self) {
        while self.chunk() {}
    }

    /// `false`: that was the end.
    #[track_caller]
    fn chunk(&mut self) -> bool {
        let mut size = String::new();
        self.reader.read_line(&mut size).expect("the station goes on");
        let size = usize::from_str_radix(size.trim(), 16).expect("a chunk has its size");
        let from = self.heard.len();
        self.heard.resize(from + size + 2, 0);
        self.reader.read_exact(&mut self.heard[from..]).expect("a chunk is as long as promised");
        self.heard.truncate(from + size);
        size > 0
    }
}
