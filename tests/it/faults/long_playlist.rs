//! `fault_22`: a playlist of 100,000 entries is bounded and can be paged.

use std::fmt::Write;

use serde_json::json;

use crate::support::{Member, Request, Server, column, delete, get, music, post, text};

const MOST: usize = 100_000;
const AT_ONCE: usize = 25_000;

fn additions(track: &str, count: usize) -> String {
    let mut body = "{\"track_ids\":[".to_owned();
    for number in 0..count {
        let comma = if number == 0 { "" } else { "," };
        write!(body, "{comma}\"{track}\"").expect("text can be written to");
    }
    body + "]}"
}

fn add(server: &Server, member: &Member, path: &str, body: String) -> crate::support::Response {
    let request = post(path).bearer(&member.token).header("content-type", "application/json");
    server.send(request.body(body))
}

#[test]
fn a_playlist_has_a_longest_length() {
    let server = Server::with_music(|music| drop(music::album(music, "Hexa", "Alpha", 2)));
    let ida = server.member("ida", "listener");
    let tracks = server.pages(&ida, "/api/v1/tracks", 50);
    let ids = column(&tracks, "id");
    let made = post("/api/v1/playlists").bearer(&ida.token).json(&json!({ "name": "Long" }));
    let playlist = server.send(made).expect(201).json();
    let path = format!("/api/v1/playlists/{}", text(&playlist["id"]));
    let entries = format!("{path}/tracks");

    let refused = add(&server, &ida, &entries, additions(ids[0], AT_ONCE + 1)).expect(400).json();
    assert!(
        text(&refused["detail"]).contains("25,000") || text(&refused["detail"]).contains("25000"),
        "{refused}"
    );
    for _ in 0..MOST / AT_ONCE {
        add(&server, &ida, &entries, additions(ids[0], AT_ONCE)).expect(200);
    }
    let refused = add(&server, &ida, &entries, additions(ids[1], 1)).expect(400).json();
    assert!(text(&refused["detail"]).contains("100"), "{refused}");
    assert_eq!(server.read(&ida, &path)["track_count"], MOST);
    assert_eq!(server.read(&ida, &path)["tracks"]["items"][49]["position"], 49);

    // Changes at both ends.
    let change = |method, body| {
        let request = Request::new(method, &entries).bearer(&ida.token).json(&body);
        server.send(request).expect(200).json()
    };
    change("DELETE", json!({ "positions": [0, MOST - 1] }));
    add(&server, &ida, &entries, additions(ids[1], 1)).expect(200);
    change("PATCH", json!({ "from": MOST - 2, "to": 0 }));
    let first = server.read(&ida, &format!("{path}?limit=2"));
    let first = &first["tracks"]["items"];
    assert_eq!([text(&first[0]["track_id"]), text(&first[1]["track_id"])], [ids[1], ids[0]]);
    server.send(delete(&path).bearer(&ida.token)).expect(204);
    server.send(get(&path).bearer(&ida.token)).expect(404);
}
