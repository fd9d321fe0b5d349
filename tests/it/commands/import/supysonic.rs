//! From Supysonic, with ids as bytes and as text, and playlists in a text and in a table.

use serde_json::json;

use super::{Desk, make};

const TABLES: &str =
    "CREATE TABLE user (id CHAR(36) PRIMARY KEY, name VARCHAR(64), last_play_id CHAR(36), last_play_date DATETIME);
     CREATE TABLE folder (id INTEGER PRIMARY KEY, root BOOLEAN, name VARCHAR(256), path VARCHAR(4096));
     CREATE TABLE artist (id CHAR(36) PRIMARY KEY, name VARCHAR(256));
     CREATE TABLE album (id CHAR(36) PRIMARY KEY, name VARCHAR(256), artist_id CHAR(36));
     CREATE TABLE track (id CHAR(36) PRIMARY KEY, disc INTEGER, number INTEGER, title VARCHAR(256), duration INTEGER,
       album_id CHAR(36), artist_id CHAR(36), path VARCHAR(4096), play_count INTEGER, last_play DATETIME);
     CREATE TABLE starred_folder (user_id CHAR(36), starred_id INTEGER, date DATETIME);
     CREATE TABLE starred_artist (user_id CHAR(36), starred_id CHAR(36), date DATETIME);
     CREATE TABLE starred_album (user_id CHAR(36), starred_id CHAR(36), date DATETIME);
     CREATE TABLE starred_track (user_id CHAR(36), starred_id CHAR(36), date DATETIME);
     CREATE TABLE rating_folder (user_id CHAR(36), rated_id INTEGER, rating INTEGER);
     CREATE TABLE rating_track (user_id CHAR(36), rated_id CHAR(36), rating INTEGER);
     CREATE TABLE meta (key CHAR(32) PRIMARY KEY, value CHAR(256))";
/// Of each id the last two digits: a1 and a2 users, b artists, c albums, d tracks, e playlists.
const ROWS: &str =
    "INSERT INTO user VALUES ('ID:a1', 'anna', 'ID:d1', '2024-06-01 12:00:00');
     INSERT INTO folder VALUES (1, 1, 'music', '/srv/music'), (2, 0, 'Guido', '/srv/music/Guido'),
       (3, 0, 'Micrologus', '/srv/music/Guido/Micrologus');
     INSERT INTO artist VALUES ('ID:b1', 'Guido'), ('ID:b2', 'Leonin');
     INSERT INTO album VALUES ('ID:c1', 'Micrologus', 'ID:b1'), ('ID:c2', 'Organa', 'ID:b2'),
       ('ID:c3', 'Another', 'ID:b1');
     INSERT INTO track VALUES
       ('ID:d1', 1, 1, 'track 1', 0, 'ID:c1', 'ID:b1', '/srv/music/Guido/Micrologus/1.flac', 3, '2024-06-01 12:00:00'),
       ('ID:d2', 1, 2, 'track 2', 0, 'ID:c1', 'ID:b1', '/srv/music/Guido/Micrologus/2.flac', 0, NULL),
       ('ID:d3', 1, 1, 'track 1', 0, 'ID:c2', 'ID:b2', '/srv/music/moved/1.flac', 1, '2024-01-15 12:00:00'),
       ('ID:d4', 1, 1, 'unheard of', 0, 'ID:c3', 'ID:b1', '/srv/music/Guido/Another/1.flac', 0, NULL);
     INSERT INTO starred_folder VALUES ('ID:a1', 3, '2024-02-01 12:00:00'), ('ID:a1', 2, '2024-02-02 12:00:00'),
       ('ID:a1', 1, '2024-02-03 12:00:00'), ('ID:a1', 9, '2024-02-04 12:00:00');
     INSERT INTO starred_artist VALUES ('ID:a1', 'ID:b2', '2024-02-05 12:00:00');
     INSERT INTO starred_album VALUES ('ID:a1', 'ID:c2', '2024-02-06 12:00:00');
     INSERT INTO starred_track VALUES ('ID:a1', 'ID:d2', '2024-07-07 12:00:00'), ('ID:a1', 'ID:d4', '2024-07-07 12:00:00');
     INSERT INTO rating_folder VALUES ('ID:a1', 3, 2);
     INSERT INTO rating_track VALUES ('ID:a1', 'ID:d3', 5);
     INSERT INTO meta VALUES ('schema_version', 'x')";
const IN_A_TABLE: &str =
    "CREATE TABLE playlist (id CHAR(36) PRIMARY KEY, user_id CHAR(36), name VARCHAR(256), comment VARCHAR(256), public BOOLEAN);
     INSERT INTO playlist VALUES ('ID:e1', 'ID:a1', 'Evening', NULL, 1);
     CREATE TABLE playlist_track (id CHAR(36) PRIMARY KEY, playlist_id CHAR(36), track_id CHAR(36), \"index\" INTEGER);
     INSERT INTO playlist_track VALUES ('1', 'ID:e1', 'ID:d3', 5), ('2', 'ID:e1', 'ID:d1', 0), ('3', 'ID:e1', 'ID:d4', 2)";
const IN_A_TEXT: &str =
    "CREATE TABLE playlist (id CHAR(36) PRIMARY KEY, user_id CHAR(36), name VARCHAR(256), comment VARCHAR(256), public BOOLEAN, tracks TEXT);
     INSERT INTO playlist VALUES ('ID:e1', 'ID:a1', 'Evening', NULL, 1,
       '00000000-0000-0000-0000-0000000000d1,00000000-0000-0000-0000-0000000000d4,00000000-0000-0000-0000-0000000000d3')";

/// With ids as text, as since 2023.
fn as_text(statements: &str) -> String {
    statements.replace("'ID:", &format!("'{}", "0".repeat(30)))
}

/// With ids as bytes, as before.
fn as_bytes(statements: &str) -> String {
    statements.replace("'ID:", &format!("x'{}", "0".repeat(30)))
}

#[test]
fn both_shapes_tell_the_same() {
    let desk = Desk::new();
    let text = [as_text(TABLES), as_text(ROWS), as_text(IN_A_TABLE)];
    let bytes = [as_bytes(TABLES), as_bytes(ROWS), as_bytes(IN_A_TEXT)];
    desk.database("text.db", &text.each_ref().map(String::as_str));
    desk.database("bytes.db", &bytes.each_ref().map(String::as_str));
    // Its times are of a clock on the wall: here one that is an hour ahead, and two in summer.
    let zone = |words| desk.import(words).variable("TZ", "CET-1CEST,M3.5.0,M10.5.0/3");
    insta::assert_snapshot!(zone("supysonic text.db").done());
    let life = desk.life(&desk.anna);
    assert_eq!(
        life,
        json!({
            "plays": [],
            "tracks": [
                ["Micrologus track 1", 3, "2024-06-01T10:00:00.000Z"],
                ["Organa track 1", 1, "2024-01-15T11:00:00.000Z"],
            ],
            "albums": [["Micrologus", 3], ["Organa", 1]],
            "favourites": [
                ["Micrologus track 2", "2024-07-07T10:00:00.000Z"],
                ["Organa", "2024-02-06T11:00:00.000Z"],
                ["Leonin", "2024-02-05T11:00:00.000Z"],
                ["Guido", "2024-02-02T11:00:00.000Z"],
                ["Micrologus", "2024-02-01T11:00:00.000Z"],
            ],
            "ratings": [["Organa track 1", 5], ["Micrologus", 2]],
            "playlists": [["Evening", "", true, ["Micrologus track 1", "Organa track 1"]]],
        })
    );
    let again = zone("supysonic bytes.db").done();
    assert!(!again.contains(" 1 taken over"), "{again}");
    assert_eq!(desk.life(&desk.anna), life);
}

#[test]
fn plays_of_everyone_together_are_given_to_nobody_unasked() {
    let desk = Desk::new();
    let all = [as_text(TABLES), as_text(ROWS), as_text(IN_A_TABLE)];
    let path = desk.database("their.db", &all.each_ref().map(String::as_str));
    let ben = "INSERT INTO user VALUES ('ID:a2', 'ben', 'ID:d2', '2024-05-01 12:00:00')";
    make(&path, &[&as_text(ben)]);
    let told = desk.import("supysonic their.db").variable("TZ", "UTC0").done();
    let note = "those of 2 tracks are left out; say whose they are with --plays-of NAME";
    assert!(told.contains(note), "{told}");
    let last = desk.life(&desk.ben)["plays"].clone();
    assert_eq!(last, json!([["Micrologus track 2", "2024-05-01T12:00:00.000Z"]]));
    assert_eq!(desk.life(&desk.anna)["tracks"][0][1], 1);
    let nobody = "--plays-of: there is nobody called carl in Supysonic";
    assert_eq!(desk.import("supysonic their.db --plays-of carl").fails(1), nobody);
    desk.import("supysonic their.db --plays-of BEN").variable("TZ", "UTC0").done();
    let tracks = desk.life(&desk.ben)["tracks"].clone();
    assert_eq!(
        tracks,
        json!([
            ["Micrologus track 1", 3, "2024-06-01T12:00:00.000Z"],
            ["Micrologus track 2", 1, "2024-05-01T12:00:00.000Z"],
            ["Organa track 1", 1, "2024-01-15T12:00:00.000Z"],
        ])
    );
}
