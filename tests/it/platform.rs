//! All six services in one story over the real program on a real port: a listener joins, finds,
//! plays, loves, keeps a playlist, is understood, pays; and everything is there after kill -9.

mod derived;
mod leaving;
mod listening;
mod paying;
mod searching;

use std::path::PathBuf;

use hexachord_fixtures::Format;
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::{
    faults::wire::until,
    support::{
        Api, Console, Member, PASSWORD, Request, Running, get, music, post, program::subfolder,
        text,
    },
};

/// Artist, album, genre, year and the titles of its tracks: three scripts with an alphabet, and one
/// without.
const ALBUMS: [(&str, &str, &str, u32, &[&str]); 6] = [
    (
        "Björk Guðmund",
        "Vespertine Nights",
        "Electronic",
        2001,
        &["Pagan Poetry", "Cocoon", "Aurora"],
    ),
    ("Röyksopp", "Melody A.M.", "Electronic", 2001, &["Eple", "Sparks", "Remind Me"]),
    ("Кино", "Группа крови", "Rock", 1988, &["Звезда", "Закрой за мной дверь"]),
    ("Μάνος Χατζιδάκις", "Το χαμόγελο", "Orchestral", 1965, &["Τζοκόντα", "Βροχή"]),
    ("坂本龍一", "戦場のメリークリスマス", "Orchestral", 1983, &["東風", "千のナイフ"]),
    ("Miles", "Blue in Kind", "Jazz", 1959, &["So What", "Blue in Green", "All Blues"]),
];

/// Where the server keeps its things.
struct House {
    folder: tempfile::TempDir,
}

impl House {
    fn build() -> Self {
        let house = Self { folder: tempfile::tempdir().expect("a temporary folder can be made") };
        let mut seed = 1;
        for (artist, album, genre, year, titles) in ALBUMS {
            for (title, number) in titles.iter().zip(1..) {
                let mut tags = music::tags(title, artist, album, number);
                (tags.year, tags.genres) = (Some(year), vec![genre.to_owned()]);
                let path = house.music().join(album).join(format!("{number}.flac"));
                music::write(&path, Format::Flac, seed, &tags);
                seed += 1;
            }
        }
        house
    }

    fn music(&self) -> PathBuf {
        subfolder(self.folder.path(), "music")
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn console(&self) -> Console {
        let console = Console::new(self.folder.path()).argument("--music").argument(self.music());
        // Answers are compared, and tell the loudness too: it must not come in between.
        let console = console.variable("HEXACHORD_ANALYSIS__ENABLED", "false");
        console.variable("HEXACHORD_ACCOUNTS__REGISTRATION", "open")
    }

    fn serve(&self) -> Running {
        self.console().serve(&self.data())
    }
}

#[test]
fn six_services_serve_a_listener() {
    let house = House::build();
    let server = house.serve();
    let anna = claim(&server);
    assert_eq!(server.scanned()["unreadable"], 0);
    let ida = register(&server, "ida");

    searching::finds_with_typing_mistakes(&server, &ida);
    searching::finds_what_is_new_within_two_seconds(&server, &ida);
    listening::plays_are_recorded_once(&server, &ida);
    listening::favourites_and_ratings(&server, &ida);
    let playlist = listening::a_playlist_is_kept(&server, &ida, &anna);
    listening::recommendations_follow_plays(&server, &ida);
    paying::nobody_sees_billing(&server, &ida);
    paying::a_plan_is_bought(&server, &anna, &ida);

    let before = everything(&server, &anna, &ida, &playlist);
    server.signal(Signal::KILL);
    assert_ne!(server.ended().0, Some(0), "it was killed");

    let server = house.serve();
    server.scanned();
    until("everything is as before", || {
        let now = everything(&server, &anna, &ida, &playlist);
        (now == before).then_some(())
    });
    leaving::takes_everything_along(&server, &anna, &ida, &playlist);
    server.stop();
}

fn claim(server: &Running) -> Member {
    let code = server.claim.as_deref().expect("the console shows a claim link");
    let body = json!({ "code": code, "username": "anna", "password": PASSWORD });
    Member::of(&server.send(post("/api/v1/claim").json(&body)).expect(201).json())
}

fn register(api: &Api, name: &str) -> Member {
    let body = json!({ "username": name, "password": PASSWORD });
    Member::of(&api.send(post("/api/v1/accounts").json(&body)).expect(201).json())
}

/// What the listener and the administrator see of all services.
fn everything(api: &Api, anna: &Member, ida: &Member, playlist: &str) -> Vec<Value> {
    let of_ida = [
        "/api/v1/search?q=blu",
        "/api/v1/me/plays",
        "/api/v1/me/top/tracks",
        "/api/v1/me/top/albums",
        "/api/v1/me/top/artists",
        "/api/v1/me/favourites",
        "/api/v1/playlists",
        "/api/v1/recommendations?limit=10",
        "/api/v1/me/subscription",
        "/api/v1/plans",
        &format!("/api/v1/playlists/{playlist}"),
    ]
    .map(|path| readable(api, ida, path));
    let of_anna = [
        "/api/v1/admin/plans",
        "/api/v1/admin/subscriptions",
        "/api/v1/admin/payments",
        "/api/v1/admin/ledger",
        "/api/v1/playlists",
    ]
    .map(|path| readable(api, anna, path));
    [&of_ida[..], &of_anna[..]].concat()
}

/// What is there, or `null` while a service still wakes up.
fn readable(api: &Api, member: &Member, path: &str) -> Value {
    let answer = api.send(get(path).bearer(&member.token));
    if answer.status == 503 { Value::Null } else { answer.expect(200).json() }
}

/// The id of the track with this title.
#[track_caller]
fn track(api: &Api, member: &Member, title: &str) -> String {
    let tracks = api.pages(member, "/api/v1/tracks", 100);
    let found = tracks.iter().find(|track| track["title"] == title);
    text(&found.unwrap_or_else(|| panic!("no track is called {title}"))["id"]).to_owned()
}

/// A request with JSON as a member.
fn tell(method: &'static str, member: &Member, path: &str, body: &Value) -> Request {
    Request::new(method, path).bearer(&member.token).json(body)
}
