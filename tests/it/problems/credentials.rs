//! Who asks, and whether they may: no credential, a wrong one, one that another site made use of.

use std::time::Duration;

use hexachord_contracts::{Clock, Timestamp};
use serde_json::{Value, json};

use super::problem;
use crate::support::{Api, PASSWORD, Request, Response, Setup, delete, get, post};

fn sign_in(api: &Api, name: &str, password: &str) -> Response {
    api.send(post("/api/v1/session").json(&json!({ "username": name, "password": password })))
}

#[test]
fn nobody_comes_in_without_a_credential() {
    let server = Setup::new().start();
    for request in [
        get("/api/v1/me"),
        get("/api/v1/tracks"),
        get("/api/v1/events"),
        get("/api/v1/tracks/tr-0123456789abc/stream"),
        get("/api/v1/albums/al-0123456789abc/cover"),
        get("/api/v1/admin/services"),
        post("/api/v1/admin/scan"),
        delete("/api/v1/session"),
        delete("/api/v1/admin/accounts/ac-0123456789abc"),
    ] {
        problem(server.send(request.clone()), 401, "not-signed-in", None);
        for malformed in ["Basic YTpi", "Bearer", "Bearer ", "Bearer  ", "token", ""] {
            let request = request.clone().header("authorization", malformed);
            problem(server.send(request), 401, "not-signed-in", None);
        }
        problem(server.send(request.clone().bearer("guessed")), 401, "not-signed-in", None);
        let cookie = request.header("cookie", "hexachord_session=guessed");
        problem(server.send(cookie), 401, "not-signed-in", None);
    }
}

#[test]
fn other_sites_cannot_use_a_browser() {
    let server = Setup::new().start();
    let body = json!({ "username": "anna", "password": PASSWORD, "role": "administrator" });
    server.control(post("/api/v1/admin/accounts").json(&body)).expect(201);
    let signed_in = sign_in(&server, "anna", PASSWORD).expect(201);
    let cookie = signed_in.header("set-cookie").and_then(|cookie| cookie.split(';').next());
    let cookie = cookie.expect("the page gets a cookie").to_owned();
    let own = format!("http://{}", server.address);

    let scan = || post("/api/v1/admin/scan").header("cookie", &cookie);
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "http://evil.example"),
        ("origin", "null"),
    ] {
        problem(server.send(scan().header(name, value)), 403, "forbidden", None);
        for (path, body) in [
            ("/api/v1/session", json!({ "username": "anna", "password": PASSWORD })),
            ("/api/v1/accounts", json!({ "username": "eve", "password": PASSWORD })),
            ("/api/v1/claim", json!({ "username": "eve", "password": PASSWORD, "code": "x" })),
        ] {
            let request = post(path).header(name, value).json(&body);
            problem(server.send(request), 403, "forbidden", None);
        }
    }
    server.send(scan().header("sec-fetch-site", "same-origin").header("origin", &own)).expect(202);
    server.send(scan().header("origin", &own)).expect(202);
    let reading =
        get("/api/v1/me").header("cookie", &cookie).header("sec-fetch-site", "cross-site");
    server.send(reading).expect(200);
}

#[test]
fn a_wrong_password_and_an_unknown_name_get_the_same_answer() {
    let server = Setup::new().start();
    server.member("anna", "administrator");
    let bert = server.member("bert", "listener");
    let disabled = Request::new("PATCH", &format!("/api/v1/admin/accounts/{}", bert.id));
    server.control(disabled.json(&json!({ "enabled": false }))).expect(200);
    problem(server.send(get("/api/v1/me").bearer(&bert.token)), 401, "not-signed-in", None);

    let answers: Vec<Value> =
        [("anna", "wrong"), ("nobody", PASSWORD), ("bert", PASSWORD), ("/", "")]
            .into_iter()
            .map(|(name, password)| {
                let answer = sign_in(&server, name, password);
                let mut body = problem(answer, 401, "wrong-password", None);
                body["request_id"] = Value::Null;
                body
            })
            .collect();
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

#[test]
fn who_fails_again_and_again_must_wait() {
    let mut setup = Setup::new();
    // Time stands still, so that the wait is as long however long the hashing takes.
    let clock = Clock::manual(Timestamp::from_millis(1_800_000_000_000));
    setup.options.clock = clock.clone();
    let server = setup.start();
    let anna = server.member("anna", "administrator");
    for _failure in 1..=6 {
        problem(sign_in(&server, "anna", "guess"), 401, "wrong-password", None);
    }
    let ways = [
        sign_in(&server, "anna", PASSWORD),
        sign_in(&server, "somebody", "else"),
        server.send(
            post("/api/v1/claim")
                .json(&json!({ "code": "guess", "username": "eve", "password": PASSWORD })),
        ),
        server.send(
            Request::new("PUT", "/api/v1/me/password")
                .bearer(&anna.token)
                .json(&json!({ "current": "guess", "new": PASSWORD })),
        ),
    ];
    for answer in ways {
        assert_eq!(answer.header("retry-after"), Some("1"));
        problem(answer, 429, "throttled", None);
    }
    server.send(get("/api/v1/me").bearer(&anna.token)).expect(200);
    clock.advance(Duration::from_secs(1));
    sign_in(&server, "anna", PASSWORD).expect(201);
}
