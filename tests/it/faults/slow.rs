//! Listeners that take their music slowly, and a file that is too large for any socket buffer.

use std::{
    io::{self, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
};

use hexachord_fixtures::{Format, Piece};
use socket2::{Domain, Socket, Type};

use crate::support::{Api, Member, PATIENCE, Request, Response, get};

/// More than the kernel buffers between the two ends of a connection.
pub(crate) const LARGE_MIB: usize = 20;
/// What the kernel may buffer at the listener's end.
const RECEIVE_BUFFER: usize = 64 * 1024;

/// An answer whose body is read a little at a time.
pub(crate) struct Listener {
    reader: BufReader<TcpStream>,
    pub(crate) head: Response,
    pub(crate) heard: Vec<u8>,
}

impl Listener {
    /// Sends the request and reads the head of the answer.
    pub(crate) fn open(address: SocketAddr, request: &Request) -> Self {
        let mut stream = connect(address);
        stream.write_all(&request.bytes("slow")).expect("the server takes the request");
        let mut reader = BufReader::new(stream);
        let head = Response::read_head(&mut reader);
        Self { reader, head, heard: Vec::new() }
    }

    /// Begins to play a track.
    #[track_caller]
    pub(crate) fn play(api: &Api, member: &Member, track: &str) -> Self {
        let request = get(&stream_of(track)).bearer(&member.token);
        let listener = Self::open(api.address, &request);
        assert_eq!(listener.head.status, 200);
        listener
    }

    /// Reads `count` bytes more.
    pub(crate) fn hear(&mut self, count: usize) {
        let from = self.heard.len();
        self.heard.resize(from + count, 0);
        self.reader.read_exact(&mut self.heard[from..]).expect("the stream goes on");
    }

    /// Reads until the connection ends: everything that was heard.
    pub(crate) fn rest(mut self) -> io::Result<Vec<u8>> {
        let length = self.head.header("content-length").and_then(|length| length.parse().ok());
        self.reader.read_to_end(&mut self.heard)?;
        match length {
            Some(length) if self.heard.len() < length => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(self.heard),
        }
    }
}

/// A connection that takes little at a time.
pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket can be made");
    socket.set_recv_buffer_size(RECEIVE_BUFFER).expect("a buffer can be small");
    socket.connect(&address.into()).expect("the server listens");
    socket.set_read_timeout(Some(PATIENCE)).expect("a timeout can be set");
    socket.into()
}

pub(crate) fn stream_of(track: &str) -> String {
    format!("/api/v1/tracks/{track}/stream")
}

/// Writes a WAV file of [`LARGE_MIB`] and returns its bytes.
pub(crate) fn large_file(path: &Path, seed: u64) -> Vec<u8> {
    // A frame of a WAV piece is 512 bytes.
    let frames = LARGE_MIB * 2048;
    let bytes = Piece { format: Format::Wav, seed, silent_opening: 0, frames }.bytes();
    std::fs::write(path, &bytes).expect("a file can be written");
    bytes
}
