//! The mirror after a write of which nobody knows whether it is durable.

use hexachord_contracts::{
    Timestamp,
    ids::{PlanId, SubscriptionId},
    payment::{Entitlements, Money, Period, Provider},
};
use rand::SeedableRng;

use super::*;
use crate::{
    machine::Event,
    store::{PlanRow, SubscriptionRow, open_memory_store},
};

const ANNA: AccountId = AccountId(1);
const LOUD: PlanId = PlanId(7);
const MONTH: Duration = Duration::from_hours(30 * 24);

fn plan() -> PlanRow {
    PlanRow {
        name: "Loud".to_owned(),
        folded: "loud".to_owned(),
        description: String::new(),
        price: Money { amount: 999, currency: "EUR".parse().expect("three letters") },
        period: Period::Month,
        entitlements: Entitlements::EVERYTHING,
        archived: false,
        created_at: Timestamp::from_millis(0),
    }
}

/// A month that Anna has paid for.
fn subscribe(change: &mut Change<'_>) -> Result<(SubscriptionId, SubscriptionRow), Stop> {
    change.put_plan(LOUD, plan())?;
    let (id, row) = change.take(ANNA, (LOUD, &plan()), Provider::Manual)?;
    let row = change.step(id, row, Event::Paid)?;
    Ok((id, row))
}

#[tokio::test]
async fn what_is_durable_though_its_write_failed_is_learned_at_the_next_look() {
    let clock = Clock::manual(Timestamp::from_millis(1_800_000_000_000));
    let store = open_memory_store(1).unwrap();
    let resources = Resources::new(store.clone(), clock.clone(), StdRng::seed_from_u64(1));
    let shared = resources.shared;
    shared.fill_mirror(Settings::default()).await.unwrap();
    let (id, row) = shared.change(subscribe).await.unwrap();

    // Ends the subscription as a commit does whose last step fails: the mirror does not hear of it.
    let now = shared.time.now();
    let ended = store.write(move |write| {
        let mut change = Change::begin(write, now, 2)?;
        change.step(id, row.clone(), Event::End).map_err(|_stop| StoreError::Interrupted)?;
        change.finish().map(drop)
    });
    ended.await.unwrap();
    let failed = shared.change(|_| Err::<(), _>(StoreError::Interrupted.into())).await;
    assert!(matches!(failed, Err(PaymentError::Storage(_))));

    // What the mirror thinks due is not: that must not be looked at for ever.
    clock.advance(MONTH);
    timeout(Duration::from_secs(20), shared.look()).await.expect("a look has an end");
    assert!(!shared.mirror().counts_time(), "nobody has a subscription");
}
