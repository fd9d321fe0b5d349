//! Taking a plan, cancelling it, and what administrators do.

use hexachord_contracts::{
    ids::{AccountId, PlanId, SubscriptionId},
    payment::{
        CancelSubscription, GrantSubscription, ListPlans, PaymentError, PaymentState, Provider,
        Subscribe, Subscription, SubscriptionState, SubscriptionUpdate, UpdatePlan,
        UpdateSubscription,
    },
};
use hexachord_payment::Settings;
use tokio::task::JoinSet;

use crate::{
    house::{
        ANNA, Answer, BERT, House, MONTH, both_ways, euros, listener, not_found, refused, settings,
        system,
    },
    plans::{archive, update},
};

async fn change(
    house: &House,
    subscription: SubscriptionId,
    to: SubscriptionUpdate,
) -> Answer<Subscription> {
    house.ask(&system(), UpdateSubscription { subscription, to }).await
}

async fn cancel(house: &House, account: AccountId) -> Answer<Subscription> {
    house.ask(&listener(account), CancelSubscription {}).await
}

#[tokio::test]
async fn a_plan_is_there_once_it_is_paid() {
    both_ways(settings(), async |house| {
        let plan = house.plan("Loud", 999).await;
        assert_eq!(house.subscription(ANNA).await, None);
        let pending = house.subscribe(ANNA, plan.id, Provider::Manual).await.unwrap();
        assert_eq!(pending.state, SubscriptionState::Pending);
        assert_eq!((pending.account, pending.plan.name.as_str()), (ANNA, "Loud"));
        assert_eq!((pending.price, pending.period_ends_at), (euros(999), None));
        let open = pending.open_payment.clone().unwrap();
        assert_eq!((open.state, open.price), (PaymentState::Open, euros(999)));
        assert_eq!((open.subscription, open.account), (pending.id, ANNA));
        assert_eq!(house.subscription(ANNA).await, Some(pending));
        assert_eq!(house.subscription(BERT).await, None, "each sees its own");

        house.clock.advance(MONTH * 2);
        assert_eq!(house.state(ANNA).await, Some(SubscriptionState::Pending), "it waits");
        let paid = house.settle(open.id, true).await.unwrap();
        assert_eq!(paid.state, PaymentState::Paid);
        assert_eq!(paid.settled_at, Some(house.clock.now()));
        let active = house.subscription(ANNA).await.unwrap();
        assert_eq!(active.state, SubscriptionState::Active);
        assert_eq!(active.open_payment, None);
        assert_eq!(active.period_ends_at, Some(house.clock.now().plus(MONTH)));
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_taken_is_refused() {
    let manual_only = Settings::default();
    both_ways(manual_only, async |house| {
        let plan = house.plan("Loud", 999).await;
        let other = house.plan("Quiet", 499).await;
        let free = house.admin(ListPlans { archived: false }).await[0].id;
        house.admin(archive(other.id, true)).await;
        for (plan, provider, error) in [
            (PlanId(1), Provider::Manual, not_found("plan")),
            (other.id, Provider::Manual, PaymentError::Archived),
            (free, Provider::Manual, PaymentError::NothingToPay),
            (plan.id, Provider::Test, PaymentError::ProviderUnavailable),
        ] {
            assert_eq!(refused(house.subscribe(ANNA, plan, provider).await), error);
        }
        let stranger = house.subscribe(AccountId(99), plan.id, Provider::Manual).await;
        assert_eq!(refused(stranger), not_found("account"));
        assert!(house.payments().await.is_empty(), "nobody was charged");
    })
    .await;
}

#[tokio::test]
async fn there_is_one_subscription_at_a_time() {
    both_ways(settings(), async |house| {
        let plan = house.plan("Loud", 999).await;
        let again = async || house.subscribe(ANNA, plan.id, Provider::Manual).await;
        again().await.unwrap();
        assert_eq!(refused(again().await), PaymentError::AlreadySubscribed, "pending");
        house.settle(house.open_payment(ANNA).await.id, true).await.unwrap();
        assert_eq!(refused(again().await), PaymentError::AlreadySubscribed, "active");
        let cancelled = cancel(&house, ANNA).await.unwrap();
        assert_eq!(refused(again().await), PaymentError::AlreadySubscribed, "cancelled");
        change(&house, cancelled.id, SubscriptionUpdate::Resume).await.unwrap();
        house.clock.advance(MONTH);
        assert_eq!(refused(again().await), PaymentError::AlreadySubscribed, "past due");
        cancel(&house, ANNA).await.unwrap();
        again().await.unwrap();
        house.checked_books().await;
    })
    .await;
}

#[tokio::test]
async fn of_many_at_once_one_wins() {
    both_ways(settings(), async |house| {
        let plan = house.plan("Loud", 999).await.id;
        let mut asking = JoinSet::new();
        for _ in 0..16 {
            let client = house.client.clone();
            asking.spawn(async move {
                let call = Subscribe { plan, provider: Provider::Manual };
                client.call(&listener(ANNA), call).await
            });
        }
        let answers = asking.join_all().await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
        for answer in answers.into_iter().filter(Result::is_err) {
            assert_eq!(refused(answer), PaymentError::AlreadySubscribed);
        }
        let (journal, _) = house.checked_books().await;
        assert_eq!(journal.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn who_cancels_keeps_what_is_paid() {
    both_ways(settings(), async |house| {
        let plan = house.plan("Loud", 999).await;
        assert_eq!(refused(cancel(&house, ANNA).await), not_found("subscription"));
        let (active, _) = house.subscribed(ANNA, plan.id).await;
        let cancelled = cancel(&house, ANNA).await.unwrap();
        assert_eq!(cancelled, Subscription { cancelled: true, ..active });
        assert_eq!(cancel(&house, ANNA).await.unwrap(), cancelled, "twice is once");
        house.clock.advance(MONTH / 2);
        assert_eq!(house.entitled_by(ANNA).await.as_deref(), Some("Loud"));
        house.clock.advance(MONTH / 2);
        assert_eq!(house.entitled_by(ANNA).await.as_deref(), Some("Free"));
        assert_eq!(house.subscription(ANNA).await, None);
        assert_eq!(house.payments().await.len(), 1, "it was not renewed");
    })
    .await;
}

#[tokio::test]
async fn who_has_not_paid_cancels_at_once() {
    both_ways(settings(), async |house| {
        let plan = house.plan("Loud", 999).await;
        house.subscribe(ANNA, plan.id, Provider::Manual).await.unwrap();
        let ended = cancel(&house, ANNA).await.unwrap();
        assert_eq!((ended.state, ended.open_payment), (SubscriptionState::Ended, None));
        assert_eq!(house.payments().await[0].state, PaymentState::Refused);
        house.checked_books().await;
    })
    .await;
}

#[tokio::test]
async fn a_grant_awaits_its_payment_like_any_other() {
    both_ways(Settings { providers: vec![Provider::Test], ..settings() }, async |house| {
        let plan = house.plan("Loud", 999).await.id;
        let granted = house.admin(GrantSubscription { account: ANNA, plan }).await;
        assert_eq!(granted.provider, Provider::Manual);
        assert_eq!(granted.state, SubscriptionState::Pending);
        let again = house.ask(&system(), GrantSubscription { account: ANNA, plan }).await;
        assert_eq!(refused(again), PaymentError::AlreadySubscribed);
        let nobody = GrantSubscription { account: AccountId(99), plan };
        assert_eq!(refused(house.ask(&system(), nobody).await), not_found("account"));
        house.settle(granted.open_payment.unwrap().id, true).await.unwrap();
        assert_eq!(house.entitled_by(ANNA).await.as_deref(), Some("Loud"));
    })
    .await;
}

#[tokio::test]
async fn administrators_cancel_resume_and_end() {
    both_ways(settings(), async |house| {
        let plan = house.plan("Loud", 999).await;
        let (active, payment) = house.subscribed(ANNA, plan.id).await;
        let cancelled = change(&house, active.id, SubscriptionUpdate::Cancel).await.unwrap();
        assert!(cancelled.cancelled);
        let resumed = change(&house, active.id, SubscriptionUpdate::Resume).await.unwrap();
        assert_eq!(resumed, active);
        house.clock.advance(MONTH / 3);
        let ended = change(&house, active.id, SubscriptionUpdate::End).await.unwrap();
        assert_eq!(ended.state, SubscriptionState::Ended);
        assert_eq!(ended.period_ends_at, Some(house.clock.now()));
        assert_eq!(house.entitled_by(ANNA).await.as_deref(), Some("Free"));
        let kept = house.payments().await;
        assert_eq!(kept, [payment], "an end gives nothing back by itself");
        let wrong = PaymentError::WrongSubscriptionState { state: SubscriptionState::Ended };
        for to in [SubscriptionUpdate::Cancel, SubscriptionUpdate::Resume, SubscriptionUpdate::End]
        {
            assert_eq!(refused(change(&house, active.id, to).await), wrong);
        }
        let unknown = change(&house, SubscriptionId(1), SubscriptionUpdate::End).await;
        assert_eq!(refused(unknown), not_found("subscription"));

        let pending = house.subscribe(ANNA, plan.id, Provider::Manual).await.unwrap();
        let answer = change(&house, pending.id, SubscriptionUpdate::Resume).await;
        let wrong = PaymentError::WrongSubscriptionState { state: SubscriptionState::Pending };
        assert_eq!(refused(answer), wrong);
        let ended = change(&house, pending.id, SubscriptionUpdate::Cancel).await.unwrap();
        assert_eq!(ended.state, SubscriptionState::Ended);
        house.checked_books().await;
    })
    .await;
}

#[tokio::test]
async fn prices_that_were_taken_stay() {
    both_ways(settings(), async |house| {
        let plan = house.plan("Loud", 999).await;
        house.subscribed(ANNA, plan.id).await;
        house.admin(UpdatePlan { price: Some(euros(1_999)), ..update(plan.id) }).await;
        house.admin(UpdatePlan { name: Some("Louder".to_owned()), ..update(plan.id) }).await;
        house.clock.advance(MONTH);
        let due = house.subscription(ANNA).await.unwrap();
        assert_eq!((due.price, due.plan.name.as_str()), (euros(999), "Louder"));
        assert_eq!(due.open_payment.unwrap().price, euros(999));
        let new = house.subscribe(BERT, plan.id, Provider::Manual).await.unwrap();
        assert_eq!(new.price, euros(1_999));
    })
    .await;
}
