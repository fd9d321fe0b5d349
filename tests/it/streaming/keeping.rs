//! Finished streams are kept: found again, bounded, and nobody else's business.

use std::{
    fs,
    path::{Path, PathBuf},
};

use hexachord_fixtures::Format;

use super::stage::{Stage, count, names, piece, stream_of};
use crate::{
    faults::wire::until,
    support::{Console, Member, PASSWORD, Running, get, program::subfolder},
};

/// Of a kept stream, as its name tells it.
fn len_of(name: &str) -> u64 {
    let (_, rest) = name.split_once('-').expect("a key and a length");
    rest.strip_suffix(".stream").expect("it is finished").parse().expect("a number")
}

#[test]
fn what_was_made_is_sent_like_a_file() {
    let stage = Stage::with_music(|music| {
        piece(music, "Ut", Format::Flac, 60);
    });
    let path = format!("{}?format=opus", stage.stream_of("Ut"));
    let made = stage.hear(&path);
    assert_eq!(made.header("accept-ranges"), Some("none"), "its length is not known yet");
    let etag = made.header("etag").unwrap().to_owned();
    stage.nothing_runs();
    let [name] = &stage.kept()[..] else { panic!("one file is kept: {:?}", stage.kept()) };
    assert_eq!(len_of(name), made.body.len() as u64);

    let kept = stage.hear(&path);
    assert_eq!(kept.header("etag"), Some(etag.as_str()));
    assert_eq!(kept.header("accept-ranges"), Some("bytes"));
    assert_eq!(kept.header("content-length"), Some(made.body.len().to_string().as_str()));
    assert!(kept.body == made.body);
    let range =
        |from: &str| stage.ask(&path).header("range", "bytes=100-199").header("if-range", from);
    let part = stage.server.send(range(&etag)).expect(206);
    assert!(part.body == made.body[100..200]);
    let whole = stage.server.send(range("\"another\"")).expect(200);
    assert!(whole.body == made.body);
    stage.server.send(stage.ask(&path).header("range", "bytes=99999999-")).expect(416);
    stage.server.send(stage.ask(&path).header("if-none-match", &etag)).expect(304);
    assert_eq!(stage.count("transcodes_begun"), 1);
    assert_eq!(stage.count("transcodes_kept"), 1);
    assert_eq!(stage.count("transcodes_kept_bytes"), made.body.len() as u64);

    // Another file behind the same track is another stream.
    let file = stage.server.path().join("music/Ut.flac");
    let other = stage.server.path().join("other.flac");
    fs::copy(&file, &other).unwrap();
    fs::rename(&other, &file).unwrap();
    let anew = stage.hear(&path);
    assert_ne!(anew.header("etag"), Some(etag.as_str()));
    assert_eq!(stage.count("transcodes_begun"), 2);
}

#[test]
fn what_is_deleted_or_damaged_is_made_again() {
    let stage = Stage::with_music(|music| {
        piece(music, "Ut", Format::Flac, 60);
    });
    let path = format!("{}?format=opus", stage.stream_of("Ut"));
    let hear = || {
        let heard = stage.hear(&path);
        stage.nothing_runs();
        (heard.header("etag").unwrap().to_owned(), heard.body)
    };
    let first = hear();
    let file = stage.folder().join(&stage.kept()[0]);
    fs::write(&file, b"short").unwrap();
    assert!(hear() == first, "a damaged one");
    fs::remove_file(&file).unwrap();
    assert!(hear() == first, "a deleted one");
    fs::remove_dir_all(stage.folder()).unwrap();
    assert!(hear() == first, "all of them deleted");
    assert!(hear() == first);
    assert_eq!(stage.count("transcodes_begun"), 4);
    assert_eq!(stage.count("transcodes_from_cache"), 1);
    assert_eq!(fs::metadata(&file).unwrap().len(), first.1.len() as u64);
}

/// A server of its own over `folder`, with a listener.
struct House<'f> {
    folder: &'f Path,
    cache_mb: &'static str,
}

impl House<'_> {
    fn open(&self) -> (Running, Member) {
        let console =
            Console::new(self.folder).argument("--music").argument(self.folder.join("music"));
        let console = console.variable("HEXACHORD_STREAMING__CACHE_MB", self.cache_mb);
        let server = console.serve(&self.folder.join("data"));
        server.scanned();
        let known = server.control(get("/api/v1/admin/accounts")).expect(200).json();
        let is_new = known["items"].as_array().is_none_or(Vec::is_empty);
        let member =
            if is_new { server.member("ida", "listener") } else { server.sign_in("ida", PASSWORD) };
        (server, member)
    }

    fn kept(&self) -> PathBuf {
        self.folder.join("data/transcodes")
    }
}

/// 400 KB a stream: two of them fit into a MiB.
const FRAMES: usize = 800;

#[test]
fn a_restart_finds_it_again_and_clears_up() {
    let folder = tempfile::tempdir().unwrap();
    let music = subfolder(folder.path(), "music");
    for title in ["Ut", "Re", "Mi"] {
        piece(&music, title, Format::Flac, 20);
    }
    let house = House { folder: folder.path(), cache_mb: "64" };
    let (server, member) = house.open();
    let hear = |server: &Running, member: &Member, title: &str| {
        let path = format!("{}?format=opus", stream_of(server, member, title));
        server.send(get(&path).bearer(&member.token)).expect(200)
    };
    let [ut, re] = ["Ut", "Re"].map(|title| hear(&server, &member, title));
    server.stop();
    let kept = names(&house.kept());
    assert_eq!(kept.len(), 2);

    // What a crash leaves behind, what somebody else put there, and what was cut short.
    let key = "0123456789abcdef0123456789abcdef";
    let unfinished = house.kept().join(format!("{key}-0.part"));
    let damaged = house.kept().join(format!("{key}-1000.stream"));
    let foreign = ["notes.txt", "x.part", ".stream"].map(|name| house.kept().join(name));
    for path in foreign.iter().chain([&unfinished, &damaged]) {
        fs::write(path, b"something").unwrap();
    }
    let folder_of_another = subfolder(&house.kept(), &format!("{key}-0.stream"));
    let (server, member) = house.open();
    assert!(!unfinished.exists() && !damaged.exists());
    assert!(foreign.iter().all(|path| fs::read(path).unwrap() == b"something"));
    assert!(folder_of_another.is_dir());
    for (title, before) in [("Ut", ut), ("Re", re)] {
        let now = hear(&server, &member, title);
        assert_eq!(now.header("etag"), before.header("etag"));
        assert!(now.body == before.body, "{title}");
    }
    assert_eq!(count(&server, "transcodes_from_cache"), 2);
    assert_eq!(count(&server, "transcodes_begun"), 0);
    assert_eq!(count(&server, "transcodes_kept"), 2);
}

#[test]
fn the_least_recently_heard_goes_first_also_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let music = subfolder(folder.path(), "music");
    for title in ["Ut", "Re", "Mi"] {
        piece(&music, title, Format::Wav, FRAMES);
    }
    let house = House { folder: folder.path(), cache_mb: "1" };
    let hear = |server: &Running, member: &Member, title: &str| {
        let path = format!("{}?format=wav", stream_of(server, member, title));
        let begun = count(server, "transcodes_begun");
        server.send(get(&path).bearer(&member.token)).expect(200);
        // What is promised may be heard to its end before it is kept.
        until("it is kept", || (count(server, "transcodes_running") == 0).then_some(()));
        count(server, "transcodes_begun") == begun
    };
    let (server, member) = house.open();
    assert!(!hear(&server, &member, "Ut"));
    assert!(!hear(&server, &member, "Re"));
    assert!(hear(&server, &member, "Ut"), "it is kept");
    server.stop();

    let (server, member) = house.open();
    assert!(!hear(&server, &member, "Mi"), "it is new, and Re has to go for it");
    assert_eq!(names(&house.kept()).len(), 2);
    assert!(hear(&server, &member, "Ut"), "it was heard after Re");
    assert!(hear(&server, &member, "Mi"));
    assert!(!hear(&server, &member, "Re"));
    let bytes: u64 = names(&house.kept()).iter().map(|name| len_of(name)).sum();
    assert!(bytes <= 1024 * 1024, "{bytes} bytes are kept");
    assert_eq!(count(&server, "transcodes_kept_bytes"), bytes);
    server.stop();

    // Less room than before.
    let house = House { cache_mb: "0", ..house };
    let (server, member) = house.open();
    assert!(!hear(&server, &member, "Ut"), "nothing is kept");
    assert!(!hear(&server, &member, "Ut"));
}
