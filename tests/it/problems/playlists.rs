//! Playlists that cannot be: names, unknown tracks, positions out of range.

use serde_json::{Value, json};

use super::problem;
use crate::support::{Request, Response, Server, column, get, music, text};

#[test]
fn what_cannot_be_changes_nothing() {
    let server = Server::with_music(|music| drop(music::album(music, "Hexa", "Alpha", 3)));
    let ida = server.member("ida", "listener");
    let tracks = server.pages(&ida, "/api/v1/tracks", 5);
    let ids = column(&tracks, "id");
    let send = |method, path: &str, body: Value| -> Response {
        server.send(Request::new(method, path).bearer(&ida.token).json(&body))
    };
    for name in [json!(""), json!("   "), json!("x".repeat(201)), json!("a\u{0}b")] {
        let answer = send("POST", "/api/v1/playlists", json!({ "name": name }));
        problem(answer, 400, "invalid", Some("name"));
    }
    let answer =
        send("POST", "/api/v1/playlists", json!({ "name": "x", "description": "y".repeat(2001) }));
    problem(answer, 400, "invalid", Some("description"));
    problem(send("POST", "/api/v1/playlists", json!({})), 400, "invalid", Some("name"));
    let unknown =
        json!({ "name": "x", "track_ids": [ids[0], "tr-0000000000001", "tr-0000000000002"] });
    let answer = send("POST", "/api/v1/playlists", unknown);
    problem(answer, 400, "invalid", Some("track_ids[1]"));
    let malformed = json!({ "name": "x", "track_ids": [ids[0], "al-0000000000001"] });
    let answer = send("POST", "/api/v1/playlists", malformed);
    problem(answer, 400, "invalid", Some("track_ids[1]"));
    assert!(server.pages(&ida, "/api/v1/playlists", 5).is_empty(), "nothing was made");

    let made = json!({ "name": "Doubled", "track_ids": [ids[0], ids[1], ids[0], ids[2]] });
    let playlist = send("POST", "/api/v1/playlists", made).expect(201).json();
    let path = format!("/api/v1/playlists/{}", text(&playlist["id"]));
    let before = server.read(&ida, &path);
    let entries = format!("{path}/tracks");
    for (method, body, field) in [
        ("POST", json!({}), "track_ids"),
        ("POST", json!({ "track_ids": ["tr-0000000000001"] }), "track_ids[0]"),
        ("POST", json!({ "track_ids": [ids[0]], "position": 5 }), "position"),
        ("POST", json!({ "track_ids": [ids[0]], "position": -1 }), "position"),
        ("PATCH", json!({ "from": 4, "to": 0 }), "from"),
        ("PATCH", json!({ "from": 0, "to": 4 }), "to"),
        ("PATCH", json!({ "from": 2, "count": 3, "to": 0 }), "count"),
        ("PATCH", json!({ "from": 0, "count": 0, "to": 0 }), "count"),
        ("PATCH", json!({ "from": u32::MAX, "count": u32::MAX, "to": u32::MAX }), "from"),
        ("DELETE", json!({ "positions": [] }), "positions"),
        ("DELETE", json!({ "positions": [0, 4] }), "positions[1]"),
    ] {
        problem(send(method, &entries, body), 400, "invalid", Some(field));
    }
    problem(send("PATCH", &path, json!({ "name": "" })), 400, "invalid", Some("name"));
    let stale = json!({ "track_ids": [ids[0]], "revision": 77 });
    problem(send("POST", &entries, stale), 409, "changed", None);
    assert_eq!(server.read(&ida, &path), before, "nothing has changed");
    let ask = |path: &str| server.send(get(path).bearer(&ida.token));
    problem(ask(&format!("{path}?limit=0")), 400, "invalid", Some("limit"));
    problem(ask(&format!("{path}?cursor=AAAA")), 400, "invalid", Some("cursor"));
    problem(ask("/api/v1/playlists?sort=size"), 400, "invalid", Some("sort"));
    problem(ask("/api/v1/playlists/pl-0000000000001"), 404, "not-found", None);
    // Positions count before anything is removed; one that is named twice is removed once.
    let left = send("DELETE", &entries, json!({ "positions": [0, 2, 2] })).expect(200).json();
    assert_eq!(left["track_count"], 2);
}
