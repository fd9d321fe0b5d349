//! The events of a scan: they tell how it goes, and end with the credential, the listener or the server.

use serde_json::json;

use crate::support::{Events, Setup, delete, get, music, post};

const EVENTS: &str = "/api/v1/admin/scan/events";

#[test]
fn events_tell_a_scan_to_its_end() {
    let setup = Setup::new();
    music::album(&setup.music(), "Guido", "Micrologus", 5);
    let server = setup.start();
    let anna = server.member("anna", "administrator");
    let mut events = Events::open(&server, &anna, EVENTS);
    let (name, first) = events.next().expect("the state comes at once");
    assert_eq!(name, "scan");
    assert_eq!(first["phase"], "idle");
    post("/api/v1/admin/scan").bearer(&anna.token).send(server.address);
    let last = events.until("scan", |state| state["phase"] == "finished");
    assert_eq!([&last["found"], &last["added"]], [&json!(5), &json!(5)]);
    // Ended by the server, in good order.
    drop(server);
    assert_eq!(events.next(), None);
}

#[test]
fn events_end_with_the_session() {
    let server = Setup::new().start();
    let anna = server.member("anna", "administrator");
    let mut events = Events::open(&server, &anna, EVENTS);
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
