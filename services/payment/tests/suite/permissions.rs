//! Who may ask what.

use hexachord_contracts::{
    Call, Context, Role,
    ids::{PaymentId, PlanId, SubscriptionId},
    page::Paging,
    payment::{
        CancelSubscription, GetBalances, GetLedger, GetSubscription, GrantSubscription,
        ListPayments, ListPlans, ListSubscriptions, PaymentError, PaymentService, Provider,
        ReceivePayment, RefundPayment, SettlePayment, Subscribe, SubscriptionUpdate,
        UpdateSubscription,
    },
};

use crate::{
    house::{
        ANNA, BERT, House, account, anonymous, both_ways, euros, listener, new_plan, refused,
        settings, system,
    },
    plans::archive,
};

async fn forbidden<C: Call<To = PaymentService>>(house: &House, call: impl Fn() -> C) {
    for who in [listener(ANNA), anonymous()] {
        assert_eq!(refused(house.ask(&who, call()).await), PaymentError::Forbidden, "{}", C::NAME);
    }
}

#[tokio::test]
async fn administration_is_for_administrators() {
    both_ways(settings(), async |house| {
        let plan = house.plan("Loud", 999).await.id;
        let (subscription, payment) = house.subscribed(BERT, plan).await;
        let (id, payment) = (subscription.id, payment.id);
        let paging = Paging::default;
        forbidden(&house, || new_plan("Mine", euros(0))).await;
        forbidden(&house, || archive(plan, true)).await;
        forbidden(&house, || ListSubscriptions { state: None, paging: paging() }).await;
        forbidden(&house, || GrantSubscription { account: ANNA, plan }).await;
        let to = SubscriptionUpdate::End;
        forbidden(&house, || UpdateSubscription { subscription: id, to }).await;
        forbidden(&house, || ListPayments { state: None, account: Some(ANNA), paging: paging() })
            .await;
        forbidden(&house, || SettlePayment { payment, paid: true }).await;
        let reference = || "HX-222222".to_owned();
        forbidden(&house, || ReceivePayment { reference: reference(), received: euros(1) }).await;
        forbidden(&house, || RefundPayment { payment }).await;
        forbidden(&house, || GetLedger { paging: paging() }).await;
        forbidden(&house, || GetBalances {}).await;
        // What is not there is not told either.
        forbidden(&house, || archive(PlanId(1), true)).await;
        forbidden(&house, || RefundPayment { payment: PaymentId(1) }).await;
        let subscription = SubscriptionId(1);
        forbidden(&house, || UpdateSubscription { subscription, to }).await;
        assert_eq!(house.subscription(BERT).await.unwrap().id, id, "it is as it was");

        let administrator = account(ANNA, Role::Administrator);
        house.ask(&administrator, GetBalances {}).await.unwrap();
        house.ask(&administrator, RefundPayment { payment }).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn only_an_account_has_a_subscription() {
    both_ways(settings(), async |house| {
        let plan = house.plan("Loud", 999).await.id;
        let nobody: [Context; 2] = [anonymous(), system()];
        for who in &nobody {
            let subscribe = Subscribe { plan, provider: Provider::Manual };
            let answers = [
                refused(house.ask(who, subscribe).await),
                refused(house.ask(who, CancelSubscription {}).await),
                refused(house.ask(who, GetSubscription {}).await),
            ];
            assert!(answers.iter().all(|error| *error == PaymentError::NoAccount));
        }
        let administrator = account(ANNA, Role::Administrator);
        let subscribe = Subscribe { plan, provider: Provider::Manual };
        house.ask(&administrator, subscribe).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn accounts_see_the_plans_that_can_be_taken() {
    both_ways(settings(), async |house| {
        let plan = house.plan("Loud", 999).await;
        house.admin(archive(plan.id, true)).await;
        let list = |archived| ListPlans { archived };
        assert_eq!(house.ask(&listener(ANNA), list(false)).await.unwrap().len(), 1);
        let answer = house.ask(&listener(ANNA), list(true)).await;
        assert_eq!(refused(answer), PaymentError::Forbidden);
        for archived in [false, true] {
            let answer = house.ask(&anonymous(), list(archived)).await;
            assert_eq!(refused(answer), PaymentError::NoAccount);
        }
        let administrator = account(ANNA, Role::Administrator);
        assert_eq!(house.ask(&administrator, list(true)).await.unwrap().len(), 2);
    })
    .await;
}
