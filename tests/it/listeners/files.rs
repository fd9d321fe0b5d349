//! Playlists as files of other programs, and what one did in one document.

use std::path::Path;

use hexachord::config::LibraryFolder;
use hexachord_contracts::{Failpoints, profile::MOST_AT_ONCE};
use hexachord_fixtures::Format;
use serde_json::{Value, json};

use crate::support::{Member, Request, Response, Server, Setup, column, get, music, post, text};

struct Stage {
    server: Server,
    anna: Member,
    ids: Vec<String>,
}

impl Stage {
    fn set() -> Self {
        let server = Server::with_music(|folder| {
            music::album(&folder.join("Hexa & Co"), "Hexa & Co", "Alpha", 3);
        });
        let anna = server.member("anna", "listener");
        let tracks = server.pages(&anna, "/api/v1/tracks?sort=album", 10);
        let ids = column(&tracks, "id").into_iter().map(str::to_owned).collect();
        Self { server, anna, ids }
    }

    fn import(&self, by: &Member, parameters: &str, body: impl Into<Vec<u8>>) -> Response {
        let path = format!("/api/v1/playlists/import{parameters}");
        let request = post(&path).bearer(&by.token).header("content-type", "audio/x-mpegurl");
        self.server.send(request.body(body))
    }

    fn playlist(&self, name: &str, ids: &[&String]) -> String {
        let body = json!({ "name": name, "track_ids": ids });
        let request = post("/api/v1/playlists").bearer(&self.anna.token).json(&body);
        text(&self.server.send(request).expect(201).json()["id"]).to_owned()
    }

    fn file(&self, by: &Member, playlist: &str, format: &str) -> Response {
        let path = format!("/api/v1/playlists/{playlist}/file?format={format}");
        self.server.send(get(&path).bearer(&by.token))
    }

    fn tracks(&self, playlist: &Value) -> Vec<String> {
        let path = format!("/api/v1/playlists/{}", text(&playlist["id"]));
        let playlist = self.server.read(&self.anna, &path);
        let items = playlist["tracks"]["items"].as_array().expect("a list").clone();
        column(&items, "track_id").into_iter().map(str::to_owned).collect()
    }
}

#[test]
fn a_playlist_goes_out_and_comes_in_again() {
    let stage = Stage::set();
    let ids = &stage.ids;
    let order = [&ids[2], &ids[0], &ids[2]];
    let playlist = stage.playlist("Road & \"rail\"/1", &order);
    for (format, kind) in [
        ("m3u8", "audio/x-mpegurl; charset=utf-8"),
        ("xspf", "application/xspf+xml"),
        ("json", "application/json"),
    ] {
        let file = stage.file(&stage.anna, &playlist, format).expect(200);
        assert_eq!(file.header("content-type"), Some(kind));
        let name = file.header("content-disposition").unwrap_or_default();
        assert!(
            name.starts_with("attachment; filename*=UTF-8''Road%20%26%20%22rail%22%2F1."),
            "{name}"
        );
        let body = String::from_utf8(file.body.clone()).expect("text");
        let path = if format == "m3u8" { "Hexa & Co/" } else { "Hexa%20%26%20Co/" };
        assert!(body.contains(path), "{body}");
        let taken = stage.import(&stage.anna, "", file.body).expect(201).json();
        assert_eq!((&taken["found"], &taken["not_found"]), (&json!(3), &json!(0)), "{taken}");
        let made = &taken["playlist"];
        assert_eq!((&made["name"], &made["public"]), (&json!("Road & \"rail\"/1"), &json!(false)));
        let wanted: Vec<String> = order.iter().map(|id| (*id).clone()).collect();
        assert_eq!(stage.tracks(made), wanted, "{format}");
    }
    let usual = format!("/api/v1/playlists/{playlist}/file");
    let usual = stage.server.send(get(&usual).bearer(&stage.anna.token)).expect(200);
    assert!(usual.body.starts_with(b"#EXTM3U\n#PLAYLIST:Road & \"rail\"/1\n#EXTINF:"));
    let bert = stage.server.member("bert", "listener");
    stage.file(&bert, &playlist, "m3u8").expect(404);
    let wrong = stage.file(&stage.anna, &playlist, "pls").expect(400).json();
    assert_eq!(wrong["field"], "format");
    let empty = stage.playlist("Empty", &[]);
    let empty = stage.file(&stage.anna, &empty, "json").expect(200).json();
    assert_eq!(empty["playlist"]["track"], json!([]));
}

#[test]
fn a_file_of_another_program_is_told_what_is_not_here() {
    let stage = Stage::set();
    let m3u = "#EXTM3U\n#EXTINF:1,Hexa & Co - track 2\nD:\\Other\\place\\x.mp3\n\
               #EXTINF:9,Nobody - Nothing\n/nowhere/at all.mp3\n";
    let tried = stage.import(&stage.anna, "?dry_run=true", m3u).expect(200).json();
    assert_eq!((&tried["playlist"], &tried["found"]), (&Value::Null, &json!(1)), "{tried}");
    let [missing] = &tried["missing"].as_array().expect("a list")[..] else { panic!("{tried}") };
    assert_eq!((&missing["position"], &missing["artist"]), (&json!(1), &json!("Nobody")));
    let taken = stage.import(&stage.anna, "?name=Mine&public=true", m3u).expect(201).json();
    let made = &taken["playlist"];
    assert_eq!((&made["name"], &made["public"]), (&json!("Mine"), &json!(true)));
    assert_eq!(stage.tracks(made).len(), 1);
    let nothing = stage.import(&stage.anna, "", "nowhere/x.mp3\n").expect(200).json();
    assert_eq!((&nothing["playlist"], &nothing["not_found"]), (&Value::Null, &json!(1)));

    for (file, words) in [
        ("<!DOCTYPE x [<!ENTITY a \"b\">]><playlist/>".to_owned(), "entities"),
        ("#EXTM3U\n".to_owned(), "no entries"),
        ("<rss/>".to_owned(), "no XSPF"),
    ] {
        let refused = stage.import(&stage.anna, "", file).expect(422).json();
        assert!(text(&refused["detail"]).contains(words), "{refused}");
    }
    stage.import(&stage.anna, "", vec![b'a'; 1024 * 1024 + 1]).expect(413);
    stage.server.send(post("/api/v1/playlists/import").body("a\n")).expect(401);
}

#[test]
fn what_is_not_seen_is_not_found_in_a_file() {
    let stage = Stage::set();
    let bert = stage.server.member("bert", "listener");
    let account = Request::new("PATCH", &format!("/api/v1/admin/accounts/{}", bert.id));
    stage.server.control(account.json(&json!({ "libraries": [] }))).expect(200);
    let playlist = stage.playlist("All", &stage.ids.iter().collect::<Vec<_>>());
    let file = stage.file(&stage.anna, &playlist, "xspf").expect(200).body;
    let taken = stage.import(&bert, "", file).expect(200).json();
    assert_eq!((&taken["found"], &taken["not_found"]), (&json!(0), &json!(3)));
}

#[test]
fn what_is_hidden_changes_nothing_about_what_is_found() {
    let mut setup = Setup::new();
    let write = |folder: &Path, album: &str, seed, title: &str| {
        let tags = music::tags(title, "Hexa & Co", album, 1);
        music::write(&folder.join(format!("{album}/{title}.flac")), Format::Flac, seed, &tags);
    };
    let hidden = setup.music().with_file_name("hidden");
    write(&setup.music(), "Alpha", 1, "Ut");
    // A copy that only others see, and something else of theirs.
    write(&hidden, "Alpha", 2, "Ut");
    write(&hidden, "Omega", 3, "Secret");
    setup.config.library.folders.push(LibraryFolder::named_after(hidden));
    setup.config.library.scan_on_start = true;
    let server = setup.start();
    server.scanned();
    let anna = server.member("anna", "listener");
    let libraries = server.read(&anna, "/api/v1/libraries")["items"].clone();
    let music = libraries.as_array().expect("a list").iter().find(|one| one["name"] == "music");
    let account = Request::new("PATCH", &format!("/api/v1/admin/accounts/{}", anna.id));
    let only = json!({ "libraries": [music.expect("it is there")["id"]] });
    server.control(account.json(&only)).expect(200);
    let tracks = server.pages(&anna, "/api/v1/tracks", 10);
    let ids: Vec<String> = column(&tracks, "id").into_iter().map(str::to_owned).collect();
    assert_eq!(ids.len(), 1);
    let stage = Stage { server, anna, ids };
    for (path, why) in [
        ("Alpha/Ut.flac", "the copy does not stand in the way"),
        ("Omega/Secret.flac", "a path that is hidden is found by nobody who may not see it"),
        ("Omega/Nothing.flac", "and is told like one that is nowhere"),
    ] {
        let m3u = format!("#EXTINF:-1,Hexa & Co - Ut\n/music/{path}\n");
        let taken = stage.import(&stage.anna, "", m3u).expect(201).json();
        assert_eq!(stage.tracks(&taken["playlist"]), stage.ids, "{path}: {why}");
        let m3u = format!("/music/{path}\n");
        let tried = stage.import(&stage.anna, "?dry_run=true", m3u).expect(200).json();
        let is_found = u32::from(path.starts_with("Alpha"));
        assert_eq!(tried["found"], is_found, "{path}");
    }
}

#[test]
fn what_a_file_is_called_inside_is_made_to_fit() {
    let stage = Stage::set();
    let long = format!(" \u{7}Road\n{}", "x".repeat(300));
    for (title, name) in [
        ("Road\u{1b}\ttrip\n", "Road  trip"),
        ("\u{7}", "Imported playlist"),
        (&long, &format!("Road {}", "x".repeat(195))),
    ] {
        let track = json!({ "location": "Hexa%20&%20Co/Alpha/1.flac", "trackNum": "1" });
        let jspf = json!({ "playlist": { "title": title, "track": [track] } });
        let taken = stage.import(&stage.anna, "", jspf.to_string()).expect(201).json();
        assert_eq!(taken["playlist"]["name"], name);
    }
    // A name that was chosen is refused as it is elsewhere.
    let m3u = "Hexa & Co/Alpha/1.flac\n";
    let refused = stage.import(&stage.anna, "?name=a%07b", m3u).expect(400).json();
    assert_eq!(refused["field"], "name");
}

#[test]
fn nothing_is_left_of_a_long_playlist_that_could_not_be_made() {
    let failpoints = Failpoints::default();
    let mut setup = Setup::new();
    setup.options.failpoints = failpoints.clone();
    music::album(&setup.music().join("H"), "Hexa & Co", "Alpha", 1);
    setup.config.library.scan_on_start = true;
    let server = setup.start();
    server.scanned();
    let anna = server.member("anna", "listener");
    let stage = Stage { server, anna, ids: Vec::new() };
    // One more than is taken at once.
    let m3u = "H/Alpha/1.flac\n".repeat(MOST_AT_ONCE + 1);
    failpoints.arm("profile.AddToPlaylist", 1);
    stage.import(&stage.anna, "", m3u.clone()).expect(503);
    assert_eq!(stage.server.pages(&stage.anna, "/api/v1/playlists", 10), Vec::<Value>::new());
    let taken = stage.import(&stage.anna, "", m3u).expect(201).json();
    assert_eq!(taken["playlist"]["track_count"], json!(MOST_AT_ONCE + 1));
}

#[test]
fn what_one_did_is_one_document() {
    let stage = Stage::set();
    let (server, anna, ids) = (&stage.server, &stage.anna, &stage.ids);
    let send = |method, path: &str, body: Value| {
        server.send(Request::new(method, path).bearer(&anna.token).json(&body))
    };
    let playlist = stage.playlist("Mine", &[&ids[0], &ids[1]]);
    let started = "2026-11-01T00:00:00Z";
    let play = json!({ "track_id": ids[0], "started_at": started, "listened_ms": 60_000 });
    let played = send("POST", "/api/v1/plays", play);
    assert!([200, 201].contains(&played.status), "{}", played.status);
    send("PUT", &format!("/api/v1/me/favourites/{}", ids[1]), json!({})).expect(200);
    send("PUT", &format!("/api/v1/me/ratings/{}", ids[2]), json!({ "rating": 4 })).expect(200);
    let share = send("POST", "/api/v1/me/shares", json!({ "items": [ids[0]] })).expect(201).json();
    let bert = server.member("bert", "listener");
    let body = json!({ "name": "Bert's", "public": true, "track_ids": [ids[0]] });
    server.send(post("/api/v1/playlists").bearer(&bert.token).json(&body)).expect(201);

    let answer = server.send(get("/api/v1/me/export").bearer(&anna.token)).expect(200);
    let written = String::from_utf8(answer.body.clone()).expect("text");
    let export = answer.json();
    assert_eq!(export["account"]["username"], "anna");
    assert_eq!(export["plays"][0]["track"], json!(ids[0]));
    assert_eq!(export["plays"][0]["artist"], "Hexa & Co");
    assert_eq!(export["favourites"][0]["item"], json!(ids[1]));
    let rated = &export["track_ratings"][0];
    assert_eq!((&rated["item"], &rated["rating"]), (&json!(ids[2]), &json!(4)));
    let [mine] = &export["playlists"].as_array().expect("a list")[..] else { panic!("{export}") };
    assert_eq!((&mine["id"], &mine["track_ids"]), (&json!(playlist), &json!([ids[0], ids[1]])));
    assert_eq!(export["shares"][0]["id"], share["id"]);
    assert_eq!(export["sessions"].as_array().map(Vec::len), Some(1));
    for list in ["album_ratings", "artist_ratings", "queue", "bookmarks", "device_keys"] {
        assert_eq!(export[list], json!([]), "{list}");
    }
    for secret in [&anna.token, text(&share["secret"])] {
        assert!(!written.contains(secret), "it opens nothing");
    }
    server.send(get("/api/v1/me/export")).expect(401);
}
