//! Opening: locks, epochs, versions.

use std::fs;

use hexachord_storage::{Migration, Schema, StoreError};
use redb::WriteTransaction;

use crate::house::{Folder, in_memory, plays, put};

/// Doubles `a` and counts that it ran.
fn to_second(write: &WriteTransaction) -> Result<(), StoreError> {
    let before = put(write, "a", 0)?.unwrap_or_default();
    put(write, "a", before * 2)?;
    let runs = put(write, "runs", 0)?.unwrap_or_default();
    put(write, "runs", runs + 1)?;
    Ok(())
}

fn to_third(write: &WriteTransaction) -> Result<(), StoreError> {
    put(write, "third", 3).map(drop)
}

fn fails_halfway(write: &WriteTransaction) -> Result<(), StoreError> {
    put(write, "a", 1000)?;
    Err(StoreError::Damaged("planned".to_owned()))
}

const fn schema(migrations: &'static [Migration]) -> Schema {
    Schema { migrations }
}

const SECOND: Schema = schema(&[to_second]);
const THIRD: Schema = schema(&[to_second, to_third]);

/// A folder with a store of version 1 in which `a` is 21.
fn first() -> Folder {
    let folder = Folder::new();
    let store = folder.open();
    store.write_blocking(|write| put(write, "a", 21)).unwrap();
    store.close();
    folder
}

#[test]
fn an_open_store_is_locked() {
    let folder = first();
    let store = folder.open();
    let refused = folder.open_with(Schema::default(), 1).err().unwrap();
    assert_eq!(refused, StoreError::Locked { path: folder.file() });
    let sentence = refused.to_string();
    assert!(sentence.ends_with("is in use: another hexachord runs on this data folder"));
    assert_eq!(store.write_blocking(|write| put(write, "a", 22)), Ok(Some(21)));
    store.close();
    assert_eq!(plays(&folder.open(), "a"), Some(22));
}

#[test]
fn an_epoch_is_kept_and_a_new_store_begins_its_own() {
    let folder = Folder::new();
    for fresh in [7, 8] {
        let store = folder.open_with(Schema::default(), fresh).unwrap();
        assert_eq!(store.epoch(), 7);
        store.close();
    }
    let migrated = folder.open_with(SECOND, 9).unwrap();
    assert_eq!(migrated.epoch(), 7);
    assert_eq!(Folder::new().open_with(Schema::default(), 9).unwrap().epoch(), 9);
    assert_eq!(in_memory().epoch(), 1);
}

#[test]
fn a_migration_runs_once() {
    let folder = first();
    for _ in 0..2 {
        let store = folder.open_with(SECOND, 1).unwrap();
        assert_eq!((plays(&store, "a"), plays(&store, "runs")), (Some(42), Some(1)));
        store.close();
    }
    let store = folder.open_with(THIRD, 1).unwrap();
    assert_eq!((plays(&store, "runs"), plays(&store, "third")), (Some(1), Some(3)));
}

#[test]
fn several_versions_are_made_good_in_order() {
    let store = first().open_with(THIRD, 1).unwrap();
    assert_eq!((plays(&store, "a"), plays(&store, "third")), (Some(42), Some(3)));
}

#[test]
fn a_new_store_needs_no_migration() {
    let folder = Folder::new();
    let store = folder.open_with(SECOND, 1).unwrap();
    assert_eq!(plays(&store, "runs"), None);
    store.close();
    assert_eq!(plays(&folder.open_with(SECOND, 1).unwrap(), "runs"), None);
}

#[test]
fn a_migration_that_fails_changes_nothing() {
    const BROKEN: Schema = schema(&[to_second, fails_halfway]);
    let folder = first();
    let refused = folder.open_with(BROKEN, 1).err();
    assert_eq!(refused, Some(StoreError::Damaged("planned".to_owned())));
    let store = folder.open();
    assert_eq!((plays(&store, "a"), plays(&store, "runs")), (Some(21), None));
    store.close();
    let store = folder.open_with(THIRD, 1).unwrap();
    assert_eq!((plays(&store, "a"), plays(&store, "runs")), (Some(42), Some(1)));
}

#[test]
fn a_newer_store_is_refused_and_left_alone() {
    let folder = first();
    folder.open_with(THIRD, 1).unwrap().close();
    let refused = folder.open_with(Schema::default(), 1).err().unwrap();
    assert_eq!(refused, StoreError::Newer { path: folder.file(), found: 3, known: 1 });
    let sentence =
        "was written by a newer hexachord (schema 3, this one knows 1): use that version";
    assert!(refused.to_string().ends_with(sentence), "{refused}");
    let store = folder.open_with(THIRD, 1).unwrap();
    assert_eq!((plays(&store, "a"), plays(&store, "third")), (Some(42), Some(3)));
}

#[test]
fn a_store_that_could_not_be_finished_is_made_anew() {
    let folder = Folder::new();
    let unfinished = folder.file().with_extension("redb.new");
    fs::write(&unfinished, [0; 5000]).unwrap();
    let store = folder.open();
    assert_eq!(store.write_blocking(|write| put(write, "a", 21)), Ok(None));
    store.close();
    assert!(folder.file().exists() && !unfinished.exists());
    assert_eq!(plays(&folder.open(), "a"), Some(21));
}

#[test]
fn what_is_not_a_store_is_named_and_left_alone() {
    let folder = Folder::new();
    let song = b"fLaC, and not a store".repeat(1000);
    fs::write(folder.file(), &song).unwrap();
    let refused = folder.open_with(Schema::default(), 1).err().unwrap();
    assert!(matches!(&refused, StoreError::CannotOpen { path, .. } if *path == folder.file()));
    assert_eq!(fs::read(folder.file()).unwrap(), song);
}

#[test]
fn a_folder_in_its_place_is_named() {
    let folder = Folder::new();
    fs::create_dir(folder.file()).unwrap();
    let refused = folder.open_with(Schema::default(), 1).err().unwrap();
    let prefix = format!("cannot open {}: ", folder.file().display());
    assert!(refused.to_string().starts_with(&prefix), "{refused}");
}
