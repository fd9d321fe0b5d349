//! The server's log, read from the page.

use serde_json::{Value, json};

use crate::support::{Console, Member, PASSWORD, Running, get, post, program::subfolder, text};

fn start(folder: &std::path::Path, level: &str) -> (Running, Member) {
    let console = Console::new(folder).variable("HEXACHORD_LOG__LEVEL", level);
    let console = console.argument("--music").argument(subfolder(folder, "music"));
    let server = console.serve(&folder.join("data"));
    let anna = server.member("anna", "administrator");
    (server, anna)
}

fn lines(log: &Value) -> &Vec<Value> {
    log["items"].as_array().expect("a list")
}

#[test]
fn the_last_lines_are_read_and_followed() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let (server, anna) = start(folder.path(), "info");
    server.scanned();
    let address = server.address;
    let log = server.read(&anna, "/api/v1/admin/log");
    let messages: Vec<&str> = lines(&log).iter().map(|line| text(&line["message"])).collect();
    assert!(messages.contains(&"ready") && messages.contains(&"scan ended"), "{log}");
    let ended =
        lines(&log).iter().find(|line| line["message"] == "scan ended").expect("it is there");
    assert_eq!((&ended["level"], &ended["fields"]["found"]), (&json!("info"), &json!("0")));
    let sequences = lines(&log).iter().map(|line| line["sequence"].as_u64().expect("a number"));
    assert!(sequences.is_sorted(), "the newest is last");

    let last = |log: &Value| log["last"].as_u64().expect("a number");
    let after = last(&log);
    let now = server.read(&anna, &format!("/api/v1/admin/log?after={after}"));
    assert_eq!((lines(&now).len(), last(&now)), (0, after), "reading says nothing: {now}");
    // Who waits is told of what comes, and nothing before.
    let news = std::thread::scope(|scope| {
        let path = format!("/api/v1/admin/log?after={after}&wait_ms=10000");
        let request = get(&path).bearer(&anna.token);
        let waiting = scope.spawn(move || request.send(address).expect(200).json());
        server.control(post("/api/v1/admin/scan")).expect(202);
        waiting.join().expect("it is answered")
    });
    assert_eq!(lines(&news)[0]["message"], "scan ended", "{news}");
    let path = format!("/api/v1/admin/log?after={}&level=error", last(&news));
    assert!(lines(&server.read(&anna, &path)).is_empty());
    let two = server.read(&anna, "/api/v1/admin/log?limit=2");
    assert_eq!(lines(&two).len(), 2);
    server.stop();
}

#[test]
fn a_failing_request_is_found_and_no_secret_is() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let (server, anna) = start(folder.path(), "debug");
    let wrong = json!({ "username": "anna", "password": "a wrong one of hers" });
    server.send(post("/api/v1/session").json(&wrong)).expect(401);
    let problem = server.send(get("/api/v1/nothing").bearer(&anna.token)).expect(404).json();
    let read = || server.read(&anna, "/api/v1/admin/log?level=debug&limit=2000");
    let log = read();
    let of_request: Vec<&Value> =
        lines(&log).iter().filter(|line| line["request_id"] == problem["request_id"]).collect();
    assert!(of_request.iter().any(|line| line["fields"]["path"] == "/api/v1/nothing"), "{log}");
    // Those who read the log do not read of themselves, even here.
    let again = read();
    let logged = |log: &Value| log.to_string().contains("/api/v1/admin/log");
    assert!(!logged(&log) && !logged(&again), "{again}");
    let all = again.to_string();
    for secret in [PASSWORD, "a wrong one of hers", &anna.token] {
        assert!(!all.contains(secret), "{secret} is in the log");
    }
    server.stop();
}

#[test]
fn what_is_wrong_with_a_request_for_it_is_named() {
    let server = crate::support::Setup::new().start();
    let anna = server.member("anna", "administrator");
    for (wrong, field) in [
        ("limit=0", "limit"),
        ("limit=2001", "limit"),
        ("level=loud", "level"),
        ("after=x", "after"),
    ] {
        let path = format!("/api/v1/admin/log?{wrong}");
        let problem = server.send(get(&path).bearer(&anna.token)).expect(400).json();
        assert_eq!(problem["field"], field, "{problem}");
    }
}
