//! The library over REST beyond its lists: folders, tracks that go missing, corrections.

use hexachord_fixtures::{Format, Tags};
use serde_json::{Value, json};

use crate::{
    faults::wire::until,
    support::{Member, Server, column, get, music, post, text},
};

fn stage() -> (Server, Member) {
    let server = Server::with_music(|folder| {
        music::album(folder, "Hexa", "Alpha", 2);
        music::album(&folder.join("Live"), "Hexa", "Beta", 3);
    });
    let anna = server.member("anna", "administrator");
    (server, anna)
}

fn post_as(server: &Server, member: &Member, path: &str, body: &Value) -> Value {
    server.send(post(path).bearer(&member.token).json(body)).expect(200).json()
}

fn scan(server: &Server) {
    server.control(post("/api/v1/admin/scan")).expect(202);
    assert_eq!(server.scanned()["phase"], "finished");
}

/// The titles of what a folder holds; folders end with a slash.
fn names(items: &[Value]) -> Vec<String> {
    let name = |item: &Value| match item.get("folder") {
        Some(folder) => format!("{}/", text(&folder["name"])),
        None => text(&item["track"]["title"]).to_owned(),
    };
    items.iter().map(name).collect()
}

#[test]
fn folders_are_browsed_from_the_library_down() {
    let (server, anna) = stage();
    let libraries = server.read(&anna, "/api/v1/libraries");
    let folder = |id: &Value| format!("/api/v1/folders/{}", text(id));
    let root = folder(&libraries["items"][0]["root"]);
    let top = server.pages(&anna, &root, 1);
    assert_eq!(names(&top), ["Alpha/", "Live/"]);
    let live = server.read(&anna, &folder(&top[1]["folder"]["id"]));
    assert_eq!((&live["name"], &live["above"][0]["name"]), (&json!("Live"), &json!("music")));
    let beta = folder(&live["items"][0]["folder"]["id"]);
    for limit in [1, 2, 500] {
        assert_eq!(names(&server.pages(&anna, &beta, limit)), ["track 1", "track 2", "track 3"]);
    }
    let track = &server.read(&anna, &beta)["items"][0]["track"];
    assert_eq!(&server.read(&anna, &format!("/api/v1/tracks/{}", text(&track["id"]))), track);
}

#[test]
fn a_missing_track_is_greyed_in_playlists_forgotten_and_found_again() {
    let (server, anna) = stage();
    let tracks = server.pages(&anna, "/api/v1/tracks?sort=album", 5);
    let body = json!({ "name": "All", "track_ids": column(&tracks, "id") });
    let made = server.send(post("/api/v1/playlists").bearer(&anna.token).json(&body));
    let playlist = format!("/api/v1/playlists/{}", text(&made.expect(201).json()["id"]));
    let titles = || {
        let seen = server.read(&anna, &playlist)["tracks"]["items"].clone();
        let entries = seen.as_array().expect("a playlist has tracks").clone();
        entries.iter().map(|entry| entry["track"].clone()).collect::<Vec<_>>()
    };
    let (file, aside) = (server.path().join("music/Alpha/2.flac"), server.path().join("aside"));
    std::fs::rename(&file, &aside).expect("a file can be moved");
    scan(&server);
    let seen = titles();
    assert_eq!(seen.len(), 5);
    assert!(seen[1]["missing_since"].is_string(), "{}", seen[1]);
    assert!(seen[0]["missing_since"].is_null());

    let missing = server.pages(&anna, "/api/v1/admin/missing", 2);
    assert_eq!(missing.len(), 1);
    assert_eq!(missing[0]["path"], "Alpha/2.flac");
    assert_eq!(missing[0]["track"], seen[1]);
    let these = json!({ "these": [seen[1]["id"]] });
    let forgotten = post_as(&server, &anna, "/api/v1/admin/missing/forget", &these);
    assert_eq!(forgotten, json!({ "forgotten": 1 }));
    assert!(server.pages(&anna, "/api/v1/admin/missing", 2).is_empty());
    let track = format!("/api/v1/tracks/{}", text(&seen[1]["id"]));
    server.send(get(&track).bearer(&anna.token)).expect(404);
    until("the playlist has followed", || {
        let playlist = server.read(&anna, &playlist);
        (playlist["track_count"] == 4).then_some(())
    });
    assert!(titles().iter().all(Value::is_object), "there is no hole in it");

    std::fs::rename(&aside, &file).expect("a file can be moved");
    scan(&server);
    until("the playlist has followed", || (titles().len() == 5).then_some(()));
    let back = &titles()[1];
    assert_eq!((&back["id"], &back["missing_since"]), (&seen[1]["id"], &Value::Null));
    let all = json!({ "missing_since": "2099-01-01T00:00:00Z" });
    assert_eq!(post_as(&server, &anna, "/api/v1/admin/missing/forget", &all)["forgotten"], 0);
}

#[test]
fn edits_are_made_taken_along_and_taken_back() {
    let (server, anna) = stage();
    let albums = server.pages(&anna, "/api/v1/albums", 5);
    let edits = json!({ "items": [
        { "edit": { "artist": { "name": "hexa", "becomes": ["Hexachord"] } } },
        { "edit": { "album": { "album": albums[0]["id"], "title": "Omega", "year": 1997 } } },
    ]});
    let made = post_as(&server, &anna, "/api/v1/admin/edits", &edits)["items"].clone();
    let shown = |server: &Server, member: &Member| {
        let albums = server.pages(member, "/api/v1/albums", 5);
        let facts = |album: &Value| {
            let artist = text(&album["display_artist"]);
            format!("{artist} – {} {} {}", text(&album["title"]), album["year"], text(&album["id"]))
        };
        albums.iter().map(facts).collect::<Vec<_>>()
    };
    let edited = shown(&server, &anna);
    assert!(edited[0].starts_with("Hexachord – Beta null "), "{edited:?}");
    assert!(edited[1].starts_with("Hexachord – Omega 1997 "), "{edited:?}");
    until("the index has followed", || {
        let seen = server.read(&anna, "/api/v1/search?q=omega");
        (seen["albums"].as_array()?.len() == 1).then_some(())
    });

    // Another server with the same music shows the same, whenever it gets them.
    let (other, bert) = stage();
    let page = server.read(&anna, "/api/v1/admin/edits");
    assert_eq!(page["items"], made);
    post_as(&other, &bert, "/api/v1/admin/edits", &page);
    assert_eq!(shown(&other, &bert), edited);

    for edit in made.as_array().expect("a list") {
        let path = format!("/api/v1/admin/edits/{}", text(&edit["id"]));
        server.send(crate::support::delete(&path).bearer(&anna.token)).expect(204);
    }
    let now = server.pages(&anna, "/api/v1/albums", 5);
    assert_eq!(column(&now, "title"), ["Alpha", "Beta"]);
    assert_eq!(column(&now, "id"), column(&albums, "id"));
}

#[test]
fn any_part_of_a_list_is_shown_at_once() {
    let (server, anna) = stage();
    let read = |path: &str| server.read(&anna, &format!("/api/v1/{path}"));
    let all = read("tracks?sort=-added");
    assert_eq!((&all["total"], &all["next_cursor"]), (&json!(5), &Value::Null));
    let items = all["items"].as_array().cloned().unwrap_or_default();
    for skip in 0..7 {
        let some = read(&format!("tracks?sort=-added&limit=2&skip={skip}"));
        let wanted: Vec<_> = items.iter().skip(skip).take(2).cloned().collect();
        assert_eq!((&some["items"], &some["total"]), (&json!(wanted), &json!(5)), "{skip}");
        assert_eq!(some["revision"], all["revision"]);
    }
    let letters = json!([{ "letter": "A", "skip": 0 }, { "letter": "B", "skip": 1 }]);
    let told = read("albums/letters");
    assert_eq!((&told["items"], &told["total"]), (&letters, &json!(2)));
    assert_eq!(told["revision"], read("albums")["revision"]);
    let artists = read("artists/letters");
    assert_eq!(artists["items"], json!([{ "letter": "H", "skip": 0 }]));
    assert_eq!(read("decades")["items"], json!([]), "nothing has a year");

    for (number, year) in [(1_u64, 1994), (2, 2001)] {
        let title = format!("Delta {number}");
        let tags = Tags {
            year: Some(year),
            genres: vec!["Chant".to_owned()],
            ..music::tags("Ut", "Hexa", &title, 1)
        };
        let path = server.path().join(format!("music/{title}.flac"));
        music::write(&path, Format::Flac, 900 + number, &tags);
    }
    scan(&server);
    let now = read("tracks?limit=1");
    assert_eq!(now["total"], 7);
    assert_ne!(now["revision"], all["revision"]);
    let genres = read("genres");
    let genre = text(&genres["items"][0]["id"]);
    let some = read(&format!("tracks?genre={genre}&skip=1&sort=-title"));
    assert_eq!((&some["total"], some["items"].as_array().map(Vec::len)), (&json!(2), Some(1)));
    let decades = json!([
        { "decade": 1990, "albums": 1, "tracks": 1 }, { "decade": 2000, "albums": 1, "tracks": 1 },
    ]);
    assert_eq!(read("decades")["items"], decades);
    for (years, total) in [
        ("year_from=1990&year_to=1999", 1),
        ("year_from=1994", 2),
        ("year_to=1993", 0),
        ("year_from=2002&year_to=2002", 0),
    ] {
        let told = read(&format!("albums?{years}"));
        assert_eq!(
            (&told["total"], told["items"].as_array().map(Vec::len)),
            (&json!(total), Some(total))
        );
        assert_eq!(read(&format!("albums/letters?{years}"))["total"], total);
    }
}
