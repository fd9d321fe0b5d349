//! What is answered is kept: by a store that is opened again.

use std::{path::Path, sync::Arc};

use hexachord_contracts::payment::{
    CreatePlan, GetBalances, ListPlans, Period, Provider, SubscriptionState,
};
use hexachord_payment::{Resources, open_store};
use rand::{SeedableRng, rngs::StdRng};

use crate::{
    feed::Accounts,
    house::{ANNA, BERT, DAY, House, both_ways_on_disk, clock, euros, new_plan},
};

fn inhabited() -> Arc<Accounts> {
    let accounts = Accounts::new();
    accounts.add(ANNA);
    accounts.add(BERT);
    accounts
}

/// Ends the program as kill -9 would: nothing that waits is written.
fn abandon(house: House, folder: &Path) -> std::path::PathBuf {
    let copy = folder.join("copy");
    std::fs::create_dir_all(&copy).unwrap();
    std::fs::copy(folder.join("payment.redb"), copy.join("payment.redb")).unwrap();
    drop(house);
    copy
}

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    both_ways_on_disk(async |way, folder| {
        let clock = clock();
        let accounts = inhabited();
        let house = House::on_disk(&clock, folder.path(), &accounts, way).await;
        let plan = house.plan("Loud", 999).await;
        house.subscribed(ANNA, plan.id).await;
        let pending = house.subscribe(BERT, plan.id, Provider::Manual).await.unwrap();
        let plans = house.admin(ListPlans { archived: true }).await;
        let active = house.subscription(ANNA).await;
        let (journal, balances) = house.checked_books().await;

        let copy = abandon(house, folder.path());
        let house = House::on_disk(&clock, &copy, &accounts, way).await;
        assert_eq!(house.admin(ListPlans { archived: true }).await, plans);
        assert_eq!(house.subscription(ANNA).await, active);
        assert_eq!(house.subscription(BERT).await, Some(pending));
        assert_eq!(house.entitled_by(ANNA).await.as_deref(), Some("Loud"));
        assert_eq!(house.checked_books().await, (journal, balances));
        house.settle(house.open_payment(BERT).await.id, true).await.unwrap();
        house.close().await;
        let house = House::on_disk(&clock, &copy, &accounts, way).await;
        assert_eq!(house.state(BERT).await, Some(SubscriptionState::Active));
        house.checked_books().await;
    })
    .await;
}

#[tokio::test]
async fn time_counts_on_over_a_restart() {
    both_ways_on_disk(async |way, folder| {
        let clock = clock();
        let accounts = inhabited();
        let mut house = House::on_disk(&clock, folder.path(), &accounts, way).await;
        let call = CreatePlan { period: Period::Year, ..new_plan("Loud", euros(9_999)) };
        let plan = house.admin(call).await;
        house.subscribed(ANNA, plan.id).await;
        // Each step alone is believed; nothing but the restart looks at the clock between them.
        for _ in 0..4 {
            clock.advance(DAY * 80);
            house.close().await;
            house = House::on_disk(&clock, folder.path(), &accounts, way).await;
        }
        clock.advance(DAY * 44);
        assert_eq!(house.state(ANNA).await, Some(SubscriptionState::Active));
        clock.advance(DAY);
        assert_eq!(house.state(ANNA).await, Some(SubscriptionState::PastDue));
        // A clock that was wrong at the end, or is at the start, ends nothing.
        clock.advance(DAY * 400);
        house.close().await;
        let house = House::on_disk(&clock, folder.path(), &accounts, way).await;
        assert_eq!(house.state(ANNA).await, Some(SubscriptionState::PastDue));
        assert_eq!(house.admin(GetBalances {}).await.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn a_program_that_ends_before_it_has_begun_gives_no_time_away() {
    both_ways_on_disk(async |way, folder| {
        let clock = clock();
        let accounts = inhabited();
        let house = House::on_disk(&clock, folder.path(), &accounts, way).await;
        let plan = house.plan("Loud", 999).await;
        clock.advance(DAY * 20);
        house.subscribed(ANNA, plan.id).await;
        house.close().await;
        let store = open_store(&folder.path().join("payment.redb"), 1).unwrap();
        let resources = Resources::new(store, clock.clone(), StdRng::seed_from_u64(1));
        tokio::task::spawn_blocking(move || resources.close()).await.unwrap();
        let house = House::on_disk(&clock, folder.path(), &accounts, way).await;
        clock.advance(DAY * 30);
        assert_eq!(house.state(ANNA).await, Some(SubscriptionState::PastDue));
    })
    .await;
}

#[tokio::test]
async fn the_feed_is_followed_on_from_where_it_was() {
    both_ways_on_disk(async |way, folder| {
        let clock = clock();
        let accounts = inhabited();
        let house = House::on_disk(&clock, folder.path(), &accounts, way).await;
        let plan = house.plan("Loud", 999).await;
        house.subscribed(ANNA, plan.id).await;
        house.close().await;
        accounts.remove(ANNA);
        let house = House::on_disk(&clock, folder.path(), &accounts, way).await;
        assert!(house.payments().await.is_empty());
        house.checked_books().await;
    })
    .await;
}
