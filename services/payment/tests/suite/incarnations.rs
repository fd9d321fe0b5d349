//! What outlives an incarnation, and what its end does.

use hexachord_contracts::{
    CallError, Service,
    ids::AccountId,
    payment::{PaymentError, Provider, SubscriptionState},
};
use hexachord_payment::{Payment, Resources, open_memory_store};
use rand::{SeedableRng, rngs::StdRng};

use crate::{
    feed::Accounts,
    house::{ANNA, BERT, DAY, PATIENCE, both_ways, clock, refused, settings},
};

#[tokio::test]
async fn a_new_incarnation_knows_everything() {
    both_ways(settings(), async |house| {
        let plan = house.plan("Loud", 999).await;
        house.subscribed(ANNA, plan.id).await;
        house.subscribe(BERT, plan.id, Provider::Test).await.unwrap();
        house.clock.advance(DAY);
        let house = house.reborn().await;
        assert_eq!(house.entitled_by(ANNA).await.as_deref(), Some("Loud"));
        assert_eq!(house.state(BERT).await, Some(SubscriptionState::Active));
        let again = house.subscribe(ANNA, plan.id, Provider::Manual).await;
        assert_eq!(refused(again), PaymentError::AlreadySubscribed);
        house.clock.advance(DAY * 29);
        let house = house.reborn().await;
        assert_eq!(house.state(ANNA).await, Some(SubscriptionState::PastDue));
        assert_eq!(house.state(BERT).await, Some(SubscriptionState::Active));
        house.checked_books().await;
    })
    .await;
}

#[tokio::test]
async fn two_incarnations_know_the_same() {
    both_ways(settings(), async |house| {
        let plan = house.plan("Loud", 999).await;
        let draining = house.client.clone();
        let newer = house.reborn().await;
        newer.subscribed(ANNA, plan.id).await;
        let newest = newer.client.clone();
        let house = crate::house::House { client: draining, ..newer };
        assert_eq!(house.entitled_by(ANNA).await.as_deref(), Some("Loud"));
        house.subscribed(BERT, plan.id).await;
        let house = crate::house::House { client: newest, ..house };
        assert_eq!(house.entitled_by(BERT).await.as_deref(), Some("Loud"));
    })
    .await;
}

#[tokio::test]
async fn an_end_stops_what_runs_by_itself() {
    let accounts = Accounts::new();
    let store = open_memory_store(1).unwrap();
    let resources = Resources::new(store, clock(), StdRng::seed_from_u64(1));
    let service = Payment::new(settings(), resources, accounts.client()).await.unwrap();
    accounts.caught_up().await;
    service.retire();
    accounts.left_alone().await;
}

#[tokio::test]
async fn what_is_due_happens_though_nobody_asks() {
    both_ways(settings(), async |house| {
        let plan = house.plan("Loud", 999).await;
        house.subscribed(ANNA, plan.id).await;
        house.clock.advance(DAY * 30);
        let mut commits = house.store.commits();
        commits.mark_unchanged();
        // It looks as it begins, and once a minute from then on.
        let house = house.reborn().await;
        tokio::time::timeout(PATIENCE, commits.changed()).await.unwrap().unwrap();
        let store = house.store.clone();
        tokio::task::spawn_blocking(move || store.close()).await.unwrap();
        house.clock.advance(DAY * 6);
        assert_eq!(house.entitled_by(ANNA).await.as_deref(), Some("Loud"), "in the grace time");
    })
    .await;
}

#[tokio::test]
async fn a_caller_that_leaves_confuses_nobody() {
    both_ways(settings(), async |house| {
        let plan = house.plan("Loud", 999).await;
        // Each leaves a step later than the one before.
        for steps in 0..8 {
            let account = AccountId(100 + steps);
            house.accounts.add(account);
            house.accounts.caught_up().await;
            let leaving = async {
                for _ in 0..steps {
                    tokio::task::yield_now().await;
                }
            };
            tokio::select! {
                biased;
                _answer = house.subscribe(account, plan.id, Provider::Manual) => {}
                () = leaving => {}
            }
            let again = house.subscribe(account, plan.id, Provider::Manual).await;
            assert!(
                matches!(&again, Ok(_) | Err(CallError::Refused(PaymentError::AlreadySubscribed))),
                "{again:?}"
            );
            house.settle(house.open_payment(account).await.id, true).await.unwrap();
            assert_eq!(house.entitled_by(account).await.as_deref(), Some("Loud"));
        }
        assert_eq!(house.payments().await.len(), 8);
        house.checked_books().await;
    })
    .await;
}
