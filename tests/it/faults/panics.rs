//! A service that panics fails alone, is back at once, and what plays plays on.

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use hexachord_contracts::{Clock, Failpoints, Timestamp};
use serde_json::{Value, json};

use super::{
    slow::{Listener, large_file, stream_of},
    wire::until,
};
use crate::support::{Member, Response, Server, Setup, column, get, head, text};

/// A service is back after so long, the first four times a minute.
const BACK: Duration = Duration::from_secs(1);
const ROUNDS: u32 = 4;
/// Threads that ask all the time.
const CALLERS: usize = 3;
/// Servers that may be slower than that before it is their fault, and not the machine's.
const TRIES: usize = 5;
/// The pause after so many failures is 12.8 s: nobody overlooks it.
const MOST_FAILURES: u32 = 9;
/// What nothing but a live process needs.
const ALWAYS: [&str; 3] = ["/healthz", "/", "/icon.svg"];

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

    fn victims(&self) -> [Victim; 6] {
        let track = format!("/api/v1/tracks/{}", self.track);
        [
            ("catalog", "catalog.GetTrack", track.as_str()),
            ("authentication", "authentication.ListSessions", "/api/v1/me/sessions"),
            ("search", "search.Find", "/api/v1/search?q=long"),
            ("recommendation", "recommendation.Recommend", "/api/v1/recommendations"),
            ("profile", "profile.ListPlays", "/api/v1/me/plays"),
            ("payment", "payment.ListPlans", "/api/v1/plans"),
        ]
        .map(|(name, failpoint, path)| Victim { name, failpoint, path: path.to_owned() })
    }

    /// Costs the victim an incarnation and this request.
    #[track_caller]
    fn fail(&self, victim: &Victim) {
        self.failpoints.arm(victim.failpoint, 1);
        is_away(&self.ask(&victim.path), victim);
    }

    /// What administrators are told about the victim.
    fn facts(&self, victim: &Victim) -> Value {
        let services = self.server.control(get("/api/v1/admin/services")).expect(200).json();
        let services = services["items"].as_array().expect("a list has items");
        let facts = services.iter().find(|facts| facts["name"] == victim.name);
        facts.unwrap_or_else(|| panic!("{} is not listed", victim.name)).clone()
    }

    /// Since when the victim runs again, if it does after so many failures.
    fn back_since(&self, victim: &Victim, failures: u32) -> Option<Timestamp> {
        let facts = self.facts(victim);
        let is_back = facts["restarts"] == failures && facts["state"] == "running";
        is_back.then(|| serde_json::from_value(facts["since"].clone()).expect("a point in time"))
    }

    #[track_caller]
    fn until_back(&self, victim: &Victim, failures: u32) -> Timestamp {
        until("the service is back", || self.back_since(victim, failures))
    }

    /// What `/readyz` says: is everything there, or the victim away?
    fn is_ready(&self, victim: &Victim) -> bool {
        let ready = self.server.send(get("/readyz"));
        let degraded = ready.json()["degraded"].clone();
        let is_there = degraded == json!([]);
        assert!(is_there || degraded == json!([victim.name]), "{degraded}");
        let is_needed = ["authentication", "catalog"].contains(&victim.name);
        assert_eq!(ready.status, if is_there || !is_needed { 200 } else { 503 });
        is_there
    }

    /// Nothing that can do without the victim may fail.
    fn others_go_on(&self, victim: &Victim) {
        for path in ALWAYS {
            self.server.send(get(path)).expect(200);
        }
        // Whose identity is known without authentication is served.
        if victim.name == "authentication" {
            self.server.control(get("/api/v1/tracks")).expect(200);
            return;
        }
        self.ask("/api/v1/me").expect(200);
        self.ask("/api/v1/me/sessions").expect(200);
        if victim.name != "catalog" {
            self.ask("/api/v1/tracks").expect(200);
            self.server.send(head(&stream_of(&self.track)).bearer(&self.member.token)).expect(200);
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
    let load = Load::default();
    thread::scope(|scope| {
        let threads: Vec<_> = (0..CALLERS).map(|_| scope.spawn(|| load.run(&stage))).collect();
        // Whatever fails in here, the callers end.
        let _end = EndOfLoad(&load);
        for failures in 1..=ROUNDS {
            for (number, victim) in stage.victims().iter().enumerate() {
                listener.hear(100_000);
                load.may_fail.store(number, Ordering::SeqCst);
                // A caller may meet the failpoint first, and is refused in its place.
                stage.failpoints.arm(victim.failpoint, 1);
                let answer = stage.ask(&victim.path);
                if answer.status != 200 {
                    is_away(&answer, victim);
                }
                until("it has failed", || {
                    (stage.facts(victim)["restarts"] == failures).then_some(())
                });
                until("the service is back", || follow(&stage, victim, failures));
                load.settle();
            }
        }
        load.ended.store(true, Ordering::SeqCst);
        for caller in threads {
            let answered = caller.join().expect("only the victim's requests fail");
            assert!(answered > 0, "a caller heard nothing");
        }
    });
    for victim in stage.victims() {
        let facts = stage.facts(&victim);
        assert_eq!((&facts["restarts"], &facts["state"]), (&json!(ROUNDS), &json!("running")));
        assert!(text(&facts["last_failure"]).contains("failpoint"), "{facts}");
    }
    let heard = listener.rest().expect("the stream arrives to its last byte");
    assert!(heard == stage.file, "the stream differs from the file");
}

/// Who asks everything of every service all the time.
#[derive(Default)]
struct Load {
    /// The victim of now; requests to the others must not fail.
    may_fail: AtomicUsize,
    /// Rounds that all callers have begun and ended.
    rounds: AtomicUsize,
    ended: AtomicBool,
}

/// Ends the callers when it is dropped.
struct EndOfLoad<'l>(&'l Load);

impl Drop for EndOfLoad<'_> {
    fn drop(&mut self) {
        self.0.ended.store(true, Ordering::SeqCst);
    }
}

impl Load {
    /// How many requests were answered well.
    fn run(&self, stage: &Stage) -> usize {
        let victims = stage.victims();
        let similar = format!("/api/v1/tracks/{}/similar", stage.track);
        // What each service answers, and who else is needed for it.
        let asked: [(&str, &[&str]); 6] = [
            ("/api/v1/albums", &["catalog"]),
            ("/api/v1/me/device-keys", &["authentication"]),
            ("/api/v1/search?q=nothing", &["search"]),
            (&similar, &["recommendation", "catalog"]),
            ("/api/v1/me/top/tracks", &["profile"]),
            ("/api/v1/me/subscription", &["payment"]),
        ];
        let mut answered = 0;
        while !self.ended.load(Ordering::SeqCst) {
            for (path, needed) in asked {
                let before = self.may_fail.load(Ordering::SeqCst);
                let answer = stage.ask(path);
                let after = self.may_fail.load(Ordering::SeqCst);
                if answer.status == 200 {
                    answered += 1;
                    continue;
                }
                // Without authentication nobody new is known, and the mirror forgets who was.
                let is_excused = |victim: &&Victim| {
                    let is_needed = [needed, &["authentication"]].concat().contains(&victim.name);
                    is_needed && text(&answer.json()["detail"]).contains(victim.name)
                };
                let mut away = [before, after].map(|number| &victims[number]).into_iter();
                let Some(excuse) = away.find(is_excused) else {
                    panic!("{path} failed too: {}", answer.json());
                };
                is_away(&answer, excuse);
            }
            self.rounds.fetch_add(1, Ordering::SeqCst);
        }
        answered
    }

    /// Waits until no request of a caller is under way that began before now.
    fn settle(&self) {
        let rounds = self.rounds.load(Ordering::SeqCst);
        until("the callers have gone on", || {
            (self.rounds.load(Ordering::SeqCst) >= rounds + 2 * CALLERS).then_some(())
        });
    }
}

/// One look at everything while the victim is away; `Some` when it was back before that.
fn follow(stage: &Stage, victim: &Victim, failures: u32) -> Option<()> {
    let is_back = stage.back_since(victim, failures).is_some();
    let is_ready = stage.is_ready(victim);
    stage.others_go_on(victim);
    let again = stage.ask(&victim.path);
    if again.status != 200 {
        is_away(&again, victim);
    }
    is_back.then(|| assert!(is_ready && again.status == 200, "it is back and does not answer"))
}

#[test]
fn a_service_is_back_within_a_second_four_times_a_minute() {
    let mut tries = Vec::new();
    while tries.len() < TRIES {
        let longest = longest_absence(&Stage::set());
        if longest < BACK {
            return;
        }
        tries.push(longest);
    }
    panic!("services were away for {tries:?}");
}

/// From before the request that fails until the server itself saw the next incarnation run: no
/// later request is in it.
fn longest_absence(stage: &Stage) -> Duration {
    let absence = |victim: &Victim, failures| {
        let began = Clock::System.now();
        stage.fail(victim);
        stage.until_back(victim, failures).since(began)
    };
    let victims = stage.victims();
    let absences = victims
        .iter()
        .flat_map(|victim| (1..=ROUNDS).map(move |failures| absence(victim, failures)));
    absences.max().expect("there are victims")
}

#[test]
fn who_asks_whether_the_server_is_ready_is_told_who_is_away() {
    let stage = Stage::set();
    for victim in stage.victims() {
        // A pause may be over before anybody looks, and each is twice as long as the one before.
        let told_after = (1..=MOST_FAILURES).find(|failures| {
            stage.fail(&victim);
            let told = until("the service is away or back", || {
                let is_told = !stage.is_ready(&victim);
                let is_over = is_told || stage.back_since(&victim, *failures).is_some();
                is_over.then_some(is_told)
            });
            stage.until_back(&victim, *failures);
            told
        });
        assert!(told_after.is_some(), "/readyz never named {}", victim.name);
        assert!(stage.is_ready(&victim));
    }
}

#[test]
fn a_new_stream_needs_both_services_and_gets_them_back() {
    let stage = Stage::set();
    for (failpoint, name) in
        [("catalog.Locate", "catalog"), ("authentication.Identify", "authentication")]
    {
        // A credential that the edge has not seen yet is asked for.
        let member = stage.server.sign_in("listener", crate::support::PASSWORD);
        let victim = Victim { name, failpoint, path: stream_of(&stage.track) };
        let stream = || stage.server.send(get(&victim.path).bearer(&member.token));
        stage.failpoints.arm(failpoint, 1);
        is_away(&stream(), &victim);
        stage.until_back(&victim, 1);
        assert!(stream().expect(200).body == stage.file, "the stream differs from the file");
    }
}
