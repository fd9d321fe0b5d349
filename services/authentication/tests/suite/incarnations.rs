//! What outlives an incarnation, and what its end does.

use std::{sync::Arc, time::Duration};

use hexachord_authentication::Authentication;
use hexachord_contracts::{
    CallError, Context, Service,
    authentication::{
        AccountsSnapshot, AuthenticationError, Claim, FollowAccounts, IssueClaim, ListSessions,
        Secret,
    },
    feed::Changes,
    mailbox,
};

use crate::house::{
    House, PASSWORD, PATIENCE, anonymous, as_account, both_ways, committed, origin, refused,
    settings, system,
};

async fn reborn(house: House) -> House {
    let client = House::incarnate(settings(), &house.resources, house.way).await;
    House { client, ..house }
}

#[tokio::test]
async fn throttle_claim_and_uses_survive() {
    both_ways(settings(), async |house| {
        let anna = house.listener("anna").await;
        let session = house.sign_in("anna").await;
        let code = house.ask(&system(), IssueClaim {}).await.unwrap().unwrap().code;
        for _ in 0..6 {
            refused(house.try_password("anna", "wrong password", "198.51.100.1").await);
        }
        house.clock.advance(Duration::from_millis(500));
        house.identify(&session.token).await.unwrap();
        let used = house.clock.now();

        let house = reborn(house).await;
        let error = refused(house.try_password("anna", PASSWORD, "198.51.100.1").await);
        assert_eq!(error, AuthenticationError::Throttled { retry_after_seconds: 1 });
        let list = ListSessions { current: None };
        let listed = house.ask(&as_account(&anna), list).await.unwrap();
        assert_eq!(listed[0].last_used_at, used);
        house.identify(&session.token).await.unwrap();
        let call = Claim {
            code,
            username: "root".to_owned(),
            password: Secret::new(PASSWORD),
            origin: origin(""),
        };
        house.ask(&anonymous(), call).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn two_incarnations_know_the_same() {
    both_ways(settings(), async |house| {
        house.listener("anna").await;
        let newer = House::incarnate(settings(), &house.resources, house.way).await;
        let draining = house.client.clone();
        let session = house.sign_in("anna").await;
        let newer = House { client: newer, ..house };
        let identity = newer.identify(&session.token).await.unwrap();
        let out = hexachord_contracts::authentication::SignOut { session: session.session };
        newer.ask(&as_account(&identity.account), out).await.unwrap();
        let draining = House { client: draining, ..newer };
        refused(draining.identify(&session.token).await);
    })
    .await;
}

#[tokio::test]
async fn an_end_answers_who_waits_for_news() {
    both_ways(settings(), async |house| {
        let snapshot = AccountsSnapshot { after: None, limit: 1 };
        let after = house.ask(&system(), snapshot).await.unwrap().head;
        let service = Authentication::new(settings(), house.resources.clone()).await.unwrap();
        let service = Arc::new(service);
        let (client, mut inbox) = mailbox::<hexachord_contracts::authentication::Authentication>(1);
        // By itself the wait would be over long after this test has lost its patience.
        let who = Context::system(Duration::from_mins(10));
        let waiting = client.call(&who, FollowAccounts { after, limit: 1, wait_ms: 600_000 });
        let serving = async {
            let request = inbox.recv().await.unwrap();
            let answering = Arc::clone(&service).handle(request);
            tokio::join!(answering, async {
                tokio::task::yield_now().await;
                service.retire();
            });
        };
        let both = async { tokio::join!(waiting, serving) };
        let (answer, ()) = tokio::time::timeout(PATIENCE, both).await.unwrap();
        assert_eq!(answer.unwrap(), Changes::Page { items: vec![], cursor: after });
    })
    .await;
}

#[tokio::test]
async fn an_end_writes_the_last_uses() {
    both_ways(settings(), async |house| {
        house.listener("anna").await;
        let session = house.sign_in("anna").await;
        house.identify(&session.token).await.unwrap();
        let mut commits = house.store.commits();
        commits.mark_unchanged();
        let House { client, resources, .. } = house;
        drop(client);
        committed(&mut commits).await;
        drop(resources);
    })
    .await;
}

#[tokio::test]
async fn a_closed_store_is_a_refusal_and_no_panic() {
    both_ways(settings(), async |house| {
        house.listener("anna").await;
        let store = house.store.clone();
        tokio::task::spawn_blocking(move || store.close()).await.unwrap();
        let answer = house.try_password("anna", PASSWORD, "").await;
        assert!(
            matches!(&answer, Err(CallError::Refused(AuthenticationError::Storage(_)))),
            "{answer:?}"
        );
    })
    .await;
}
