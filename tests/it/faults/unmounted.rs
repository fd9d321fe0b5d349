//! A folder of music that is away for a while, or empty: nothing of what people did with the music is
//! lost, and it is the same music when it is back.

use std::{fs, path::PathBuf};

use serde_json::{Value, json};

use super::wire::until;
use crate::support::{Member, Request, Server, column, get, music, post, text};

/// A listener who used the music.
struct Stage {
    server: Server,
    anna: Member,
    /// Of the tracks, in the order of the album.
    ids: Vec<String>,
}

impl Stage {
    fn set() -> Self {
        let server = Server::with_music(|folder| {
            music::album(folder, "Guido", "Hymns", 4);
            music::album(folder, "Perotin", "Organa", 3);
        });
        let anna = server.member("anna", "administrator");
        let tracks = server.pages(&anna, "/api/v1/tracks?sort=album", 50);
        let ids: Vec<String> = column(&tracks, "id").into_iter().map(str::to_owned).collect();
        let stage = Self { server, anna, ids };
        until("profile knows the music", || {
            let played = stage.ask("POST", "/api/v1/plays", &stage.play(0), 0)?;
            text(&played["play"]["id"]).starts_with('p').then_some(())
        });
        for number in 1..5 {
            stage.ask("POST", "/api/v1/plays", &stage.play(number), 201);
        }
        let albums = stage.server.pages(&stage.anna, "/api/v1/albums", 50);
        let loved = stage.ids.iter().map(String::as_str).chain(column(&albums, "id"));
        for (number, id) in loved.enumerate() {
            stage.ask("PUT", &format!("/api/v1/me/favourites/{id}"), &json!({}), 200);
            let rating = json!({ "rating": 1 + number % 5 });
            stage.ask("PUT", &format!("/api/v1/me/ratings/{id}"), &rating, 200);
        }
        let playlist = json!({ "name": "Evening", "track_ids": stage.ids });
        stage.ask("POST", "/api/v1/playlists", &playlist, 201);
        stage
    }

    fn play(&self, number: usize) -> Value {
        let started_at = format!("2026-01-01T0{number}:00:00Z");
        json!({ "track_id": self.ids[number], "listened_ms": 300_000, "started_at": started_at })
    }

    /// The answer if it has this status; 0 stands for any that is good.
    #[track_caller]
    fn ask(&self, method: &'static str, path: &str, body: &Value, status: u16) -> Option<Value> {
        let request = Request::new(method, path).bearer(&self.anna.token).json(body);
        let answer = self.server.send(request);
        if status == 0 {
            return (answer.status < 300).then(|| answer.json());
        }
        Some(answer.expect(status).json())
    }

    fn folder(&self) -> PathBuf {
        self.server.path().join("music")
    }

    fn aside(&self) -> PathBuf {
        self.server.path().join("unmounted")
    }

    /// Scans; the library is left alone.
    fn scan_without_it(&self, full: bool, why: &str) {
        let state = self.scan(full);
        let facts = (&state["left_alone"], &state["missing"], &state["added"]);
        assert_eq!(facts, (&json!(1), &json!(0), &json!(0)), "{state}");
        assert!(text(&state["warnings"][0]).contains(why), "{state}");
    }

    fn scan(&self, full: bool) -> Value {
        self.server.control(post("/api/v1/admin/scan").json(&json!({ "full": full }))).expect(202);
        let state = self.server.scanned();
        assert_eq!(
            (&state["phase"], &state["full"]),
            (&json!("finished"), &json!(full)),
            "{state}"
        );
        state
    }

    /// All that the listener sees of the music, and of what was done with it.
    fn seen(&self) -> Vec<Value> {
        let ids = self.ids.join(",");
        let paths = [
            "/api/v1/tracks?limit=500&sort=album".to_owned(),
            "/api/v1/albums?limit=500".to_owned(),
            "/api/v1/artists?limit=500".to_owned(),
            "/api/v1/me/plays?limit=500".to_owned(),
            "/api/v1/me/top/tracks?limit=500".to_owned(),
            "/api/v1/me/top/albums?limit=500".to_owned(),
            "/api/v1/me/favourites?limit=500".to_owned(),
            format!("/api/v1/me/annotations?ids={ids}"),
        ];
        let mut seen: Vec<Value> =
            paths.iter().map(|path| self.server.read(&self.anna, path)).collect();
        let playlists = self.server.read(&self.anna, "/api/v1/playlists");
        let playlist = text(&playlists["items"][0]["id"]);
        seen.push(self.server.read(&self.anna, &format!("/api/v1/playlists/{playlist}?limit=500")));
        seen
    }

    fn is_as(&self, before: &[Value]) {
        // Profile hears of the music a moment later; it has nothing to hear.
        for (now, before) in self.seen().iter().zip(before) {
            assert_eq!(now, before);
        }
    }

    /// The folder is there again, and everything plays.
    fn comes_back(&self, full: bool, before: &[Value]) {
        fs::rename(self.aside(), self.folder()).expect("it was put aside");
        let state = self.scan(full);
        assert_eq!((&state["added"], &state["missing"]), (&json!(0), &json!(0)), "{state}");
        self.is_as(before);
        self.stream(200);
    }

    fn stream(&self, status: u16) {
        let path = format!("/api/v1/tracks/{}/stream", self.ids[0]);
        self.server.send(get(&path).bearer(&self.anna.token)).expect(status);
    }
}

#[test]
fn everything_stays_while_the_folder_is_away() {
    let house = Stage::set();
    let before = house.seen();
    assert_eq!(before[3]["items"].as_array().map(Vec::len), Some(5), "{}", before[3]);
    for full in [false, true] {
        fs::rename(house.folder(), house.aside()).unwrap();
        house.scan_without_it(full, "is not there");
        house.is_as(&before);
        house.stream(404);
        house.comes_back(full, &before);
    }
}

#[test]
fn everything_stays_while_the_folder_is_empty() {
    let house = Stage::set();
    let before = house.seen();
    for full in [false, true] {
        fs::rename(house.folder(), house.aside()).unwrap();
        // The place where a disk is mounted.
        fs::create_dir(house.folder()).unwrap();
        house.scan_without_it(full, "is empty");
        house.is_as(&before);
        fs::remove_dir(house.folder()).unwrap();
        house.comes_back(full, &before);
    }
}

#[test]
fn what_was_done_with_music_outlasts_a_loss_that_was_believed() {
    let house = Stage::set();
    let before = house.seen();
    fs::rename(house.folder(), house.aside()).unwrap();
    fs::create_dir(house.folder()).unwrap();
    let believe = post("/api/v1/admin/scan").json(&json!({ "accept_losses": true }));
    house.server.control(believe).expect(202);
    assert_eq!(house.server.scanned()["missing"], 7);
    until("the lists are without the music", || {
        let [tracks, playlist] = [&house.seen()[0], &house.seen()[8]].map(Value::clone);
        let entries = playlist["tracks"]["items"].as_array()?.clone();
        let is_missing = |entry: &Value| entry["track"]["missing_since"].is_string();
        // They stay where they are, greyed.
        assert_eq!(column(&entries, "track_id"), house.ids);
        (tracks["items"] == json!([]) && entries.iter().all(is_missing)).then_some(())
    });
    let annotations = &house.seen()[7];
    assert_eq!(annotations["items"], before[7]["items"], "stars and plays stay");
    fs::remove_dir(house.folder()).unwrap();
    fs::rename(house.aside(), house.folder()).unwrap();
    house.scan(false);
    until("all is as it was", || {
        let mut now = house.seen();
        let mut before = before.clone();
        for seen in now.iter_mut().chain(&mut before) {
            forget_times(seen);
        }
        (now == before).then_some(())
    });
    house.stream(200);
}

/// A file that came back was changed just now.
fn forget_times(seen: &mut Value) {
    match seen {
        Value::Object(object) => {
            object.remove("modified_at");
            object.remove("revision");
            object.values_mut().for_each(forget_times);
        }
        Value::Array(values) => values.iter_mut().for_each(forget_times),
        _ => {}
    }
}
