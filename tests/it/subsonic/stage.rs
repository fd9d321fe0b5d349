//! A server with a small library, and an app that has a key of it.

use std::path::Path;

use hexachord_contracts::Clock;
use hexachord_fixtures::{Format, Tags};
use image::ImageFormat;
use serde_json::{Value, json};

use crate::faults::wire::until;
use crate::support::{Api, Member, Request, Response, Server, Setup, get, music, post, text};

/// Two artists, three albums, six songs.
pub(super) fn stage() -> (Server, App) {
    stage_at(Clock::default())
}

/// [`stage`] at a time that a test moves.
pub(super) fn stage_at(clock: Clock) -> (Server, App) {
    let mut setup = Setup::new();
    write(&setup.music());
    setup.config.library.scan_on_start = true;
    setup.options.clock = clock;
    let server = setup.start();
    assert_eq!(server.scanned()["phase"], "finished");
    let station = json!({ "name": "Waves & <more>", "stream_url": "http://radio.example:8000/live?a=1&b=2", "home_page_url": "https://radio.example/" });
    server.control(post("/api/v1/radio-stations").json(&station)).expect(201);
    let ida = server.member("ida", "listener");
    let app = App::of(&server, &ida, "ida");
    // The index is a moment behind the catalog.
    for title in ["Ut 1", "Sol"] {
        until("a song is found", || {
            let query = format!("query={title}").replace(' ', "%20");
            let found = app.ask("search3", &query, "searchResult3");
            list(&found["song"]).pop()
        });
    }
    (server, app)
}

fn write(folder: &Path) {
    let picture = music::picture(600, ImageFormat::Png);
    for number in 1..=3 {
        let tags = Tags {
            year: Some(1997),
            genres: vec!["Chant".to_owned(), "Latin".to_owned()],
            picture: Some(picture.clone()),
            ..music::tags(&format!("Ut {number}"), "Guido", "Micrologus", number)
        };
        let path = folder.join(format!("Guido/Micrologus/{number}.flac"));
        music::write(&path, Format::Flac, number.into(), &tags);
    }
    let lyrics = "[00:00.10]Ut queant <00:00.20>laxis\n[00:00.50]Resonare & fibris\n";
    std::fs::write(folder.join("Guido/Micrologus/1.lrc"), lyrics).expect("lyrics can be written");
    for number in 1..=2 {
        let tags = Tags {
            year: Some(2001),
            genres: vec!["Rock".to_owned()],
            ..music::tags(&format!("Re {number}"), "Guido", "Aliae", number)
        };
        let path = folder.join(format!("Guido/Aliae/{number}.mp3"));
        music::write(&path, Format::Mp3, u64::from(number) + 10, &tags);
    }
    let tags = music::tags("Sol & <Fa>", "The Perotins", "Magnus \"liber\"", 1);
    music::write(&folder.join("alone.flac"), Format::Flac, 20, &tags);
}

/// An app with a device key.
#[derive(Debug, Clone)]
pub(super) struct App {
    api: Api,
    pub(super) key: String,
    pub(super) key_id: String,
    pub(super) credential: String,
}

impl App {
    pub(super) fn of(api: &Api, member: &Member, username: &str) -> Self {
        let label = json!({ "label": "app" });
        let made = post("/api/v1/me/device-keys").bearer(&member.token).json(&label);
        let made = api.send(made).expect(201).json();
        let (key, key_id) = (text(&made["secret"]).to_owned(), text(&made["id"]).to_owned());
        let credential = format!("u={username}&p={key}&v=1.16.1&c=suite");
        Self { api: api.clone(), key, key_id, credential }
    }

    pub(super) fn request(&self, method: &str, query: &str) -> Request {
        get(&format!("/rest/{method}?{}&{query}", self.credential))
    }

    /// Whatever is answered.
    pub(super) fn send(&self, method: &str, query: &str) -> Response {
        self.api.send(self.request(method, query))
    }

    /// The envelope in JSON.
    #[track_caller]
    pub(super) fn envelope(&self, method: &str, query: &str) -> Value {
        envelope(&self.send(method, &format!("f=json&{query}")))
    }

    /// What an answer that went well has under `name`.
    #[track_caller]
    pub(super) fn ask(&self, method: &str, query: &str, name: &str) -> Value {
        let envelope = self.envelope(method, query);
        assert_eq!(envelope["status"], "ok", "{method}?{query}: {envelope}");
        envelope[name].clone()
    }

    #[track_caller]
    pub(super) fn done(&self, method: &str, query: &str) {
        let envelope = self.envelope(method, query);
        assert_eq!(envelope["status"], "ok", "{method}?{query}: {envelope}");
        assert_eq!(envelope.as_object().map(serde_json::Map::len), Some(5), "{envelope}");
    }

    /// The code of what went wrong.
    #[track_caller]
    pub(super) fn code(&self, method: &str, query: &str) -> u64 {
        code(&self.envelope(method, query))
    }

    /// All songs by title.
    #[track_caller]
    pub(super) fn songs(&self) -> Vec<Value> {
        list(&self.ask("search3", "query=&songCount=500", "searchResult3")["song"])
    }

    /// The id of the song of a title.
    #[track_caller]
    pub(super) fn song(&self, title: &str) -> String {
        let songs = self.songs();
        let song = songs.iter().find(|song| song["title"] == title).expect("it is there");
        text(&song["id"]).to_owned()
    }
}

/// The envelope of an answer in JSON, with what every envelope has.
#[track_caller]
pub(super) fn envelope(response: &Response) -> Value {
    assert_eq!(response.status, 200, "{}", String::from_utf8_lossy(&response.body));
    let kind = response.header("content-type").unwrap_or_default();
    assert!(kind.starts_with("application/json"), "{kind}");
    let envelope = response.json()["subsonic-response"].take();
    assert_eq!(envelope["version"], "1.16.1");
    assert_eq!(envelope["type"], "hexachord");
    assert_eq!(envelope["serverVersion"], env!("CARGO_PKG_VERSION"));
    assert_eq!(envelope["openSubsonic"], true);
    envelope
}

#[track_caller]
pub(super) fn code(envelope: &Value) -> u64 {
    assert_eq!(envelope["status"], "failed", "{envelope}");
    assert!(envelope["error"]["message"].is_string(), "{envelope}");
    envelope["error"]["code"].as_u64().expect("a code is a number")
}

#[track_caller]
pub(super) fn list(value: &Value) -> Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("{value} is no list")).clone()
}
