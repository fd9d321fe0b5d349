//! More connections than there are places: the next one waits, and is served when another ends.

use std::{
    io::{BufReader, ErrorKind, Read, Write},
    net::{Shutdown, SocketAddr, TcpStream},
};

use super::slow::connect;
use crate::support::{Response, Setup, get};

const PLACES: u32 = 2;
/// Requests of those who have a place, while another one waits for it.
const ROUNDS: usize = 20;

/// A connection that stays open between requests.
struct Visitor(BufReader<TcpStream>);

impl Visitor {
    fn come(address: SocketAddr) -> Self {
        Self(BufReader::new(connect(address)))
    }

    fn ask(&mut self) {
        let request = b"GET /healthz HTTP/1.1\r\nhost: places\r\n\r\n";
        self.0.get_mut().write_all(request).expect("the kernel takes the request");
    }

    /// Waits for the answer.
    fn hear(&mut self) {
        assert_eq!(Response::read_head(&mut self.0).status, 200);
        let mut body = [0; 3];
        self.0.read_exact(&mut body).expect("the body is as long as promised");
        assert_eq!(&body, b"ok\n");
    }

    fn has_no_answer(&mut self) -> bool {
        let stream = self.0.get_mut();
        stream.set_nonblocking(true).expect("a socket can be told not to block");
        let read = stream.read(&mut [0]);
        stream.set_nonblocking(false).expect("a socket can be told to block");
        matches!(read, Err(error) if error.kind() == ErrorKind::WouldBlock)
    }
}

#[test]
fn who_finds_no_place_waits_for_one() {
    let mut setup = Setup::new();
    setup.config.server.max_connections = PLACES.try_into().expect("it is not zero");
    let server = setup.start();
    let mut seated: Vec<Visitor> = (0..PLACES).map(|_| Visitor::come(server.address)).collect();
    // Whoever was answered has a place.
    for visitor in &mut seated {
        visitor.ask();
        visitor.hear();
    }
    let mut waiting: Vec<Visitor> = (0..PLACES).map(|_| Visitor::come(server.address)).collect();
    waiting.iter_mut().for_each(Visitor::ask);
    for _ in 0..ROUNDS {
        for visitor in &mut seated {
            visitor.ask();
            visitor.hear();
        }
    }
    assert!(waiting.iter_mut().all(Visitor::has_no_answer), "more than {PLACES} are served");
    // The owner of the data folder has a way of its own.
    let metrics = server.control(get("/metrics")).expect(200).body;
    let metrics = String::from_utf8(metrics).expect("metrics are text");
    assert!(metrics.contains("hexachord_connections 3\n"), "{metrics}");

    for (leaving, mut next) in seated.into_iter().zip(waiting) {
        leaving.0.get_ref().shutdown(Shutdown::Both).expect("a connection can be closed");
        next.hear();
        next.ask();
        next.hear();
    }
}
