//! Bodies: JSON or not, of the right types or not, complete or not, too large or not.

use serde_json::json;

use super::problem;
use crate::support::{Request, Setup, post, text};

#[test]
fn a_body_must_be_json() {
    let server = Setup::new().start();
    let sign_in = || post("/api/v1/session");
    let good = r#"{"username":"anna","password":"a long enough password"}"#;
    problem(server.send(sign_in()), 415, "not-json", None);
    problem(server.send(sign_in().body(good)), 415, "not-json", None);
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""] {
        let request = sign_in().header("content-type", kind).body(good);
        problem(server.send(request), 415, "not-json", None);
    }
    let json = |body: &[u8]| sign_in().header("content-type", "Application/JSON; v=1").body(body);
    let deep = "[".repeat(30_000);
    for broken in [
        &b""[..],
        b"{",
        b"null",
        b"7",
        b"\"text\"",
        b"{\"username\":\"a\",\"password\":\"b\"} more",
        b"{\"username\":\"\xff\",\"password\":\"b\"}",
        deep.as_bytes(),
    ] {
        let answer = server.send(json(broken)).expect(400);
        let body = answer.json();
        assert_eq!(body["type"], "urn:hexachord:problem:invalid", "{body}");
    }
    problem(server.send(json(b"{")), 400, "invalid", None);
}

#[test]
fn a_wrong_field_is_named() {
    let server = Setup::new().start();
    let anna = server.member("anna", "administrator");
    let sign_in = |body| server.send(post("/api/v1/session").json(&body));
    problem(sign_in(json!({ "username": 5, "password": "x" })), 400, "invalid", Some("username"));
    let body = problem(sign_in(json!({ "username": "x" })), 400, "invalid", Some("password"));
    assert!(text(&body["detail"]).contains("missing field `password`"), "{body}");
    problem(
        sign_in(json!({ "password": null, "username": "x" })),
        400,
        "invalid",
        Some("password"),
    );

    let account = format!("/api/v1/admin/accounts/{}", anna.id);
    for (body, field) in [
        (json!({ "role": "king" }), "role"),
        (json!({ "enabled": "yes" }), "enabled"),
        (json!({ "libraries": "some" }), "libraries"),
        (json!({ "libraries": ["tr-0000000000000"] }), "libraries"),
    ] {
        let request = Request::new("PATCH", &account).bearer(&anna.token).json(&body);
        problem(server.send(request), 400, "invalid", Some(field));
    }
    let scan = post("/api/v1/admin/scan").bearer(&anna.token).json(&json!({ "full": 1 }));
    problem(server.send(scan), 400, "invalid", Some("full"));
    let without_type = post("/api/v1/admin/scan").bearer(&anna.token).body("{\"full\":true}");
    problem(server.send(without_type), 415, "not-json", None);
    for seconds in [json!(-1), json!(1.5), json!("week"), json!(u64::MAX)] {
        let body = json!({ "valid_seconds": seconds });
        let invite = post("/api/v1/admin/invites").bearer(&anna.token).json(&body);
        problem(server.send(invite), 400, "invalid", Some("valid_seconds"));
    }
}

#[test]
fn a_body_has_a_largest_size() {
    const MOST: usize = 64 * 1024;
    let server = Setup::new().start();
    let of_size = |size: usize| {
        let filler = "x".repeat(size - r#"{"username":"","password":""}"#.len());
        post("/api/v1/session").json(&json!({ "username": filler, "password": "" }))
    };
    let body = problem(server.send(of_size(MOST + 1)), 413, "too-large", None);
    assert!(text(&body["detail"]).contains("65536 bytes"), "{body}");
    problem(server.send(of_size(MOST)), 401, "wrong-password", None);
}
