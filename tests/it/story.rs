//! One story over the real program on a real port: a household claims its server, browses, listens,
//! invites, takes away, uses the command line, and finds everything again after a restart.

mod console;
mod library;
mod listening;
mod people;

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use hexachord_fixtures::{Format, Tags};
use image::ImageFormat;
use serde_json::{Value, json};

use crate::support::{
    Api, Console, Member, PASSWORD, Running, get, music, post, program::subfolder, text,
};

/// Where the household keeps its things.
struct House {
    folder: tempfile::TempDir,
    data: PathBuf,
    /// The music files by the titles of their tracks.
    files: HashMap<String, PathBuf>,
}

const CHOIR_TRACKS: usize = Format::ALL.len();
const BAND_TRACKS: usize = 6;
const TRACKS: usize = CHOIR_TRACKS + BAND_TRACKS;

#[test]
fn a_household_listens() {
    let house = House::build();
    let server = house.serve();
    let anna = claim(&server);
    let scan = server.scanned();
    assert_eq!(
        [&scan["found"], &scan["added"], &scan["unreadable"], &scan["warnings"]],
        [&json!(TRACKS), &json!(TRACKS), &json!(0), &json!([])]
    );
    library::is_browsed(&server, &anna);
    listening::shows_covers(&server, &anna);
    listening::streams(&server, &anna, &house);
    let guest = people::are_invited(&server, &anna);
    people::see_what_they_may(&server, &anna, &guest);
    people::end_keys_and_sessions(&server, &guest);
    let keys = console::works_through_the_server(&server, &house);
    let tracks = server.pages(&anna, "/api/v1/tracks", 500);
    server.stop();

    console::works_without_a_server(&house);
    let server = house.serve();
    assert_eq!(server.claim, None, "a claimed server shows no claim link");
    server.scanned();
    assert_eq!(server.pages(&anna, "/api/v1/tracks", 500), tracks, "everything is still there");
    console::left_its_traces(&server, &keys);
    people::are_removed(&server, &anna, &guest);
    server.stop();
}

/// From the link on the console to an administrator.
fn claim(server: &Running) -> Member {
    let code = server.claim.as_deref().expect("the console shows a claim link");
    let about = server.send(get("/api/v1/server")).expect(200).json();
    assert_eq!([&about["claimed"], &about["registration"]], [&json!(false), &json!("invite")]);
    let attempt = |code: &str| {
        let body = json!({ "code": code, "username": "Anna", "password": PASSWORD });
        server.send(post("/api/v1/claim").json(&body))
    };
    assert_eq!(attempt("guessed").status, 403);
    let answer = attempt(code).expect(201);
    let cookie = answer.header("set-cookie").expect("the page gets a cookie").to_owned();
    assert!(cookie.contains("; HttpOnly; SameSite=Lax"), "{cookie}");
    let anna = Member::of(&answer.json());
    assert_eq!(attempt(code).status, 403, "the link works once");
    assert_eq!(server.send(get("/api/v1/server")).expect(200).json()["claimed"], true);

    let mut me = server.read(&anna, "/api/v1/me");
    assert_eq!([&me["username"], &me["role"]], [&json!("Anna"), &json!("administrator")]);
    let cookie = cookie.split(';').next().expect("a cookie has a value");
    let mut by_cookie = server.send(get("/api/v1/me").header("cookie", cookie)).expect(200).json();
    // Both requests were a sign of life.
    for seen in [&mut me, &mut by_cookie] {
        assert!(seen["last_seen_at"].take().is_string());
    }
    assert_eq!(by_cookie, me);
    let services = server.read(&anna, "/api/v1/admin/services");
    let states: Vec<&Value> =
        services["items"].as_array().into_iter().flatten().map(|one| &one["state"]).collect();
    assert!(states.len() >= 2 && states.iter().all(|state| **state == "running"), "{services}");
    let ready = server.send(get("/readyz")).expect(200).json();
    assert_eq!(ready, json!({ "ready": true, "degraded": [], "draining": false }));
    anna
}

impl House {
    /// A choir with an album that has a track in every format, and a band with three albums.
    fn build() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let data = folder.path().join("data");
        let mut house = Self { folder, data, files: HashMap::new() };
        for (format, number) in Format::ALL.into_iter().zip(1..) {
            let mut tags = music::tags(&format!("{format:?}"), "Guido", "Ut queant laxis", number);
            tags.year = Some(1026);
            tags.genres = vec!["Chant".to_owned()];
            tags.picture = (number == 1).then(|| music::picture(700, ImageFormat::Png));
            if format == Format::Flac {
                tags.artists.push("Paolo".to_owned());
            }
            house.add("choir", format, &tags);
        }
        for (artist, album, year, genres) in [
            ("Hexa", "Alpha", 1999, &["Rock"][..]),
            ("Chord", "Beta", 2005, &["Jazz"]),
            ("Hexa", "Gamma", 2011, &["Rock", "Jazz"]),
        ] {
            for number in 1..=2 {
                let mut tags = music::tags(&format!("{album} {number}"), artist, album, number);
                tags.year = Some(year);
                tags.genres = genres.iter().map(|genre| (*genre).to_owned()).collect();
                if (album, number) == ("Gamma", 2) {
                    tags.artists.push("Paolo".to_owned());
                }
                house.add("band", Format::Flac, &tags);
            }
        }
        let cover = house.music("band").join("Beta/cover.jpg");
        std::fs::write(cover, music::picture(500, ImageFormat::Jpeg)).expect("a cover is written");
        assert_eq!(house.files.len(), TRACKS);
        house
    }

    fn add(&mut self, library: &str, format: Format, tags: &Tags) {
        let name = format!("{}.{}", tags.title, format.extension());
        let path = self.music(library).join(&tags.album).join(name);
        music::write(&path, format, 1000 + self.files.len() as u64, tags);
        self.files.insert(tags.title.clone(), path);
    }

    fn music(&self, library: &str) -> PathBuf {
        subfolder(self.folder.path(), library)
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A command with the household's music.
    fn console(&self) -> Console {
        // What is asked twice is to be answered the same.
        let console = Console::new(self.path()).variable("HEXACHORD_ARTWORK__LOOKS", "false");
        let console = console.variable("HEXACHORD_ANALYSIS__ENABLED", "false");
        let console = console.argument("--music").argument(self.music("choir"));
        console.argument("--music").argument(self.music("band"))
    }

    fn serve(&self) -> Running {
        self.console().serve(&self.data)
    }
}

/// The item of a list with this text in `field`.
#[track_caller]
fn named<'v>(items: &'v [Value], field: &str, wanted: &str) -> &'v Value {
    let found = items.iter().find(|item| item[field] == wanted);
    found.unwrap_or_else(|| panic!("no {field} is {wanted}"))
}

/// The id of an item of a list, by its title or name.
#[track_caller]
fn id_of(api: &Api, member: &Member, list: &str, field: &str, wanted: &str) -> String {
    let items = api.pages(member, &format!("/api/v1/{list}"), 500);
    text(&named(&items, field, wanted)["id"]).to_owned()
}
