//! From Jellyfin: before 10.11 in two files, since then in one, since 12 with a table of playlists.

use serde_json::{Value, json};

use super::Desk;

const MODERN: &str =
    "CREATE TABLE Users (Id TEXT PRIMARY KEY, Username TEXT, InternalId INTEGER);
     INSERT INTO Users VALUES ('A1000000-0000-0000-0000-0000000000A1', 'anna', 7),
       ('A2000000-0000-0000-0000-0000000000A2', 'carl', 8);
     CREATE TABLE BaseItems (Id TEXT PRIMARY KEY, Type TEXT, Name TEXT, Path TEXT, Album TEXT, Artists TEXT,
       AlbumArtists TEXT, IndexNumber INTEGER, ParentIndexNumber INTEGER, RunTimeTicks INTEGER, ParentId TEXT,
       Data TEXT, DateCreated TEXT, Overview TEXT);
     CREATE TABLE UserData (ItemId TEXT, UserId TEXT, CustomDataKey TEXT, PlayCount INTEGER, LastPlayedDate TEXT,
       IsFavorite INTEGER, Rating REAL, PRIMARY KEY (ItemId, UserId, CustomDataKey));
     INSERT INTO UserData VALUES
       ('D1000000-0000-0000-0000-0000000000D1', 'A1000000-0000-0000-0000-0000000000A1', 'one', 4, '2024-05-06 07:08:09.1234567', 1, 10),
       ('D1000000-0000-0000-0000-0000000000D1', 'A1000000-0000-0000-0000-0000000000A1', 'two', 4, '2024-05-06 07:08:09.1234567', 1, 10),
       ('D2000000-0000-0000-0000-0000000000D2', 'A1000000-0000-0000-0000-0000000000A1', 'k', 1, NULL, 0, NULL),
       ('D4000000-0000-0000-0000-0000000000D4', 'A1000000-0000-0000-0000-0000000000A1', 'k', 2, NULL, 1, NULL),
       ('C1000000-0000-0000-0000-0000000000C1', 'A1000000-0000-0000-0000-0000000000A1', 'k', 0, NULL, 1, NULL),
       ('B2000000-0000-0000-0000-0000000000B2', 'A1000000-0000-0000-0000-0000000000A1', 'k', 0, NULL, 0, 3),
       ('F1000000-0000-0000-0000-0000000000F1', 'A1000000-0000-0000-0000-0000000000A1', 'k', 9, NULL, 1, 10),
       ('D1000000-0000-0000-0000-0000000000D1', 'A2000000-0000-0000-0000-0000000000A2', 'k', 1, NULL, 1, NULL)";
const LEGACY_USERS: &str =
    "CREATE TABLE Users (Id TEXT PRIMARY KEY, Username TEXT, InternalId INTEGER);
     INSERT INTO Users VALUES ('A1000000-0000-0000-0000-0000000000A1', 'anna', 7),
       ('A2000000-0000-0000-0000-0000000000A2', 'carl', 8)";
const LEGACY: &str =
    "CREATE TABLE TypedBaseItems (guid GUID PRIMARY KEY, type TEXT, Name TEXT, Path TEXT, Album TEXT, Artists TEXT,
       AlbumArtists TEXT, IndexNumber INT, ParentIndexNumber INT, RunTimeTicks BIGINT, ParentId GUID, data BLOB,
       DateCreated DATETIME, Overview TEXT, UserDataKey TEXT);
     CREATE TABLE UserDatas (key nvarchar, userId INT, rating float, played bit, playCount int, isFavorite bit,
       playbackPositionTicks bigint, lastPlayedDate datetime);
     INSERT INTO UserDatas VALUES ('key d1', 7, 10, 1, 4, 1, 0, '2024-05-06 07:08:09.1234567Z'),
       ('another key of it', 7, 10, 1, 4, 1, 0, '2024-05-06 07:08:09.1234567Z'), ('key d2', 7, NULL, 1, 1, 0, 0, NULL),
       ('key d4', 7, NULL, 1, 2, 1, 0, NULL), ('key c1', 7, NULL, 0, 0, 1, 0, NULL), ('key b2', 7, 3, 0, 0, 0, 0, NULL),
       ('key f1', 7, 10, 1, 9, 1, 0, NULL), ('key d1', 8, NULL, 1, 1, 1, 0, NULL), ('key d1', 99, NULL, 1, 1, 1, 0, NULL)";

/// Kind and mark of an item, and what is in its columns from the name on.
const ITEMS: [(&str, &str, &str); 9] = [
    (
        "Entities.Audio.MusicArtist",
        "B1",
        "'Guido', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL",
    ),
    (
        "Entities.Audio.MusicArtist",
        "B2",
        "'Leonin', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL",
    ),
    (
        "Entities.Audio.MusicAlbum",
        "C1",
        "'Micrologus', '/media/Guido/Micrologus', NULL, 'Guido', 'Guido', NULL, NULL, NULL, NULL, NULL, NULL, NULL",
    ),
    (
        "Entities.Audio.Audio",
        "D1",
        "'track 1', '/media/Guido/Micrologus/1.flac', 'Micrologus', 'Guido|Other', 'Guido', 1, NULL, 4000000, NULL, NULL, '2020-01-01 00:00:00Z', NULL",
    ),
    (
        "Entities.Audio.Audio",
        "D2",
        "'track 2', '/media/Guido/Micrologus/2.flac', 'Micrologus', 'Guido', 'Guido', 2, NULL, 4000000, NULL, NULL, '2020-01-02 00:00:00', NULL",
    ),
    (
        "Entities.Audio.Audio",
        "D3",
        "'track 1', '/media/moved.flac', 'Organa', 'Leonin|Other', 'Leonin', 1, 1, 4000000, NULL, NULL, NULL, NULL",
    ),
    (
        "Entities.Audio.Audio",
        "D4",
        "'lost', '/media/lost.flac', 'Lost', 'Nobody', 'Nobody', 1, 1, 4000000, NULL, NULL, NULL, NULL",
    ),
    (
        "Entities.Movies.Movie",
        "F1",
        "'a film', '/films/1.mkv', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL",
    ),
    (
        "Playlists.Playlist",
        "E1",
        "'Evening', '/config/playlists/Evening', NULL, NULL, NULL, NULL, NULL, NULL, NULL, {DATA}, NULL, 'calm'",
    ),
];
const DATA: &str = r#"'{"OwnerUserId":"a10000000000000000000000000000a1","OpenAccess":true,"PlaylistMediaType":"Audio","LinkedChildren":[
    {"Path":"/media/moved.flac","Type":"Manual"},{"Path":"/media/lost.flac","Type":"Manual"},
    {"Path":"/old/name.flac","Type":"Manual","ItemId":"d10000000000000000000000000000d1"},
    {"Type":"Manual","LibraryItemId":"d20000000000000000000000000000d2"}]}'"#;
const EMPTIED: &str = r#"'{"OwnerUserId":"a10000000000000000000000000000a1","OpenAccess":true}'"#;

/// An id as text, or as the bytes that .NET makes of it.
fn id(mark: &str, as_bytes: bool) -> String {
    if as_bytes {
        format!("x'000000{mark}00000000{}{mark}'", "0".repeat(14))
    } else {
        format!("'{mark}000000-0000-0000-0000-0000000000{mark}'")
    }
}

fn items(table: &str, as_bytes: bool, data: &str) -> String {
    let rows = ITEMS.iter().map(|(kind, mark, rest)| {
        let key = if as_bytes { format!(", 'key {}'", mark.to_lowercase()) } else { String::new() };
        let rest = rest.replace("{DATA}", data);
        format!("({}, 'MediaBrowser.Controller.{kind}', {rest}{key})", id(mark, as_bytes))
    });
    format!("INSERT INTO {table} VALUES {}", rows.collect::<Vec<_>>().join(",\n"))
}

/// All but the time of the favourites, which Jellyfin does not keep.
fn life(desk: &Desk) -> Value {
    let mut life = desk.life(&desk.anna);
    let favourites = life["favourites"].as_array().expect("it is a list");
    let mut favourites: Vec<_> = favourites.iter().map(|one| one[0].to_string()).collect();
    favourites.sort();
    life["favourites"] = json!(favourites);
    life
}

fn expected() -> Value {
    json!({
        "plays": [],
        "tracks": [
            ["Micrologus track 1", 4, "2024-05-06T07:08:09.123Z"],
            ["Micrologus track 2", 1, "2020-01-02T00:00:00.000Z"],
        ],
        "albums": [["Micrologus", 5]],
        "favourites": ["\"Micrologus track 1\"", "\"Micrologus\""],
        "ratings": [["Micrologus track 1", 5], ["Leonin", 2]],
        "playlists": [["Evening", "calm", true,
            ["Organa track 1", "Micrologus track 1", "Micrologus track 2"]]],
    })
}

#[test]
fn one_file_since_10_11() {
    let desk = Desk::new();
    desk.database("config/data/jellyfin.db", &[MODERN, &items("BaseItems", false, DATA)]);
    insta::assert_snapshot!(desk.import("jellyfin config").done());
    assert_eq!(life(&desk), expected());
}

#[test]
fn playlists_in_a_table_since_12() {
    let desk = Desk::new();
    let children = ["D3", "D4", "D1", "D2"]
        .iter()
        .enumerate()
        .map(|(order, mark)| format!("({}, {}, 0, {order})", id("E1", false), id(mark, false)));
    let children: Vec<_> = children.rev().collect();
    let children = format!("INSERT INTO LinkedChildren VALUES {}", children.join(","));
    desk.database("jellyfin.db", &[
        MODERN,
        &items("BaseItems", false, EMPTIED),
        "CREATE TABLE LinkedChildren (ParentId TEXT, ChildId TEXT, ChildType INTEGER, SortOrder INTEGER)",
        &children,
    ]);
    let told = desk.import("jellyfin jellyfin.db").done();
    assert!(told.starts_with("Jellyfin, 12 or later\n"), "{told}");
    assert_eq!(life(&desk), expected());
}

#[test]
fn two_files_before_10_11() {
    let desk = Desk::new();
    desk.database("data-of-it/library.db", &[LEGACY, &items("TypedBaseItems", true, DATA)]);
    let half = desk.import("jellyfin data-of-it").fails(1);
    assert!(
        half.ends_with("put Jellyfin's jellyfin.db beside it, or give its data folder"),
        "{half}"
    );
    desk.database("data-of-it/jellyfin.db", &[LEGACY_USERS]);
    let told = desk.import("jellyfin data-of-it").done();
    assert!(told.starts_with("Jellyfin, before 10.11\n"), "{told}");
    assert_eq!(life(&desk), expected());
    for file in ["library.db", "jellyfin.db"] {
        let again = desk.import(&format!("jellyfin data-of-it/{file} --dry-run")).done();
        assert!(again.contains("\nfavourites: 4 found, 0 taken over, 2 here already,"), "{again}");
    }
}
