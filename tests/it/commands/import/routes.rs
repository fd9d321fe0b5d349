//! The addresses that the command uses, as an administrator may.

use serde_json::{Value, json};

use super::Desk;
use crate::support::{Member, post, text};

fn ask(desk: &Desk, who: &Member, path: &str, body: &Value, status: u16) -> Value {
    let request = post(&format!("/api/v1/admin/import/{path}")).bearer(&who.token).json(body);
    desk.server.send(request).expect(status).json()
}

#[test]
fn an_administrator_imports_for_others_and_a_listener_for_nobody() {
    let desk = Desk::new();
    let wanted = json!({ "tracks": [
        { "path": "/x/Guido/Micrologus/1.flac" },
        { "title": "track 2", "artist": "leonin" },
        { "title": "unheard of", "artist": "leonin", "album": null },
    ]});
    let found = ask(&desk, &desk.anna, "matches", &wanted, 200);
    assert_eq!(found["items"][0]["by"], "path");
    assert_eq!(super::name(&found["items"][1]["track"]), "Organa track 2");
    assert_eq!((&found["items"][1]["by"], &found["items"][2]), (&json!("tags"), &Value::Null));
    let track = text(&found["items"][0]["track"]["id"]);
    let history = json!({ "account_id": desk.ben.id, "source": "mine", "facts": [
        { "play": { "track_id": track, "started_at": "2024-01-01T00:00:00Z" } },
        { "plays": { "track_id": track, "plays": 2, "last_played_at": "2023-01-01T00:00:00Z" } },
        { "favourite": { "item_id": track, "since": null } },
        { "rating": { "item_id": track, "rating": 3 } },
        { "rating": { "item_id": "al-0000000000000", "rating": 3 } },
        { "play": { "track_id": track, "started_at": "2994-01-01T00:00:00Z" } },
    ]});
    let taken = ask(&desk, &desk.anna, "history", &history, 200);
    assert_eq!(taken["items"], json!(["new", "new", "new", "new", "gone", "ahead"]));
    let playlist = json!({ "account_id": desk.ben.id, "source": "mine", "key": "1", "name": "One",
        "track_ids": [track] });
    let made = ask(&desk, &desk.anna, "playlists", &playlist, 200);
    assert_eq!(made["taken"], "new");
    let life = desk.life(&desk.ben);
    assert_eq!(life["tracks"], json!([["Micrologus track 1", 3, "2024-01-01T00:00:00.000Z"]]));
    assert_eq!(life["playlists"], json!([["One", "", false, ["Micrologus track 1"]]]));
    for (path, body) in [("matches", &wanted), ("history", &history), ("playlists", &playlist)] {
        ask(&desk, &desk.ben, path, body, 403);
    }
}

#[test]
fn what_is_wrong_is_named() {
    let desk = Desk::new();
    let track = "tr-0000000000000";
    let history =
        |facts: Value| json!({ "account_id": desk.ben.id, "source": "mine", "facts": facts });
    let rating = json!({ "rating": { "item_id": track, "rating": 9 } });
    let nobody = "ac-0000000000000";
    let playlist = json!({ "account_id": desk.ben.id, "source": "mine", "key": "1", "name": "One",
        "track_ids": [track] });
    for (path, body, status, field) in [
        ("matches", json!({ "tracks": vec![json!({}); 501] }), 400, json!("tracks")),
        ("matches", json!({ "tracks": [{ "path": 1 }] }), 400, json!("tracks[0].path")),
        ("history", history(json!([rating])), 400, json!("facts[0].rating.rating")),
        ("history", history(json!([{ "dance": {} }])), 400, json!("facts[0]")),
        (
            "history",
            json!({ "account_id": desk.ben.id, "source": "A B", "facts": [] }),
            400,
            json!("source"),
        ),
        ("history", json!({ "account_id": nobody, "source": "a", "facts": [] }), 404, Value::Null),
        ("playlists", playlist, 400, json!("track_ids[0]")),
    ] {
        let problem = ask(&desk, &desk.anna, path, &body, status);
        assert_eq!(problem["field"], field, "{problem}");
    }
}
