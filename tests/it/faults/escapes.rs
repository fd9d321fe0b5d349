//! Ids, names and links that point out of a library, and what in it is no file at all.

use std::{
    fs,
    os::unix::{fs::symlink, net::UnixListener},
    path::{Path, PathBuf},
    process::Command,
};

use hexachord::http::router::document;
use hexachord_contracts::{catalog::FolderId, ids::LibraryId};
use hexachord_fixtures::{Format, Piece, Tags};
use image::ImageFormat;
use serde_json::{Value, json};

use crate::support::{
    Member, Request, Server, column, document::operations, get, music, post, server::Setup, text,
};

/// In whatever lies beside the library.
const SECRET: &str = "nobody may read this";

/// Parts of a path that lead upwards or elsewhere, as they stand in a request.
const PARTS: [&str; 20] = [
    "..",
    ".",
    "%2e%2e",
    "%2E.",
    "..%2f..%2f..%2fsecret.flac",
    "%2e%2e%2f%2e%2e%2fsecret.lrc",
    "..%5c..%5csecret.flac",
    "%252e%252e%252fsecret.flac",
    "....%2f%2f....%2f%2fsecret.flac",
    "%c0%ae%c0%ae%c0%afsecret.flac",
    "..%00",
    "secret.flac%00.png",
    "%2fetc%2fpasswd",
    "file:%2f%2f%2fetc%2fpasswd",
    "tr-..%2fsecret.flac",
    "fo-..%2fsecret.flac",
    "../../../secret.flac",
    "/etc/passwd",
    "..;/..;/secret.flac",
    "%2e%2e/%2e%2e/secret.flac",
];

/// A library with secrets around it.
fn setup() -> Setup {
    let mut setup = Setup::new();
    let around = setup.music().with_file_name("x");
    let tags = music::tags(SECRET, SECRET, SECRET, 1);
    music::write(&around.with_file_name("secret.flac"), Format::Flac, 99, &tags);
    for name in ["secret.lrc", "secret.txt"] {
        fs::write(around.with_file_name(name), SECRET).expect("a file can be written");
    }
    let picture = music::picture(77, ImageFormat::Png);
    fs::write(around.with_file_name("secret.png"), picture).expect("a file can be written");
    setup.config.library.scan_on_start = true;
    setup
}

fn start(setup: Setup) -> (Server, Member, Value) {
    let server = setup.start();
    let state = server.scanned();
    assert_eq!(state["phase"], "finished", "{state}");
    let member = server.member("owner", "administrator");
    (server, member, state)
}

/// Every track's stream, by its title.
fn streams(server: &Server, member: &Member) -> Vec<(String, Vec<u8>)> {
    let tracks = server.pages(member, "/api/v1/tracks", 500);
    let stream = |track: &Value| {
        let path = format!("/api/v1/tracks/{}/stream?format=original", text(&track["id"]));
        let answer = server.send(get(&path).bearer(&member.token)).expect(200);
        (text(&track["title"]).to_owned(), answer.body)
    };
    tracks.iter().map(stream).collect()
}

#[test]
fn no_path_leads_out() {
    let setup = setup();
    music::album(&setup.music(), "Guido", "Hymns", 1);
    let (server, member, _) = start(setup);
    let document = serde_json::to_value(document()).unwrap();
    let mut asked = 0;
    for operation in operations(&document) {
        let (method, template) = operation.split_once(' ').unwrap();
        let Some((before, rest)) = template.split_once('{') else { continue };
        let behind = rest.split_once('}').unwrap().1.replace(['{', '}'], "");
        let method = ["GET", "POST", "PUT", "PATCH", "DELETE"].into_iter().find(|m| *m == method);
        for part in PARTS {
            let path = format!("{before}{part}{behind}");
            let request = Request::new(method.unwrap(), &path).bearer(&member.token);
            let request = if method == Some("GET") { request } else { request.json(&json!({})) };
            let answer = server.send(request);
            let said = String::from_utf8_lossy(&answer.body);
            assert!((400..500).contains(&answer.status), "{operation} {path}: {said}");
            assert!(!said.contains(SECRET) && !said.contains("root:"), "{path}: {said}");
            asked += 1;
        }
    }
    assert!(asked > 30 * PARTS.len(), "only {asked} requests");
    for part in PARTS {
        for place in ["/", "/assets/", "/api/v1/", "/api/v1/albums/cover/"] {
            let path = format!("{place}{part}");
            let answer = server.send(get(&path).bearer(&member.token));
            assert!([400, 404].contains(&answer.status), "{path}: {}", answer.status);
        }
        // OpenSubsonic answers in an envelope what it does not know.
        let answer = server.send(get(&format!("/rest/{part}")));
        let said = String::from_utf8_lossy(&answer.body);
        let is_failure = answer.status == 200 && said.contains("status=\"failed\"");
        assert!(is_failure || [400, 404].contains(&answer.status), "{part}: {said}");
        assert!(!said.contains(SECRET) && !said.contains("root:"), "{part}: {said}");
    }
}

#[test]
fn no_folder_id_leads_out() {
    let setup = setup();
    music::album(&setup.music(), "Guido", "Hymns", 1);
    let (server, member, _) = start(setup);
    let libraries = server.read(&member, "/api/v1/libraries");
    let library: LibraryId = text(&libraries["items"][0]["id"]).parse().unwrap();
    let ask = |id: &str| {
        let request = get(&format!("/api/v1/folders/{id}")).bearer(&member.token);
        server.send(request)
    };
    let id = |path: &[u8]| FolderId { library, path: path.to_vec() }.to_string();
    let hymns = ask(&id(b"Hymns")).expect(200).json();
    assert_eq!(hymns["items"].as_array().map(Vec::len), Some(1));
    let outside = server.path().as_os_str().as_encoded_bytes().to_vec();
    let inside = [&outside[..], b"/music/Hymns"].concat();
    let paths: [&[u8]; 20] = [
        b"..",
        b".",
        b"../secret.flac",
        b"../music/Hymns",
        b"Hymns/..",
        b"Hymns/../Hymns",
        b"./Hymns",
        b"Hymns/.",
        b"Hymns/",
        b"/Hymns",
        b"//",
        b"Hymns\0",
        b"\0",
        b"%2e%2e",
        b"..%2fmusic%2fHymns",
        b"..\\music\\Hymns",
        b"Hymns/1.flac",
        b"/etc",
        &outside,
        &inside,
    ];
    for path in paths {
        let answer = ask(&id(path));
        assert_eq!(answer.status, 404, "{}", String::from_utf8_lossy(path));
    }
    let other = FolderId { library: LibraryId(library.0 ^ 1), path: b"Hymns".to_vec() };
    ask(&other.to_string()).expect(404);
    ask(&id(&[b'a'; 4097])).expect(400);

    // Cut short, with a character of another alphabet, or with more behind.
    let good = id(b"Hymns");
    for end in 0..good.len() - 1 {
        let answer = ask(&good[..end]);
        assert!([400, 404].contains(&answer.status), "{}: {}", &good[..end], answer.status);
    }
    for place in 3..good.len() {
        for other in ["+", "=", "%2f", "%00", "..", "A"] {
            let mangled = format!("{}{other}{}", &good[..place], &good[place + 1..]);
            let answer = ask(&mangled);
            let is_itself = mangled == good;
            assert!(
                is_itself || [400, 404].contains(&answer.status),
                "{mangled}: {}",
                answer.status
            );
        }
    }
    for behind in ["/..", "%2f..", "/../secret.flac", "=", "%20", "?cursor=..%2f"] {
        let answer = ask(&format!("{good}{behind}"));
        assert!([400, 404].contains(&answer.status), "{behind}: {}", answer.status);
    }
}

#[test]
fn no_name_leads_out() {
    let mut setup = setup();
    let music = setup.music();
    let artists = music.with_file_name("artists");
    fs::create_dir(&artists).unwrap();
    setup.config.artwork.artist_folder = artists;
    let names = [
        "%2e%2e%2f%2e%2e%2fsecret.flac",
        "%2e%2e/1.flac",
        "a..\\..\\secret.flac",
        "x../..%2f/1.flac",
        "C:\\secret.flac",
        "~/1.flac",
        "a\n..\r\nb\".flac",
    ];
    for (seed, name) in (1..).zip(names) {
        let tags = music::tags(name, "../secret", "/etc/passwd", 1);
        let tags = Tags { genres: vec!["../../secret".to_owned()], ..tags };
        music::write(&music.join(name), Format::Flac, seed, &tags);
    }
    // Sheets speak of files, too.
    let secret = music.with_file_name("secret.flac");
    for (seed, (name, file)) in
        (50..).zip([("up", "../secret.flac"), ("away", secret.to_str().unwrap())])
    {
        let disc = Piece { frames: 500, ..Piece::new(Format::Flac, seed) };
        disc.write(music.join(format!("{name}.flac"))).unwrap();
        let piece = |number: u32| {
            let title =
                format!("    TITLE \"{name} {number}\"\n    INDEX 01 00:0{}:00\n", number - 1);
            format!("  TRACK 0{number} AUDIO\n{title}")
        };
        let sheet = format!("FILE \"{file}\" WAVE\n{}{}", piece(1), piece(2));
        fs::write(music.join(format!("{name}.cue")), sheet).unwrap();
    }
    let (server, member, state) = start(setup);
    assert_eq!(state["unreadable"], 0, "{state}");
    let files: Vec<Vec<u8>> = walkdir::WalkDir::new(server.path().join("music"))
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "flac"))
        .map(|path| fs::read(path).unwrap())
        .collect();
    let streams = streams(&server, &member);
    assert!(streams.len() >= files.len(), "{} of {}", streams.len(), files.len());
    for (title, stream) in streams {
        assert!(files.contains(&stream), "`{title}` is no file of the library");
    }
    for track in server.pages(&member, "/api/v1/tracks", 500) {
        let path = format!("/api/v1/tracks/{}/download", text(&track["id"]));
        let answer = server.send(get(&path).bearer(&member.token)).expect(200);
        let name = answer.header("content-disposition").expect("it is to be kept");
        let name = name.strip_prefix("attachment; filename*=UTF-8''").expect("it has a name");
        assert!(!name.contains(['/', '\\', '"', '\n', ' ']), "{name}");
    }
    let artists = server.pages(&member, "/api/v1/artists", 50);
    let climber = artists.iter().find(|artist| artist["name"] == "../secret").expect("it is there");
    let path = format!("/api/v1/artists/{}/cover", text(&climber["id"]));
    server.send(get(&path).bearer(&member.token)).expect(404);
    // Each folder is found by what the one above it says, and nothing else is in it.
    let libraries = server.read(&member, "/api/v1/libraries");
    let mut folders = vec![text(&libraries["items"][0]["root"]).to_owned()];
    let mut found = 0;
    while let Some(folder) = folders.pop() {
        for item in server.pages(&member, &format!("/api/v1/folders/{folder}"), 50) {
            match item.get("folder") {
                Some(folder) => folders.push(text(&folder["id"]).to_owned()),
                None => found += 1,
            }
        }
    }
    assert_eq!(found, server.pages(&member, "/api/v1/tracks", 50).len());
}

fn fifo(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status().expect("a pipe can be made");
    assert!(made.success(), "a pipe can be made");
}

/// The words about what was skipped, by name.
fn reason<'s>(state: &'s Value, name: &str) -> &'s str {
    let warnings = state["warnings"].as_array().expect("a scan has warnings");
    let mut words = warnings.iter().map(text);
    let about = format!("{name} in the library");
    words.find(|words| words.starts_with(&about)).unwrap_or_else(|| panic!("{name}: {state}"))
}

#[test]
fn what_is_no_file_is_skipped_and_said() {
    let setup = setup();
    let music = setup.music();
    music::album(&music, "Guido", "Hymns", 3);
    fifo(&music.join("pipe.flac"));
    let _socket = UnixListener::bind(music.join("socket.flac")).unwrap();
    for (target, link) in [
        ("/dev/zero", "zero.flac"),
        ("/dev/null", "null.mp3"),
        (".", "loop"),
        ("circle b", "circle a"),
        ("circle a", "circle b"),
        ("..", "up"),
        ("../secret.flac", "secret.flac"),
    ] {
        symlink(target, music.join(link)).unwrap();
    }
    // Beside the music: whoever waited for them would wait for ever, or read without end.
    fifo(&music.join("Hymns/2.lrc"));
    fifo(&music.join("Hymns/2.cue"));
    fifo(&music.join("Hymns/cover.jpg"));
    symlink("/dev/zero", music.join("Hymns/cover.png")).unwrap();
    symlink("/dev/zero", music.join("Hymns/1.txt")).unwrap();
    let (server, member, state) = start(setup);
    assert_eq!((&state["added"], &state["unreadable"]), (&json!(3), &json!(0)), "{state}");
    for (name, why) in [
        ("pipe.flac", "neither a file nor a folder"),
        ("socket.flac", "neither a file nor a folder"),
        ("zero.flac", "leads out of the library"),
        ("null.mp3", "leads out of the library"),
        ("up", "leads out of the library"),
        ("circle a", "Too many levels of symbolic links (os error 40)"),
        ("circle b", "Too many levels of symbolic links (os error 40)"),
        ("secret.flac", "leads out of the library"),
        ("Hymns/cover.jpg", "neither a file nor a folder"),
        ("Hymns/cover.png", "leads out of the library"),
    ] {
        assert!(reason(&state, name).ends_with(why), "{}", reason(&state, name));
    }
    let tracks = server.pages(&member, "/api/v1/tracks?sort=title", 50);
    let album = text(&tracks[0]["album"]["id"]);
    server.send(get(&format!("/api/v1/albums/{album}/cover")).bearer(&member.token)).expect(404);
    for id in column(&tracks, "id") {
        let lyrics = server.read(&member, &format!("/api/v1/tracks/{id}/lyrics"));
        assert_eq!(lyrics["items"], json!([]));
    }
    // A file that becomes a pipe, or a link to a device, is not waited for.
    let first = music_file(&server, "Hymns/1.flac");
    fs::remove_file(&first).unwrap();
    fifo(&first);
    let second = music_file(&server, "Hymns/2.flac");
    fs::remove_file(&second).unwrap();
    symlink("/dev/zero", &second).unwrap();
    for id in &column(&tracks, "id")[..2] {
        let path = format!("/api/v1/tracks/{id}/stream");
        server.send(get(&path).bearer(&member.token)).expect(404);
    }
    let believe = json!({ "full": true, "accept_losses": true });
    server.control(post("/api/v1/admin/scan").json(&believe)).expect(202);
    let state = server.scanned();
    assert_eq!((&state["phase"], &state["missing"]), (&json!("finished"), &json!(2)), "{state}");
}

fn music_file(server: &Server, name: &str) -> PathBuf {
    server.path().join("music").join(name)
}

#[test]
fn links_beside_music_that_lead_out_are_not_read() {
    let setup = setup();
    let music = setup.music();
    music::album(&music, "Guido", "Hymns", 3);
    let around = |name: &str| music.with_file_name(name);
    fs::write(around("secret.cue"), format!("TITLE \"{SECRET}\"\nFILE \"1.flac\" WAVE\n  TRACK 01 AUDIO\n    TITLE \"{SECRET}\"\n    INDEX 01 00:00:00\n  TRACK 02 AUDIO\n    TITLE \"{SECRET}\"\n    INDEX 01 00:00:10\n")).unwrap();
    for (target, link) in [
        ("../../secret.lrc", "1.lrc"),
        ("../../secret.cue", "1.cue"),
        ("../../secret.txt", "2.txt"),
        ("../../secret.png", "cover.png"),
        ("../../secret.png", "3.png"),
    ] {
        symlink(target, music.join("Hymns").join(link)).unwrap();
    }
    symlink(around("secret.lrc"), music.join("Hymns/3.lrc")).unwrap();
    let (server, member, state) = start(setup);
    assert_eq!((&state["added"], &state["unreadable"]), (&json!(3), &json!(0)), "{state}");
    let tracks = server.pages(&member, "/api/v1/tracks?sort=title", 50);
    assert_eq!(column(&tracks, "title"), ["track 1", "track 2", "track 3"]);
    assert!(!json!(tracks).to_string().contains(SECRET));
    let album = text(&tracks[0]["album"]["id"]);
    server.send(get(&format!("/api/v1/albums/{album}/cover")).bearer(&member.token)).expect(404);
    for id in column(&tracks, "id") {
        let lyrics = server.read(&member, &format!("/api/v1/tracks/{id}/lyrics"));
        assert_eq!(lyrics["items"], json!([]));
        server.send(get(&format!("/api/v1/tracks/{id}/cover")).bearer(&member.token)).expect(404);
    }
    let found = server.read(&member, "/api/v1/search?q=nobody");
    assert_eq!(found["tracks"], json!([]));
}
