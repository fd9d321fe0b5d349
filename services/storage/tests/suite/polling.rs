//! The long poll of an outbox: what wakes it, and when it gives up.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use futures_util::poll;
use hexachord_contracts::feed::Changes;
use hexachord_storage::{Outbox, Store, StoreError};
use redb::ReadTransaction;
use tokio::{sync::mpsc, time::Instant};

use crate::{
    house::{in_memory, put},
    outbox::{append, as_text, at, changes, entries},
};

/// Longer than a woken follower takes, and soon enough to fail for one that was not woken.
const LONG: Duration = Duration::from_secs(20);

fn nothing_after(sequence: u64) -> Changes<String> {
    Changes::Page { items: Vec::new(), cursor: at(sequence) }
}

/// Does `first` on the reader's thread when the follower looks the first time, after its
/// transaction began; counts the looks.
fn when_it_looks(
    looks: &Arc<AtomicU32>,
    first: impl Fn() + Clone + Send + 'static,
) -> impl Fn(&ReadTransaction, Vec<Vec<u8>>) -> Result<Vec<String>, StoreError> + Clone + Send + 'static
{
    let looks = Arc::clone(looks);
    move |read, entries| {
        if looks.fetch_add(1, Ordering::Relaxed) == 0 {
            first();
        }
        as_text(read, entries)
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_without_news_ends_at_its_time() {
    let store = in_memory();
    append(&store, entries(1, 2)).await;
    let outbox = Outbox::new(store);
    let wait = Duration::from_secs(20);
    let start = Instant::now();
    assert_eq!(outbox.after(at(2), 10, wait, as_text).await, Ok(nothing_after(2)));
    // A timer of tokio has millisecond ticks.
    assert!((wait..wait + Duration::from_millis(2)).contains(&start.elapsed()));
    let start = Instant::now();
    assert_eq!(outbox.after(at(2), 10, Duration::ZERO, as_text).await, Ok(nothing_after(2)));
    assert!(start.elapsed() < Duration::from_millis(2));
}

#[tokio::test(start_paused = true)]
async fn a_commit_without_entries_does_not_end_the_wait() {
    let store = in_memory();
    append(&store, entries(1, 2)).await;
    let outbox = Outbox::new(store.clone());
    let looks = Arc::new(AtomicU32::new(0));
    let commit = move || {
        store.write_blocking(|write| put(write, "unrelated", 1)).unwrap();
    };
    let wait = Duration::from_secs(20);
    let start = Instant::now();
    let page = outbox.after(at(2), 10, wait, when_it_looks(&looks, commit)).await;
    assert_eq!(page, Ok(nothing_after(2)));
    assert_eq!(looks.load(Ordering::Relaxed), 2);
    assert!((wait..wait + Duration::from_millis(2)).contains(&start.elapsed()));
}

#[tokio::test]
async fn a_commit_that_falls_into_the_look_is_not_missed() {
    let store = in_memory();
    append(&store, entries(1, 2)).await;
    let outbox = Outbox::new(store.clone());
    let looks = Arc::new(AtomicU32::new(0));
    let commit = move || {
        store.write_blocking(|write| Outbox::append(write, &entries(3, 4))).unwrap();
    };
    let page = outbox.after(at(2), 10, LONG, when_it_looks(&looks, commit)).await;
    assert_eq!(page, Ok(changes(3, 4)));
    assert_eq!(looks.load(Ordering::Relaxed), 2);
}

/// Follows from the head, and does `then` once the follower has looked and found nothing.
async fn follow(
    store: &Store,
    outbox: &Outbox,
    then: impl Future<Output = ()>,
) -> Result<Changes<String>, StoreError> {
    let (looked, mut looks) = mpsc::channel(8);
    let resolve = move |read: &ReadTransaction, entries| {
        looked.blocking_send(()).unwrap();
        as_text(read, entries)
    };
    let cursor = store.read_blocking(|read| outbox.head(read)).unwrap();
    let mut page = Box::pin(outbox.after(cursor, 10, LONG, resolve));
    tokio::select! {
        biased;
        page = &mut page => return page,
        look = looks.recv() => look.unwrap(),
    }
    assert!(poll!(&mut page).is_pending());
    let (page, ()) = tokio::join!(page, then);
    page
}

#[tokio::test]
async fn a_commit_wakes_who_waits() {
    let store = in_memory();
    append(&store, entries(1, 2)).await;
    let outbox = Outbox::new(store.clone());
    assert_eq!(follow(&store, &outbox, append(&store, entries(3, 3))).await, Ok(changes(3, 3)));
}

#[tokio::test(start_paused = true)]
async fn retiring_answers_who_waits_and_who_comes_later() {
    let store = in_memory();
    append(&store, entries(1, 2)).await;
    let outbox = Outbox::new(store.clone());
    let start = Instant::now();
    assert_eq!(follow(&store, &outbox, async { outbox.retire() }).await, Ok(nothing_after(2)));
    assert_eq!(outbox.after(at(2), 10, LONG, as_text).await, Ok(nothing_after(2)));
    assert_eq!(outbox.after(at(0), 10, LONG, as_text).await, Ok(changes(1, 2)));
    assert_eq!(start.elapsed(), Duration::ZERO);

    let next_incarnation = Outbox::new(store);
    assert_eq!(next_incarnation.after(at(2), 10, LONG, as_text).await, Ok(nothing_after(2)));
    assert!(start.elapsed() >= LONG, "it waits again");
}
