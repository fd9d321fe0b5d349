//! Folders are watched by the running app: whatever changes in them is there without a scan, under the
//! ids that it had, in lists, search and playlists.

use std::fs;

use hexachord::config::Watch;
use serde_json::{Value, json};

use crate::{
    faults::wire::until,
    support::{Member, Server, Setup, column, get, music, post, text},
};

fn tracks(server: &Server, anna: &Member) -> Vec<Value> {
    server.pages(anna, "/api/v1/tracks", 500)
}

/// The entries of a playlist.
fn entries(server: &Server, anna: &Member, playlist: &str) -> Vec<Value> {
    let playlist = server.read(anna, &format!("/api/v1/playlists/{playlist}?limit=500"));
    playlist["tracks"]["items"].as_array().expect("it has entries").clone()
}

#[test]
fn what_changes_in_a_folder_is_there_by_itself() {
    let mut setup = Setup::new();
    let folder = setup.music();
    setup.config.library.watch = Watch::Auto;
    setup.config.library.scan_on_start = true;
    let server = setup.start();
    let anna = server.member("anna", "administrator");
    server.scanned();
    assert_eq!(tracks(&server, &anna), [] as [Value; 0]);

    let files = music::album(&folder, "Guido", "Micrologus", 2);
    let there = until("two new files are tracks", || {
        Some(tracks(&server, &anna)).filter(|tracks| tracks.len() == 2)
    });
    let ids: Vec<String> = column(&there, "id").into_iter().map(str::to_owned).collect();
    until("they are found", || {
        let found = server.read(&anna, "/api/v1/search?q=guido");
        (found["tracks"].as_array()?.len() == 2).then_some(())
    });
    let body = json!({ "name": "Kept", "track_ids": ids });
    let playlist = post("/api/v1/playlists").bearer(&anna.token).json(&body);
    let playlist = text(&server.send(playlist).expect(201).json()["id"]).to_owned();

    let elsewhere = folder.join("Moved").join("here.flac");
    fs::create_dir(folder.join("Moved")).unwrap();
    fs::rename(&files[0], &elsewhere).unwrap();
    let outside = server.path().join("away.flac");
    fs::rename(&files[1], &outside).unwrap();
    let left = until("one is moved, the other is gone", || {
        let mut left = tracks(&server, &anna);
        left.pop().filter(|_| left.is_empty())
    });
    assert!(ids.iter().any(|id| *id == text(&left["id"])), "a moved track is the same one");
    until("a stream of it is of the file where it is now", || {
        let path = format!("/api/v1/tracks/{}/stream", text(&left["id"]));
        (server.send(get(&path).bearer(&anna.token)).status == 200).then_some(())
    });
    let kept = entries(&server, &anna, &playlist);
    let missing = |entries: &[Value]| {
        entries.iter().filter(|entry| !entry["track"]["missing_since"].is_null()).count()
    };
    assert_eq!((kept.len(), missing(&kept)), (2, 1), "it keeps its place: {kept:?}");

    fs::rename(&outside, &files[1]).unwrap();
    until("it is back as itself", || {
        let kept = entries(&server, &anna, &playlist);
        (kept.len() == 2 && missing(&kept) == 0).then_some(())
    });
    let mut back: Vec<String> =
        column(&tracks(&server, &anna), "id").into_iter().map(str::to_owned).collect();
    back.sort();
    let mut ids = ids;
    ids.sort();
    assert_eq!(back, ids);
}
