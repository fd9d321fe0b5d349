//! Equal audio in several files of every format.

use std::{collections::BTreeSet, fs};

use hexachord_fixtures::{Format, Tags};
use serde_json::json;

use super::{Home, ids, relocate, rescan};
use crate::{
    faults::wire::until,
    support::{Request, column, music, text},
};

fn tags_of(number: usize) -> Tags {
    let album = format!("Album {}", number % 20);
    music::tags(&format!("{number} of them"), "Artist", &album, 1)
}

#[test]
fn equal_audio_stays_several_tracks() {
    let home = Home::new();
    let copy = |number: usize, folder: &str, format: Format| {
        let path = home.music().join(folder).join(format!("copy.{}", format.extension()));
        music::write(&path, format, 7, &tags_of(number));
    };
    for (place, format) in Format::ALL.into_iter().enumerate() {
        for (nth, folder) in ["a", "b", "c"].into_iter().enumerate() {
            copy(place * 3 + nth, &format!("{folder} {place}"), format);
        }
    }
    let (server, member) = home.open();
    let before = ids(&server, &member);
    assert_eq!(before.len(), 3 * Format::ALL.len());
    let distinct: BTreeSet<&String> = before.values().collect();
    assert_eq!(distinct.len(), before.len(), "equal audio shares an id");
    drop(server);

    home.forget_everything();
    let (server, member) = home.open();
    assert_eq!(ids(&server, &member), before, "without the data, at the same paths");

    for place in 0..Format::ALL.len() {
        for folder in ["b", "c"].map(|folder| format!("{folder} {place}")) {
            let to = home.music().join("moved").join(&folder);
            relocate(&home.music().join(folder), &to);
        }
    }
    rescan(&server);
    assert_eq!(ids(&server, &member), before, "after two of three moved");
}

#[test]
fn a_move_over_a_copy_keeps_what_was_done_with_either() {
    let home = Home::new();
    let (original, copy) = (home.music().join("a/1.flac"), home.other().join("b/1.flac"));
    music::write(&original, Format::Flac, 7, &tags_of(1));
    music::album(&home.music(), "Guido", "Kept", 2);
    let (server, member) = home.open();
    let put = |path: String, body| {
        let request = Request::new("PUT", &path).bearer(&member.token).json(&body);
        until("it is known", || (server.send(request.clone()).status == 200).then_some(()));
    };
    let id_at = |title: &str, other: Option<&str>| {
        let tracks = server.pages(&member, "/api/v1/tracks", 50);
        let mut found = tracks.iter().filter(|track| track["title"] == title);
        let found = found.find(|track| track["id"].as_str() != other);
        text(&found.expect("it is there")["id"]).to_owned()
    };
    let track = id_at("1 of them", None);
    put(format!("/api/v1/me/ratings/{track}"), json!({ "rating": 3 }));

    // A disk is slow, and the folders are watched.
    fs::create_dir_all(copy.parent().unwrap()).unwrap();
    fs::copy(&original, &copy).unwrap();
    assert_eq!(rescan(&server)["added"], 1);
    let second = id_at("1 of them", Some(&track));
    put(format!("/api/v1/me/favourites/{second}"), json!({}));
    let send = |path: &str, body| {
        let request = Request::new("POST", path).bearer(&member.token).json(&body);
        server.send(request).expect(201).json()
    };
    let playlist = send("/api/v1/playlists", json!({ "name": "x", "track_ids": [second, track] }));
    let now = &server.read(&member, &format!("/api/v1/tracks/{second}"))["added_at"];
    let play = json!({ "track_id": second, "started_at": now, "listened_ms": 600_000 });
    let play = send("/api/v1/plays", play);
    assert_eq!(play["play"]["counted"], true);

    fs::remove_file(&original).unwrap();
    let state = rescan(&server);
    assert_eq!((&state["missing"], &state["added"]), (&json!(0), &json!(0)), "{state}");
    assert_eq!(id_at("1 of them", Some(&second)), track);
    until("it is one track", || {
        let known = server.read(&member, &format!("/api/v1/me/annotations?ids={track}"));
        let known = &known["items"][0];
        (known["favourite_since"].is_string() && known["plays"] == 1 && known["rating"] == 3)
            .then_some(())
    });
    let path = format!("/api/v1/playlists/{}", text(&playlist["id"]));
    let whole = server.read(&member, &path);
    let entries: Vec<_> = whole["tracks"]["items"].as_array().unwrap().iter().collect();
    let tracks: Vec<_> = entries.iter().map(|entry| entry["track"].clone()).collect();
    assert_eq!(column(&tracks, "id"), [track.as_str(), &track]);
    let history = server.pages(&member, "/api/v1/me/plays", 50);
    assert_eq!(history[0]["track"]["id"], track);
    let stream = Request::new("GET", &format!("/api/v1/tracks/{track}/stream"));
    let heard = server.send(stream.bearer(&member.token)).expect(200).body;
    assert!(heard == fs::read(&copy).unwrap());
}
