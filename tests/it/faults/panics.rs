//! A service that panics fails alone, is back at once, and what plays plays on.

use std::time::{Duration, Instant};

use hexachord_contracts::Failpoints;

use super::slow::{Listener, large_file};
use crate::support::{Member, Response, Server, Setup, column, get, text};

/// A service is back after so long, the first four times a minute.
const BACK: Duration = Duration::from_secs(1);
const ROUNDS: usize = 4;
/// What nothing but a live process needs.
const ALWAYS: [&str; 3] = ["/healthz", "/", "/assets/page.js"];

/// One service and how to make it panic.
struct Victim {
    name: &'static str,
    failpoint: &'static str,
    /// The request that meets the failpoint.
    path: String,
}

struct Stage {
    server: Server,
    failpoints: Failpoints,
    member: Member,
    track: String,
    file: Vec<u8>,
}

impl Stage {
    fn set() -> Self {
        let failpoints = Failpoints::default();
        let mut setup = Setup::new();
        let file = large_file(&setup.music().join("long.wav"), 1);
        setup.config.library.scan_on_start = true;
        setup.options.failpoints = failpoints.clone();
        let server = setup.start();
        assert_eq!(server.scanned()["added"], 1);
        let member = server.member("listener", "listener");
        let tracks = server.pages(&member, "/api/v1/tracks", 50);
        let track = column(&tracks, "id")[0].to_owned();
        Self { server, failpoints, member, track, file }
    }

    fn ask(&self, path: &str) -> Response {
        self.server.send(get(path).bearer(&self.member.token))
    }

    fn victims(&self) -> [Victim; 2] {
        let me = "/api/v1/me".to_owned();
        let track = format!("/api/v1/tracks/{}", self.track);
        [
            Victim { name: "catalog", failpoint: "catalog.GetTrack", path: track },
            Victim { name: "authentication", failpoint: "authentication.GetMe", path: me },
        ]
    }

    /// Nothing that can do without the victim may fail.
    fn others_go_on(&self, victim: &Victim) {
        for path in ALWAYS {
            self.server.send(get(path)).expect(200);
        }
        if victim.name == "catalog" {
            self.ask("/api/v1/me").expect(200);
            self.ask("/api/v1/me/sessions").expect(200);
        } else {
            // Whose identity is known without authentication is served.
            self.server.control(get("/api/v1/tracks")).expect(200);
        }
    }
}

/// The answer of a service that is away: 503 that names it and says when to come again.
#[track_caller]
fn is_away(answer: &Response, victim: &Victim) {
    let body = answer.clone().expect(503).json();
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    assert_eq!(answer.header("retry-after"), Some("1"));
    assert!(text(&body["detail"]).contains(victim.name), "{body}");
}

#[test]
fn services_panic_in_turn_while_music_streams() {
    let stage = Stage::set();
    let mut listener = Listener::play(&stage.server, &stage.member, &stage.track);
    for round in 1..=ROUNDS {
        for victim in stage.victims() {
            listener.hear(100_000);
            let seen_unready = fail_once(&stage, &victim);
            // The fourth pause is 400 ms: it cannot be missed.
            assert!(seen_unready || round < ROUNDS, "/readyz never named {}", victim.name);
        }
    }
    let services = stage.server.control(get("/api/v1/admin/services")).expect(200).json();
    for service in services["items"].as_array().expect("a list has items") {
        assert_eq!(service["restarts"], ROUNDS, "{service}");
        assert_eq!(service["state"], "running", "{service}");
        assert!(text(&service["last_failure"]).contains("failpoint"), "{service}");
    }
    let heard = listener.rest().expect("the stream arrives to its last byte");
    assert!(heard == stage.file, "the stream differs from the file");
}

/// Makes the victim panic and follows it until it is back; was `/readyz` seen naming it?
fn fail_once(stage: &Stage, victim: &Victim) -> bool {
    let mut seen_unready = false;
    let began = Instant::now();
    stage.failpoints.arm(victim.failpoint, 1);
    is_away(&stage.ask(&victim.path), victim);
    loop {
        let ready = stage.server.send(get("/readyz"));
        if ready.status == 503 {
            assert_eq!(ready.json()["degraded"], serde_json::json!([victim.name]));
            seen_unready = true;
        } else {
            assert_eq!(ready.json()["degraded"], serde_json::json!([]));
        }
        stage.others_go_on(victim);
        let again = stage.ask(&victim.path);
        if again.status == 200 && ready.status == 200 {
            return seen_unready;
        }
        if again.status != 200 {
            is_away(&again, victim);
        }
        let away = began.elapsed();
        assert!(away < BACK, "{} is not back after {away:?}", victim.name);
    }
}

#[test]
fn a_new_stream_needs_both_services_and_gets_them_back() {
    let stage = Stage::set();
    for (failpoint, service) in
        [("catalog.Locate", "catalog"), ("authentication.Identify", "authentication")]
    {
        // A credential that the edge has not seen yet is asked for.
        let member = stage.server.sign_in("listener", crate::support::PASSWORD);
        let path = super::slow::stream_of(&stage.track);
        stage.failpoints.arm(failpoint, 1);
        let victim = Victim { name: service, failpoint, path };
        is_away(&stage.server.send(get(&victim.path).bearer(&member.token)), &victim);
        super::wire::until_within("the stream is back", BACK, || {
            let answer = stage.server.send(get(&victim.path).bearer(&member.token));
            (answer.status == 200).then(|| assert!(answer.body == stage.file))
        });
    }
}
