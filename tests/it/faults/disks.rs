//! Data folders on disks that are full or read-only: small file systems that the tests mount.

use std::{
    fs::{self, File},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    process::Command,
};

use rustix::process::Signal;
use serde_json::json;
use tempfile::TempDir;

use super::slow::stream_of;
use crate::support::{Console, PASSWORD, column, get, music, post, program::subfolder, text};

const FULL: &str = "the disk that holds the data folder is full: free some space";
/// What a disk gives at a time.
const PAGE: u64 = 4096;
/// More keys than fit into the room that the stores have in their own files.
const MOST_KEYS: usize = 1000;

#[test]
#[ignore = "needs root, to mount a small disk"]
fn on_a_full_disk_reading_goes_on_and_writing_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let library = subfolder(folder.path(), "music");
    let songs = music::album(&library, "Guido", "Ut queant laxis", 2);
    let disk = Disk::mount();
    let data = disk.path().join("data");
    let server = console(folder.path()).serve(&data);
    assert_eq!(server.scanned()["added"], 2);
    let anna = server.sign_in("anna", PASSWORD);
    let key = || post("/api/v1/me/device-keys").bearer(&anna.token).json(&json!({ "label": "k" }));
    let scan = || {
        server.control(post("/api/v1/admin/scan").json(&json!({}))).expect(202);
        server.scanned()
    };
    let mut kept = vec![server.send(key()).expect(201).json()];

    let filler = disk.fill(0);
    let refused = loop {
        let answer = server.send(key());
        if answer.status != 201 {
            break answer.expect(507).json();
        }
        kept.push(answer.json());
        assert!(kept.len() < MOST_KEYS, "the disk is not full");
    };
    assert_eq!(refused["type"], "urn:hexachord:problem:disk-full");
    assert_eq!(refused["detail"], "the disk that holds the data folder is full");
    music::album(&library, "Guido", "Resonare fibris", 100);
    let failed = scan();
    assert_eq!((&failed["phase"], &failed["added"]), (&json!("failed"), &json!(0)));
    assert_eq!(failed["failure"], FULL);
    assert_eq!(server.pages(&anna, "/api/v1/albums", 50).len(), 1);
    let tracks = server.pages(&anna, "/api/v1/tracks", 50);
    let stream = get(&stream_of(column(&tracks, "id")[0])).bearer(&anna.token);
    let heard = server.send(stream).expect(200).body;
    assert!(songs.iter().any(|song| fs::read(song).unwrap() == heard), "it is another file");

    fs::remove_file(filler).unwrap();
    kept.push(server.send(key()).expect(201).json());
    assert_eq!(scan()["added"], 100);
    server.signal(Signal::KILL);
    assert_ne!(server.ended().0, Some(0), "it was killed");
    let server = console(folder.path()).serve(&data);
    for key in &kept {
        server.send(get("/api/v1/me").bearer(text(&key["secret"]))).expect(200);
    }
    assert_eq!(server.pages(&anna, "/api/v1/albums", 50).len(), 2);
    server.stop();
}

#[test]
#[ignore = "needs root, to mount a small disk"]
fn a_server_starts_on_a_disk_that_is_full_since() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::mount();
    let data = disk.path().join("data");
    let server = console(folder.path()).serve(&data);
    let anna = server.sign_in("anna", PASSWORD);
    server.stop();
    disk.fill(0);
    let server = console(folder.path()).serve(&data);
    assert_eq!(server.read(&anna, "/api/v1/me")["username"], "anna");
    server.read(&anna, "/api/v1/albums");
    server.stop();
}

#[test]
#[ignore = "needs root, to mount a small disk"]
fn a_new_data_folder_on_a_full_disk_is_told_and_can_be_used_later() {
    let folder = tempfile::tempdir().unwrap();
    // Each page more lets it come a little further.
    for pages in 0..10 {
        let disk = Disk::mount();
        let data = disk.path().join("data");
        let filler = disk.fill(pages * PAGE);
        assert_eq!(complaint(folder.path(), &data), FULL);
        fs::remove_file(filler).unwrap();
        console(folder.path()).serve(&data).stop();
    }
}

#[test]
#[ignore = "needs root, to mount a small disk"]
fn a_read_only_disk_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::mount();
    console(folder.path()).serve(&disk.path().join("used")).stop();
    run("mount", &["-o", "remount,ro"], disk.path());
    for name in ["used", "new"] {
        let said = complaint(folder.path(), &disk.path().join(name));
        assert!(said.starts_with("the data folder /"), "{said}");
        let rest = "cannot be written (Read-only file system (os error 30)): make it writable, or \
                    choose another with --data";
        assert!(said.ends_with(&format!("/{name} {rest}")), "{said}");
    }
}

/// A small disk in memory; unmounted when it is dropped.
struct Disk {
    folder: TempDir,
}

impl Disk {
    fn mount() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        run("mount", &["-t", "tmpfs", "-o", "size=8m", "hexachord-test"], folder.path());
        Self { folder }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Takes the space that is left but for so many bytes; the file that holds it.
    fn fill(&self, but: u64) -> PathBuf {
        let path = self.path().join("filler");
        let mut filler = File::create(&path).expect("a full disk has room for a name");
        let error = loop {
            if let Err(error) = filler.write_all(&[7; 4096]) {
                break error;
            }
        };
        assert_eq!(error.kind(), ErrorKind::StorageFull);
        let length = filler.metadata().expect("the file is open").len();
        filler.set_len(length - but).expect("a file can be shorter");
        path
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily, because where a test fails a program may not have ended yet.
        drop(Command::new("umount").arg("--lazy").arg(self.path()).status());
    }
}

/// Runs a program of the system that must succeed.
#[track_caller]
fn run(program: &str, arguments: &[&str], path: &Path) {
    let ended = Command::new(program).args(arguments).arg(path).output().expect("it is installed");
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{program} {arguments:?}: {said}");
}

/// With an administrator and the music below `folder`.
fn console(folder: &Path) -> Console {
    let console = Console::new(folder).argument("--music").argument(subfolder(folder, "music"));
    let console = console.variable("HEXACHORD_ADMIN_USER", "anna");
    console.variable("HEXACHORD_ADMIN_PASSWORD", PASSWORD)
}

/// The last words of a server that cannot start.
#[track_caller]
fn complaint(folder: &Path, data: &Path) -> String {
    let console = console(folder).words("serve --listen 127.0.0.1:0 --data").argument(data);
    let ended = console.run();
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(!ended.stderr.contains("panicked"), "{ended:?}");
    let last = ended.stderr.lines().last().and_then(|line| line.strip_prefix("hexachord: "));
    last.unwrap_or_else(|| panic!("it complains about nothing: {ended:?}")).to_owned()
}
