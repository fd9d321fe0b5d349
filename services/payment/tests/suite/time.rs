//! Periods, renewals and grace on a clock that a test moves.

use std::time::Duration;

use hexachord_contracts::payment::{
    CancelSubscription, CreatePlan, PaymentState, Period, Provider, SubscriptionState,
};
use hexachord_payment::Settings;

use crate::{
    house::{ANNA, DAY, MONTH, both_ways, euros, listener, new_plan, settings},
    plans::archive,
};

const YEAR: Duration = Duration::from_hours(365 * 24);
const MOMENT: Duration = Duration::from_millis(1);

#[tokio::test]
async fn a_period_that_ends_is_followed_by_the_next_payment() {
    both_ways(settings(), async |house| {
        let plan = house.plan("Loud", 999).await;
        let (active, first) = house.subscribed(ANNA, plan.id).await;
        house.clock.advance(MONTH.saturating_sub(MOMENT));
        assert_eq!(house.state(ANNA).await, Some(SubscriptionState::Active));
        house.clock.advance(MOMENT);
        let due = house.subscription(ANNA).await.unwrap();
        assert_eq!(due.state, SubscriptionState::PastDue);
        assert_eq!(due.period_ends_at, active.period_ends_at);
        assert_eq!(house.entitled_by(ANNA).await.as_deref(), Some("Loud"), "in the grace time");
        let second = due.open_payment.unwrap();
        assert_ne!(second.id, first.id);
        assert_eq!(second.state, PaymentState::Open);

        house.clock.advance(DAY * 3);
        house.settle(second.id, true).await.unwrap();
        let renewed = house.subscription(ANNA).await.unwrap();
        assert_eq!(renewed.state, SubscriptionState::Active);
        let ends = active.period_ends_at.unwrap().plus(MONTH);
        assert_eq!(renewed.period_ends_at, Some(ends), "no day is free");
        let (journal, _) = house.checked_books().await;
        assert_eq!(journal.len(), 4);
    })
    .await;
}

#[tokio::test]
async fn who_does_not_pay_in_time_loses_the_plan() {
    both_ways(settings(), async |house| {
        let plan = house.plan("Loud", 999).await;
        house.subscribed(ANNA, plan.id).await;
        house.clock.advance(MONTH);
        let open = house.open_payment(ANNA).await;
        house.clock.advance((DAY * 7).saturating_sub(MOMENT));
        assert_eq!(house.entitled_by(ANNA).await.as_deref(), Some("Loud"));
        house.clock.advance(MOMENT);
        assert_eq!(house.entitled_by(ANNA).await.as_deref(), Some("Free"));
        assert_eq!(house.subscription(ANNA).await, None);
        let payments = house.payments().await;
        assert_eq!((payments[0].id, payments[0].state), (open.id, PaymentState::Refused));
        house.checked_books().await;
        house.subscribe(ANNA, plan.id, Provider::Manual).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_grace_time_is_a_setting() {
    let none = Settings { grace: Duration::ZERO, ..settings() };
    both_ways(none, async |house| {
        let plan = house.plan("Loud", 999).await;
        house.subscribed(ANNA, plan.id).await;
        house.clock.advance(MONTH);
        assert_eq!(house.entitled_by(ANNA).await.as_deref(), Some("Free"));
        house.checked_books().await;
    })
    .await;
}

#[tokio::test]
async fn who_is_refused_or_cancels_in_the_grace_time_loses_the_plan_at_once() {
    both_ways(settings(), async |house| {
        let plan = house.plan("Loud", 999).await;
        for cancels in [false, true] {
            house.subscribed(ANNA, plan.id).await;
            house.clock.advance(MONTH);
            let open = house.open_payment(ANNA).await;
            if cancels {
                house.ask(&listener(ANNA), CancelSubscription {}).await.unwrap();
            } else {
                house.settle(open.id, false).await.unwrap();
            }
            assert_eq!(house.subscription(ANNA).await, None);
            assert_eq!(house.entitled_by(ANNA).await.as_deref(), Some("Free"));
            assert_eq!(house.payments().await[0].state, PaymentState::Refused);
            house.checked_books().await;
        }
    })
    .await;
}

#[tokio::test]
async fn an_archived_plan_is_not_renewed() {
    both_ways(settings(), async |house| {
        let plan = house.plan("Loud", 999).await;
        house.subscribed(ANNA, plan.id).await;
        house.admin(archive(plan.id, true)).await;
        house.clock.advance(MONTH.saturating_sub(MOMENT));
        assert_eq!(house.state(ANNA).await, Some(SubscriptionState::Active));
        house.clock.advance(MOMENT);
        assert_eq!(house.subscription(ANNA).await, None);
        assert_eq!(house.payments().await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_year_has_365_days() {
    both_ways(settings(), async |house| {
        let call = CreatePlan { period: Period::Year, ..new_plan("Loud", euros(9_999)) };
        let plan = house.admin(call).await;
        let (active, _) = house.subscribed(ANNA, plan.id).await;
        assert_eq!(active.period_ends_at, Some(house.clock.now().plus(YEAR)));
        for _ in 0..364 {
            house.clock.advance(DAY);
            assert_eq!(house.state(ANNA).await, Some(SubscriptionState::Active));
        }
        house.clock.advance(DAY);
        assert_eq!(house.state(ANNA).await, Some(SubscriptionState::PastDue));
    })
    .await;
}

#[tokio::test]
async fn a_clock_that_leaps_charges_nobody_and_ends_nothing() {
    both_ways(settings(), async |house| {
        let plan = house.plan("Loud", 999).await;
        let (before, _) = house.subscribed(ANNA, plan.id).await;
        house.clock.advance(DAY * 10);
        assert_eq!(house.state(ANNA).await, Some(SubscriptionState::Active));
        let real = house.clock.now();
        let hexachord_contracts::Clock::Manual(millis) = &house.clock else { unreachable!() };
        for wrong in [real.plus(YEAR).as_millis(), real.as_millis(), 0, real.as_millis()] {
            millis.store(wrong, std::sync::atomic::Ordering::Relaxed);
            let now = house.subscription(ANNA).await.unwrap();
            assert_eq!(now.state, SubscriptionState::Active, "at {wrong}");
            let left = house.clock.now().plus(DAY * 20);
            assert_eq!(now.period_ends_at, Some(left), "as people see it now");
        }
        assert_eq!(house.subscription(ANNA).await, Some(before));
        assert_eq!(house.payments().await.len(), 1);
        house.clock.advance(DAY * 20);
        assert_eq!(house.state(ANNA).await, Some(SubscriptionState::PastDue));
        // In the grace time as well.
        house.clock.advance(YEAR);
        assert_eq!(house.state(ANNA).await, Some(SubscriptionState::PastDue));
        assert_eq!(house.payments().await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn nobody_pays_for_a_period_in_which_nothing_ran() {
    both_ways(settings(), async |house| {
        let plan = house.plan("Loud", 999).await;
        house.subscribed(ANNA, plan.id).await;
        house.clock.advance(DAY * 80);
        let due = house.subscription(ANNA).await.unwrap();
        assert_eq!(due.state, SubscriptionState::PastDue, "the grace time begins with the charge");
        house.settle(due.open_payment.unwrap().id, true).await.unwrap();
        let renewed = house.subscription(ANNA).await.unwrap();
        assert_eq!(renewed.period_ends_at, Some(house.clock.now().plus(MONTH)));
        assert_eq!(house.payments().await.len(), 2);
    })
    .await;
}
