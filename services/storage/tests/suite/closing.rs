//! Closing finishes what waits, and then nothing works any more.

use std::task::Poll;

use futures_util::poll;
use hexachord_storage::StoreError;

use crate::house::{Folder, hold, plays, put};

#[tokio::test]
async fn closing_writes_what_waits() {
    let folder = Folder::new();
    let store = folder.open();
    let held = hold(&store).await;
    let write = |n: u64| Box::pin(store.write(move |write| put(write, &n.to_string(), n)));
    let mut waiting: Vec<_> = (0..300).map(write).collect();
    for write in &mut waiting {
        assert!(poll!(write).is_pending());
    }
    let closing = {
        let store = store.clone();
        tokio::task::spawn_blocking(move || store.close())
    };
    // Writes are refused from the moment that closing has begun.
    while poll!(write(300)) != Poll::Ready(Err(StoreError::Interrupted)) {
        tokio::task::yield_now().await;
    }
    drop(held);
    for write in waiting {
        assert_eq!(write.await, Ok(None));
    }
    closing.await.unwrap();

    let reopened = folder.open();
    for n in 0..300 {
        assert_eq!(plays(&reopened, &n.to_string()), Some(n));
    }
    assert_eq!(plays(&reopened, "300"), None);
}

#[tokio::test]
async fn a_closed_store_answers_that_it_was_interrupted() {
    let folder = Folder::new();
    let store = folder.open();
    store.close();
    assert_eq!(store.write(|_| Ok(())).await, Err(StoreError::Interrupted));
    assert_eq!(store.write_blocking(|_| Ok(())), Err(StoreError::Interrupted));
    assert_eq!(store.read(|_| Ok(())).await, Err(StoreError::Interrupted));
    assert_eq!(store.read_blocking(|_| Ok(())), Err(StoreError::Interrupted));
    store.close();
}
