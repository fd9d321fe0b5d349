//! A library on a disk that does not answer, as a network folder whose server is away: it holds up
//! nobody who wants something else.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
};

use hexachord::config::LibraryFolder;
use image::ImageFormat;
use rustix::process::Signal;
use serde_json::{Value, json};

use super::{
    slow::stream_of,
    wire::{attempt, until},
};
use crate::support::{
    Api, Console, Member, PASSWORD, Server, Setup, get, music, post, program::subfolder, text,
};

/// More than one library may keep waiting at a time.
const LISTENERS: usize = 80;
/// Who wants covers from there.
const LOOKERS: usize = 8;

/// A file system that never answers, over a folder that did.
struct Silent {
    folder: PathBuf,
    answers: Option<File>,
}

impl Silent {
    fn over(folder: PathBuf) -> Self {
        let answers = File::options().read(true).write(true).open("/dev/fuse");
        let answers = answers.expect("the system has FUSE");
        let inherited = answers.try_clone().expect("a descriptor can be doubled");
        let mut mount = Command::new("mount");
        let options = "fd=0,rootmode=40000,user_id=0,group_id=0";
        mount.args(["-i", "-t", "fuse", "-o", options, "hexachord-test"]).arg(&folder);
        let mounted = mount.stdin(Stdio::from(inherited)).status().expect("it is installed");
        assert!(mounted.success(), "it is not mounted");
        Self { folder, answers: Some(answers) }
    }

    /// Everything that waits for it fails, and what was there before is there again.
    fn let_go(&mut self) {
        if let Some(answers) = self.answers.take() {
            drop(answers);
            let unmounted = Command::new("umount").arg("--lazy").arg(&self.folder).status();
            // Where it does not succeed the test fails by what is there then.
            drop(unmounted);
        }
    }
}

impl Drop for Silent {
    fn drop(&mut self) {
        self.let_go();
    }
}

fn album(folder: &Path, artist: &str, title: &str) {
    music::album(folder, artist, title, 3);
    let cover = music::picture(300, ImageFormat::Png);
    fs::write(folder.join(title).join("cover.png"), cover).expect("a file can be written");
}

/// Signs in, looks around, searches and listens, all but in the library that hangs.
fn use_the_rest(server: &Server, near: &Value, file: &[u8]) {
    let member = server.sign_in("visitor", PASSWORD);
    for path in ["tracks", "albums", "artists", "genres", "libraries", "playlists", "me/favourites"]
    {
        server.read(&member, &format!("/api/v1/{path}"));
    }
    let found = server.read(&member, "/api/v1/search?q=chants");
    assert_eq!(found["albums"].as_array().map(Vec::len), Some(1), "{found}");
    // What is known of the other library can be looked at, too.
    let libraries = server.read(&member, "/api/v1/libraries");
    for library in libraries["items"].as_array().expect("a list has items") {
        let folder = server.read(&member, &format!("/api/v1/folders/{}", text(&library["root"])));
        assert_eq!(folder["items"].as_array().map(Vec::len), Some(1), "{folder}");
    }
    let stream = get(&stream_of(text(&near["id"]))).bearer(&member.token);
    assert!(server.send(stream).expect(200).body == file, "the stream differs from the file");
    let cover = format!("/api/v1/albums/{}/cover?size=64", text(&near["album"]["id"]));
    server.send(get(&cover).bearer(&member.token)).expect(200);
    let play = json!({
        "track_id": near["id"], "started_at": "2026-01-01T00:00:00Z", "listened_ms": 300_000,
    });
    let played = server.send(post("/api/v1/plays").bearer(&member.token).json(&play));
    assert!([200, 201].contains(&played.status), "{}", played.status);
}

/// A track of the album.
fn track(server: &Api, member: &Member, album: &str) -> Value {
    let tracks = server.pages(member, "/api/v1/tracks?sort=title", 50);
    let found = tracks.into_iter().find(|track| track["album"]["title"] == album);
    found.expect("it was scanned")
}

#[test]
#[ignore = "needs root and FUSE, to mount what never answers"]
fn a_library_that_hangs_holds_up_nobody_else() {
    let mut setup = Setup::new();
    let (near, away) = (setup.music(), setup.music().with_file_name("away"));
    album(&near, "Guido", "Hymns");
    album(&away, "Hildegard", "Chants");
    let folders = [near.clone(), away.clone()].map(LibraryFolder::named_after);
    setup.config.library.folders = folders.to_vec();
    setup.config.library.scan_on_start = true;
    let server = setup.start();
    assert_eq!(server.scanned()["added"], 6);
    // Signing in again and again ends earlier sessions.
    let member = server.member("listener", "listener");
    server.member("visitor", "listener");
    let (here, there) = (track(&server, &member, "Hymns"), track(&server, &member, "Chants"));
    let file = fs::read(near.join("Hymns/1.flac")).unwrap();
    until("the index has followed", || {
        let found = server.read(&member, "/api/v1/search?q=chants");
        (found["albums"].as_array()?.len() == 1).then_some(())
    });
    use_the_rest(&server, &here, &file);

    // Dropped before the server, which waits for its threads.
    let mut silent = Silent::over(away);
    let state = || server.control(get("/api/v1/admin/scan")).expect(200).json();
    server.control(post("/api/v1/admin/scan").json(&json!({ "full": true }))).expect(202);
    until("the scan walks", || (state()["phase"] == "walking").then_some(()));
    let stream = get(&stream_of(text(&there["id"]))).bearer(&member.token);
    let cover = format!("/api/v1/albums/{}/cover", text(&there["album"]["id"]));
    let address = server.address;
    thread::scope(|scope| {
        let listeners: Vec<_> = (0..LISTENERS)
            .map(|_| scope.spawn(|| attempt(address, &stream).expect("there is an answer")))
            .collect();
        let lookers: Vec<_> = (0..LOOKERS)
            .map(|size| get(&format!("{cover}?size={}", 64 + size)).bearer(&member.token))
            .map(|request| scope.spawn(move || attempt(address, &request)))
            .collect();
        while !listeners.iter().all(thread::ScopedJoinHandle::is_finished) {
            use_the_rest(&server, &here, &file);
        }
        for listener in listeners {
            let (status, said) = listener.join().unwrap();
            assert_eq!((status, &said["type"]), (503, &json!("urn:hexachord:problem:disk-stuck")));
        }
        // That took seconds: were it not for the disk, the scan would have ended.
        assert_eq!(state()["phase"], "walking", "{}", state());
        use_the_rest(&server, &here, &file);
        silent.let_go();
        for looker in lookers {
            looker.join().unwrap();
        }
    });
    let ended = server.scanned();
    assert_eq!((&ended["missing"], &ended["added"]), (&json!(0), &json!(0)), "{ended}");
    server.control(post("/api/v1/admin/scan")).expect(202);
    let again = server.scanned();
    assert_eq!((&again["phase"], &again["left_alone"]), (&json!("finished"), &json!(0)), "{again}");
    assert_eq!(again["missing"], 0, "{again}");
    assert_eq!(track(&server, &member, "Chants")["id"], there["id"]);
    server.send(get(&stream_of(text(&there["id"]))).bearer(&member.token)).expect(200);
}

#[test]
#[ignore = "needs root and FUSE, to mount what never answers"]
fn the_program_ends_while_a_library_hangs() {
    let folder = tempfile::tempdir().unwrap();
    let [near, away] = ["music", "away"].map(|name| subfolder(folder.path(), name));
    album(&near, "Guido", "Hymns");
    album(&away, "Hildegard", "Chants");
    let console = Console::new(folder.path()).variable("HEXACHORD_SERVER__GRACE_SECONDS", "1");
    let console = console.argument("--music").argument(&near).argument("--music").argument(&away);
    let server = console.serve(&folder.path().join("data"));
    assert_eq!(server.scanned()["added"], 6);
    let member = server.member("listener", "listener");
    let there = track(&server, &member, "Chants");
    let silent = Silent::over(away);
    server.control(post("/api/v1/admin/scan")).expect(202);
    until("the scan walks", || {
        let state = server.control(get("/api/v1/admin/scan")).expect(200).json();
        (state["phase"] == "walking").then_some(())
    });
    let cover = format!("/api/v1/albums/{}/cover?size=64", text(&there["album"]["id"]));
    let cover = get(&cover).bearer(&member.token);
    let stream = get(&stream_of(text(&there["id"]))).bearer(&member.token);
    // When they are refused, what they began hangs still.
    assert_eq!(attempt(server.address, &cover).unwrap().0, 503);
    assert_eq!(attempt(server.address, &stream).unwrap().0, 503);
    server.signal(Signal::TERM);
    let (code, said) = server.ended();
    assert_eq!(code, Some(0), "{said}");
    drop(silent);
}
