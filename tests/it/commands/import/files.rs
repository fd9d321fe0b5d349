//! Files that are in use, damaged, of another program, of the future, or no databases at all.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use rusqlite::Connection;

use super::{Desk, navidrome::ALL};

/// Everything in a folder, with its bytes.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).expect("it is a folder").map(|entry| {
        let entry = entry.expect("it can be read");
        let name = entry.file_name().into_string().expect("names are text");
        (name, fs::read(entry.path()).expect("files can be read"))
    });
    let mut all: Vec<_> = entries.collect();
    all.sort();
    all
}

fn plays(told: &str) -> &str {
    told.lines().find(|line| line.starts_with("plays: ")).expect("plays are reported")
}

const TAKEN: &str = "plays: 5 found, 3 taken over, 2 not taken over";
const KNOWN: &str = "plays: 5 found, 0 taken over, 3 here already, 2 not taken over";

/// A database whose last play is in its log only.
fn with_log(path: &Path) -> Connection {
    super::make(path, &["PRAGMA journal_mode = WAL", &ALL.join(";")]);
    let connection = Connection::open(path).expect("it was made");
    connection.execute_batch("PRAGMA wal_autocheckpoint = 0").expect("it is set");
    connection
        .execute("INSERT INTO scrobbles VALUES ('f2', 'u1', 1700000000)", [])
        .expect("there is such a table");
    assert!(fs::metadata(path.with_file_name("their.db-wal")).expect("there is a log").len() > 0);
    connection
}

#[test]
fn what_is_only_in_the_log_is_read_too() {
    let desk = Desk::new();
    let used = desk.path("used");
    let connection = with_log(&used.join("their.db"));
    let before = contents(&used);
    assert_eq!(plays(&desk.import("navidrome used/their.db").done()), TAKEN, "while it is in use");
    let after = contents(&used);
    assert_eq!(after.len(), 3, "{after:?}");
    assert!(
        after[0] == before[0] && after[2] == before[2],
        "the file and its log are as they were"
    );

    // A copy with its log beside it: nobody has it open.
    fs::create_dir(desk.path("copy")).unwrap();
    for file in ["their.db", "their.db-wal"] {
        fs::copy(used.join(file), desk.path("copy").join(file)).unwrap();
    }
    drop(connection);
    let before = contents(&desk.path("copy"));
    assert_eq!(plays(&desk.import("navidrome copy/their.db").done()), KNOWN);
    assert!(contents(&desk.path("copy")) == before, "nothing is changed or left beside it");
}

#[test]
fn a_file_in_wal_mode_that_nobody_uses_is_read_without_a_trace() {
    let desk = Desk::new();
    let folder = desk.path("read only");
    drop(with_log(&folder.join("their.db")));
    let before = contents(&folder);
    assert_eq!(before.len(), 1, "the log went into it");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    let import = desk.import("navidrome").argument(folder.join("their.db"));
    assert_eq!(plays(&import.done()), TAKEN);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    assert!(contents(&folder) == before);
}

#[test]
fn a_write_that_was_cut_off_is_undone_in_a_copy() {
    let desk = Desk::new();
    let path = desk.database("whole/their.db", &ALL);
    let mut connection = Connection::open(&path).unwrap();
    connection.execute_batch("PRAGMA cache_size = 1; PRAGMA cache_spill = 1").unwrap();
    let writing = connection.transaction().unwrap();
    writing.execute("DELETE FROM scrobbles", []).unwrap();
    for row in 0..5_000 {
        writing
            .execute("INSERT INTO scrobbles VALUES ('f2', 'u1', ?1)", [1_600_000_000 + row])
            .unwrap();
    }
    // As after a power cut: half of the change is in the file, the way back in the journal.
    fs::create_dir(desk.path("cut")).unwrap();
    for file in ["their.db", "their.db-journal"] {
        fs::copy(desk.path("whole").join(file), desk.path("cut").join(file)).unwrap();
    }
    drop(writing);
    let before = contents(&desk.path("cut"));
    let told = desk.import("navidrome cut/their.db").done();
    assert!(plays(&told).starts_with("plays: 4 found, 2 taken over, "), "{told}");
    assert!(contents(&desk.path("cut")) == before);
}

#[test]
fn a_file_that_is_locked_says_so() {
    let desk = Desk::new();
    let path = desk.database("their.db", &ALL);
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let said = desk.import("navidrome their.db").fails(1);
    let locked =
        "is locked by a program that writes to it: stop that program, or import a copy of the file";
    assert!(said.ends_with(locked), "{said}");
}

#[test]
fn damage_is_told_and_nothing_is_taken_over() {
    let desk = Desk::new();
    let path = desk.database("their.db", &ALL);
    let whole = fs::read(&path).unwrap();
    let untouched = desk.life(&desk.anna);
    // Every page but the first in turn: that of each table is among them.
    let mut told = 0;
    for page in 1..whole.len() / 4096 {
        let mut bytes = whole.clone();
        bytes[page * 4096..(page + 1) * 4096].fill(0xff);
        fs::write(&path, bytes).unwrap();
        let ended = desk.import("navidrome their.db --dry-run").run();
        if ended.code == Some(1) {
            assert!(ended.stderr.contains("their.db is damaged ("), "{ended:?}");
            told += 1;
        }
    }
    assert!(told >= 5, "{told} pages of tables");
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let said = desk.import("navidrome their.db").fails(1);
    assert!(said.contains("is damaged ("), "{said}");
    assert_eq!(desk.life(&desk.anna), untouched);
}

#[test]
fn what_is_no_database_of_the_program_says_what_it_is() {
    let desk = Desk::new();
    fs::write(desk.path("text"), "plays, plays, plays").unwrap();
    fs::write(desk.path("empty"), "").unwrap();
    fs::create_dir(desk.path("folder")).unwrap();
    desk.database("their.db", &ALL);
    desk.database("other.db", &["CREATE TABLE cats (name)"]);
    let mut future = ALL.map(str::to_owned);
    future[2] = future[2].replace("starred ", "loved ");
    desk.database("future.db", &future.each_ref().map(String::as_str));
    for (words, said) in [
        ("navidrome text", "/text is not a SQLite database"),
        ("navidrome empty", "/empty is not a SQLite database"),
        ("navidrome nowhere.db", "nowhere.db: No such file or directory"),
        ("navidrome folder", "folder is a folder without navidrome.db"),
        ("jellyfin folder", "folder is a folder without jellyfin.db"),
        ("jellyfin their.db", "their.db is a database of Navidrome, not of Jellyfin"),
        ("supysonic their.db", "their.db is a database of Navidrome, not of Supysonic"),
        (
            "navidrome other.db",
            "there is no table user (looked for user: id, user_name; media_file: ",
        ),
        (
            "navidrome future.db",
            "the table annotation has no column starred (looked for user: id, ",
        ),
    ] {
        let complaint = desk.import(words).fails(1);
        let said = said.trim_start_matches('/');
        assert!(complaint.contains(said), "{complaint}");
    }
    let wrong = desk.import("navidrome their.db --plays-of anna").fails(1);
    assert_eq!(wrong, "--plays-of is for Supysonic: the others know whose each play is");
    let ended = desk.import("plex their.db").run();
    assert!(ended.code == Some(2) && ended.stderr.contains("navidrome, jellyfin, supysonic"));
}

#[test]
fn no_file_is_written_over_by_a_report() {
    let desk = Desk::new();
    let path = desk.database("their.db", &ALL);
    let bytes = fs::read(&path).unwrap();
    let said = desk.import("navidrome their.db --report their.db").fails(1);
    assert_eq!(said, "--report: their.db is there already: give the name of a new file");
    let said = desk.import("navidrome their.db --report no/where").fails(1);
    assert!(said.starts_with("--report: cannot make no/where: No such file"), "{said}");
    assert!(fs::read(&path).unwrap() == bytes);
    assert_eq!(desk.life(&desk.anna)["plays"], serde_json::json!([]), "it was not begun");
}

#[test]
fn a_report_is_there_whole_or_not_at_all() {
    let desk = Desk::new();
    desk.database("their.db", &ALL);
    fs::create_dir(desk.path("reports")).unwrap();
    let reports = || {
        let entries = fs::read_dir(desk.path("reports")).unwrap();
        entries.map(|entry| entry.unwrap().file_name()).collect::<Vec<_>>()
    };
    desk.import("navidrome nowhere.db --report reports/one").fails(1);
    desk.import("navidrome their.db --user nobody=anna --report reports/one").fails(1);
    assert!(reports().is_empty(), "{:?}", reports());
    desk.import("navidrome their.db --report reports/one").done();
    assert_eq!(reports(), ["one"]);
    let report = fs::read_to_string(desk.path("reports/one")).unwrap();
    assert!(report.ends_with("}\n") && report.contains("\"summary\""), "{report}");
}
