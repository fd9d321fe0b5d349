//! `fault_36` and `fault_37`: every id of somebody else's, and every administrator's route, as somebody
//! who may not.

use serde_json::{Value, json};

use super::problem;
use crate::support::{Member, Request, Response, Server, column, get, music, post, text};

fn send(server: &Server, by: &Member, method: &'static str, path: &str, body: &Value) -> Response {
    server.send(Request::new(method, path).bearer(&by.token).json(body))
}

#[test]
fn a_private_playlist_does_not_exist_for_others() {
    let server = Server::with_music(|music| drop(music::album(music, "Hexa", "Alpha", 2)));
    let (ida, eve) = (server.member("ida", "listener"), server.member("eve", "listener"));
    let anna = server.member("anna", "administrator");
    let tracks = server.pages(&ida, "/api/v1/tracks", 5);
    let body = json!({ "name": "Mine", "track_ids": column(&tracks, "id") });
    let made = send(&server, &ida, "POST", "/api/v1/playlists", &body).expect(201).json();
    let path = format!("/api/v1/playlists/{}", text(&made["id"]));
    let entries = format!("{path}/tracks");
    let track = &tracks[0]["id"];
    let attempts = [
        ("PATCH", &path, json!({ "public": true })),
        ("DELETE", &path, json!({})),
        ("POST", &entries, json!({ "track_ids": [track] })),
        ("PATCH", &entries, json!({ "from": 0, "to": 1 })),
        ("DELETE", &entries, json!({ "positions": [0] })),
    ];
    for stranger in [&eve, &anna] {
        problem(server.send(get(&path).bearer(&stranger.token)), 404, "not-found", None);
        for (method, path, body) in &attempts {
            problem(send(&server, stranger, method, path, body), 404, "not-found", None);
        }
        assert!(server.pages(stranger, "/api/v1/playlists", 5).is_empty());
    }
    send(&server, &ida, "PATCH", &path, &json!({ "public": true })).expect(200);
    for stranger in [&eve, &anna] {
        server.send(get(&path).bearer(&stranger.token)).expect(200);
        for (method, path, body) in &attempts {
            problem(send(&server, stranger, method, path, body), 403, "forbidden", None);
        }
        assert_eq!(server.pages(stranger, "/api/v1/playlists", 5).len(), 1);
    }
    let station = get("/api/v1/radio-stations/rs-0000000000001/stream");
    for nobody in [get(&path), get("/api/v1/playlists"), get("/api/v1/me/plays"), station] {
        problem(server.send(nobody), 401, "not-signed-in", None);
    }
}

#[test]
fn what_is_in_other_libraries_does_not_exist() {
    let mut setup = crate::support::Setup::new();
    music::album(&setup.music(), "Hexa", "Alpha", 2);
    let other = setup.music().with_file_name("hidden");
    music::album(&other, "Secret", "Omega", 2);
    setup.config.library.folders.push(hexachord::config::LibraryFolder::named_after(other));
    setup.config.library.scan_on_start = true;
    let server = setup.start();
    server.scanned();
    let anna = server.member("anna", "administrator");
    let libraries = server.read(&anna, "/api/v1/libraries")["items"].clone();
    let music = libraries.as_array().expect("a list").iter().find(|one| one["name"] == "music");
    let body = json!({
        "username": "eve", "password": crate::support::PASSWORD, "role": "listener",
        "libraries": [music.expect("it is there")["id"]],
    });
    server.control(post("/api/v1/admin/accounts").json(&body)).expect(201);
    let eve = server.sign_in("eve", crate::support::PASSWORD);

    let tracks = server.pages(&anna, "/api/v1/tracks", 10);
    let hidden =
        tracks.iter().find(|track| track["album"]["title"] == "Omega").expect("it is there");
    let (track, album) = (text(&hidden["id"]), text(&hidden["album"]["id"]));
    let artist = text(&hidden["artists"][0]["id"]);
    for id in [track, album, artist] {
        let favourite = format!("/api/v1/me/favourites/{id}");
        problem(send(&server, &eve, "PUT", &favourite, &json!({})), 404, "not-found", None);
        let rating = format!("/api/v1/me/ratings/{id}");
        let five = json!({ "rating": 5 });
        problem(send(&server, &eve, "PUT", &rating, &five), 404, "not-found", None);
    }
    let play = json!({ "track_id": track, "started_at": "2026-11-01T00:00:00Z", "listened_ms": 1 });
    problem(send(&server, &eve, "POST", "/api/v1/plays", &play), 404, "not-found", None);
    let list = json!({ "name": "x", "track_ids": [track] });
    let answer = send(&server, &eve, "POST", "/api/v1/playlists", &list);
    problem(answer, 400, "invalid", Some("track_ids[0]"));
    for path in ["stream", "download", "similar", "cover"] {
        let path = format!("/api/v1/tracks/{track}/{path}");
        problem(server.send(get(&path).bearer(&eve.token)), 404, "not-found", None);
    }
    let of_album = ["similar", "similar-albums"].map(|path| format!("albums/{album}/{path}"));
    let of_artist =
        ["similar", "similar-artists", "top"].map(|path| format!("artists/{artist}/{path}"));
    for path in of_album.iter().chain(&of_artist) {
        let path = format!("/api/v1/{path}");
        problem(server.send(get(&path).bearer(&eve.token)), 404, "not-found", None);
    }

    for id in [track, album, artist] {
        let path = format!("/api/v1/radio?from={id}");
        problem(server.send(get(&path).bearer(&eve.token)), 404, "not-found", None);
    }

    // A public playlist shows to each what each may see.
    let all: Vec<&str> = column(&tracks, "id");
    let body = json!({ "name": "All", "public": true, "track_ids": all });
    let made = send(&server, &anna, "POST", "/api/v1/playlists", &body).expect(201).json();
    let path = format!("/api/v1/playlists/{}", text(&made["id"]));
    let (whole, part) = (server.read(&anna, &path), server.read(&eve, &path));
    assert_eq!((&whole["track_count"], &part["track_count"]), (&json!(4), &json!(2)));
    assert_eq!(part["tracks"]["items"].as_array().map(Vec::len), Some(2));
    crate::faults::wire::until("the index has followed", || {
        let seen = server.read(&anna, "/api/v1/search?q=omega");
        (seen["albums"].as_array()?.len() == 1).then_some(())
    });
    for typed in ["omega", "secret", "o", "s"] {
        let seen = server.read(&eve, &format!("/api/v1/search?q={typed}"));
        assert_eq!([&seen["artists"], &seen["albums"]], [&json!([]), &json!([])], "{seen}");
    }
    let seen = tracks.iter().find(|track| track["album"]["title"] != "Omega").expect("it is there");
    let radio = format!("radio?from={}", text(&seen["id"]));
    for path in ["recommendations", "mixes", "rediscover", "rediscover?kind=track", &radio] {
        let recommended = server.read(&eve, &format!("/api/v1/{path}"));
        assert!(!recommended.to_string().contains("Omega"), "{recommended}");
    }
}

#[test]
fn administrators_routes_are_closed_to_listeners() {
    let server = crate::support::Setup::new().start();
    let ida = server.member("ida", "listener");
    let price = json!({ "amount": 5, "currency": "EUR" });
    let plan = json!({
        "name": "x", "price": price, "period": "month",
        "entitlements": { "max_bitrate_kbps": null, "concurrent_streams": null, "downloads": true },
    });
    for (method, path, body) in [
        ("GET", "/api/v1/admin/plans", json!(null)),
        ("POST", "/api/v1/admin/plans", plan),
        ("PATCH", "/api/v1/admin/plans/pn-0000000000001", json!({})),
        ("GET", "/api/v1/admin/subscriptions", json!(null)),
        (
            "POST",
            "/api/v1/admin/subscriptions",
            json!({ "account_id": ida.id, "plan_id": "pn-0000000000001" }),
        ),
        ("PATCH", "/api/v1/admin/subscriptions/su-0000000000001", json!({ "change": "end" })),
        ("GET", "/api/v1/admin/payments", json!(null)),
        ("POST", "/api/v1/admin/payments", json!({ "reference": "x", "received": price })),
        ("PATCH", "/api/v1/admin/payments/pa-0000000000001", json!({ "state": "paid" })),
        ("GET", "/api/v1/admin/ledger", json!(null)),
        ("GET", "/api/v1/admin/libraries", json!(null)),
        ("POST", "/api/v1/admin/libraries", json!({ "name": "x", "path": "/" })),
        ("PATCH", "/api/v1/admin/libraries/li-0000000000001", json!({ "name": "x" })),
        ("DELETE", "/api/v1/admin/libraries/li-0000000000001", json!(null)),
        ("GET", "/api/v1/admin/server-folders", json!(null)),
        ("GET", "/api/v1/admin/log", json!(null)),
    ] {
        let request = Request::new(method, path).json(&body);
        problem(server.send(request.clone().bearer(&ida.token)), 403, "forbidden", None);
        problem(server.send(request), 401, "not-signed-in", None);
    }
}
