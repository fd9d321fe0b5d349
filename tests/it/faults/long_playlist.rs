//! `fault_22`: a playlist of 100,000 entries is bounded and can be paged.

use std::fmt::Write;

use serde_json::{Value, json};

use super::wire::attempt;
use crate::support::{Member, Request, Server, column, delete, get, music, post, text};

const MOST: usize = 100_000;
const AT_ONCE: usize = 25_000;
/// The longest page.
const PAGE: usize = 500;
/// Of the body of a request with a long list.
const MOST_BYTES: usize = 1024 * 1024;

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

    are_all_in_pages(&server, &ida, &path);
    are_bounded(&server, &ida, &path);

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

/// Page after page is full, and none larger than the others.
fn are_all_in_pages(server: &Server, member: &Member, path: &str) {
    let (mut next, mut cursor, mut first) = (0, String::new(), None);
    while next < MOST {
        let page = get(&format!("{path}?limit={PAGE}&cursor={cursor}")).bearer(&member.token);
        let (status, page) = attempt(server.address, &page).expect("there is an answer");
        assert_eq!(status, 200, "{page}");
        // Only positions grow, from one digit to five.
        let length = page.to_string().len();
        let first = *first.get_or_insert(length);
        assert!(length < first + PAGE * 5, "a page of {length} bytes, the first had {first}");
        let entries = page["tracks"]["items"].as_array().expect("a playlist has tracks");
        assert_eq!(entries.len(), PAGE);
        for entry in entries {
            assert_eq!(entry["position"], next);
            next += 1;
        }
        page["tracks"]["next_cursor"].as_str().unwrap_or_default().clone_into(&mut cursor);
        assert_eq!(cursor.is_empty(), next == MOST);
    }
}

/// Whatever is asked for at a time has an upper bound.
fn are_bounded(server: &Server, member: &Member, path: &str) {
    for limit in ["0", "501", "100000", "4294967296", "-1"] {
        let request = get(&format!("{path}?limit={limit}")).bearer(&member.token);
        server.send(request).expect(400);
    }
    let entries = format!("{path}/tracks");
    let spaces = " ".repeat(MOST_BYTES);
    let too_large = [("POST", "track_ids"), ("DELETE", "positions")];
    for (method, field) in too_large {
        let body = format!("{{\"{field}\":[{spaces}]}}");
        let request = Request::new(method, &entries).bearer(&member.token);
        let request = request.header("content-type", "application/json").body(body);
        server.send(request).expect(413);
    }
    let refused = |method, body: &Value| {
        let request = Request::new(method, &entries).bearer(&member.token).json(body);
        server.send(request).expect(400);
    };
    refused("DELETE", &json!({ "positions": [MOST] }));
    refused("DELETE", &json!({ "positions": vec![0; MOST + 1] }));
    refused("PATCH", &json!({ "from": MOST, "to": 0 }));
    refused("PATCH", &json!({ "from": 0, "to": MOST }));
    refused("PATCH", &json!({ "from": 1, "count": MOST, "to": 0 }));
    // Nothing of that was done.
    assert_eq!(server.read(member, path)["track_count"], MOST);
}
