//! A thousand mutated or truncated files of each format: the scan ends, each file is a track or is
//! listed with its reason, and nothing else is harmed.

use std::{collections::BTreeSet, fs, path::Path};

use hexachord_fixtures::{Format, Piece, Tags, mangle, tag};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::json;

use crate::support::{Setup, column, get, music, post, text};

const FILES_A_FORMAT: u64 = 1_000;

/// A good file, untagged with another container around it, or tagged.
fn whole(format: Format, seed: u64, scratch: &Path, rng: &mut StdRng) -> Vec<u8> {
    let piece = Piece { format, seed, silent_opening: 0, frames: 8 };
    let mut manglings = mangle::all(&piece);
    if seed.is_multiple_of(4) {
        let nth = rng.random_range(0..manglings.len());
        return manglings.swap_remove(nth).1;
    }
    piece.write(scratch).expect("files of the test can be changed");
    let picture = Some([b"\x89PNG\r\n\x1a\n".as_slice(), &[7; 300]].concat());
    let tags = music::tags(&format!("{format:?} {seed}"), "Guido", "Micrologus", 1);
    tag(scratch, &Tags { picture, genres: vec!["Chant".into()], ..tags })
        .expect("files of the test can be changed");
    fs::read(scratch).expect("files of the test can be changed")
}

/// Cuts, overwrites, repeats or leaves out something, mostly where headers and tags are.
fn harm(bytes: &mut Vec<u8>, rng: &mut StdRng) {
    let len = bytes.len();
    let place = |rng: &mut StdRng| match rng.random_range(0..4) {
        0 => rng.random_range(0..len),
        1 => rng.random_range(len - len / 20..len),
        _ => rng.random_range(0..len.min(600)),
    };
    match rng.random_range(0..4) {
        0 => bytes.truncate(place(rng)),
        1 => {
            for _ in 0..rng.random_range(1..20) {
                let at = place(rng);
                bytes[at] = rng.random();
            }
        }
        2 => {
            for _ in 0..rng.random_range(1..4) {
                let at = place(rng);
                let end = (at + rng.random_range(2..9)).min(len);
                bytes[at..end].fill([0, 0x7F, 0x80, 0xFF][rng.random_range(0..4)]);
            }
        }
        _ => {
            let at = place(rng);
            let end = (at + rng.random_range(1..300)).min(len);
            if rng.random() {
                let again = bytes[at..end].to_vec();
                bytes.splice(at..at, again);
            } else {
                bytes.drain(at..end);
            }
        }
    }
}

#[test]
fn thousands_of_broken_files_cost_only_themselves() {
    let mut setup = Setup::new();
    setup.config.library.scan_on_start = true;
    let scratch = setup.music().with_file_name("scratch");
    let mut rng = StdRng::seed_from_u64(15);
    for format in Format::ALL {
        let folder = setup.music().join(format!("{format:?}"));
        fs::create_dir(&folder).unwrap();
        for seed in 0..FILES_A_FORMAT {
            let mut bytes = whole(format, seed, &scratch, &mut rng);
            harm(&mut bytes, &mut rng);
            fs::write(folder.join(format!("{seed}.{}", format.extension())), bytes).unwrap();
        }
    }
    music::album(&setup.music(), "Guido", "Unharmed", 3);
    let files = Format::ALL.len() as u64 * FILES_A_FORMAT + 3;

    let server = setup.start();
    let state = server.scanned();
    let (added, unreadable) =
        (state["added"].as_u64().unwrap(), state["unreadable"].as_u64().unwrap());
    assert_eq!((&state["phase"], &state["found"]), (&json!("finished"), &json!(files)), "{state}");
    assert_eq!(added + unreadable, files, "{state}");
    let owner = server.member("owner", "administrator");
    let tracks = server.pages(&owner, "/api/v1/tracks", 500);
    assert_eq!(tracks.len() as u64, added);
    let listed = server.pages(&owner, "/api/v1/admin/scan/unreadable", 500);
    let paths: BTreeSet<&str> = column(&listed, "path").into_iter().collect();
    assert_eq!(paths.len() as u64, unreadable);
    for file in &listed {
        assert!(text(&file["reason"]).len() > 10, "{file}");
    }
    for format in Format::ALL {
        let folder = format!("{format:?}/");
        let bad = paths.iter().filter(|path| path.starts_with(&folder)).count() as u64;
        assert!((10..FILES_A_FORMAT - 10).contains(&bad), "{format:?}: {bad} cannot be read");
    }
    for track in tracks.iter().filter(|track| track["album"]["title"] == "Unharmed") {
        let path = format!("/api/v1/tracks/{}/stream", text(&track["id"]));
        server.send(get(&path).bearer(&owner.token)).expect(200);
    }

    // They stay what they are when they are looked at again.
    server.control(post("/api/v1/admin/scan")).expect(202);
    let again = server.scanned();
    assert_eq!((&again["added"], &again["missing"]), (&json!(0), &json!(0)), "{again}");
    assert_eq!(again["unreadable"], unreadable);
    let services = server.control(get("/api/v1/admin/services")).expect(200).json();
    for service in services["items"].as_array().unwrap() {
        assert_eq!((&service["state"], &service["restarts"]), (&"running".into(), &0.into()));
    }
}
