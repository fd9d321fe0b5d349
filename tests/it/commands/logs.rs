//! The log as programs read it: JSON line by line, in which a request is found by its id.

use std::collections::HashMap;

use rustix::process::Signal;
use serde_json::Value;

use crate::support::{Console, Running, get, post, program::subfolder, text};

#[test]
fn a_failing_request_is_found_by_its_id() {
    let folder = tempfile::tempdir().unwrap();
    let console = Console::new(folder.path()).variable("HEXACHORD_LOG__FORMAT", "json");
    let console = console.variable("HEXACHORD_LOG__LEVEL", "debug").argument("--music");
    let console = console.argument(subfolder(folder.path(), "music"));
    let server: Running = console.serve(&folder.path().join("data"));
    assert!(server.claim.is_some(), "the link is shown, but not in the log");
    let failing = [
        (get("/api/v1/me"), "/api/v1/me", 401),
        (get("/api/v1/nothing"), "/api/v1/nothing", 404),
        (post("/api/v1/session").body("{}"), "/api/v1/session", 415),
    ];
    let ids: Vec<String> = failing
        .iter()
        .map(|(request, _, status)| {
            let problem = server.send(request.clone()).expect(*status).json();
            text(&problem["request_id"]).to_owned()
        })
        .collect();
    // What opens something is known to nobody who reads the log.
    for path in ["/invite/q4ZsecretK", "/s/q4ZsecretK", "/api/v1/shares/q4ZsecretK"] {
        server.send(get(path).header("accept", "application/json")).expect(404);
    }
    let mut log = server.said.clone();
    server.signal(Signal::TERM);
    let (code, rest) = server.ended();
    assert_eq!(code, Some(0), "{rest}");
    log.push_str(&rest);

    assert!(!log.contains("q4ZsecretK"), "{log}");
    for path in ["/invite/", "/s/", "/api/v1/shares/"] {
        assert!(log.contains(&format!("\"{path}\"")), "{path}: {log}");
    }
    let mut requests: HashMap<String, Vec<Value>> = HashMap::new();
    for line in log.lines() {
        let event: Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        for field in ["timestamp", "level", "target", "message"] {
            assert!(event[field].is_string(), "no {field}: {line}");
        }
        if let Some(id) = event["span"]["id"].as_str() {
            requests.entry(id.to_owned()).or_default().push(event);
        }
    }
    for ((request, path, status), id) in failing.iter().zip(&ids) {
        let events = requests.get(id).unwrap_or_else(|| panic!("{path} is not in the log: {log}"));
        let said = |message: &str| {
            let found = events.iter().find(|event| event["message"] == message);
            found.unwrap_or_else(|| panic!("{path}: not `{message}`: {events:?}"))
        };
        assert_eq!(text(&said("received")["path"]), *path);
        let answered = said("answered");
        assert!(text(&answered["status"]).starts_with(&status.to_string()), "{answered}");
        assert_eq!(text(&answered["span"]["method"]), request.method);
    }
}
