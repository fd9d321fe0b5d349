//! Clients that never finish asking, and listeners that never read: others are served, and memory is
//! bounded.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
};

use super::slow::{Listener, connect, large_file, stream_of};
use crate::support::{Console, Running, column, get};

const SLOW_SENDERS: usize = 40;
const STALLED_READERS: usize = 40;
/// What all stalled readers together may cost. Two chunks each are 20 MiB; whole files would be 800.
const MOST_KIB: u64 = 80 * 1024;

#[test]
fn stalled_clients_cost_little_and_hold_up_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let music = crate::support::program::subfolder(folder.path(), "music");
    let file = large_file(&music.join("long.wav"), 7);
    let console = Console::new(folder.path()).argument("--music").argument(&music);
    let server = console.serve(&folder.path().join("data"));
    server.scanned();
    let member = server.member("listener", "listener");
    let tracks = server.pages(&member, "/api/v1/tracks", 50);
    let track = column(&tracks, "id")[0];
    let whole = || {
        let answer = server.send(get(&stream_of(track)).bearer(&member.token)).expect(200);
        assert!(answer.body == file, "the stream differs from the file");
    };
    whole();
    let before = resident_kib(&server);

    // Headers without an end, and half of what begins HTTP/2.
    let beginnings = [&b"GET / HTTP/1.1\r\nhost: slow\r\nx-more:"[..], b"PRI * HTTP/2.0\r\n"];
    let senders: Vec<TcpStream> = (0..SLOW_SENDERS)
        .map(|number| {
            let mut stream = connect(server.address);
            stream.write_all(beginnings[number % beginnings.len()]).unwrap();
            stream
        })
        .collect();
    let readers: Vec<Listener> =
        (0..STALLED_READERS).map(|_| Listener::play(&server, &member, track)).collect();

    // Were they held up by those who stall, they would have no answer at all.
    for _ in 0..20 {
        server.send(get("/readyz")).expect(200);
        server.read(&member, "/api/v1/tracks");
    }
    // While a whole file went through, the stalled connections took all that they could hold.
    whole();
    let after = resident_kib(&server);
    let grown = after.saturating_sub(before);
    assert!(grown < MOST_KIB, "{before} KiB grew by {grown} KiB");
    drop(readers);

    for mut stream in senders {
        let mut answer = Vec::new();
        // Closed, with or without words about it; a timeout would be an error of another kind.
        match stream.read_to_end(&mut answer) {
            Ok(_) => {}
            Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset),
        }
    }
    server.send(get("/readyz")).expect(200);
}

/// Memory of the process that is in RAM.
fn resident_kib(server: &Running) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.id()));
    let status = status.expect("the server runs");
    let kib = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.strip_suffix("kB"));
    kib.expect("Linux tells the memory of a process").trim().parse().expect("a number of KiB")
}
