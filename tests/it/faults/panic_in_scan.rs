//! Panics while a scan runs: of the scan itself, and of the catalog around it.

use std::{fs, io::Write, path::Path, process::Command};

use hexachord_contracts::Failpoints;
use serde_json::{Value, json};

use super::wire::until;
use crate::support::{Server, Setup, get, music, post, text};

const TRACKS: u32 = 5;

fn scan(server: &Server) {
    server.control(post("/api/v1/admin/scan")).expect(202);
}

/// The catalog, as administrators see it.
fn catalog(server: &Server) -> Value {
    let services = server.control(get("/api/v1/admin/services")).expect(200).json();
    let items = services["items"].as_array().expect("a list has items");
    items.iter().find(|service| service["name"] == "catalog").expect("it is there").clone()
}

#[test]
fn a_scan_that_panics_fails_alone() {
    let failpoints = Failpoints::default();
    let mut setup = Setup::new();
    music::album(&setup.music(), "Guido", "Ut", TRACKS);
    setup.options.failpoints = failpoints.clone();
    let server = setup.start();
    failpoints.arm("catalog.scan", 1);
    scan(&server);
    let state = server.scanned();
    assert_eq!((&state["phase"], &state["added"]), (&json!("failed"), &json!(0)), "{state}");
    assert_eq!(text(&state["failure"]), "the scan broke off unexpectedly");
    let facts = catalog(&server);
    assert_eq!((&facts["state"], &facts["restarts"]), (&json!("running"), &json!(0)), "{facts}");
    scan(&server);
    let state = server.scanned();
    assert_eq!((&state["phase"], &state["added"]), (&json!("finished"), &json!(TRACKS)));
}

/// Makes workers wait until somebody opens the gate; returns the gate.
fn gate(setup: &mut Setup, folder: &Path) -> std::path::PathBuf {
    let gate = folder.join("gate");
    let made = Command::new("mkfifo").arg(&gate).status().expect("a pipe can be made");
    assert!(made.success(), "a pipe can be made");
    setup.worker_after(&format!("read line < '{}'", gate.display()));
    gate
}

#[test]
fn a_catalog_that_panics_in_a_scan_goes_on_with_it() {
    let failpoints = Failpoints::default();
    let mut setup = Setup::new();
    music::album(&setup.music(), "Guido", "Ut", TRACKS);
    setup.options.failpoints = failpoints.clone();
    setup.config.library.scan_threads = 1;
    let folder = tempfile::tempdir().unwrap();
    let gate = gate(&mut setup, folder.path());
    let server = setup.start();
    let member = server.member("listener", "listener");
    scan(&server);
    until("files are being read", || {
        let state = server.control(get("/api/v1/admin/scan")).expect(200).json();
        (state["phase"] == "reading").then_some(())
    });

    failpoints.arm("catalog.GetTrack", 1);
    let track = get("/api/v1/tracks/tr-0123456789abc").bearer(&member.token);
    server.send(track.clone()).expect(503);
    let facts = until("the catalog is back", || {
        // What needs no catalog goes on all the while.
        server.send(get("/healthz")).expect(200);
        server.send(get("/api/v1/me").bearer(&member.token)).expect(200);
        Some(catalog(&server)).filter(|facts| facts["restarts"] != 0 && facts["state"] == "running")
    });
    assert_eq!(facts["restarts"], 1, "{facts}");
    server.send(track).expect(404);
    let state = server.control(get("/api/v1/admin/scan")).expect(200).json();
    assert!(state["finished_at"].is_null() && state["added"] == 0, "the wish is known: {state}");

    // One line for each worker that waits or comes; this end stays open, so no other end blocks.
    let mut opened = fs::File::options().read(true).write(true).open(&gate).unwrap();
    opened.write_all(&[b'\n'; 100]).unwrap();
    let state = server.scanned();
    assert_eq!(state["phase"], "finished", "{state}");
    let tracks = server.pages(&member, "/api/v1/tracks", 50);
    assert_eq!(tracks.len(), TRACKS as usize, "{state}");
    assert_eq!(catalog(&server)["restarts"], 1);
}
