//! A newcomer's first minute over the real program: no configuration, no music, and something to
//! hear all the same.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use rustix::process::Signal;
use serde_json::json;
use walkdir::WalkDir;

use crate::{
    faults::wire::until,
    support::{Console, Member, PASSWORD, Running, get, post, text},
};

/// What `services/demo/src/catalogue.rs` has; the artist without a track of its own is that of a
/// compilation.
const TRACKS: usize = 24;
const ALBUMS: usize = 6;
const ARTISTS: usize = 7;
const GENRES: usize = 6;

/// Inode and time of every file of the demo library: a file that was made again has others.
type Files = BTreeMap<PathBuf, (u64, i64, i64)>;

fn start(folder: &Path) -> Running {
    Console::new(folder).serve(&folder.join("data"))
}

fn files(folder: &Path) -> Files {
    let library = folder.join("data/demo-library");
    let entries = WalkDir::new(&library).into_iter().filter_map(Result::ok);
    let files = entries.filter(|entry| entry.file_type().is_file());
    files
        .filter_map(|entry| {
            let about = fs::metadata(entry.path()).ok()?;
            let name = entry.path().strip_prefix(&library).ok()?.to_owned();
            Some((name, (about.ino(), about.mtime(), about.mtime_nsec())))
        })
        .collect()
}

/// Those that are music.
fn tracks(files: &Files) -> Files {
    let is_track = |name: &Path| ends_with(name, "flac") || ends_with(name, "wav");
    files.iter().filter(|(name, _)| is_track(name)).map(|(n, f)| (n.clone(), *f)).collect()
}

fn ends_with(name: &Path, ending: &str) -> bool {
    name.extension().is_some_and(|extension| extension == ending)
}

#[test]
fn a_newcomer_hears_music() {
    let folder = tempfile::tempdir().unwrap();
    // Impatience is no harm: the library is completed by the next start.
    let server = start(folder.path());
    let before = until("a first track is made", || {
        Some(tracks(&files(folder.path()))).filter(|tracks| !tracks.is_empty())
    });
    server.signal(Signal::TERM);
    let (code, said) = server.ended();
    assert_eq!(code, Some(0), "{said}");
    assert!(!said.contains("the demo library is ready"), "{said}");

    let server = start(folder.path());
    let anna = claim(&server);
    let scan = server.scanned();
    assert_eq!(
        // Some of them were seen as they were made.
        [&scan["phase"], &scan["found"], &scan["unreadable"], &scan["warnings"]],
        [&json!("finished"), &json!(TRACKS), &json!(0), &json!([])],
        "{scan}"
    );
    browses(&server, &anna);
    sees_covers(&server, &anna);
    listens(&server, &anna);
    server.stop();
    let made = files(folder.path());
    assert!(before.iter().all(|(name, file)| made.get(name) == Some(file)), "{before:?} {made:?}");
    assert_eq!(tracks(&made).len(), TRACKS);
    let is_left = |name: &Path| ends_with(name, "part") || name == Path::new(".unfinished");
    assert!(!made.keys().any(|name| is_left(name)), "{made:?}");

    let server = start(folder.path());
    let scan = server.scanned();
    assert_eq!([&scan["found"], &scan["added"]], [&json!(TRACKS), &json!(0)], "{scan}");
    browses(&server, &anna);
    server.stop();
    assert_eq!(files(folder.path()), made, "nothing is made again");
}

fn claim(server: &Running) -> Member {
    let code = server.claim.as_deref().expect("the console shows a claim link");
    let body = json!({ "code": code, "username": "Anna", "password": PASSWORD });
    Member::of(&server.send(post("/api/v1/claim").json(&body)).expect(201).json())
}

fn browses(server: &Running, anna: &Member) {
    for (list, count) in
        [("tracks", TRACKS), ("albums", ALBUMS), ("artists", ARTISTS), ("genres", GENRES)]
    {
        let items = server.pages(anna, &format!("/api/v1/{list}"), 500);
        assert_eq!(items.len(), count, "{list}: {items:?}");
    }
}

fn sees_covers(server: &Running, anna: &Member) {
    for album in server.pages(anna, "/api/v1/albums", 500) {
        let path = format!("/api/v1/albums/{}/cover", text(&album["id"]));
        let cover = server.send(get(&path).bearer(&anna.token)).expect(200);
        let kind = cover.header("content-type").unwrap_or_default();
        assert!(["image/jpeg", "image/png"].contains(&kind), "{kind}: {album}");
        let picture = image::load_from_memory(&cover.body).expect("a cover is a picture");
        assert_eq!((picture.width(), picture.height()), (800, 800), "{album}");
    }
}

/// One track of each format, to its last byte.
fn listens(server: &Running, anna: &Member) {
    let tracks = server.pages(anna, "/api/v1/tracks", 500);
    for (kind, begins) in [("audio/flac", b"fLaC"), ("audio/wav", b"RIFF")] {
        let track = tracks.iter().find(|track| track["content_type"] == kind);
        let track = track.unwrap_or_else(|| panic!("no track is {kind}"));
        let path = format!("/api/v1/tracks/{}/stream", text(&track["id"]));
        let stream = server.send(get(&path).bearer(&anna.token)).expect(200);
        assert_eq!(stream.header("content-type"), Some(kind));
        assert_eq!(json!(stream.body.len()), track["size"], "{track}");
        assert!(stream.body.starts_with(begins), "{track}");
    }
}
