//! Addresses that lead nowhere, methods that they do not take, ids of nothing.

use serde_json::json;

use super::problem;
use crate::support::{Request, Setup, delete, get, head, post, text};

#[test]
fn an_unknown_address_is_not_found() {
    let server = Setup::new().start();
    for path in ["/nothing", "/api/v1", "/api/v1/nothing", "/api/v1/me/", "/api/v2/me", "//"] {
        problem(server.send(get(path)), 404, "not-found", None);
        problem(server.send(post(path).json(&json!({}))), 404, "not-found", None);
    }
    for path in ["/assets/", "/assets/../Cargo.toml", "/assets/%2e%2e/config.toml", "/assets/x"] {
        problem(server.send(get(path)), 404, "not-found", None);
    }
    let silent = server.send(head("/nothing")).expect(404);
    assert_eq!(silent.header("content-type"), Some("application/problem+json"));
}

#[test]
fn a_wrong_method_is_told_the_right_ones() {
    let server = Setup::new().start();
    for (method, path, allowed) in [
        ("DELETE", "/api/v1/me", "GET,HEAD"),
        ("PUT", "/api/v1/session", "DELETE,POST"),
        ("POST", "/api/v1/tracks", "GET,HEAD"),
        ("POST", "/", "GET,HEAD"),
        ("PUT", "/healthz", "GET,HEAD"),
        ("POST", "/api/v1/tracks/tr-0000000000000/stream", "GET,HEAD"),
        ("GET", "/api/v1/claim", "POST"),
        ("BREW", "/api/v1/admin/scan", "DELETE,GET,HEAD,POST"),
    ] {
        let answer = server.send(Request::new(method, path));
        let mut allow: Vec<_> = answer.header("allow").unwrap_or_default().split(',').collect();
        allow.sort_unstable();
        assert_eq!(allow.join(","), allowed, "{method} {path}");
        problem(answer, 405, "wrong-method", None);
    }
}

#[test]
fn ids_of_nothing_are_not_found_and_malformed_ones_are_named() {
    let server = Setup::new().start();
    let anna = server.member("anna", "administrator");
    for (kind, list, rest) in [
        ("tr", "tracks", ""),
        ("tr", "tracks", "/stream"),
        ("tr", "tracks", "/cover"),
        ("al", "albums", ""),
        ("al", "albums", "/cover"),
        ("ar", "artists", ""),
        ("ar", "artists", "/cover"),
        ("ac", "admin/accounts", ""),
    ] {
        let ask =
            |id: &str| server.send(get(&format!("/api/v1/{list}/{id}{rest}")).bearer(&anna.token));
        problem(ask(&format!("{kind}-0123456789abc")), 404, "not-found", None);
        let long = format!("{kind}-{}", "0".repeat(5000));
        for malformed in ["x", "ge-0123456789abc", "%ff%fe", "%20", "..%2f..%2fetc", &long] {
            let body = problem(ask(malformed), 400, "invalid", Some("id"));
            assert!(text(&body["detail"]).len() < 200, "what was sent is not sent back: {body}");
        }
        problem(ask(&format!("{kind}-0123456789ABC")), 400, "invalid", Some("id"));
    }
    for (path, id) in [
        ("/api/v1/me/sessions", "se-0123456789abc"),
        ("/api/v1/me/device-keys", "dk-0123456789abc"),
        ("/api/v1/admin/invites", "in-0123456789abc"),
        ("/api/v1/admin/edits", "ed-0123456789abc"),
        ("/api/v1/admin/accounts", "ac-0123456789abc"),
    ] {
        let remove = |id: &str| server.send(delete(&format!("{path}/{id}")).bearer(&anna.token));
        problem(remove(id), 404, "not-found", None);
        problem(remove("tr-0123456789abc"), 400, "invalid", Some("id"));
    }
}
