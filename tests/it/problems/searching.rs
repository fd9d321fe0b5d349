//! Queries that no index likes: long, of operators, in other directions.

use hexachord::percent::percent_encoded;
use serde_json::{Value, json};

use super::problem;
use crate::support::{Member, Server, get, music, text};

fn search(server: &Server, member: &Member, query: &str) -> crate::support::Response {
    let path = format!("/api/v1/search?q={}", percent_encoded(query));
    server.send(get(&path).bearer(&member.token))
}

#[test]
fn every_query_is_plain_text() {
    let server = Server::with_music(|music| drop(music::album(music, "Hexa", "Alpha", 2)));
    let ida = server.member("ida", "listener");
    let empty = json!({
        "artists": [], "albums": [], "tracks": [], "playlists": [],
        "marked": {}, "next_cursor": null, "facets": null,
    });
    for nothing in
        ["", " ", "\"", "\"\"", "* ? ~ ^ : ( ) [ ] { }", "+ - && || !", "\\", "%", "\u{0}"]
    {
        let found: Value = search(&server, &ida, nothing).expect(200).json();
        assert_eq!(found, empty, "{nothing:?}");
    }
    for odd in [
        "title:alpha",
        "alpha AND (beta OR NOT gamma)",
        "\"alpha beta",
        "al*",
        "[a TO z]",
        "'; DROP TABLE tracks; --",
        "<script>alert(1)</script>",
        "أم كلثوم",
        "שלום alpha",
        "\u{202e}ahpla\u{202c}",
        "a\u{0}b",
        "𝒜𝓁𝓅𝒽𝒶",
        "👩‍🎤",
    ] {
        search(&server, &ida, odd).expect(200);
    }
    let long = "long ".repeat(2_000);
    let body = problem(search(&server, &ida, &long), 400, "invalid", Some("q"));
    assert!(text(&body["detail"]).contains("1024"), "{body}");
    let ask = |path: &str| server.send(get(path).bearer(&ida.token));
    problem(ask("/api/v1/search"), 400, "invalid", Some("q"));
    for limit in ["0", "101", "4294967295"] {
        let answer = ask(&format!("/api/v1/search?q=a&limit={limit}"));
        problem(answer, 400, "invalid", Some("limit"));
    }
    problem(ask("/api/v1/search?q=a&limit=-1"), 400, "invalid", Some("limit"));
    problem(ask("/api/v1/search?q=a&q=b"), 400, "invalid", Some("q"));
    problem(server.send(get("/api/v1/search?q=a")), 401, "not-signed-in", None);
}
