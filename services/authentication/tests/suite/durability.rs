//! What is answered is kept: by a store that is opened again.

use std::{path::Path, sync::atomic::Ordering, time::Duration};

use hexachord_authentication::open_store;
use hexachord_contracts::{
    Clock, LibraryAccess, Role, Timestamp,
    authentication::{
        AuthenticationError, CreateDeviceKey, CreateInvite, GetAccount, ListInvites, ListSessions,
        Register, RevokeSession, Secret,
    },
};
use hexachord_storage::StoreError;

use crate::house::{
    DAY, House, PASSWORD, anonymous, as_account, both_ways_on_disk, committed, not_found, origin,
    refused, system,
};

fn clock() -> Clock {
    Clock::manual(Timestamp::from_millis(1_800_000_000_000))
}

/// Ends the program as kill -9 would: nothing that waits is written.
fn abandon(house: House, folder: &Path) -> std::path::PathBuf {
    let copy = folder.join("copy");
    std::fs::create_dir_all(&copy).unwrap();
    let name = "authentication.redb";
    std::fs::copy(folder.join(name), copy.join(name)).unwrap();
    drop(house);
    copy
}

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    both_ways_on_disk(async |way, folder| {
        let clock = clock();
        let house = House::on_disk(&clock, folder.path(), way).await;
        let root = house.administrator("Root").await;
        let anna = house.listener("anna").await;
        let session = house.sign_in("anna").await;
        let ended = house.sign_in("anna").await;
        let revoke = RevokeSession { session: ended.session };
        house.ask(&as_account(&anna), revoke).await.unwrap();
        let key = CreateDeviceKey { label: "phone".to_owned(), account: Some(anna.id) };
        let key = house.ask(&system(), key).await.unwrap();
        let invite = CreateInvite {
            role: Role::Listener,
            libraries: LibraryAccess::All,
            valid_seconds: None,
        };
        let invite = house.ask(&as_account(&root), invite).await.unwrap();
        clock.advance(Duration::from_secs(5));

        let copy = abandon(house, folder.path());
        let house = House::on_disk(&clock, &copy, way).await;
        house.sign_in("root").await;
        assert_eq!(house.identify(&session.token).await.unwrap().account.id, anna.id);
        assert_eq!(house.identify(&key.secret).await.unwrap().account.id, anna.id);
        let error = refused(house.identify(&ended.token).await);
        assert_eq!(error, AuthenticationError::InvalidCredential);
        assert_eq!(house.ask(&system(), ListInvites {}).await.unwrap(), [invite.invite]);
        let call = Register {
            username: "berta".to_owned(),
            password: Secret::new(PASSWORD),
            invite: Some(invite.code),
            origin: origin("192.0.2.7"),
        };
        house.ask(&anonymous(), call).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_last_use_is_kept_by_an_orderly_end() {
    both_ways_on_disk(async |way, folder| {
        let clock = clock();
        let house = House::on_disk(&clock, folder.path(), way).await;
        let anna = house.listener("anna").await;
        let session = house.sign_in("anna").await;
        clock.advance(Duration::from_secs(10));
        house.identify(&session.token).await.unwrap();
        let used = clock.now();
        house.close().await;

        clock.advance(DAY);
        let house = House::on_disk(&clock, folder.path(), way).await;
        let list = ListSessions { current: None };
        let listed = house.ask(&as_account(&anna), list).await.unwrap();
        assert_eq!(listed[0].last_used_at, used);
        let account = house.ask(&system(), GetAccount { account: anna.id }).await.unwrap();
        assert_eq!(account.last_seen_at, Some(used));
    })
    .await;
}

#[tokio::test]
async fn uses_are_written_once_a_minute_and_nobody_waits_for_it() {
    both_ways_on_disk(async |way, folder| {
        let clock = clock();
        let house = House::on_disk(&clock, folder.path(), way).await;
        let anna = house.listener("anna").await;
        let session = house.sign_in("anna").await;
        let expired = house.sign_in("anna").await;
        let mut commits = house.store.commits();
        for _ in 0..2 {
            clock.advance(20 * DAY);
            commits.mark_unchanged();
            house.identify(&session.token).await.unwrap();
            committed(&mut commits).await;
        }
        let used = clock.now();
        // More uses in the same minute are not written again.
        clock.advance(Duration::from_secs(59));
        for _ in 0..10 {
            house.identify(&session.token).await.unwrap();
        }
        tokio::task::yield_now().await;
        assert!(!commits.has_changed().unwrap());

        let copy = abandon(house, folder.path());
        let house = House::on_disk(&clock, &copy, way).await;
        let list = ListSessions { current: None };
        let listed = house.ask(&as_account(&anna), list).await.unwrap();
        let known: Vec<_> = listed.iter().map(|one| (one.id, one.last_used_at)).collect();
        assert_eq!(known, [(session.session, used)]);
        let revoke = RevokeSession { session: expired.session };
        let error = refused(house.ask(&as_account(&anna), revoke).await);
        assert_eq!(error, not_found("session"), "the expired one was removed");
    })
    .await;
}

#[tokio::test]
async fn a_wrong_clock_at_the_start_signs_nobody_out() {
    both_ways_on_disk(async |way, folder| {
        let clock = clock();
        let Clock::Manual(millis) = &clock else { panic!("manual") };
        let now = millis.load(Ordering::Relaxed);
        let house = House::on_disk(&clock, folder.path(), way).await;
        house.listener("anna").await;
        let session = house.sign_in("anna").await;
        house.close().await;
        // A board without a battery wakes in 1970; its clock is set later.
        for (at, expected) in [(0, true), (now, true), (now + 29 * 86_400_000, true)] {
            millis.store(at, Ordering::Relaxed);
            let house = House::on_disk(&clock, folder.path(), way).await;
            assert_eq!(house.identify(&session.token).await.is_ok(), expected);
            house.close().await;
        }
        millis.fetch_add(31 * 86_400_000, Ordering::Relaxed);
        let house = House::on_disk(&clock, folder.path(), way).await;
        let error = refused(house.identify(&session.token).await);
        assert_eq!(error, AuthenticationError::InvalidCredential, "time off counts");
    })
    .await;
}

#[tokio::test]
async fn a_second_program_on_the_same_store_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("authentication.redb");
    let first = open_store(&path, 1).unwrap();
    assert!(matches!(open_store(&path, 2), Err(StoreError::Locked { .. })));
    let epoch = first.epoch();
    first.close();
    assert_eq!(open_store(&path, 2).unwrap().epoch(), epoch, "the feed goes on");
}
