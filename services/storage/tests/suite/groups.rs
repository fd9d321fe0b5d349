//! Writers that wait share a commit, and nothing else.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use futures_util::poll;
use hexachord_storage::{Store, StoreError};
use redb::{ReadableTable, WriteTransaction};

use crate::house::{Folder, PLAYS, commits, hold, plays, put};

#[tokio::test]
async fn waiting_writers_share_one_commit_and_each_is_durable() {
    let folder = Folder::new();
    let store = folder.open();
    let held = hold(&store).await;
    let write = |n: u64| Box::pin(store.write(move |write| put(write, &n.to_string(), n)));
    let mut writes: Vec<_> = (0..200).map(write).collect();
    for write in &mut writes {
        assert!(poll!(write).is_pending());
    }
    drop(held);
    for write in writes {
        assert_eq!(write.await, Ok(None));
    }
    assert_eq!(commits(&store), 2, "one of the job that held them up, one of all the others");

    let after_a_kill = folder.open_as_if_killed();
    for n in 0..200 {
        assert_eq!(plays(&after_a_kill, &n.to_string()), Some(n));
    }
    store.close();
    let reopened = folder.open();
    assert_eq!(plays(&reopened, "199"), Some(199));
}

/// A job that counts its runs and stores them.
fn counting(
    title: &'static str,
    runs: &Arc<AtomicU32>,
) -> impl FnMut(&WriteTransaction) -> Result<Option<u64>, StoreError> + Send + 'static {
    let runs = Arc::clone(runs);
    move |write| put(write, title, u64::from(runs.fetch_add(1, Ordering::Relaxed)) + 1)
}

/// A job in the middle of a group writes, keeps its table open, and then does `fail`.
async fn undoes_only_itself(fail: fn() -> StoreError, answer: StoreError) {
    let folder = Folder::new();
    let store = folder.open();
    let held = hold(&store).await;
    let [before, culprit, after] = [(); 3].map(|()| Arc::new(AtomicU32::new(0)));
    let tried = Arc::clone(&culprit);
    let failing = move |write: &WriteTransaction| -> Result<(), StoreError> {
        tried.fetch_add(1, Ordering::Relaxed);
        let mut table = write.open_table(PLAYS)?;
        table.insert("culprit", 1)?;
        table.insert("before", 77)?;
        Err(fail())
    };
    let mut first = Box::pin(store.write(counting("before", &before)));
    let mut second = Box::pin(store.write(failing));
    let mut third = Box::pin(store.write(counting("after", &after)));
    assert!(poll!(&mut first).is_pending());
    assert!(poll!(&mut second).is_pending());
    assert!(poll!(&mut third).is_pending());
    drop(held);

    assert_eq!(second.await, Err(answer));
    // Nothing of its first run is there when it runs again.
    assert_eq!((first.await, before.load(Ordering::Relaxed)), (Ok(None), 2));
    assert_eq!((third.await, after.load(Ordering::Relaxed)), (Ok(None), 1));
    assert_eq!(culprit.load(Ordering::Relaxed), 1, "what failed is not tried again");
    assert_eq!(commits(&store), 2);

    let check = |store: &Store| {
        assert_eq!(plays(store, "before"), Some(2));
        assert_eq!(plays(store, "culprit"), None);
        assert_eq!(plays(store, "after"), Some(1));
    };
    check(&store);
    check(&folder.open_as_if_killed());
}

#[tokio::test]
async fn a_job_that_fails_undoes_only_itself() {
    let damaged = || StoreError::Damaged("planned".to_owned());
    undoes_only_itself(damaged, damaged()).await;
}

#[tokio::test]
async fn a_job_that_panics_undoes_only_itself() {
    undoes_only_itself(|| panic!("planned"), StoreError::Interrupted).await;
}

#[tokio::test]
async fn a_group_in_which_every_job_fails_commits_nothing() {
    let store = crate::house::in_memory();
    let held = hold(&store).await;
    let fail = || {
        Box::pin(store.write(|write| {
            put(write, "never", 1)?;
            Err::<(), _>(StoreError::Damaged("planned".to_owned()))
        }))
    };
    let mut failing = [fail(), fail(), fail()];
    for job in &mut failing {
        assert!(poll!(job).is_pending());
    }
    drop(held);
    for job in failing {
        assert_eq!(job.await, Err(StoreError::Damaged("planned".to_owned())));
    }
    assert_eq!((commits(&store), plays(&store, "never")), (1, None));
}

#[tokio::test]
async fn a_refusal_is_a_value_and_costs_its_group_nothing() {
    let store = crate::house::in_memory();
    let held = hold(&store).await;
    let runs = Arc::new(AtomicU32::new(0));
    let mut neighbour = Box::pin(store.write(counting("neighbour", &runs)));
    let mut refused = Box::pin(store.write(|write| {
        let taken = write.open_table(PLAYS)?.get("neighbour")?.is_some();
        if taken {
            return Ok(Err("taken"));
        }
        put(write, "neighbour", 9).map(Ok)
    }));
    assert!(poll!(&mut neighbour).is_pending());
    assert!(poll!(&mut refused).is_pending());
    drop(held);
    assert_eq!(refused.await, Ok(Err("taken")));
    assert_eq!((neighbour.await, runs.load(Ordering::Relaxed)), (Ok(None), 1));
    assert_eq!((commits(&store), plays(&store, "neighbour")), (2, Some(1)));
}
