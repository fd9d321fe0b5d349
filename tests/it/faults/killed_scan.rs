//! kill -9 in the middle of a scan: the next one completes it, and every track has its id.

use std::{collections::BTreeMap, path::Path};

use hexachord_fixtures::{Format, Piece};
use rustix::process::Signal;
use serde_json::json;

use super::wire::until;
use crate::support::{Api, Console, Running, get, post, text};

const PIECES: u64 = 400;
const ROUNDS: u64 = 5;

#[test]
fn a_killed_scan_is_completed_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let music = crate::support::program::subfolder(folder.path(), "music");
    for (seed, format) in (0..PIECES).zip(Format::ALL.into_iter().cycle()) {
        let piece = Piece { format, seed, silent_opening: 0, frames: 12 };
        piece.write(music.join(format!("{seed:03}.{}", format.extension()))).unwrap();
    }
    let undisturbed = serve(&music, &folder.path().join("undisturbed"));
    scan(&undisturbed, false);
    assert_eq!(undisturbed.scanned()["added"], PIECES);
    let expected = ids(&undisturbed);
    assert_eq!(expected.len() as u64, PIECES);
    undisturbed.stop();

    let data = folder.path().join("killed");
    let mut cut = 0_u32;
    for round in 0..ROUNDS {
        let server = serve(&music, &data);
        scan(&server, true);
        let state = until("the scan is far enough", || {
            let state = server.control(get("/api/v1/admin/scan")).expect(200).json();
            let read = state["read"].as_u64().unwrap_or(0);
            let reading = state["phase"] == "reading" && read >= PIECES * round / (2 * ROUNDS);
            (reading || state["phase"] == "finished").then_some(state)
        });
        server.signal(Signal::KILL);
        assert_ne!(server.ended().0, Some(0), "it was killed");
        cut += u32::from(state["phase"] == "reading");
    }
    assert!(cut > 0, "every scan was quicker than the kill");

    let server = serve(&music, &data);
    scan(&server, false);
    let state = server.scanned();
    assert_eq!((&state["phase"], &state["unreadable"]), (&json!("finished"), &json!(0)));
    assert!(ids(&server) == expected, "ids differ after {cut} killed scans");
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

/// Ids by title, which is the file's name.
fn ids(api: &Api) -> BTreeMap<String, String> {
    let page = api.control(get("/api/v1/tracks?limit=500")).expect(200).json();
    let items = page["items"].as_array().expect("a list has items").iter();
    items.map(|track| (text(&track["title"]).to_owned(), text(&track["id"]).to_owned())).collect()
}
