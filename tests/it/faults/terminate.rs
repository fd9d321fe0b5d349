//! Signals: the first one lets streams finish, the second one does not wait, and the grace ends.

use std::{fs, net::TcpStream, path::Path};

use rustix::process::Signal;
use serde_json::json;

use super::{
    slow::{Listener, large_file},
    wire::until,
};
use crate::support::{Console, Running, column, get};

/// A running server with a listener in the middle of a large file.
struct Stage {
    server: Running,
    listener: Listener,
    file: Vec<u8>,
}

impl Stage {
    fn set(folder: &Path, grace_seconds: &str) -> Self {
        let music = crate::support::program::subfolder(folder, "music");
        let file = large_file(&music.join("long.wav"), 3);
        let console =
            Console::new(folder).variable("HEXACHORD_SERVER__GRACE_SECONDS", grace_seconds);
        let server = console.argument("--music").argument(&music).serve(&folder.join("data"));
        assert_eq!(server.scanned()["phase"], "finished");
        let member = server.member("listener", "listener");
        let tracks = server.pages(&member, "/api/v1/tracks", 50);
        let mut listener = Listener::play(&server, &member, column(&tracks, "id")[0]);
        listener.hear(100_000);
        Self { server, listener, file }
    }

    /// Sends SIGTERM and waits until nobody new is let in, and whoever watches is told why.
    fn terminate(&self) {
        self.server.signal(Signal::TERM);
        let ready = until("the server drains", || {
            let ready = self.server.send(get("/readyz"));
            (ready.status == 503).then_some(ready)
        });
        assert_eq!(ready.json(), json!({ "ready": false, "degraded": [], "draining": true }));
        self.server.send(get("/healthz")).expect(200);
        let refused = self.server.send(get("/api/v1/server")).expect(503).json();
        assert_eq!(refused["type"], "urn:hexachord:problem:draining", "{refused}");
    }
}

#[test]
fn a_running_stream_arrives_whole() {
    let folder = tempfile::tempdir().unwrap();
    let mut stage = Stage::set(folder.path(), "30");
    stage.terminate();
    stage.listener.hear(1_000_000);
    let heard = stage.listener.rest().expect("the stream arrives to its last byte");
    assert!(heard == stage.file, "the stream differs from the file");
    let (code, said) = stage.server.ended();
    assert_eq!(code, Some(0), "{said}");
    assert!(!fs::exists(folder.path().join("data/control.sock")).unwrap());
}

#[test]
fn a_second_signal_ends_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::set(folder.path(), "600");
    stage.terminate();
    stage.server.signal(Signal::TERM);
    let (code, said) = stage.server.ended();
    assert_eq!(code, Some(130), "{said}");
    assert!(stage.listener.rest().is_err(), "the stream cannot be whole");
}

#[test]
fn the_grace_has_an_end() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::set(folder.path(), "1");
    stage.terminate();
    let (code, said) = stage.server.ended();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("cut off"), "{said}");
    assert!(stage.listener.rest().is_err(), "the stream cannot be whole");
}

#[test]
fn who_says_nothing_does_not_hold_the_end_up() {
    let folder = tempfile::tempdir().unwrap();
    crate::support::program::subfolder(folder.path(), "music");
    let console = Console::new(folder.path()).variable("HEXACHORD_SERVER__GRACE_SECONDS", "600");
    let server = console.words("--music music").serve(&folder.path().join("data"));
    let silent: Vec<_> = (0..3).map(|_| TcpStream::connect(server.address).unwrap()).collect();
    server.send(get("/healthz")).expect(200);
    server.signal(Signal::TERM);
    let (code, said) = server.ended();
    assert_eq!(code, Some(0), "{said}");
    assert!(!said.contains("cut off"), "{said}");
    drop(silent);
}
