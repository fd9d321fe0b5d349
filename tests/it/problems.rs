//! What is wrong is told as a problem: the right status, a type for programs, a sentence for people,
//! the field that is wrong, and the id of the request.

mod accounts;
mod addresses;
mod bodies;
mod credentials;
mod keeping;
mod listening;
mod lists;
mod plans;
mod playlists;
mod proxies;
mod searching;
mod strangers;
mod transport;

use serde_json::Value;

use crate::support::{Response, text};

/// Checks a problem from its status line to its body. `field` is what it must name; `None`: nothing.
#[track_caller]
fn problem(answer: Response, status: u16, kind: &str, field: Option<&str>) -> Value {
    let answer = answer.expect(status);
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let asks_for_credential = (status == 401).then_some("Bearer");
    assert_eq!(answer.header("www-authenticate"), asks_for_credential);
    let body = answer.json();
    assert_eq!(body["type"], format!("urn:hexachord:problem:{kind}"), "{body}");
    assert_eq!(body["status"], status, "{body}");
    assert_eq!(body["field"].as_str(), field, "{body}");
    let reason = http::StatusCode::from_u16(status).ok().and_then(|code| code.canonical_reason());
    assert_eq!(body["title"].as_str(), reason, "{body}");
    let detail = text(&body["detail"]);
    assert!(detail.len() > 4 && !detail.contains(".rs"), "a sentence for people: {detail}");
    let id = text(&body["request_id"]);
    assert!(id.len() == 16 && id.bytes().all(|digit| digit.is_ascii_hexdigit()), "{id}");
    body
}
