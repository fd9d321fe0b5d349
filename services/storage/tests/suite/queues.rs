//! Bounded queues: what waits, what is refused, what nobody waits for.

use std::{sync::mpsc, task::Poll};

use futures_util::poll;
use hexachord_storage::StoreError;
use tokio::sync::oneshot;

use crate::house::{Folder, hold, in_memory, plays, put};

#[tokio::test]
async fn a_job_that_nobody_waits_for_is_not_run() {
    let store = in_memory();
    let held = hold(&store).await;
    let mut left = Box::pin(store.write(|write| put(write, "left", 1)));
    let mut stays = Box::pin(store.write(|write| put(write, "stays", 1)));
    assert!(poll!(&mut left).is_pending());
    assert!(poll!(&mut stays).is_pending());
    drop(left);
    drop(held);
    assert_eq!(stays.await, Ok(None));
    assert_eq!((plays(&store, "left"), plays(&store, "stays")), (None, Some(1)));
}

#[tokio::test]
async fn a_full_queue_of_writes_refuses_and_keeps_what_it_took() {
    let store = in_memory();
    let held = hold(&store).await;
    let mut waiting = Vec::new();
    let refused = loop {
        let n = waiting.len() as u64;
        let mut write = Box::pin(store.write(move |write| put(write, &n.to_string(), n)));
        match poll!(&mut write) {
            Poll::Pending => waiting.push(write),
            Poll::Ready(answer) => break answer,
        }
        assert!(waiting.len() < 100_000, "the queue is bounded");
    };
    assert_eq!(refused, Err(StoreError::Busy));
    drop(held);
    let taken = waiting.len() as u64;
    for write in waiting {
        assert_eq!(write.await, Ok(None));
    }
    assert_eq!(plays(&store, &(taken - 1).to_string()), Some(taken - 1));
    assert_eq!(plays(&store, &taken.to_string()), None, "busy means not done");
    assert_eq!(store.write(|write| put(write, "later", 1)).await, Ok(None));
}

#[tokio::test]
async fn a_full_queue_of_reads_refuses() {
    let store = in_memory();
    let (release, wait) = mpsc::channel::<()>();
    let (begun, started) = oneshot::channel();
    let mut slow = Box::pin(store.read(move |_| {
        begun.send(()).unwrap();
        wait.recv().ok();
        Ok(())
    }));
    assert!(poll!(&mut slow).is_pending());
    started.await.unwrap();
    let mut waiting = Vec::new();
    let refused = loop {
        let mut read = Box::pin(store.read(|_| Ok(())));
        match poll!(&mut read) {
            Poll::Pending => waiting.push(read),
            Poll::Ready(answer) => break answer,
        }
        assert!(waiting.len() < 100_000, "the queue is bounded");
    };
    assert_eq!(refused, Err(StoreError::Busy));
    drop(release);
    for read in waiting {
        assert_eq!(read.await, Ok(()));
    }
}

#[tokio::test]
async fn a_reader_sees_the_last_commit_while_the_next_one_is_written() {
    let folder = Folder::new();
    let store = folder.open();
    let held = hold(&store).await;
    assert_eq!(plays(&store, "held"), None);
    drop(held);
    store.write(|write| put(write, "next", 1)).await.unwrap();
    assert_eq!(plays(&store, "held"), Some(1));
}

#[tokio::test]
async fn a_reader_that_panics_costs_itself_only() {
    let store = in_memory();
    let outcome = store.read(|_| -> Result<(), StoreError> { panic!("planned") }).await;
    assert_eq!(outcome, Err(StoreError::Interrupted));
    assert_eq!(store.read(|_| Ok(5)).await, Ok(5));
    assert_eq!(store.write(|write| put(write, "after", 1)).await, Ok(None));
}
