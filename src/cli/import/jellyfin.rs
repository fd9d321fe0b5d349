//! Jellyfin: `jellyfin.db`, and before 10.11 `library.db` beside it, in the `data` folder.
//!
//! What its own source tells (the migrations of its database, and the routine that moved `library.db`
//! into `jellyfin.db`): since 10.11 items are in `BaseItems` and what users think of them in `UserData`;
//! before, in `TypedBaseItems` and `UserDatas` of `library.db`, joined by a key that several items may
//! share, with users known by a number. Artists are one text with `|`. Tracks of playlists are in the
//! JSON of the playlist's item, since 12 in `LinkedChildren`. Ratings go from 1 to 10. Times are UTC.

mod items;
mod opinions;
mod playlists;

use std::{collections::HashMap, path::Path};

use self::items::Items;
use super::{
    database::{Database, within},
    error::ReadError,
    foreign::{Foreign, Listener},
    tables::Needed,
    values::{Bytes, text, uuid},
};

const PROGRAM: &str = "Jellyfin";
const USERS: Needed = ("Users", &["Id", "Username"]);
const NUMBERED_USERS: Needed = ("Users", &["Id", "Username", "InternalId"]);
const MODERN: [Needed; 3] = [
    USERS,
    ("BaseItems", items::COLUMNS),
    ("UserData", &["ItemId", "UserId", "PlayCount", "LastPlayedDate", "IsFavorite", "Rating"]),
];
const LEGACY: [Needed; 2] = [
    ("TypedBaseItems", items::LEGACY_COLUMNS),
    ("UserDatas", &["key", "userId", "playCount", "lastPlayedDate", "isFavorite", "rating"]),
];

/// The two ages of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Age {
    Modern,
    Legacy,
}

pub(super) fn read(path: &Path) -> Result<Foreign, ReadError> {
    let names = ["jellyfin.db", "data/jellyfin.db", "library.db", "data/library.db"];
    let given = Database::open(&within(path, &names)?)?;
    let tables = &given.tables;
    // The file of users alone, or that of items alone: the other one is beside it.
    if tables.has("TypedBaseItems") && !tables.has("BaseItems") {
        tables.require(&given.path, PROGRAM, &LEGACY)?;
        let users = other(&given.path, "jellyfin.db")?;
        users.tables.require(&users.path, PROGRAM, &[NUMBERED_USERS])?;
        return read_from(&given, &users, Age::Legacy);
    }
    let library = given.path.with_file_name("library.db");
    if tables.has("Users") && !tables.has("BaseItems") && library.is_file() {
        tables.require(&given.path, PROGRAM, &[NUMBERED_USERS])?;
        let library = Database::open(&library)?;
        library.tables.require(&library.path, PROGRAM, &LEGACY)?;
        return read_from(&library, &given, Age::Legacy);
    }
    tables.require(&given.path, PROGRAM, &MODERN)?;
    read_from(&given, &given, Age::Modern)
}

fn other(path: &Path, name: &'static str) -> Result<Database, ReadError> {
    let other = path.with_file_name(name);
    if other.is_file() {
        return Database::open(&other);
    }
    Err(ReadError::Arguments(format!(
        "{} is only a half: put Jellyfin's {name} beside it, or give its data folder",
        path.display()
    )))
}

fn read_from(items: &Database, users: &Database, age: Age) -> Result<Foreign, ReadError> {
    let mut people = People::read(users, age)?;
    let mut read = Items::read(items, age)?;
    let mut notes = match age {
        Age::Modern => opinions::modern(items, &read, &mut people)?,
        Age::Legacy => opinions::legacy(items, &read, &mut people)?,
    };
    notes.extend(playlists::read(items, &mut read, &mut people)?);
    let shape = match age {
        Age::Modern if items.tables.has("LinkedChildren") => "Jellyfin, 12 or later",
        Age::Modern => "Jellyfin, 10.11",
        Age::Legacy => "Jellyfin, before 10.11",
    };
    let (things, listeners) = (read.things, people.all);
    Ok(Foreign { source: "jellyfin", shape: shape.to_owned(), things, listeners, notes })
}

/// Users, known by their UUIDs, and in the older shape by numbers too.
struct People {
    all: Vec<Listener>,
    by_id: HashMap<String, usize>,
    by_number: HashMap<String, usize>,
}

impl People {
    fn read(database: &Database, age: Age) -> Result<Self, ReadError> {
        let mut people = Self { all: Vec::new(), by_id: HashMap::new(), by_number: HashMap::new() };
        let number = if age == Age::Legacy { "InternalId" } else { "NULL" };
        let query = format!("SELECT Id, Username, {number} FROM Users ORDER BY Username");
        database.each(&query, [], |row| {
            let place = people.all.len();
            people.by_id.insert(uuid(row, 0, Bytes::DotNet)?.unwrap_or_default(), place);
            people.by_number.insert(text(row, 2)?.unwrap_or_default(), place);
            people.all.push(Listener::new(text(row, 1)?.unwrap_or_default()));
            Ok(())
        })?;
        Ok(people)
    }
}
