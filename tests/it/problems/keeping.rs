//! Folders that are none, tracks that cannot be forgotten, edits that say nothing.

use serde_json::{Value, json};

use super::problem;
use crate::support::{Member, Request, Response, Server, column, delete, get, music, post, text};

struct Stage {
    server: Server,
    anna: Member,
    tracks: Vec<String>,
}

impl Stage {
    fn set() -> Self {
        let server = Server::with_music(|folder| drop(music::album(folder, "Hexa", "Alpha", 2)));
        let anna = server.member("anna", "administrator");
        let tracks = server.pages(&anna, "/api/v1/tracks", 5);
        let tracks = column(&tracks, "id").into_iter().map(str::to_owned).collect();
        Self { server, anna, tracks }
    }

    fn ask(&self, path: &str) -> Response {
        self.server.send(get(path).bearer(&self.anna.token))
    }

    fn post(&self, path: &str, body: &Value) -> Response {
        self.server.send(post(path).bearer(&self.anna.token).json(body))
    }
}

#[test]
fn folders_have_ids_and_cursors_of_their_own() {
    let stage = Stage::set();
    let libraries = stage.server.read(&stage.anna, "/api/v1/libraries");
    let root = text(&libraries["items"][0]["root"]).to_owned();
    for id in ["x", "fo-", "fo-AAAA", "fo-!", "li-0123456789abc", "%ff", "..%2f..%2fetc"] {
        problem(stage.ask(&format!("/api/v1/folders/{id}")), 400, "invalid", Some("id"));
    }
    // Names that lead out of a library lead nowhere.
    for id in [format!("{root}Li4"), format!("{root}L2V0Yw"), "fo-AAAAAAAAAAA".to_owned()] {
        let answer = stage.ask(&format!("/api/v1/folders/{id}"));
        assert!([400, 404].contains(&answer.status), "{id}");
    }
    let long = format!("fo-{}", "A".repeat(6000));
    let body = problem(stage.ask(&format!("/api/v1/folders/{long}")), 400, "invalid", Some("id"));
    assert!(text(&body["detail"]).len() < 200, "what was sent is not sent back: {body}");
    for limit in ["0", "501", "-1", "x"] {
        let path = format!("/api/v1/folders/{root}?limit={limit}");
        problem(stage.ask(&path), 400, "invalid", Some("limit"));
    }
    for cursor in ["!", "AAAA"] {
        let path = format!("/api/v1/folders/{root}?cursor={cursor}");
        problem(stage.ask(&path), 400, "invalid", Some("cursor"));
    }
    stage.ask(&format!("/api/v1/folders/{root}?cursor=&limit=500")).expect(200);
    problem(stage.server.send(get(&format!("/api/v1/folders/{root}"))), 401, "not-signed-in", None);
}

#[test]
fn only_missing_tracks_are_forgotten() {
    let stage = Stage::set();
    let forget = |body: Value| stage.post("/api/v1/admin/missing/forget", &body);
    let body = problem(forget(json!({ "these": stage.tracks })), 400, "invalid", Some("these"));
    assert!(text(&body["detail"]).contains("is not missing"), "{body}");
    problem(forget(json!({ "these": ["tr-0123456789abc"] })), 404, "not-found", None);
    let many: Vec<&str> = vec!["tr-0123456789abc"; 501];
    problem(forget(json!({ "these": many })), 400, "invalid", Some("these"));
    for body in [json!({}), json!({ "all": true }), json!(null), json!({ "these": [], "x": 1 })] {
        let answer = forget(body).expect(400).json();
        assert_eq!(answer["type"], "urn:hexachord:problem:invalid", "{answer}");
    }
    problem(forget(json!({ "these": "all" })), 400, "invalid", Some("these"));
    let since = json!({ "missing_since": "yesterday" });
    problem(forget(since), 400, "invalid", Some("missing_since"));
    assert_eq!(stage.server.pages(&stage.anna, "/api/v1/tracks", 5).len(), 2);
}

#[test]
fn what_is_wrong_with_an_edit_is_named() {
    let stage = Stage::set();
    let good = json!({ "edit": { "genre": { "name": "Jazz", "becomes": [] } } });
    let put = |edit: Value| {
        stage.post("/api/v1/admin/edits", &json!({ "items": [good, { "edit": edit }] }))
    };
    let long = "x".repeat(1001);
    let track = &stage.tracks[0];
    for (edit, field) in [
        (json!({ "artist": { "name": "", "becomes": ["B"] } }), "artist.name"),
        (json!({ "artist": { "name": long, "becomes": ["B"] } }), "artist.name"),
        (json!({ "artist": { "name": "A", "becomes": [] } }), "artist.becomes"),
        (json!({ "artist": { "name": "A", "becomes": ["\u{7}"] } }), "artist.becomes"),
        (json!({ "genre": { "name": " ", "becomes": [] } }), "genre.name"),
        (json!({ "album": { "tracks": [track] } }), "album"),
        (json!({ "album": { "title": "T" } }), "album.tracks"),
        (json!({ "album": { "tracks": [track], "year": 0 } }), "album.year"),
        (json!({ "album": { "tracks": [track], "artists": [] } }), "album.artists"),
    ] {
        let field = format!("items[1].edit.{field}");
        let body = problem(put(edit), 400, "invalid", Some(&field));
        assert!(text(&body["detail"]).starts_with(&field), "{body}");
    }
    for edit in [
        json!({}),
        json!({ "label": {} }),
        json!({ "artist": { "becomes": ["B"] } }),
        json!({ "artist": { "name": 5, "becomes": ["B"] } }),
        json!({ "album": { "tracks": ["al-0123456789abc"], "title": "T" } }),
        json!({ "album": { "tracks": [], "year": "1997", "title": "T" } }),
    ] {
        let answer = put(edit).expect(400).json();
        assert_eq!(answer["type"], "urn:hexachord:problem:invalid", "{answer}");
    }
    problem(stage.post("/api/v1/admin/edits", &json!({})), 400, "invalid", Some("items"));
    let many: Vec<&Value> = vec![&good; 501];
    problem(
        stage.post("/api/v1/admin/edits", &json!({ "items": many })),
        400,
        "invalid",
        Some("items"),
    );
    let unknown = json!({ "album": { "album": "al-0123456789abc", "title": "T" } });
    problem(put(unknown), 404, "not-found", None);
    assert!(stage.server.pages(&stage.anna, "/api/v1/admin/edits", 5).is_empty(), "all or none");
}

#[test]
fn listeners_neither_forget_nor_edit() {
    let stage = Stage::set();
    let ida = stage.server.member("ida", "listener");
    let edit = json!({ "edit": { "genre": { "name": "Jazz", "becomes": [] } } });
    for request in [
        get("/api/v1/admin/missing"),
        post("/api/v1/admin/missing/forget").json(&json!({ "these": [] })),
        get("/api/v1/admin/edits"),
        Request::new("POST", "/api/v1/admin/edits").json(&json!({ "items": [edit] })),
        delete("/api/v1/admin/edits/ed-0123456789abc"),
    ] {
        let by = |member: &Member| stage.server.send(request.clone().bearer(&member.token));
        problem(by(&ida), 403, "forbidden", None);
        problem(stage.server.send(request.clone()), 401, "not-signed-in", None);
    }
}
