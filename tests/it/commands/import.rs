//! `hexachord import`: what people did elsewhere is theirs here, once.

mod files;
mod jellyfin;
mod navidrome;
mod routes;
mod supysonic;

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::support::{Console, Member, Server, column, get, music, text};

/// A server with music, two people on it, and a folder for databases of other programs.
struct Desk {
    server: Server,
    anna: Member,
    ben: Member,
}

impl Desk {
    fn new() -> Self {
        let server = Server::with_music(|folder| {
            music::album(&folder.join("Guido"), "Guido", "Micrologus", 3);
            music::album(&folder.join("Leonin"), "Leonin", "Organa", 2);
        });
        let anna = server.member("Anna", "administrator");
        let ben = server.member("ben", "listener");
        Self { server, anna, ben }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.server.path().join(name)
    }

    /// A new database of these tables and rows.
    fn database(&self, name: &str, statements: &[&str]) -> PathBuf {
        let path = self.path(name);
        make(&path, statements);
        path
    }

    /// `hexachord import` with these words, through the server.
    fn import(&self, words: &str) -> Console {
        import(self.server.path(), words)
    }

    /// Everything that an account did.
    fn life(&self, member: &Member) -> Value {
        life(&self.server, member)
    }
}

fn import(folder: &Path, words: &str) -> Console {
    Console::new(folder).words("import --data data --music music").words(words)
}

fn make(path: &Path, statements: &[&str]) {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).expect("a folder can be made");
    }
    let connection = Connection::open(path).expect("a database can be made");
    connection.execute_batch(&statements.join(";\n")).expect("the statements are good");
    connection.close().expect("it can be closed");
}

/// Titles with album, so that `track 1` of two albums are told apart.
fn name(track: &Value) -> String {
    format!("{} {}", text(&track["album"]["title"]), text(&track["title"]))
}

fn life(api: &crate::support::Api, member: &Member) -> Value {
    let plays = api.pages(member, "/api/v1/me/plays", 500);
    let plays = plays.iter().map(|play| {
        assert_eq!(play["counted"], true, "{play}");
        json!([name(&play["track"]), play["started_at"]])
    });
    let plays: Vec<_> = plays.collect();
    let counts = api.pages(member, "/api/v1/me/top/tracks", 500);
    let counts =
        counts.iter().map(|top| json!([name(&top["track"]), top["plays"], top["last_played_at"]]));
    let albums = api.pages(member, "/api/v1/me/top/albums", 500);
    let albums = albums.iter().map(|top| json!([top["album"]["title"], top["plays"]]));
    let loved = api.pages(member, "/api/v1/me/favourites", 500);
    let favourites = loved.iter().map(|one| match text(&one["kind"]) {
        "track" => json!([name(&one["track"]), one["since"]]),
        "album" => json!([one["album"]["title"], one["since"]]),
        _ => json!([one["artist"]["name"], one["since"]]),
    });
    json!({
        "plays": plays,
        "tracks": counts.collect::<Vec<_>>(),
        "albums": albums.collect::<Vec<_>>(),
        "favourites": favourites.collect::<Vec<_>>(),
        "ratings": ratings(api, member),
        "playlists": playlists(api, member),
    })
}

fn ratings(api: &crate::support::Api, member: &Member) -> Vec<Value> {
    let mut rated = Vec::new();
    for list in ["tracks?sort=album", "albums", "artists"] {
        let items = api.pages(member, &format!("/api/v1/{list}"), 500);
        let path = format!("/api/v1/me/annotations?ids={}", column(&items, "id").join(","));
        let annotations = api.read(member, &path);
        let annotations = annotations["items"].as_array().expect("they are a list");
        for (item, annotation) in items.iter().zip(annotations) {
            if !annotation["rating"].is_null() {
                let called = match list {
                    "albums" => text(&item["title"]).to_owned(),
                    "artists" => text(&item["name"]).to_owned(),
                    _ => name(item),
                };
                rated.push(json!([called, annotation["rating"]]));
            }
        }
    }
    rated
}

/// Those that the account owns.
fn playlists(api: &crate::support::Api, member: &Member) -> Vec<Value> {
    let all = api.pages(member, "/api/v1/playlists", 500);
    let own = all.iter().filter(|playlist| playlist["owner"] == member.id.as_str());
    let shown = own.map(|playlist| {
        let path = format!("/api/v1/playlists/{}?limit=500", text(&playlist["id"]));
        let playlist = api.send(get(&path).bearer(&member.token)).expect(200).json();
        let tracks = playlist["tracks"]["items"].as_array().expect("it has tracks");
        let tracks: Vec<_> = tracks.iter().map(|entry| name(&entry["track"])).collect();
        json!([playlist["name"], playlist["description"], playlist["public"], tracks])
    });
    shown.collect()
}
