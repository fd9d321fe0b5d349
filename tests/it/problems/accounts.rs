//! Making and changing accounts: who may, under which name, with which password.

use hexachord::config::Registration;
use serde_json::{Value, json};

use super::problem;
use crate::support::{PASSWORD, Request, Response, Server, Setup, delete, get, post};

fn register(server: &Server, name: &str, invite: Option<&str>) -> Response {
    let body = json!({ "username": name, "password": PASSWORD, "invite": invite });
    server.send(post("/api/v1/accounts").json(&body))
}

fn with(registration: Registration) -> Server {
    let mut setup = Setup::new();
    setup.config.accounts.registration = registration;
    setup.start()
}

#[test]
fn registration_is_open_by_invite_or_closed() {
    let open = with(Registration::Open);
    register(&open, "anna", None).expect(201);
    let by_invite = with(Registration::Invite);
    problem(register(&by_invite, "anna", None), 403, "invite-needed", None);
    problem(register(&by_invite, "anna", Some("guess")), 403, "invalid-invite", None);
    let closed = with(Registration::Closed);
    problem(register(&closed, "anna", None), 403, "registration-closed", None);
    let made = closed.control(post("/api/v1/admin/invites")).expect(201).json();
    let invite = made["code"].as_str();
    problem(register(&closed, "anna", invite), 403, "registration-closed", None);
    let guess = json!({ "code": "guess", "username": "anna", "password": PASSWORD });
    let claim = closed.send(post("/api/v1/claim").json(&guess));
    problem(claim, 403, "invalid-claim", None);
}

#[test]
fn names_and_passwords_have_rules() {
    let server = with(Registration::Open);
    let anna = server.member("Anna", "administrator");
    problem(register(&server, "anna", None), 409, "username-taken", Some("username"));
    let long = "x".repeat(1025);
    for (name, password, field) in [
        ("", PASSWORD, "username"),
        ("a/b", PASSWORD, "username"),
        ("a\u{202e}b", PASSWORD, "username"),
        (&long, PASSWORD, "username"),
        ("bert", "short", "password"),
        ("bert", "", "password"),
        ("bert", &long, "password"),
    ] {
        let body = json!({ "username": name, "password": password });
        problem(server.send(post("/api/v1/accounts").json(&body)), 400, "invalid", Some(field));
        let by_administrator = post("/api/v1/admin/accounts").bearer(&anna.token).json(&body);
        problem(server.send(by_administrator), 400, "invalid", Some(field));
    }
    let reset = format!("/api/v1/admin/accounts/{}/password", anna.id);
    let reset = Request::new("PUT", &reset).bearer(&anna.token).json(&json!({ "password": "x" }));
    problem(server.send(reset), 400, "invalid", Some("password"));
    let change = |current: &str, new: &str| {
        let body = json!({ "current": current, "new": new });
        server.send(Request::new("PUT", "/api/v1/me/password").bearer(&anna.token).json(&body))
    };
    problem(change(PASSWORD, "short"), 400, "invalid", Some("new"));
    problem(change("wrong", "another long password"), 401, "wrong-password", None);
    change(PASSWORD, "another long password").expect(204);
    server.send(get("/api/v1/me").bearer(&anna.token)).expect(200);
    for label in ["", " ", "a\nb", &long] {
        let key = post("/api/v1/me/device-keys").bearer(&anna.token);
        let answer = server.send(key.json(&json!({ "label": label })));
        problem(answer, 400, "invalid", Some("label"));
    }
}

#[test]
fn the_last_administrator_stays() {
    let server = Setup::new().start();
    let anna = server.member("anna", "administrator");
    let account = format!("/api/v1/admin/accounts/{}", anna.id);
    let change =
        |body: &Value| server.send(Request::new("PATCH", &account).bearer(&anna.token).json(body));
    problem(change(&json!({ "role": "listener" })), 409, "last-administrator", None);
    problem(change(&json!({ "enabled": false })), 409, "last-administrator", None);
    let removed = server.send(delete(&account).bearer(&anna.token));
    problem(removed, 409, "last-administrator", None);
    assert_eq!(server.read(&anna, "/api/v1/me")["role"], "administrator");

    server.member("bert", "administrator");
    assert_eq!(change(&json!({ "role": "listener" })).expect(200).json()["role"], "listener");
    problem(server.send(get(&account).bearer(&anna.token)), 403, "forbidden", None);
}

#[test]
fn a_device_key_has_no_session() {
    let server = Setup::new().start();
    let anna = server.member("anna", "administrator");
    let made = post("/api/v1/me/device-keys").bearer(&anna.token).json(&json!({ "label": "tv" }));
    let key = server.send(made).expect(201).json();
    let secret = key["secret"].as_str().expect("a key has its secret");
    let out = server.send(delete("/api/v1/session").bearer(secret));
    problem(out, 400, "invalid", Some("credential"));
    let me = server.send(get("/api/v1/me").bearer(secret)).expect(200).json();
    assert_eq!(me["username"], "anna");
}
