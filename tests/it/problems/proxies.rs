//! Where a request comes from: the machine itself, a proxy whose word is taken, or anybody who
//! writes the headers of one.

use hexachord_contracts::{Clock, Timestamp};
use serde_json::json;

use super::problem;
use crate::support::{PASSWORD, Request, Response, Server, Setup, get, post};

/// A server that everybody reaches from 127.0.0.1, and that may take that for a proxy. Its clock
/// stands still, so that no throttle opens while a slow machine runs this.
fn server(trusts: bool) -> Server {
    let mut setup = Setup::new();
    if trusts {
        setup.config.server.trusted_proxies = vec![[127, 0, 0, 1].into()];
    }
    setup.options.clock = Clock::manual(Timestamp::from_millis(1_800_000_000_000));
    setup.start()
}

#[test]
fn metrics_are_for_the_machine_itself_and_for_administrators() {
    for trusts in [false, true] {
        let server = server(trusts);
        let (anna, bert) =
            (server.member("anna", "administrator"), server.member("bert", "listener"));
        server.send(get("/metrics")).expect(200);
        server.control(get("/metrics")).expect(200);
        for (name, value) in [
            ("x-forwarded-for", "203.0.113.9"),
            ("x-forwarded-for", "127.0.0.1"),
            ("x-forwarded-for", ""),
            ("forwarded", "for=203.0.113.9"),
        ] {
            let through = || get("/metrics").header(name, value);
            problem(server.send(through()), 401, "not-signed-in", None);
            problem(server.send(through().bearer("guessed")), 401, "not-signed-in", None);
            problem(server.send(through().bearer(&bert.token)), 403, "forbidden", None);
            let metrics = server.send(through().bearer(&anna.token)).expect(200);
            assert!(metrics.body.ends_with(b"# EOF\n"), "{name}: {value}");
        }
    }
}

/// A failure of a name that nobody tried before, so that only addresses are counted.
fn guess(number: u32) -> Request {
    let name = format!("nobody{number}");
    post("/api/v1/session").json(&json!({ "username": name, "password": PASSWORD }))
}

/// Failures that cost nothing, and the one that closes the door.
const CLOSES: u32 = 6;

#[test]
fn invented_addresses_of_clients_open_no_door() {
    let server = server(false);
    let from = |number: u32| {
        let guess = guess(number).header("x-forwarded-for", &format!("203.0.113.{number}"));
        server.send(guess.header("forwarded", &format!("for=203.0.113.{number}")))
    };
    for number in 1..=CLOSES {
        problem(from(number), 401, "wrong-password", None);
    }
    problem(from(CLOSES + 1), 429, "throttled", None);
    problem(server.send(guess(CLOSES + 2)), 429, "throttled", None);
}

#[test]
fn each_client_of_a_trusted_proxy_has_its_own_door() {
    let server = server(true);
    let from = |number: u32, forwarded: &str| -> Response {
        server.send(guess(number).header("x-forwarded-for", forwarded))
    };
    for number in 1..=3 * CLOSES {
        let answer = from(number, &format!("203.0.113.{number}"));
        problem(answer, 401, "wrong-password", None);
    }
    // What stands before the address that the proxy saw, the client has written itself.
    for number in 100..100 + CLOSES {
        let answer = from(number, &format!("192.0.2.{number}, 198.51.100.7"));
        problem(answer, 401, "wrong-password", None);
    }
    problem(from(200, "192.0.2.200, 198.51.100.7"), 429, "throttled", None);
    problem(from(201, "198.51.100.7"), 429, "throttled", None);
    problem(from(202, "198.51.100.8"), 401, "wrong-password", None);
}
