//! From Navidrome, of the ages that its migrations tell apart.

use std::fs;

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Desk, import, life, make};
use crate::support::{Console, PASSWORD, delete, music, post, program::subfolder, text};

pub(super) const USERS: &str =
    "CREATE TABLE user (id varchar(255) PRIMARY KEY, user_name varchar(255), is_admin bool);
     INSERT INTO user VALUES ('u1', 'anna', 1), ('u2', 'BEN', 0), ('u3', 'carl', 0), ('u4', 'dora', 0)";
const FILES: &str =
    "CREATE TABLE library (id integer PRIMARY KEY, name text, path text);
     INSERT INTO library VALUES (1, 'Music', '/mnt/nas/music');
     CREATE TABLE album (id varchar(255) PRIMARY KEY, name varchar(255), album_artist varchar(255));
     INSERT INTO album VALUES ('al1', 'Micrologus', 'Guido'), ('al2', 'Organa', 'Leonin'), ('al3', 'Lost', 'Nobody');
     CREATE TABLE artist (id varchar(255) PRIMARY KEY, name varchar(255));
     INSERT INTO artist VALUES ('ar1', 'Guido'), ('ar2', 'Leonin'), ('ar3', 'Nobody');
     CREATE TABLE media_file (id varchar(255) PRIMARY KEY, path varchar(255), title varchar(255), artist varchar(255),
       artist_id varchar(255), album varchar(255), album_id varchar(255), album_artist_id varchar(255),
       track_number integer, disc_number integer, duration real, library_id integer, mbz_recording_id varchar(255));
     INSERT INTO media_file VALUES
       ('f1', 'Guido/Micrologus/1.flac', 'other tags', 'Guido', 'ar1', 'Micrologus', 'al1', 'ar1', 1, 0, 0.4, 1, ''),
       ('f2', 'Guido/Micrologus/2.flac', 'track 2', 'Guido', 'ar1', 'Micrologus', 'al1', 'ar1', 2, 0, 0.4, 1, ''),
       ('f3', 'Guido/Micrologus/3.flac', 'track 3', 'Guido', 'ar1', 'Micrologus', 'al1', 'ar1', 3, 0, 0.4, 1, ''),
       ('f4', 'elsewhere/x.mp3', 'Track 1', 'LEONIN', 'ar2', 'organa', 'al2', 'ar2', 1, 1, 0.4, 1, ''),
       ('f5', 'lost/1.flac', 'Lost', 'Nobody', 'ar3', 'Lost', 'al3', 'ar3', 1, 1, 60.0, 1, '')";
pub(super) const ANNOTATIONS: &str =
    "CREATE TABLE annotation (user_id varchar(255), item_id varchar(255), item_type varchar(255), play_count integer,
       play_date datetime, rating integer, starred bool, starred_at datetime,
       UNIQUE (user_id, item_id, item_type));
     INSERT INTO annotation VALUES
       ('u1', 'f1', 'media_file', 5, '2025-12-07 08:00:00+00:00', 4, 1, '2024-01-02 03:04:05.678+02:00'),
       ('u1', 'f4', 'media_file', 2, '2023-05-06T07:08:09Z', 0, 0, NULL),
       ('u1', 'f5', 'media_file', 1, '2023-05-06 07:08:09+00:00', 0, 1, '2023-05-06 07:08:09+00:00'),
       ('u1', 'gone', 'media_file', 0, NULL, 3, 0, NULL),
       ('u1', 'p1', 'playlist', 0, NULL, 4, 0, NULL),
       ('u1', 'al1', 'album', 5, '2025-12-07 08:00:00+00:00', 0, 1, '2024-02-02 00:00:00+00:00'),
       ('u1', 'al3', 'album', 0, NULL, 2, 0, NULL),
       ('u1', 'ar2', 'artist', 2, NULL, 5, 0, NULL),
       ('u2', 'f2', 'media_file', 0, NULL, 0, 1, '2024-03-03 00:00:00+00:00'),
       ('u3', 'f3', 'media_file', 7, '2023-05-06 07:08:09+00:00', 0, 0, NULL)";
const SCROBBLES: &str =
    "CREATE TABLE scrobbles (media_file_id varchar(255), user_id varchar(255), submission_time integer);
     INSERT INTO scrobbles VALUES ('gone', 'u1', 1765094000), ('f1', 'u1', 1765094400), ('f1', 'u1', 1765008000), ('f5', 'u1', 1765008060)";
const PLAYLISTS: &str =
    "CREATE TABLE playlist (id varchar(255) PRIMARY KEY, name varchar(255), comment varchar(255), public bool,
       owner_id varchar(255), rules varchar);
     INSERT INTO playlist VALUES ('p1', 'Evening', 'calm', 1, 'u1', NULL), ('p2', 'Smart', '', 0, 'u2', '{\"all\":[]}'),
       ('p3', 'Theirs', '', 0, 'u3', NULL), ('p4', 'Nothing', '', 0, 'u1', NULL);
     CREATE TABLE playlist_tracks (id integer, playlist_id varchar(255), media_file_id varchar(255));
     INSERT INTO playlist_tracks VALUES (3, 'p1', 'f2'), (1, 'p1', 'f4'), (2, 'p1', 'f5'), (4, 'p1', 'f4'),
       (1, 'p2', 'f3'), (1, 'p3', 'f1'), (1, 'p4', 'f5')";
pub(super) const ALL: [&str; 5] = [USERS, FILES, ANNOTATIONS, SCROBBLES, PLAYLISTS];

fn annas() -> Value {
    json!({
        "plays": [
            ["Micrologus track 1", "2025-12-07T08:00:00.000Z"],
            ["Micrologus track 1", "2025-12-06T08:00:00.000Z"],
        ],
        "tracks": [
            ["Micrologus track 1", 5, "2025-12-07T08:00:00.000Z"],
            ["Organa track 1", 2, "2023-05-06T07:08:09.000Z"],
        ],
        "albums": [["Micrologus", 5], ["Organa", 2]],
        "favourites": [
            ["Micrologus", "2024-02-02T00:00:00.000Z"],
            ["Micrologus track 1", "2024-01-02T01:04:05.678Z"],
        ],
        "ratings": [["Micrologus track 1", 4], ["Leonin", 5]],
        "playlists": [["Evening", "calm", true,
            ["Organa track 1", "Micrologus track 2", "Organa track 1"]]],
    })
}

#[test]
fn everything_is_taken_over_once_and_reported() {
    let desk = Desk::new();
    let path = desk.database("their.db", &ALL);
    let bytes = fs::read(&path).unwrap();
    let untouched = desk.life(&desk.anna);
    let dry = desk.import("navidrome their.db --dry-run").done();
    assert_eq!(desk.life(&desk.anna), untouched);

    let told = desk.import("navidrome their.db --report report.jsonl").done();
    assert_snapshot!(told);
    assert_eq!(dry, told.replacen("plays\n", "plays: a dry run, nothing was changed\n", 1));
    assert_eq!(desk.life(&desk.anna), annas());
    let ben = desk.life(&desk.ben);
    assert_eq!(ben["favourites"], json!([["Micrologus track 2", "2024-03-03T00:00:00.000Z"]]));
    assert_eq!(ben["playlists"], json!([["Smart", "", false, ["Micrologus track 3"]]]));
    let lines = fs::read_to_string(desk.path("report.jsonl")).unwrap();
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let by_tags = lines.iter().find(|line| line["by"] == "tags").unwrap();
    assert_eq!(by_tags["path"], "/mnt/nas/music/elsewhere/x.mp3");
    let nobody = json!({ "user": "carl", "account": null });
    assert!(lines.contains(&nobody), "{lines:?}");
    assert!(
        lines.iter().any(|line| line["missed"] == "ratings" && line["what"] == "media_file gone")
    );
    let summary = lines.iter().find(|line| line["summary"] == "favourites").unwrap();
    assert_eq!((&summary["found"], &summary["taken_over"]), (&json!(4), &json!(3)));

    let again = desk.import("navidrome their.db").done();
    assert_snapshot!("again", again);
    assert_eq!(desk.life(&desk.anna), annas());
    assert_eq!(fs::read(&path).unwrap(), bytes, "their file is only read");
}

#[test]
fn a_later_import_brings_what_is_new_and_undoes_nothing() {
    let desk = Desk::new();
    let path = desk.database("their.db", &ALL);
    desk.import("navidrome their.db").done();
    let anna = &desk.anna;
    let loved = desk.server.pages(anna, "/api/v1/me/favourites?kind=album", 500);
    let album = format!("/api/v1/me/favourites/{}", text(&loved[0]["id"]));
    desk.server.send(delete(&album).bearer(&anna.token)).expect(200);
    let tracks = desk.server.pages(anna, "/api/v1/tracks", 500);
    let third = tracks.iter().find(|track| super::name(track) == "Micrologus track 3").unwrap();
    let body = json!({ "track_id": third["id"], "started_at": "2026-01-01T00:00:00Z",
        "listened_ms": 60_000 });
    desk.server.send(post("/api/v1/plays").bearer(&anna.token).json(&body)).expect(201);
    make(
        &path,
        &[
            "UPDATE annotation SET play_count = 6, rating = 1 WHERE item_id = 'f1'",
            "INSERT INTO scrobbles VALUES ('f1', 'u1', 1765180800)",
            "INSERT INTO annotation VALUES ('u1', 'f3', 'media_file', 4, '2022-01-01 00:00:00+00:00', 0, 0, NULL)",
            "DELETE FROM playlist_tracks WHERE playlist_id = 'p1' AND id = 4",
            "UPDATE playlist SET name = 'Night' WHERE id = 'p1'",
        ],
    );
    desk.import("navidrome their.db").done();
    let life = desk.life(anna);
    assert_eq!(
        life["tracks"],
        json!([
            ["Micrologus track 1", 6, "2025-12-08T08:00:00.000Z"],
            ["Micrologus track 3", 5, "2026-01-01T00:00:00.000Z"],
            ["Organa track 1", 2, "2023-05-06T07:08:09.000Z"],
        ])
    );
    assert_eq!(life["albums"], json!([["Micrologus", 11], ["Organa", 2]]));
    assert_eq!(life["favourites"].as_array().unwrap().len(), 1, "{life}");
    assert_eq!(life["ratings"][0], json!(["Micrologus track 1", 1]));
    let night = json!([["Night", "calm", true, ["Organa track 1", "Micrologus track 2"]]]);
    assert_eq!(life["playlists"], night);
}

#[test]
fn an_older_shape_has_owners_by_name_absolute_paths_and_no_single_plays() {
    let desk = Desk::new();
    desk.database("old/navidrome.db", &[
        USERS,
        "CREATE TABLE media_file (id varchar(255) PRIMARY KEY, path varchar(255), title varchar(255),
           artist varchar(255), album varchar(255), album_id varchar(255))",
        "INSERT INTO media_file VALUES ('f1', 'D:\\Musik\\Guido\\Micrologus\\1.flac', '', '', '', ''),
           ('f2', '/music/Leonin/Organa/2.flac', '', '', '', '')",
        ANNOTATIONS,
        "CREATE TABLE playlist (id varchar(255), name varchar(255), comment varchar(255), owner varchar(255), public bool)",
        "INSERT INTO playlist VALUES ('p1', 'Evening', '', 'anna', 0)",
        "CREATE TABLE playlist_tracks (id integer, playlist_id varchar(255), media_file_id varchar(255))",
        "INSERT INTO playlist_tracks VALUES (1, 'p1', 'f2'), (2, 'p1', 'f1')",
    ]);
    let told = desk.import("navidrome old").done();
    assert!(told.starts_with("Navidrome, without single plays\n"), "{told}");
    let life = desk.life(&desk.anna);
    assert_eq!(life["tracks"], json!([["Micrologus track 1", 5, "2025-12-07T08:00:00.000Z"]]));
    let evening = json!([["Evening", "", false, ["Organa track 2", "Micrologus track 1"]]]);
    assert_eq!((&life["playlists"], &life["plays"]), (&evening, &json!([])));
}

#[test]
fn people_can_be_named_and_share_an_account() {
    let desk = Desk::new();
    desk.database("their.db", &ALL);
    let named = "navidrome their.db --user carl=ben --user u9=ben";
    let nobody = "--user: there is nobody called u9 there, but BEN, anna, carl, dora";
    assert_eq!(desk.import(named).fails(1), nobody);
    let nobody = "--user: there is no account called Emil";
    assert_eq!(desk.import("navidrome their.db --user carl=Emil").fails(1), nobody);
    let said = desk.import("navidrome their.db --user carl").run();
    assert!(said.code == Some(2) && said.stderr.contains("must be a name there"), "{said:?}");

    let told = desk.import("navidrome their.db --user carl=ben").done();
    assert!(!told.contains("has no account"), "dora did nothing: {told}");
    let ben = desk.life(&desk.ben);
    assert_eq!(ben["tracks"], json!([["Micrologus track 3", 7, "2023-05-06T07:08:09.000Z"]]));
    assert_eq!(ben["playlists"].as_array().unwrap().len(), 2, "{ben}");
}

#[test]
fn it_works_without_a_server_too() {
    let folder = tempfile::tempdir().unwrap();
    let library = subfolder(folder.path(), "music");
    music::album(&library.join("Guido"), "Guido", "Micrologus", 3);
    music::album(&library.join("Leonin"), "Leonin", "Organa", 2);
    let console = || Console::new(folder.path());
    console().words("scan --data data --music music").done();
    let add = console().words("user --data data --music music add anna --password-stdin");
    add.typing(PASSWORD).done();
    make(&folder.path().join("their.db"), &ALL);
    let unknown = console().words("import navidrome their.db --data other --music").argument("no");
    let complaint = unknown.fails(1);
    assert!(complaint.starts_with("there is no music here to match with: "), "{complaint}");
    let first = import(folder.path(), "navidrome their.db").done();
    assert!(first.contains("\nplays: 4 found, 2 taken over, "), "{first}");
    let again = import(folder.path(), "navidrome their.db").done();
    assert!(again.contains("\nplays: 4 found, 0 taken over, 2 here already, "), "{again}");
    let server = console().words("--music music").serve(&folder.path().join("data"));
    let anna = server.sign_in("anna", PASSWORD);
    assert_eq!(life(&server, &anna), annas());
    server.stop();
}
