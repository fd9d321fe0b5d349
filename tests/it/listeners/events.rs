//! What happens in the house is told as it happens, to those who may know it.

use std::time::Duration;

use hexachord::options::Silence;
use hexachord_contracts::Failpoints;
use serde_json::{Value, json};

use super::House;
use crate::{
    faults::wire::until,
    support::{Events, Member, PASSWORD, Server, Setup, delete, get, music, post},
};

const EVENTS: &str = "/api/v1/events";
/// After so many failures a service rests for 3.2 seconds: long enough to be told, also on a busy machine.
const FAILURES: usize = 7;

fn open(server: &Server, member: &Member) -> Events {
    Events::open(server, member, EVENTS)
}

/// The names and the data of the events that a stream begins with.
fn beginning(events: &mut Events, count: usize) -> Vec<(String, Value)> {
    (0..count).map(|_| events.next().expect("the present state is told")).collect()
}

fn names(told: &[(String, Value)]) -> Vec<&str> {
    told.iter().map(|(name, _)| name.as_str()).collect()
}

#[test]
fn a_stream_begins_with_how_everything_is() {
    let house = House::build();
    let mut events = open(&house.server, &house.ben);
    let told = beginning(&mut events, 4);
    assert_eq!(names(&told), ["hello", "services", "queue", "now_playing"]);
    let list = house.server.read(&house.ben, "/api/v1/albums");
    let hello = json!({ "version": env!("CARGO_PKG_VERSION"), "library": list["revision"] });
    assert_eq!(told[0].1, hello);
    assert_eq!(told[1].1, json!({ "away": [] }));
    assert_eq!([&told[2].1["track_count"], &told[2].1["changed_at"]], [&json!(0), &Value::Null]);
    assert_eq!(told[3].1, json!({ "items": [], "next_cursor": null }));
    let mut events = open(&house.server, &house.anna);
    let told = beginning(&mut events, 5);
    assert_eq!(names(&told), ["hello", "services", "queue", "now_playing", "scan"]);
    // Whoever asks for all may be half a second behind the catalog.
    if told[4].1["phase"] != "finished" {
        events.until("scan", |state| state["phase"] == "finished");
    }
}

#[test]
fn what_changes_is_told_to_those_who_may_know_it() {
    let house = House::build();
    let (mut anna, mut ben) = (open(&house.server, &house.anna), open(&house.server, &house.ben));
    let first = beginning(&mut ben, 4).remove(0).1["library"].clone();
    beginning(&mut anna, 5);

    // One's queue is told to oneself alone.
    let queue =
        json!({ "track_ids": [house.ids[0], house.ids[1]], "current": 1, "position_ms": 9 });
    let saved = house.send(&house.anna, "PUT", "/api/v1/me/queue", &queue).expect(200).json();
    let told = anna.until("queue", |_| true);
    let wanted = json!({
        "track_count": 2, "current": 1, "position_ms": 9, "changed_at": saved["changed_at"],
        "changed_by": "a suite",
    });
    assert_eq!(told, wanted);

    // What is played is told to everybody, as it is answered.
    let body = json!({ "track_id": house.ids[0], "state": "playing", "position_ms": 0 });
    house.send(&house.anna, "POST", "/api/v1/now-playing", &body).expect(200);
    let (name, told) = ben.next().expect("the stream goes on");
    assert_eq!((name.as_str(), &told["items"][0]["username"]), ("now_playing", &json!("anna")));
    assert_eq!(told["items"][0]["track"]["id"], house.ids[0]);
    anna.until("now_playing", |told| told["items"][0]["state"] == "playing");

    // New music: for administrators also how it is found.
    music::album(&house.server.path().join("music"), "Hexa", "Beta", 1);
    house.server.send(post("/api/v1/admin/scan").bearer(&house.anna.token)).expect(202);
    let scanned = anna.until("scan", |state| state["added"] == 1 && state["phase"] == "finished");
    assert_eq!(scanned["found"], 5);
    let told = ben.until("library", |_| true);
    assert_ne!(told["revision"], first);
    let now = house.server.read(&house.ben, "/api/v1/albums");
    assert_eq!((&now["total"], now["items"].as_array().map(Vec::len)), (&json!(2), Some(2)));
    if told["revision"] != now["revision"] {
        ben.until("library", |told| told["revision"] == now["revision"]);
    }
}

#[test]
fn a_service_that_is_away_is_named_until_it_is_back() {
    let failpoints = Failpoints::default();
    let mut setup = Setup::new();
    setup.options.failpoints = failpoints.clone();
    let server = setup.start();
    let ben = server.member("ben", "listener");
    let mut events = open(&server, &ben);
    beginning(&mut events, 4);
    // The pause before a restart doubles, so that at last the page has to be told.
    let mut failures = 0;
    let away = loop {
        failpoints.arm("search.Find", 1);
        server.send(get("/api/v1/search?q=ut").bearer(&ben.token)).expect(503);
        failures += 1;
        until("search is back or it is told that it is not", || {
            let ready = server.send(get("/readyz")).json();
            (failures >= FAILURES || ready["degraded"] == json!([])).then_some(())
        });
        if failures == FAILURES {
            break events.until("services", |told| told["away"] == json!(["search"]));
        }
    };
    assert_eq!(away, json!({ "away": ["search"] }));
    events.until("services", |told| told["away"] == json!([]));
}

#[test]
fn a_stream_ends_with_its_session_and_with_the_server() {
    let house = House::build();
    let mut events = open(&house.server, &house.ben);
    let mut others = open(&house.server, &house.anna);
    beginning(&mut events, 4);
    beginning(&mut others, 5);
    house.server.send(delete("/api/v1/session").bearer(&house.ben.token)).expect(204);
    // The next news find nobody who may hear them.
    let body = json!({ "track_id": house.ids[0], "state": "playing", "position_ms": 0 });
    house.send(&house.anna, "POST", "/api/v1/now-playing", &body).expect(200);
    assert_eq!(events.next(), None);
    others.until("now_playing", |told| told["items"][0]["username"] == "anna");
    drop(house);
    assert_eq!(others.next(), None);
}

#[test]
fn in_a_quiet_house_a_stream_ends_with_its_session_too() {
    let mut setup = Setup::new();
    setup.options.silence = Silence(Duration::from_millis(100));
    let server = setup.start();
    let ben = server.member("ben", "listener");
    let mut streams: Vec<_> = (0..8).map(|_| open(&server, &ben)).collect();
    for events in &mut streams {
        beginning(events, 4);
    }
    server.send(delete("/api/v1/session").bearer(&ben.token)).expect(204);
    // Nothing happens, and they end all the same.
    for events in &mut streams {
        assert_eq!(events.next(), None);
    }
    let again = server.sign_in("ben", PASSWORD);
    let mut streams: Vec<_> = (0..8).map(|_| open(&server, &again)).collect();
    for events in &mut streams {
        beginning(events, 4);
    }
}

#[test]
fn an_account_has_so_many_streams_and_nobody_has_none() {
    let house = House::build();
    let ask = |member: &Member| get(EVENTS).bearer(&member.token);
    let mut streams: Vec<_> = (0..8).map(|_| open(&house.server, &house.ben)).collect();
    let refused = house.server.send(ask(&house.ben)).expect(429).json();
    let detail = refused["detail"].as_str().unwrap_or_default();
    assert!(detail.contains("8 streams"), "{refused}");
    beginning(&mut open(&house.server, &house.anna), 5);
    streams.pop();
    until("the place of the one that was closed is free", || {
        // What is refused is answered at once; what is not goes on.
        let mut stream = std::net::TcpStream::connect(house.server.address).ok()?;
        let request = ask(&house.ben).bytes("events");
        std::io::Write::write_all(&mut stream, &request).ok()?;
        let mut head = [0; 12];
        std::io::Read::read_exact(&mut stream, &mut head).ok()?;
        (head == *b"HTTP/1.1 200").then_some(())
    });
    house.server.send(get(EVENTS)).expect(401);
    house.server.control(get(EVENTS)).expect(403);
}
