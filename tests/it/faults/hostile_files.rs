//! Files that bring a tag parser down: each is listed with its reason, and costs nobody else
//! anything.

use std::path::Path;

use hexachord_fixtures::{Format, Piece};
use serde_json::json;

use crate::support::{Server, Setup, get, music, post, text};

/// An MP3 with `frames` in an `ID3v2.4` tag before its audio.
fn write(path: &Path, frames: &[u8]) {
    Piece::new(Format::Mp3, 7).write(path).expect("a file can be made");
    let audio = std::fs::read(path).expect("a file can be made");
    let header = [b"ID3\x04\0\0".as_slice(), &sync_safe(frames.len())].concat();
    std::fs::write(path, [header.as_slice(), frames, &audio].concat()).expect("a file can be made");
}

fn sync_safe(size: usize) -> [u8; 4] {
    [21, 14, 7, 0].map(|shift| u8::try_from(size >> shift & 0x7F).expect("a file can be made"))
}

/// A hundred thousand chapters, each inside the one before.
fn nested() -> Vec<u8> {
    const FRAME: usize = 28;
    let mut frames = Vec::new();
    for inside in (0..100_000).rev() {
        let content = FRAME - 10 + inside * FRAME;
        frames.extend(b"CHAP");
        frames.extend(sync_safe(content));
        frames.extend(b"\0\0c\0");
        frames.extend([0; 16]);
    }
    frames
}

/// A million texts of different names: looking for doubles among them takes time that grows with
/// the square of their number.
fn endless() -> Vec<u8> {
    let frame = |number: u32| {
        let content = format!("\x03{number:07}\0x");
        [b"TXXX".as_slice(), &sync_safe(content.len()), b"\0\0", content.as_bytes()].concat()
    };
    (0..1_000_000).flat_map(frame).collect()
}

/// A file that takes a worker all the processor time that it may have.
pub(crate) fn write_endless(path: &Path) {
    write(path, &endless());
}

#[test]
fn files_that_bring_a_parser_down_cost_only_themselves() {
    let server = Server::with_music(|folder| {
        music::album(folder, "Guido", "Hymns", 5);
        write(&folder.join("Hymns/nested.mp3"), &nested());
        write_endless(&folder.join("Hymns/endless.mp3"));
    });
    let state = server.control(get("/api/v1/admin/scan")).expect(200).json();
    assert_eq!((&state["added"], &state["unreadable"]), (&5.into(), &2.into()), "{state}");
    let listed = server.control(get("/api/v1/admin/scan/unreadable")).expect(200).json();
    let reasons: Vec<_> = listed["items"].as_array().unwrap().iter().collect();
    let reason_of = |name: &str| {
        let item = reasons.iter().find(|item| text(&item["path"]).ends_with(name));
        text(&item.unwrap_or_else(|| panic!("{name} is not listed: {listed}"))["reason"])
    };
    assert_eq!(reason_of("endless.mp3"), "damaged: reading it takes too long");
    let broke_off = "damaged: reading it needs too much memory, or broke off";
    assert_eq!(reason_of("nested.mp3"), broke_off);

    let services = server.control(get("/api/v1/admin/services")).expect(200).json();
    for service in services["items"].as_array().unwrap() {
        assert_eq!((&service["state"], &service["restarts"]), (&"running".into(), &0.into()));
    }
}

#[test]
fn workers_that_cannot_work_change_nothing() {
    let mut setup = Setup::new();
    music::album(&setup.music(), "Guido", "Hymns", 5);
    let broken = setup.music().with_file_name("broken");
    setup.worker_after(&format!("if [ -e '{}' ]; then exit 1; fi", broken.display()));
    let server = setup.start();
    let scan = || {
        let full = json!({ "full": true });
        server.control(post("/api/v1/admin/scan").json(&full)).expect(202);
        server.scanned()
    };
    assert_eq!(scan()["added"], 5);
    std::fs::write(&broken, "").unwrap();
    let state = scan();
    assert_eq!((&state["phase"], &state["unreadable"]), (&"failed".into(), &0.into()), "{state}");
    assert!(text(&state["failure"]).contains("the process that reads files"), "{state}");
    let member = server.member("listener", "listener");
    assert_eq!(server.pages(&member, "/api/v1/tracks", 50).len(), 5, "nothing is missing");
    std::fs::remove_file(&broken).unwrap();
    assert_eq!(scan()["phase"], "finished");
}

#[test]
fn a_worker_that_is_killed_from_outside_is_replaced() {
    let mut setup = Setup::new();
    music::album(&setup.music(), "Guido", "Hymns", 5);
    setup.config.library.scan_threads = 1;
    let killed = setup.music().with_file_name("killed");
    // The first one is killed while it holds the question; `mkdir` succeeds once.
    let first = format!(
        "if mkdir '{}'; then printf '\\0\\0\\0\\0'; head -c 4 > /dev/null; kill -KILL $$; fi",
        killed.display()
    );
    setup.worker_after(&first);
    let server = setup.start();
    server.control(post("/api/v1/admin/scan")).expect(202);
    let state = server.scanned();
    assert_eq!((&state["added"], &state["unreadable"]), (&5.into(), &0.into()), "{state}");
    assert!(killed.exists(), "the first worker was killed");
}
