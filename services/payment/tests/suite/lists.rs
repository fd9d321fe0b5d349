//! Lists in pages, newest first.

use hexachord_contracts::{
    ids::AccountId,
    page::{Page, Paging},
    payment::{
        GetLedger, ListPayments, ListSubscriptions, PaymentState, Provider, SubscriptionState,
    },
};

use crate::house::{House, both_ways, invalid_field, settings, system};

fn paging(limit: u32, cursor: Option<String>) -> Paging {
    Paging { limit, cursor }
}

/// Seven accounts with a subscription; every other one is paid.
async fn seven(house: &House) {
    let plan = house.plan("Loud", 999).await;
    for id in 1..=7 {
        house.accounts.add(AccountId(100 + id));
        let account = AccountId(100 + id);
        let taken = house.subscribe(account, plan.id, Provider::Manual).await.unwrap();
        if id % 2 == 0 {
            house.settle(taken.open_payment.unwrap().id, true).await.unwrap();
        }
    }
}

#[tokio::test]
async fn subscriptions_by_state() {
    both_ways(settings(), async |house| {
        seven(&house).await;
        for (state, expected) in [
            (None, vec![107, 106, 105, 104, 103, 102, 101]),
            (Some(SubscriptionState::Pending), vec![107, 105, 103, 101]),
            (Some(SubscriptionState::Active), vec![106, 104, 102]),
            (Some(SubscriptionState::Ended), vec![]),
        ] {
            let mut listed = Vec::new();
            let mut cursor = None;
            loop {
                let call = ListSubscriptions { state, paging: paging(2, cursor) };
                let Page { items, next_cursor } = house.admin(call).await;
                assert!(items.len() == 2 || next_cursor.is_none());
                for item in items {
                    assert_eq!(item.open_payment.is_some(), item.account.0 % 2 == 1);
                    listed.push(item.account.0);
                }
                cursor = next_cursor;
                if cursor.is_none() {
                    break;
                }
            }
            assert_eq!(listed, expected, "{state:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn payments_by_state_and_account() {
    both_ways(settings(), async |house| {
        seven(&house).await;
        for (state, account, expected) in [
            (None, None, vec![107, 106, 105, 104, 103, 102, 101]),
            (Some(PaymentState::Paid), None, vec![106, 104, 102]),
            (Some(PaymentState::Open), None, vec![107, 105, 103, 101]),
            (None, Some(103), vec![103]),
            (Some(PaymentState::Open), Some(103), vec![103]),
            (Some(PaymentState::Paid), Some(103), vec![]),
            (None, Some(99), vec![]),
        ] {
            let mut listed = Vec::new();
            let mut cursor = None;
            loop {
                let account = account.map(AccountId);
                let call = ListPayments { state, account, paging: paging(2, cursor) };
                let Page { items, next_cursor } = house.admin(call).await;
                listed.extend(items.iter().map(|item| item.account.0));
                cursor = next_cursor;
                if cursor.is_none() {
                    break;
                }
            }
            assert_eq!(listed, expected, "{state:?} {account:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn limits_and_cursors_are_looked_at() {
    both_ways(settings(), async |house| {
        seven(&house).await;
        let page = house.admin(GetLedger { paging: paging(3, None) }).await;
        let numbers: Vec<_> = page.items.iter().map(|entry| entry.number).collect();
        assert_eq!(numbers, [10, 9, 8]);
        let ledger_cursor = page.next_cursor;
        for (field, wrong) in [
            ("limit", paging(0, None)),
            ("limit", paging(501, None)),
            ("limit", paging(u32::MAX, None)),
            ("cursor", paging(1, Some(String::new()))),
            ("cursor", paging(1, Some("payments.".to_owned()))),
            ("cursor", paging(1, Some("payments.xyz".to_owned()))),
            ("cursor", paging(1, Some("payments.ffffffffffffffffff".to_owned()))),
            ("cursor", paging(1, ledger_cursor)),
        ] {
            let call = ListPayments { state: None, account: None, paging: wrong.clone() };
            assert_eq!(invalid_field(house.ask(&system(), call).await), field, "{wrong:?}");
        }
    })
    .await;
}
