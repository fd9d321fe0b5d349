//! The outbox: order, limits, cursors that are void.

use std::time::Duration;

use hexachord_contracts::feed::{Changes, FeedCursor};
use hexachord_storage::{Outbox, Schema, Store, StoreError};
use redb::ReadTransaction;
use tokio::time::Instant;

use crate::house::{Folder, hold, in_memory};

/// Entries `first..=last` as text.
pub(crate) fn entries(first: u64, last: u64) -> Vec<Vec<u8>> {
    (first..=last).map(|n| n.to_string().into_bytes()).collect()
}

pub(crate) async fn append(store: &Store, entries: Vec<Vec<u8>>) {
    store.write(move |write| Outbox::append(write, &entries)).await.unwrap();
}

pub(crate) fn as_text(
    _read: &ReadTransaction,
    entries: Vec<Vec<u8>>,
) -> Result<Vec<String>, StoreError> {
    let text =
        |entry| String::from_utf8(entry).map_err(|error| StoreError::Damaged(error.to_string()));
    entries.into_iter().map(text).collect()
}

/// A place in the feed of [`in_memory`] stores.
pub(crate) fn at(sequence: u64) -> FeedCursor {
    FeedCursor { epoch: 1, sequence }
}

pub(crate) fn changes(first: u64, last: u64) -> Changes<String> {
    let items = (first..=last).map(|n| n.to_string()).collect();
    Changes::Page { items, cursor: at(last) }
}

async fn look(outbox: &Outbox, after: FeedCursor, limit: u32) -> Changes<String> {
    outbox.after(after, limit, Duration::ZERO, as_text).await.unwrap()
}

fn head(store: &Store, outbox: &Outbox) -> FeedCursor {
    store.read_blocking(|read| outbox.head(read)).unwrap()
}

#[tokio::test]
async fn a_follower_reads_everything_once_and_in_order() {
    let store = in_memory();
    let outbox = Outbox::new(store.clone());
    append(&store, entries(1, 3)).await;
    append(&store, Vec::new()).await;
    append(&store, entries(4, 5)).await;
    assert_eq!(look(&outbox, at(0), 100).await, changes(1, 5));
    assert_eq!(look(&outbox, at(0), 2).await, changes(1, 2));
    assert_eq!(look(&outbox, at(2), 2).await, changes(3, 4));
    assert_eq!(look(&outbox, at(4), 2).await, changes(5, 5));
    assert_eq!(head(&store, &outbox), at(5));
}

#[tokio::test]
async fn a_page_has_at_least_one_entry_and_at_most_a_thousand() {
    let store = in_memory();
    let outbox = Outbox::new(store.clone());
    append(&store, entries(1, 1500)).await;
    assert_eq!(look(&outbox, at(0), 0).await, changes(1, 1));
    assert_eq!(look(&outbox, at(0), u32::MAX).await, changes(1, 1000));
}

#[tokio::test]
async fn an_entry_is_there_when_its_fact_is() {
    let store = in_memory();
    let outbox = Outbox::new(store.clone());
    let held = hold(&store).await;
    let failing = store.write(|write| {
        Outbox::append(write, &entries(1, 1))?;
        Err::<(), _>(StoreError::Damaged("planned".to_owned()))
    });
    let good = store.write(|write| Outbox::append(write, &[b"good".to_vec()]));
    let release = async { drop(held) };
    let (failed, written, ()) = tokio::join!(failing, good, release);
    assert!(failed.is_err() && written.is_ok());
    let good = Changes::Page { items: vec!["good".to_owned()], cursor: at(1) };
    assert_eq!(look(&outbox, at(0), 10).await, good);
}

#[tokio::test]
async fn the_feed_of_a_new_store_is_empty() {
    let store = in_memory();
    let outbox = Outbox::new(store.clone());
    assert_eq!(head(&store, &outbox), at(0));
    let nothing = Changes::Page { items: Vec::new(), cursor: at(0) };
    assert_eq!(look(&outbox, at(0), 10).await, nothing);
    assert_eq!(look(&outbox, at(1), 10).await, Changes::StartOver);
}

#[tokio::test(start_paused = true)]
async fn a_cursor_that_is_void_starts_over_at_once() {
    let start = Instant::now();
    let store = in_memory();
    let outbox = Outbox::new(store.clone());
    append(&store, entries(1, 3)).await;
    let other_epoch = FeedCursor { epoch: 2, sequence: 1 };
    for void in [other_epoch, at(4), at(u64::MAX)] {
        let answer = outbox.after(void, 10, Duration::from_secs(20), as_text).await;
        assert_eq!(answer, Ok(Changes::StartOver), "{void:?}");
    }
    assert_eq!(start.elapsed(), Duration::ZERO);
    let at_the_head = Changes::Page { items: Vec::new(), cursor: at(3) };
    assert_eq!(look(&outbox, at(3), 10).await, at_the_head);
}

#[tokio::test(start_paused = true)]
async fn what_resolves_to_nothing_moves_the_cursor_on_at_once() {
    let start = Instant::now();
    let store = in_memory();
    let outbox = Outbox::new(store.clone());
    append(&store, entries(1, 3)).await;
    let nothing = |_: &ReadTransaction, _| Ok(Vec::<String>::new());
    let page = outbox.after(at(0), 2, Duration::from_secs(20), nothing).await;
    assert_eq!(page, Ok(Changes::Page { items: Vec::new(), cursor: at(2) }));
    assert_eq!(start.elapsed(), Duration::ZERO);
}

#[tokio::test]
async fn what_cannot_be_resolved_is_an_error() {
    let store = in_memory();
    let outbox = Outbox::new(store.clone());
    append(&store, entries(1, 1)).await;
    let damaged = |_: &ReadTransaction, _| -> Result<Vec<()>, StoreError> {
        Err(StoreError::Damaged("planned".to_owned()))
    };
    let answer = outbox.after(at(0), 2, Duration::ZERO, damaged).await;
    assert_eq!(answer, Err(StoreError::Damaged("planned".to_owned())));
}

#[tokio::test]
async fn old_entries_go_and_who_needs_them_starts_over() {
    let store = in_memory();
    let outbox = Outbox::new(store.clone());
    append(&store, entries(1, 200_000)).await;
    assert_eq!(look(&outbox, at(0), 1).await, changes(1, 1));
    append(&store, entries(200_001, 202_000)).await;
    assert_eq!(look(&outbox, at(0), 1).await, Changes::StartOver);
    assert_eq!(look(&outbox, at(1_999), 1).await, Changes::StartOver);
    assert_eq!(look(&outbox, at(2_000), 1).await, changes(2_001, 2_001));
    assert_eq!(look(&outbox, at(201_999), 9).await, changes(202_000, 202_000));
    assert_eq!(head(&store, &outbox), at(202_000));
}

#[tokio::test]
async fn a_cursor_holds_over_a_reopening() {
    let folder = Folder::new();
    let store = folder.open();
    append(&store, entries(1, 2)).await;
    store.close();
    let store = folder.open();
    append(&store, entries(3, 3)).await;
    let outbox = Outbox::new(store);
    assert_eq!(look(&outbox, at(1), 10).await, changes(2, 3));
}

/// Puts a store of 10 entries back after 13 were written, and writes `others` entries then.
async fn restored(folder: &Folder, others: u64) -> (Outbox, FeedCursor) {
    let open = |epoch| folder.open_with(Schema::default(), epoch).unwrap();
    let store = open(1);
    append(&store, entries(1, 10)).await;
    store.close();
    let copy = folder.file().with_extension("copy");
    std::fs::copy(folder.file(), &copy).unwrap();
    let store = open(2);
    append(&store, entries(11, 13)).await;
    let lost = head(&store, &Outbox::new(store.clone()));
    assert_eq!(lost, FeedCursor { epoch: 2, sequence: 13 });
    store.close();
    std::fs::copy(&copy, folder.file()).unwrap();
    let store = open(3);
    if others > 0 {
        append(&store, entries(11, 10 + others)).await;
    }
    (Outbox::new(store), lost)
}

#[tokio::test]
async fn who_knows_what_a_restored_store_forgot_starts_over() {
    // Fewer than were lost, as many, and more.
    for others in [0, 1, 3, 20] {
        let folder = Folder::new();
        let (outbox, lost) = restored(&folder, others).await;
        assert_eq!(look(&outbox, lost, 100).await, Changes::StartOver, "{others}");
        // What it does know goes on.
        let page = look(&outbox, at(4), 100).await;
        let Changes::Page { items, cursor } = page else { panic!("{others}: {page:?}") };
        assert_eq!((items.len() as u64, cursor.sequence), (6 + others, 10 + others));
        assert_eq!(cursor.epoch, if others == 0 { 1 } else { 3 });
        let nothing = Changes::Page { items: Vec::new(), cursor };
        assert_eq!(look(&outbox, cursor, 100).await, nothing);
    }
}

#[tokio::test]
async fn places_of_a_store_are_told_from_those_of_its_copies() {
    let folder = Folder::new();
    let (outbox, lost) = restored(&folder, 20).await;
    let store = folder.open_as_if_killed();
    let has = |epoch, sequence| {
        let place = FeedCursor { epoch, sequence };
        store.read_blocking(|read| outbox.has(read, place)).unwrap()
    };
    assert!(has(1, 0) && has(1, 10) && has(3, 10) && has(3, 11) && has(3, 30));
    assert!(!has(1, 11) && !has(3, 9) && !has(3, 31) && !has(4, 5));
    assert!(!has(lost.epoch, lost.sequence) && !has(2, 10));
}

#[tokio::test]
async fn the_epochs_of_entries_that_are_gone_go_too() {
    let folder = Folder::new();
    let mut last = 0;
    for epoch in 1..=4 {
        let store = folder.open_with(Schema::default(), epoch).unwrap();
        append(&store, entries(last + 1, last + 101_000)).await;
        last += 101_000;
        let outbox = Outbox::new(store.clone());
        assert_eq!(head(&store, &outbox), FeedCursor { epoch, sequence: last });
        let before = FeedCursor { epoch: epoch - 1, sequence: last - 101_000 };
        if epoch > 1 {
            let Changes::Page { cursor, .. } = look(&outbox, before, 1).await else { panic!() };
            assert_eq!(cursor, FeedCursor { epoch, sequence: last - 100_999 });
        }
        store.close();
    }
    let database = redb::Database::open(folder.file()).unwrap();
    let epochs: redb::TableDefinition<'_, u64, u64> = redb::TableDefinition::new("outbox-epochs");
    let rows = redb::ReadableDatabase::begin_read(&database).unwrap().open_table(epochs).unwrap();
    let begins: Vec<u64> =
        redb::ReadableTable::iter(&rows).unwrap().map(|row| row.unwrap().0.value()).collect();
    assert_eq!(begins, [202_000, 303_000]);
}
