//! Plays, favourites and ratings that cannot be.

use std::{sync::Barrier, thread};

use hexachord_contracts::{Clock, Timestamp};
use serde_json::{Value, json};

use super::problem;
use crate::support::{Member, Request, Server, Setup, get, music, post, text};

/// 2027-01-15T08:00:00Z.
const NOW: i64 = 1_800_000_000_000;
const AT_ONCE: usize = 1_000;
const THREADS: usize = 20;

struct Stage {
    server: Server,
    ida: Member,
    track: String,
}

impl Stage {
    fn set() -> Self {
        let mut setup = Setup::new();
        music::album(&setup.music(), "Hexa", "Alpha", 1);
        setup.config.library.scan_on_start = true;
        setup.options.clock = Clock::manual(Timestamp::from_millis(NOW));
        let server = setup.start();
        server.scanned();
        let ida = server.member("ida", "listener");
        let track = text(&server.pages(&ida, "/api/v1/tracks", 5)[0]["id"]).to_owned();
        Self { server, ida, track }
    }

    fn play(&self, change: impl FnOnce(&mut Value)) -> Request {
        let mut body = json!({
            "track_id": self.track, "started_at": "2027-01-15T07:50:00Z", "listened_ms": 1000,
        });
        change(&mut body);
        post("/api/v1/plays").bearer(&self.ida.token).json(&body)
    }
}

#[test]
fn a_play_that_cannot_be_is_refused() {
    let stage = Stage::set();
    let send = |change: &dyn Fn(&mut Value)| stage.server.send(stage.play(change));
    for (field, value) in [
        ("started_at", json!("2027-01-15T08:06:00Z")),
        ("started_at", json!("9999-12-30T00:00:00Z")),
        ("started_at", json!("yesterday")),
        ("started_at", json!(5)),
        ("listened_ms", json!(-1)),
        ("listened_ms", json!(1.5)),
        ("listened_ms", json!(86_400_001)),
        ("listened_ms", json!(u64::MAX)),
        ("track_id", json!("al-0000000000001")),
        ("track_id", json!("")),
        ("source", json!("x".repeat(201))),
        ("id", json!("")),
        ("id", json!("x".repeat(65))),
    ] {
        let answer = send(&|body| body[field] = value.clone());
        problem(answer, 400, "invalid", Some(field));
    }
    let unknown = send(&|body| body["track_id"] = json!("tr-0000000000001"));
    problem(unknown, 404, "not-found", None);
    // A little ahead is a clock that is a little wrong; long ago is an app that was offline.
    for started_at in ["2027-01-15T08:04:00Z", "1970-01-01T00:00:00Z", "0000-01-01T00:00:00Z"] {
        send(&|body| body["started_at"] = json!(started_at)).expect(201);
    }
    let other = send(&|body| body["id"] = json!("mine"));
    assert_eq!(other.expect(201).json()["play"]["source"], Value::Null);
}

#[test]
fn a_thousand_reports_at_once_are_one_play_or_a_thousand() {
    let stage = Stage::set();
    for same in [true, false] {
        let start = Barrier::new(THREADS);
        let new: usize = thread::scope(|scope| {
            let reports = |thread: usize| {
                let (stage, start) = (&stage, &start);
                move || {
                    start.wait();
                    let report = |number: usize| {
                        let id =
                            if same { "same".to_owned() } else { format!("{thread} {number}") };
                        let request = stage.play(|body| body["id"] = json!(id));
                        stage.server.send(request).status
                    };
                    let answers = (0..AT_ONCE / THREADS).map(report);
                    answers.filter(|status| *status == 201).count()
                }
            };
            let threads: Vec<_> = (0..THREADS).map(|thread| scope.spawn(reports(thread))).collect();
            threads.into_iter().map(|thread| thread.join().expect("it ends")).sum()
        });
        assert_eq!(new, if same { 1 } else { AT_ONCE });
    }
    assert_eq!(stage.server.pages(&stage.ida, "/api/v1/me/plays", 500).len(), AT_ONCE + 1);
}

#[test]
fn ratings_and_favourites_are_of_something() {
    let stage = Stage::set();
    let put = |path: &str, body: &Value| {
        let request = Request::new("PUT", path).bearer(&stage.ida.token);
        stage.server.send(request.json(body))
    };
    let rating = format!("/api/v1/me/ratings/{}", stage.track);
    for wrong in [json!(6), json!(-1), json!(2.5), json!("5"), json!(256), Value::Null] {
        problem(put(&rating, &json!({ "rating": wrong })), 400, "invalid", Some("rating"));
    }
    problem(put(&rating, &json!({})), 400, "invalid", Some("rating"));
    for of_nothing in ["tr-0000000000001", "al-0000000000001", "ar-0000000000001"] {
        let favourite = format!("/api/v1/me/favourites/{of_nothing}");
        problem(put(&favourite, &json!({})), 404, "not-found", None);
        let rating = format!("/api/v1/me/ratings/{of_nothing}");
        problem(put(&rating, &json!({ "rating": 3 })), 404, "not-found", None);
    }
    for no_item in ["pl-0000000000001", "tr-1", "everything"] {
        let favourite = format!("/api/v1/me/favourites/{no_item}");
        problem(put(&favourite, &json!({})), 400, "invalid", Some("id"));
    }
    let ask = |path: &str| stage.server.send(get(path).bearer(&stage.ida.token));
    problem(ask("/api/v1/me/favourites?kind=genre"), 400, "invalid", Some("kind"));
    problem(ask("/api/v1/me/annotations?ids=tr-1"), 400, "invalid", Some("ids"));
    problem(ask("/api/v1/me/annotations"), 400, "invalid", Some("ids"));
    for path in ["/api/v1/me/plays", "/api/v1/me/top/tracks", "/api/v1/me/favourites"] {
        problem(ask(&format!("{path}?limit=0")), 400, "invalid", Some("limit"));
        problem(ask(&format!("{path}?limit=501")), 400, "invalid", Some("limit"));
        problem(ask(&format!("{path}?cursor=AAAA")), 400, "invalid", Some("cursor"));
    }
    let of_some_time = "/api/v1/me/top/albums?from=2026-01-01T00:00:00Z";
    problem(ask(&format!("{of_some_time}&limit=0")), 400, "invalid", Some("limit"));
    problem(ask(&format!("{of_some_time}&cursor=AAAA")), 400, "invalid", Some("cursor"));
    for path in [
        "recommendations?",
        "rediscover?",
        "rediscover?kind=track&",
        "radio?from=tr-0000000000001&",
    ] {
        problem(ask(&format!("/api/v1/{path}limit=0")), 400, "invalid", Some("limit"));
    }
    problem(ask("/api/v1/rediscover?kind=artist"), 400, "invalid", Some("kind"));
    problem(ask("/api/v1/radio"), 400, "invalid", Some("from"));
    problem(ask("/api/v1/radio?from=rs-0000000000001"), 400, "invalid", Some("from"));
    problem(ask("/api/v1/radio?from=tr-1"), 400, "invalid", Some("from"));
    for of_nothing in ["tr", "al", "ar", "ge", "pl"] {
        let path = format!("/api/v1/radio?from={of_nothing}-0000000000001");
        problem(ask(&path), 404, "not-found", None);
        problem(ask(&format!("{path}&exclude=al-0000000000001")), 400, "invalid", Some("exclude"));
    }
    let many = |count: usize| vec!["tr-0000000000001"; count].join(",");
    let radio = |from: &str, count: usize| {
        ask(&format!("/api/v1/radio?from={from}-0000000000001&exclude={}", many(count)))
    };
    problem(radio("tr", 2_000), 404, "not-found", None);
    problem(radio("tr", 2_001), 400, "invalid", Some("exclude"));
    problem(ask("/api/v1/mixes/mx-0000000000001"), 404, "not-found", None);
    let of_station = |id: &str| ask(&format!("/api/v1/radio-stations/{id}/stream"));
    problem(of_station("rs-0000000000001"), 404, "not-found", None);
    problem(of_station("tr-0000000000001"), 400, "invalid", Some("id"));
    for path in [
        "tracks/tr-0000000000001/similar",
        "albums/al-0000000000001/similar",
        "albums/al-0000000000001/similar-albums",
        "artists/ar-0000000000001/similar",
        "artists/ar-0000000000001/similar-artists",
        "artists/ar-0000000000001/top",
    ] {
        problem(ask(&format!("/api/v1/{path}")), 404, "not-found", None);
        problem(ask(&format!("/api/v1/{path}?limit=501")), 400, "invalid", Some("limit"));
    }
}
