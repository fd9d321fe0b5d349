//! The feed of accounts, as another service follows it.

use std::{sync::mpsc, time::Duration};

use hexachord_contracts::{
    Context, LibraryAccess, Role,
    authentication::{
        AccountChange, AccountsSnapshot, AuthenticationError, FollowAccounts, RemoveAccount,
        RevokeOtherSessions, SignOut, UpdateAccount,
    },
    feed::{Changes, FeedCursor},
    ids::AccountId,
};

use crate::house::{
    House, PATIENCE, anonymous, as_account, both_ways, invalid_field, refused, settings, system,
};

/// Of a call that waits for news.
const DEADLINE: Duration = Duration::from_secs(20);
const SHORTLY_BEFORE: Duration = Duration::from_millis(19_900);

async fn follow(
    house: &House,
    after: FeedCursor,
    wait_ms: u64,
) -> (Vec<AccountChange>, FeedCursor) {
    let call = FollowAccounts { after, limit: 100, wait_ms };
    match house.ask(&system(), call).await.unwrap() {
        Changes::Page { items, cursor } => (items, cursor),
        Changes::StartOver => panic!("has to start over"),
    }
}

async fn head(house: &House) -> FeedCursor {
    let call = AccountsSnapshot { after: None, limit: 1 };
    house.ask(&system(), call).await.unwrap().head
}

fn ids(changes: &[AccountChange]) -> Vec<(bool, AccountId)> {
    let id = |change: &AccountChange| match change {
        AccountChange::Changed(account) => (true, account.id),
        AccountChange::Removed(id) => (false, *id),
    };
    changes.iter().map(id).collect()
}

#[tokio::test]
async fn changes_and_ended_credentials_are_told() {
    both_ways(settings(), async |house| {
        let root = house.administrator("root").await;
        let start = head(&house).await;
        let anna = house.listener("anna").await;
        let (news, cursor) = follow(&house, start, 0).await;
        assert_eq!(news, [AccountChange::Changed(anna.clone())]);

        let one = house.sign_in("anna").await;
        house.sign_in("anna").await;
        let (news, cursor) = follow(&house, cursor, 0).await;
        assert_eq!(news, [], "a sign-in changes nothing that others keep");
        house.ask(&as_account(&anna), SignOut { session: one.session }).await.unwrap();
        let (news, cursor) = follow(&house, cursor, 0).await;
        assert_eq!(ids(&news), [(true, anna.id)]);
        let others = RevokeOtherSessions { keep: None };
        house.ask(&as_account(&anna), others).await.unwrap();
        let (news, cursor) = follow(&house, cursor, 0).await;
        assert_eq!(ids(&news), [(true, anna.id)]);

        let call = UpdateAccount {
            account: root.id,
            role: None,
            libraries: Some(LibraryAccess::Only(std::sync::Arc::from([]))),
            enabled: None,
        };
        let root = house.ask(&system(), call).await.unwrap();
        let (news, cursor) = follow(&house, cursor, 0).await;
        assert_eq!(news, [AccountChange::Changed(root)]);
        house.ask(&system(), RemoveAccount { account: anna.id }).await.unwrap();
        let (news, cursor) = follow(&house, cursor, 0).await;
        assert_eq!(news, [AccountChange::Removed(anna.id)]);
        assert_eq!(follow(&house, cursor, 0).await, (vec![], cursor));
        // Who comes late hears only that the account is gone.
        let (news, _) = follow(&house, start, 0).await;
        assert!(ids(&news).iter().all(|(there, id)| *there == (*id != anna.id)));
    })
    .await;
}

#[tokio::test]
async fn a_follower_that_waits_hears_at_once() {
    both_ways(settings(), async |house| {
        let start = head(&house).await;
        let (told, anna) = tokio::join!(follow(&house, start, 15_000), house.listener("anna"));
        assert_eq!(ids(&told.0), [(true, anna.id)]);
    })
    .await;
}

#[tokio::test]
async fn a_wait_ends_before_the_callers_deadline() {
    both_ways(settings(), async |house| {
        let start = head(&house).await;
        // A paused clock stands still beside blocking work, so time passes by hand, however long
        // the store takes to read. Without an answer the work ends, and the deadline comes.
        let (answered, until_answered) = mpsc::channel::<()>();
        let work = tokio::task::spawn_blocking(move || until_answered.recv_timeout(PATIENCE));
        tokio::time::pause();
        let who = Context::system(DEADLINE);
        let call = FollowAccounts { after: start, limit: 1, wait_ms: u64::MAX };
        let passes = async {
            // First the service has its turns to look when it has to answer.
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            tokio::time::advance(SHORTLY_BEFORE).await;
        };
        let (answer, ()) = tokio::join!(house.ask(&who, call), passes);
        tokio::time::resume();
        drop(answered);
        assert_eq!(work.await.unwrap(), Err(mpsc::RecvTimeoutError::Disconnected));
        assert_eq!(answer.unwrap(), Changes::Page { items: vec![], cursor: start });
    })
    .await;
}

#[tokio::test]
async fn a_cursor_of_another_store_starts_over() {
    both_ways(settings(), async |house| {
        house.listener("anna").await;
        let head = head(&house).await;
        let other = FeedCursor { epoch: head.epoch + 1, ..head };
        let ahead = FeedCursor { sequence: head.sequence + 1, ..head };
        for after in [other, ahead] {
            let call = FollowAccounts { after, limit: 10, wait_ms: 10_000 };
            assert_eq!(house.ask(&system(), call).await.unwrap(), Changes::StartOver);
        }
    })
    .await;
}

#[tokio::test]
async fn a_snapshot_has_every_account_and_one_head() {
    both_ways(settings(), async |house| {
        let mut expected = Vec::new();
        for n in 0..5 {
            expected.push((true, house.account(&format!("name{n}"), Role::Listener).await.id));
        }
        expected.sort_unstable();
        let start = head(&house).await;
        let mut found = Vec::new();
        let mut after = None;
        loop {
            let call = AccountsSnapshot { after, limit: 2 };
            let page = house.ask(&system(), call).await.unwrap();
            assert_eq!(page.head, start);
            found.extend(ids(&page.items));
            // What happens meanwhile comes from the head.
            house.listener(&format!("meanwhile{}", found.len())).await;
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let (news, _) = follow(&house, start, 0).await;
        assert!(expected.iter().all(|account| found.contains(account)));
        assert!(!news.is_empty());
        for after in ["", "x", "1.2", "9.1.1", "1.1.1.1"] {
            let call = AccountsSnapshot { after: Some(after.to_owned()), limit: 2 };
            assert_eq!(invalid_field(house.ask(&system(), call).await), "after");
        }
    })
    .await;
}

#[tokio::test]
async fn only_services_follow() {
    both_ways(settings(), async |house| {
        let root = as_account(&house.administrator("root").await);
        for who in [anonymous(), root] {
            let after = head(&house).await;
            let follow = FollowAccounts { after, limit: 1, wait_ms: 0 };
            let error = refused(house.ask(&who, follow).await);
            assert_eq!(error, AuthenticationError::Forbidden);
            let snapshot = AccountsSnapshot { after: None, limit: 1 };
            let error = refused(house.ask(&who, snapshot).await);
            assert_eq!(error, AuthenticationError::Forbidden);
        }
    })
    .await;
}
