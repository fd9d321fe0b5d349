//! The test provider settles by rule.

use std::time::Duration;

use hexachord_contracts::payment::{PaymentState, Provider, SubscriptionState};
use hexachord_payment::Settings;

use crate::house::{ANNA, DAY, House, MONTH, both_ways, settings};

const MINUTE: Duration = Duration::from_mins(1);

async fn begin(house: &House, amount: i64) {
    let plan = house.plan("Loud", amount).await;
    house.subscribe(ANNA, plan.id, Provider::Test).await.unwrap();
    house.clock.advance(Duration::from_secs(59));
    assert_eq!(house.state(ANNA).await, Some(SubscriptionState::Pending));
    house.clock.advance(Duration::from_secs(1));
    // Whoever asks sees to what is due.
    house.subscription(ANNA).await;
}

#[tokio::test]
async fn a_price_is_paid_after_a_minute_and_again() {
    both_ways(settings(), async |house| {
        begin(&house, 999).await;
        assert_eq!(house.entitled_by(ANNA).await.as_deref(), Some("Loud"));
        for renewals in 1..=14 {
            house.clock.advance(MONTH.saturating_sub(MINUTE));
            assert_eq!(house.entitled_by(ANNA).await.as_deref(), Some("Loud"));
            house.clock.advance(MINUTE);
            assert_eq!(house.entitled_by(ANNA).await.as_deref(), Some("Loud"));
            house.clock.advance(MINUTE);
            assert_eq!(house.state(ANNA).await, Some(SubscriptionState::Active));
            let payments = house.payments().await;
            assert_eq!(payments.len(), 1 + renewals);
            assert!(payments.iter().all(|payment| payment.state == PaymentState::Paid));
        }
        house.checked_books().await;
    })
    .await;
}

#[tokio::test]
async fn some_prices_are_refused_at_first() {
    both_ways(settings(), async |house| {
        begin(&house, 1_002).await;
        assert_eq!(house.subscription(ANNA).await, None);
        assert_eq!(house.payments().await[0].state, PaymentState::Refused);
        house.checked_books().await;
    })
    .await;
}

#[tokio::test]
async fn some_prices_are_refused_later() {
    both_ways(settings(), async |house| {
        begin(&house, 1_003).await;
        assert_eq!(house.state(ANNA).await, Some(SubscriptionState::Active));
        house.clock.advance(MONTH);
        assert_eq!(house.state(ANNA).await, Some(SubscriptionState::PastDue));
        house.clock.advance(MINUTE);
        assert_eq!(house.subscription(ANNA).await, None);
        assert_eq!(house.entitled_by(ANNA).await.as_deref(), Some("Free"));
        house.checked_books().await;
    })
    .await;
}

#[tokio::test]
async fn some_prices_are_never_answered_later() {
    both_ways(settings(), async |house| {
        begin(&house, 1_004).await;
        house.clock.advance(MONTH);
        assert_eq!(house.state(ANNA).await, Some(SubscriptionState::PastDue));
        house.clock.advance(DAY * 6);
        assert_eq!(house.state(ANNA).await, Some(SubscriptionState::PastDue));
        house.clock.advance(DAY);
        assert_eq!(house.subscription(ANNA).await, None);
    })
    .await;
}

#[tokio::test]
async fn it_answers_nothing_where_it_is_not_offered_any_more() {
    both_ways(settings(), async |house| {
        let plan = house.plan("Loud", 999).await;
        house.subscribe(ANNA, plan.id, Provider::Test).await.unwrap();
        let house = House { settings: Settings::default(), ..house }.reborn().await;
        house.clock.advance(DAY);
        assert_eq!(house.state(ANNA).await, Some(SubscriptionState::Pending));
        let open = house.open_payment(ANNA).await;
        house.settle(open.id, true).await.unwrap();
        assert_eq!(house.state(ANNA).await, Some(SubscriptionState::Active));
    })
    .await;
}
