//! A library from the page: chosen, added, heard, renamed, there after a restart, and removed.

use serde_json::{Value, json};

use crate::{
    faults::wire::until,
    support::{Console, Member, Request, Server, Setup, delete, get, music, post, text},
};

fn server() -> (Server, Member) {
    let mut setup = Setup::new();
    setup.config.library.watch = hexachord::config::Watch::Auto;
    let server = setup.start();
    let anna = server.member("anna", "administrator");
    (server, anna)
}

fn add(api: &crate::support::Api, by: &Member, name: &str, path: &str) -> crate::support::Response {
    let body = json!({ "name": name, "path": path });
    api.send(post("/api/v1/admin/libraries").bearer(&by.token).json(&body))
}

fn libraries(api: &crate::support::Api, by: &Member) -> Vec<Value> {
    let answer = api.read(by, "/api/v1/admin/libraries");
    answer["items"].as_array().expect("a list").clone()
}

fn tracks_become(api: &crate::support::Api, by: &Member, count: usize) {
    until("the tracks are as many", || {
        (api.pages(by, "/api/v1/tracks", 100).len() == count).then_some(())
    });
}

#[test]
fn a_folder_is_chosen_and_becomes_a_library() {
    let (server, anna) = server();
    let shelf = server.path().join("shelf");
    music::album(&shelf.join("jazz"), "Hexa", "Alpha", 2);
    let path = shelf.to_str().expect("text");
    let beginnings = server.read(&anna, "/api/v1/admin/server-folders");
    let roots = beginnings["folders"].as_array().expect("a list");
    assert!(roots.iter().any(|root| root["path"] == "/"), "{beginnings}");
    let listed = server.read(&anna, &format!("/api/v1/admin/server-folders?path={path}"));
    let [jazz] = &listed["folders"].as_array().expect("a list")[..] else { panic!("{listed}") };
    assert_eq!((&jazz["name"], &jazz["readable"]), (&json!("jazz"), &json!(true)));
    let inner = format!("/api/v1/admin/server-folders?path={}", text(&jazz["path"]));
    let inner = server.read(&anna, &inner);
    assert_eq!(inner["folders"][0]["audio_files"], 2, "{inner}");

    let made = add(&server, &anna, "Jazz", text(&jazz["path"])).expect(201).json();
    assert_eq!((&made["source"], &made["track_count"]), (&json!("added"), &json!(0)));
    tracks_become(&server, &anna, 2);
    music::album(&shelf.join("jazz"), "Hexa", "Beta", 3);
    tracks_become(&server, &anna, 5);
    let all = libraries(&server, &anna);
    assert_eq!(all.len(), 2);
    let jazz = all.iter().find(|one| one["id"] == made["id"]).expect("it is there");
    assert_eq!(jazz["watched"], "watch", "{jazz}");
    let configured = all.iter().find(|one| one["name"] == "music").expect("it is there");
    assert_eq!(configured["source"], "configuration");

    let of = |library: &Value| format!("/api/v1/admin/libraries/{}", text(&library["id"]));
    let rename = |library: &Value, name: &str| {
        let request = Request::new("PATCH", &of(library)).bearer(&anna.token);
        server.send(request.json(&json!({ "name": name })))
    };
    assert_eq!(rename(jazz, "Old jazz").expect(200).json()["name"], "Old jazz");
    for refused in [
        rename(configured, "Mine").expect(409),
        server.send(delete(&of(configured)).bearer(&anna.token)).expect(409),
    ] {
        assert!(text(&refused.json()["detail"]).contains("configuration"));
    }
    let taken = rename(jazz, "MUSIC").expect(409).json();
    assert_eq!(taken["field"], "name");
    let overlap = add(&server, &anna, "Around", path).expect(400).json();
    assert_eq!(overlap["field"], "path", "{overlap}");
    assert!(text(&overlap["detail"]).contains("Old jazz"), "{overlap}");

    server.send(delete(&of(jazz)).bearer(&anna.token)).expect(204);
    tracks_become(&server, &anna, 0);
    assert_eq!(server.pages(&anna, "/api/v1/admin/missing", 10).len(), 5, "nothing is deleted");
    assert!(shelf.join("jazz").is_dir());
}

#[test]
fn who_may_see_an_added_library_is_decided_for_each_account() {
    let (server, anna) = server();
    let shelf = server.path().join("shelf");
    music::album(&shelf, "Hexa", "Alpha", 2);
    let made = add(&server, &anna, "Shelf", shelf.to_str().expect("text")).expect(201).json();
    tracks_become(&server, &anna, 2);
    let bert = server.member("bert", "listener");
    let allow = |libraries: Value| {
        let path = format!("/api/v1/admin/accounts/{}", bert.id);
        let body = json!({ "libraries": libraries });
        let request = Request::new("PATCH", &path).bearer(&anna.token).json(&body);
        server.send(request).expect(200).json()["libraries"].clone()
    };
    assert_eq!(server.pages(&bert, "/api/v1/tracks", 10).len(), 2);
    assert_eq!(allow(json!([])), json!([]));
    assert!(server.pages(&bert, "/api/v1/tracks", 10).is_empty());
    assert_eq!(allow(json!([made["id"]])), json!([made["id"]]));
    assert_eq!(server.pages(&bert, "/api/v1/tracks", 10).len(), 2);
    assert_eq!(allow(json!("all")), json!("all"));
}

#[test]
fn what_was_added_is_there_after_a_restart_and_the_demo_is_not_made() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let (data, shelf) = (folder.path().join("data"), folder.path().join("shelf"));
    music::album(&shelf, "Hexa", "Alpha", 2);
    let server = Console::new(folder.path()).serve(&data);
    let anna = server.member("anna", "administrator");
    let demo = libraries(&server, &anna);
    assert_eq!((demo.len(), &demo[0]["source"]), (1, &json!("demo")));
    add(&server, &anna, "Shelf", shelf.to_str().expect("text")).expect(201);
    tracks_become(&server, &anna, 2);
    server.stop();

    std::fs::remove_dir_all(data.join("demo-library")).expect("it was begun");
    let server = Console::new(folder.path()).serve(&data);
    let all = libraries(&server, &anna);
    assert_eq!((all.len(), &all[0]["name"]), (1, &json!("Shelf")));
    assert_eq!(server.pages(&anna, "/api/v1/tracks", 10).len(), 2);
    assert!(!data.join("demo-library").exists());
    server.send(get("/api/v1/admin/libraries")).expect(401);
    server.stop();
}
