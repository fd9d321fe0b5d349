//! Music folders that are not what they should be, and files with names that are not text.

use std::{ffi::OsString, fs, os::unix::ffi::OsStringExt, path::Path};

use hexachord_fixtures::Format;

use crate::support::{Console, Running, Server, get, music, program::subfolder, text};

fn scan(folder: &Path, music: &str) -> Console {
    Console::new(folder).words("scan --data data --music").argument(music)
}

#[test]
fn a_folder_that_is_not_there_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let library = subfolder(folder.path(), "music");
    music::album(&library, "Guido", "Ut", 3);
    let first = scan(folder.path(), "music").done();
    assert_eq!(first, "3 files: 3 new, 0 changed, 0 moved, 0 missing, 0 unreadable\n");
    let away = folder.path().join("away");
    fs::rename(&library, &away).unwrap();
    let left_alone = |words: &str| {
        let ended = scan(folder.path(), "music").run();
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert!(ended.stdout.contains(" 0 missing, "), "{ended:?}");
        let left = "the library `music` (3 known files) was left as it is until its files are back";
        assert!(ended.stderr.contains(words) && ended.stderr.contains(left), "{ended:?}");
    };
    left_alone("is not there: its disk may be unmounted");
    fs::write(&library, "a file").unwrap();
    left_alone("is not a folder");
    fs::remove_file(&library).unwrap();
    fs::create_dir(&library).unwrap();
    left_alone("is empty");
    fs::remove_dir(&library).unwrap();
    fs::rename(&away, &library).unwrap();
    let back = scan(folder.path(), "music").done();
    assert_eq!(back, "3 files: 0 new, 0 changed, 0 moved, 0 missing, 0 unreadable\n");
}

#[test]
fn losses_are_believed_once_they_are_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let library = subfolder(folder.path(), "music");
    music::album(&library, "Guido", "Ut", 3);
    scan(folder.path(), "music").done();
    fs::remove_dir_all(&library).unwrap();
    fs::create_dir(&library).unwrap();
    let ended = scan(folder.path(), "music").run();
    assert!(ended.stderr.contains("until a scan is told to accept losses"), "{ended:?}");
    let accepting = "scan --accept-losses --data data --music";
    let believed = Console::new(folder.path()).words(accepting).argument("music").done();
    assert_eq!(believed, "0 files: 0 new, 0 changed, 0 moved, 3 missing, 0 unreadable\n");
    assert!(scan(folder.path(), "music").done().contains(" 0 missing, "));
}

#[test]
fn a_new_folder_that_is_empty_is_no_mistake() {
    let folder = tempfile::tempdir().unwrap();
    subfolder(folder.path(), "music");
    let ended = scan(folder.path(), "music").run();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(ended.stderr, "", "{ended:?}");
    assert!(ended.stdout.starts_with("0 files: "), "{ended:?}");
}

#[test]
fn a_first_scan_says_what_is_no_folder() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "mine").unwrap();
    for (music, words) in [
        ("nowhere", "/nowhere is not there: its disk may be unmounted; "),
        ("file", "/file is not a folder; "),
    ] {
        let ended = scan(folder.path(), music).run();
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert!(ended.stderr.contains(words), "{ended:?}");
    }
    assert_eq!(fs::read_to_string(folder.path().join("file")).unwrap(), "mine");
}

#[test]
fn a_server_starts_without_its_folder_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "mine").unwrap();
    for (music, words) in [("nowhere", "nowhere is not there"), ("file", "file is not a folder")] {
        let console = Console::new(folder.path()).words("--music").argument(music);
        let server: Running = console.serve(&folder.path().join("data"));
        let scan = server.scanned();
        let warning = text(&scan["warnings"][0]);
        assert!(warning.contains(words), "{warning}");
        server.stop();
    }
}

#[test]
fn names_that_are_not_text_are_played_all_the_same() {
    let bytes = |name: &[u8]| OsString::from_vec(name.to_vec());
    let names = [&b"caf\xe9.flac"[..], b"\xff\xfe.flac", b"new\nline.flac"];
    let server = Server::with_music(|folder| {
        let folder = folder.join(bytes(b"caf\xe9"));
        for (number, name) in (1..).zip(names) {
            let tags = music::tags(&format!("track {number}"), "Guido", "Ut", number);
            music::write(&folder.join(bytes(name)), Format::Flac, number.into(), &tags);
        }
        fs::write(folder.join(bytes(b"broken\xe9.flac")), "no music").unwrap();
    });
    let anna = server.member("anna", "administrator");
    let tracks = server.pages(&anna, "/api/v1/tracks", 500);
    assert_eq!(tracks.len(), names.len());
    for (track, name) in tracks.iter().zip(names) {
        let path = server.path().join("music").join(bytes(b"caf\xe9")).join(bytes(name));
        let stream = format!("/api/v1/tracks/{}/stream", text(&track["id"]));
        let stream = server.send(get(&stream).bearer(&anna.token)).expect(200);
        assert!(stream.body == fs::read(path).unwrap(), "{track}");
    }
    let unreadable = server.read(&anna, "/api/v1/admin/scan/unreadable");
    assert_eq!(text(&unreadable["items"][0]["path"]), "caf\u{fffd}/broken\u{fffd}.flac");
    assert!(!text(&unreadable["items"][0]["reason"]).is_empty());
}
