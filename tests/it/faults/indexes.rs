//! The search index of the real program: deleted, damaged, or ahead of a store that was restored. It is
//! built anew, and nobody who does not search notices.

use std::{
    fs,
    path::{Path, PathBuf},
};

use rustix::process::Signal;
use serde_json::{Value, json};

use super::{slow::stream_of, wire::until};
use crate::support::{
    Api, Console, Member, PASSWORD, Running, column, get, music, post, program::subfolder, text,
};

const QUERIES: [&str; 6] = ["guido", "hymns", "track", "track 2", "chnats", "evening"];

/// A folder with music and a server's data.
struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        let home = Self(tempfile::tempdir().expect("a temporary folder can be made"));
        music::album(&home.music(), "Guido", "Hymns", 3);
        music::album(&home.music(), "Hildegard", "Chants", 2);
        home
    }

    fn music(&self) -> PathBuf {
        subfolder(self.0.path(), "music")
    }

    fn index(&self) -> PathBuf {
        self.0.path().join("data/search-index")
    }

    fn store(&self) -> PathBuf {
        self.0.path().join("data/catalog.redb")
    }

    fn serve(&self) -> Running {
        let console = Console::new(self.0.path()).argument("--music").argument(self.music());
        // What is found tells the loudness too: it must not come in between.
        let console = console.variable("HEXACHORD_ANALYSIS__ENABLED", "false");
        console.serve(&self.0.path().join("data"))
    }

    /// A server whose index has everything, its owner, and what is found.
    fn begin(&self) -> (Running, Member, Vec<Value>) {
        let server = self.serve();
        assert_eq!(server.scanned()["added"], 5);
        let member = server.member("listener", "listener");
        let list = json!({ "name": "Evening" });
        server.send(post("/api/v1/playlists").bearer(&member.token).json(&list)).expect(201);
        let found = until("everything is in the index", || {
            let found = answers(&server, &member)?;
            let count = |query: usize, kind| found[query][kind].as_array().map(Vec::len);
            let is_all = [count(2, "tracks"), count(5, "playlists")] == [Some(5), Some(1)]
                && count(4, "albums") == Some(1);
            is_all.then_some(found)
        });
        (server, member, found)
    }
}

/// What is found; `None` while nobody can search.
fn answers(server: &Api, member: &Member) -> Option<Vec<Value>> {
    let answer = |query: &&str| {
        let path = format!("/api/v1/search?facets=true&q={}", query.replace(' ', "%20"));
        let answer = server.send(get(&path).bearer(&member.token));
        (answer.status == 200).then(|| answer.json())
    };
    QUERIES.iter().map(answer).collect()
}

#[track_caller]
fn until_found(server: &Api, member: &Member, expected: &[Value]) {
    until("the index is as it was", || (answers(server, member)? == expected).then_some(()));
}

#[test]
fn a_deleted_index_is_built_anew() {
    let home = Home::new();
    let (server, member, expected) = home.begin();
    server.stop();
    fs::remove_dir_all(home.index()).unwrap();
    let server = home.serve();
    until_found(&server, &member, &expected);
    server.stop();
}

#[test]
fn without_an_index_all_but_searching_goes_on() {
    let home = Home::new();
    let (server, member, expected) = home.begin();
    server.stop();
    fs::remove_dir_all(home.index()).unwrap();
    // Where it was is no place for another one: it is away for as long as this test needs.
    fs::write(home.index(), "no folder").unwrap();
    let server = home.serve();
    for _ in 0..3 {
        let again = server.sign_in("listener", PASSWORD);
        let tracks = server.pages(&again, "/api/v1/tracks?sort=album", 50);
        let stream = get(&stream_of(column(&tracks, "id")[0])).bearer(&again.token);
        let heard = server.send(stream).expect(200).body;
        let album = if tracks[0]["album"]["title"] == "Hymns" { "Hymns" } else { "Chants" };
        let file = fs::read(home.music().join(album).join("1.flac")).unwrap();
        assert!(heard == file, "the stream differs from the file");
        server.read(&again, "/api/v1/albums");
        server.read(&again, "/api/v1/playlists");
        let search = get("/api/v1/search?q=guido").bearer(&again.token);
        server.send(search).expect(503);
    }
    let ready = server.send(get("/readyz")).expect(200).json();
    assert_eq!((&ready["ready"], &ready["degraded"]), (&json!(true), &json!(["search"])));
    fs::remove_file(home.index()).unwrap();
    until_found(&server, &member, &expected);
    until("nothing is missing", || {
        let ready = server.send(get("/readyz")).expect(200).json();
        (ready["degraded"] == json!([])).then_some(())
    });
    server.stop();
}

#[test]
fn a_damaged_index_is_set_aside_and_the_log_says_so() {
    type Damage = fn(&mut Vec<u8>);
    let home = Home::new();
    let (mut server, member, expected) = home.begin();
    let meta = home.index().join("meta.json");
    let damages: [(&str, Damage); 3] = [
        ("cut short", |bytes| bytes.truncate(bytes.len() / 2)),
        ("empty", Vec::clear),
        ("a flipped bit", |bytes| {
            let place = bytes.windows(8).position(|eight| eight == b"checksum");
            bytes[place.expect("an index has a checksum")] ^= 1;
        }),
    ];
    for (what, damage) in damages {
        server.stop();
        let mut bytes = fs::read(&meta).unwrap();
        damage(&mut bytes);
        fs::write(&meta, bytes).unwrap();
        server = home.serve();
        until_found(&server, &member, &expected);
        let before = server.said.clone();
        server.signal(Signal::TERM);
        let (code, after) = server.ended();
        let said = before + &after;
        assert_eq!(code, Some(0), "{what}: {said}");
        let line = said.lines().find(|line| line.contains("set aside"));
        let line = line.unwrap_or_else(|| panic!("{what}: nothing is said: {said}"));
        assert!(line.contains("WARN") && line.contains("built anew"), "{what}: {line}");
        assert!(line.contains("search-index/set-aside"), "{what}: {line}");
        // One that is as it should be is not touched again, though it may not have been complete yet.
        server = home.serve();
        until_found(&server, &member, &expected);
        let said = server.said.clone();
        server.signal(Signal::TERM);
        let (_, after) = server.ended();
        let said = said + &after;
        assert!(!said.contains("built anew"), "{what}: it is set aside again: {said}");
        server = home.serve();
    }
    server.stop();
}

/// The titles of the catalog and of the index, and the tracks that the index counts.
fn both(server: &Api, member: &Member) -> Option<[Vec<String>; 2]> {
    let titles = |tracks: &[Value]| {
        let name = |track: &Value| {
            format!("{} {} {}", text(&track["id"]), track["album"]["title"], track["title"])
        };
        let mut names: Vec<String> = tracks.iter().map(name).collect();
        names.sort();
        names
    };
    let listed = titles(&server.pages(member, "/api/v1/tracks", 500));
    let path = "/api/v1/search?kind=track&limit=100&facets=true&q=track";
    let found = server.send(get(path).bearer(&member.token));
    let found = (found.status == 200).then(|| found.json())?;
    // What the catalog does not know is left out of answers, but the index counts it.
    let counted = &found["facets"]["libraries"][0]["tracks"];
    let found = titles(found["tracks"].as_array()?);
    (*counted == found.len()).then_some([listed, found])
}

/// Puts the store of an earlier time under the index of a later one. What was written since is lost:
/// an album of `newer` tracks; another of `other` tracks comes after it was put back, or, when it is
/// `overtaken`, before the index hears of it.
fn restore(newer: u32, other: u32, overtaken: bool) {
    let home = Home::new();
    let (server, member, _) = home.begin();
    server.stop();
    let copy = home.0.path().join("copy.redb");
    fs::copy(home.store(), &copy).expect("a store can be copied");

    music::album(&home.music(), "Perotin", "Newer", newer);
    fs::remove_file(home.music().join("Hymns/3.flac")).expect("it is there");
    let server = home.serve();
    assert_eq!(server.scanned()["missing"], 1);
    let expected = 4 + newer as usize;
    until("the index has followed", || {
        let [listed, found] = both(&server, &member)?;
        (listed.len() == expected && found == listed).then_some(())
    });
    server.stop();

    fs::copy(&copy, home.store()).expect("a store can be put back");
    fs::remove_dir_all(home.music().join("Newer")).expect("it is there");
    rename(&home.music().join("Chants"), "Antiphons");
    music::album(&home.music(), "Leonin", "Other", other);
    let scanned = |server: &Running| {
        let state = server.scanned();
        assert_eq!(state["phase"], "finished", "{state}");
        state["added"].clone()
    };
    if overtaken {
        let aside = home.index().with_extension("aside");
        fs::rename(home.index(), &aside).expect("it is there");
        fs::write(home.index(), "no folder").expect("a file can be written");
        let server = home.serve();
        assert_eq!(scanned(&server), other);
        server.stop();
        fs::remove_file(home.index()).expect("it is there");
        fs::rename(&aside, home.index()).expect("it is there");
    }
    let server = home.serve();
    assert_eq!(scanned(&server), if overtaken { 0 } else { other });
    until("the index is that of the restored store", || {
        let [listed, found] = both(&server, &member)?;
        assert_eq!(listed.len(), 4 + other as usize);
        (found == listed).then_some(())
    });
    // What only the later store knew is nowhere.
    for query in ["newer", "perotin"] {
        let path = format!("/api/v1/search?facets=true&q={query}");
        let found = server.read(&member, &path);
        for kind in ["artists", "albums", "tracks"] {
            assert_eq!(found[kind], json!([]), "{query}: {found}");
        }
        assert_eq!(found["facets"]["libraries"], json!([]), "{query}: {found}");
    }
    let path = "/api/v1/search/suggestions?q=perot";
    assert_eq!(server.read(&member, path)["items"], json!([]));
    server.stop();
}

/// Gives a folder and so its files another place.
fn rename(folder: &Path, name: &str) {
    fs::rename(folder, folder.with_file_name(name)).expect("a folder can be renamed");
}

#[test]
fn an_index_that_is_ahead_of_its_store_is_built_anew() {
    restore(20, 1, false);
}

#[test]
fn an_index_whose_store_has_overtaken_it_since_is_built_anew() {
    restore(1, 20, true);
}
