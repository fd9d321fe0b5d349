//! Settling, receiving and giving back.

use std::collections::HashSet;

use hexachord_contracts::{
    ids::{AccountId, PaymentId},
    payment::{
        EntryKind, LedgerAccount, Payment, PaymentError, PaymentState, Provider, ReceivePayment,
        RefundPayment, SubscriptionState,
    },
};

use crate::house::{
    ANNA, Answer, BERT, House, MONTH, both_ways, euros, invalid_field, money, not_found, refused,
    settings, system,
};

async fn refund(house: &House, payment: PaymentId) -> Answer<Payment> {
    house.ask(&system(), RefundPayment { payment }).await
}

fn wrong(state: PaymentState) -> PaymentError {
    PaymentError::WrongPaymentState { state }
}

#[tokio::test]
async fn a_payment_is_settled_once() {
    both_ways(settings(), async |house| {
        let plan = house.plan("Loud", 999).await;
        let (_, paid) = house.subscribed(ANNA, plan.id).await;
        for again in [true, false] {
            let error = refused(house.settle(paid.id, again).await);
            assert_eq!(error, wrong(PaymentState::Paid));
        }
        let pending = house.subscribe(BERT, plan.id, Provider::Manual).await.unwrap();
        let open = pending.open_payment.unwrap();
        let no = house.settle(open.id, false).await.unwrap();
        assert_eq!(no.state, PaymentState::Refused);
        assert_eq!(house.subscription(BERT).await, None);
        assert_eq!(refused(house.settle(open.id, true).await), wrong(PaymentState::Refused));
        assert_eq!(refused(refund(&house, open.id).await), wrong(PaymentState::Refused));
        let unknown = PaymentId(1);
        assert_eq!(refused(house.settle(unknown, true).await), not_found("payment"));
        assert_eq!(refused(refund(&house, unknown).await), not_found("payment"));
        house.checked_books().await;
    })
    .await;
}

#[tokio::test]
async fn money_comes_in_under_its_reference() {
    both_ways(settings(), async |house| {
        let plan = house.plan("Loud", 999).await;
        let pending = house.subscribe(ANNA, plan.id, Provider::Manual).await.unwrap();
        let reference = pending.open_payment.unwrap().reference;
        let receive = async |reference: &str, received| {
            let call = ReceivePayment { reference: reference.to_owned(), received };
            house.ask(&system(), call).await
        };
        for wrong in [euros(998), euros(1_000), euros(0), euros(i64::MIN), money(999, "USD")] {
            assert_eq!(invalid_field(receive(&reference, wrong).await), "received");
        }
        for unknown in ["", "HX-", "HX-ÄÄÄÄÄÄ", &"x".repeat(100_000)] {
            assert_eq!(refused(receive(unknown, euros(999)).await), not_found("payment"));
        }
        let typed = format!(" {} ", reference.to_lowercase());
        let paid = receive(&typed, euros(999)).await.unwrap();
        assert_eq!((paid.state, paid.reference.as_str()), (PaymentState::Paid, &*reference));
        assert_eq!(house.state(ANNA).await, Some(SubscriptionState::Active));
        let again = receive(&reference, euros(999)).await;
        assert_eq!(refused(again), not_found("payment"), "nothing is asked for under it any more");
        house.checked_books().await;
    })
    .await;
}

#[tokio::test]
async fn references_of_open_payments_differ() {
    both_ways(settings(), async |house| {
        let plan = house.plan("Loud", 999).await;
        let mut references = HashSet::new();
        for id in 100..150 {
            house.accounts.add(AccountId(id));
            let taken = house.subscribe(AccountId(id), plan.id, Provider::Manual).await.unwrap();
            references.insert(taken.open_payment.unwrap().reference);
        }
        assert_eq!(references.len(), 50);
        assert!(references.iter().all(|text| text.len() == 9 && text.starts_with("HX-")));
    })
    .await;
}

#[tokio::test]
async fn who_gets_the_running_period_back_loses_it() {
    both_ways(settings(), async |house| {
        let plan = house.plan("Loud", 999).await;
        let (_, first) = house.subscribed(ANNA, plan.id).await;
        house.clock.advance(MONTH);
        let second = house.open_payment(ANNA).await;
        assert_eq!(refused(refund(&house, second.id).await), wrong(PaymentState::Open));
        house.settle(second.id, true).await.unwrap();

        let back = refund(&house, first.id).await.unwrap();
        assert_eq!((back.state, back.settled_at), (PaymentState::Refunded, first.settled_at));
        assert_eq!(house.state(ANNA).await, Some(SubscriptionState::Active), "another period's");
        refund(&house, second.id).await.unwrap();
        assert_eq!(house.subscription(ANNA).await, None);
        assert_eq!(house.entitled_by(ANNA).await.as_deref(), Some("Free"));
        assert_eq!(refused(refund(&house, second.id).await), wrong(PaymentState::Refunded));
        assert_eq!(refused(house.settle(second.id, true).await), wrong(PaymentState::Refunded));

        let (journal, balances) = house.checked_books().await;
        assert!(balances.iter().all(|balance| balance.money.amount == 0));
        let kinds: Vec<_> = journal.iter().map(|entry| entry.kind).collect();
        let expected = [
            EntryKind::Charge,
            EntryKind::Payment,
            EntryKind::Charge,
            EntryKind::Payment,
            EntryKind::Refund,
            EntryKind::Refund,
        ];
        assert_eq!(kinds, expected);
    })
    .await;
}

#[tokio::test]
async fn a_payment_of_what_has_ended_can_be_given_back() {
    both_ways(settings(), async |house| {
        let plan = house.plan("Loud", 999).await;
        let (_, paid) = house.subscribed(ANNA, plan.id).await;
        house.clock.advance(MONTH);
        let open = house.open_payment(ANNA).await;
        refund(&house, paid.id).await.unwrap();
        assert_eq!(house.state(ANNA).await, Some(SubscriptionState::PastDue), "that one is over");
        house.settle(open.id, false).await.unwrap();
        let (_, balances) = house.checked_books().await;
        let cash = LedgerAccount::Cash(Provider::Manual);
        let cash = balances.iter().find(|balance| balance.account == cash).unwrap();
        assert_eq!(cash.money, euros(0));
    })
    .await;
}
