//! kill -9 in the middle of scans: the next one completes them, and every track is there once, with
//! its id.

use std::{collections::BTreeMap, fs, path::Path};

use hexachord_fixtures::{Format, Piece};
use rustix::process::Signal;
use serde_json::{Value, json};

use super::{hostile_files, wire::until};
use crate::support::{Api, Console, Member, Running, get, post, text};

/// More than a scan stores at once: some of them are stored before the last ones are read.
const PIECES: u64 = 4_100;

/// How far a scan is when the server is killed.
struct Moment {
    name: &'static str,
    full: bool,
    has_come: fn(&Value) -> bool,
}

const MOMENTS: [Moment; 4] = [
    Moment { name: "nothing is read", full: false, has_come: |_| true },
    Moment { name: "something is read", full: true, has_come: |state| state["read"] != 0 },
    Moment { name: "something is stored", full: false, has_come: |state| state["added"] != 0 },
    Moment { name: "what was stored is read again", full: true, has_come: |_| true },
];

#[test]
fn killed_scans_are_completed_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let music = crate::support::program::subfolder(folder.path(), "music");
    for (seed, format) in (0..PIECES).zip(Format::ALL.into_iter().cycle()) {
        let piece = Piece { format, seed, silent_opening: 0, frames: 12 };
        piece.write(music.join(format!("{seed:04}.{}", format.extension()))).unwrap();
    }
    let undisturbed = serve(&music, &folder.path().join("undisturbed"));
    let member = undisturbed.member("listener", "listener");
    scan(&undisturbed, false);
    assert_eq!(undisturbed.scanned()["added"], PIECES);
    let expected = ids(&undisturbed, &member);
    assert_eq!(expected.len() as u64, PIECES);
    undisturbed.stop();

    // Last in the walk, it takes a worker the five seconds of processor time that a file may have,
    // however quick the machine: until then no scan can end, and none is missed.
    let gate = music.join("zzz.mp3");
    hostile_files::write_endless(&gate);
    let data = folder.path().join("killed");
    for Moment { name, full, has_come } in MOMENTS {
        let server = serve(&music, &data);
        scan(&server, full);
        until(name, || {
            let state = server.control(get("/api/v1/admin/scan")).expect(200).json();
            assert_ne!(state["phase"], "finished", "the scan was quicker than the kill: {state}");
            (state["phase"] == "reading" && has_come(&state)).then_some(())
        });
        server.signal(Signal::KILL);
        assert_ne!(server.ended().0, Some(0), "it was killed");
    }
    fs::remove_file(gate).unwrap();

    let server = serve(&music, &data);
    let member = server.member("listener", "listener");
    let stored = ids(&server, &member);
    assert!(!stored.is_empty() && stored.iter().all(|(title, id)| expected[title] == *id));
    scan(&server, false);
    let state = server.scanned();
    assert_eq!((&state["phase"], &state["unreadable"]), (&json!("finished"), &json!(0)));
    assert_eq!(state["added"], PIECES - stored.len() as u64);
    assert!(ids(&server, &member) == expected, "ids differ after killed scans");
    server.stop();
}

fn serve(music: &Path, data: &Path) -> Running {
    let folder = music.parent().expect("the music has a parent");
    let console = Console::new(folder).variable("HEXACHORD_LIBRARY__SCAN_ON_START", "false");
    console.argument("--music").argument(music).serve(data)
}

fn scan(api: &Api, full: bool) {
    api.control(post("/api/v1/admin/scan").json(&json!({ "full": full }))).expect(202);
}

/// Ids by title, which is the file's name; no title is there twice.
fn ids(api: &Api, member: &Member) -> BTreeMap<String, String> {
    let tracks = api.pages(member, "/api/v1/tracks", 500);
    let title_and_id =
        |track: &Value| (text(&track["title"]).to_owned(), text(&track["id"]).to_owned());
    let ids: BTreeMap<_, _> = tracks.iter().map(title_and_id).collect();
    assert_eq!(ids.len(), tracks.len(), "a title is there twice");
    ids
}
