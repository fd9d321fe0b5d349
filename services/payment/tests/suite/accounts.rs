//! An account that is gone takes everything of its own with it; the books still add up.

use hexachord_contracts::{
    ids::AccountId,
    payment::{
        CancelSubscription, EntryKind, GrantSubscription, LedgerAccount, ListPayments, Provider,
        RefundPayment,
    },
};

use crate::{
    house::{ANNA, BERT, House, MONTH, both_ways, listener, not_found, refused, settings, system},
    raw::tables_with,
};

/// An id whose bytes are found nowhere else.
const CARL: AccountId = AccountId(0x0123_4567_89ab_cdef);

async fn with_carl(house: &House) {
    house.accounts.add(CARL);
    house.accounts.caught_up().await;
}

async fn remove(house: &House, account: AccountId) {
    house.accounts.remove(account);
    house.accounts.caught_up().await;
}

#[tokio::test]
async fn nothing_of_a_removed_account_is_left() {
    both_ways(settings(), async |house| {
        with_carl(&house).await;
        let plan = house.plan("Loud", 999).await;
        house.subscribed(ANNA, plan.id).await;
        let (_, paid) = house.subscribed(CARL, plan.id).await;
        house.clock.advance(MONTH);
        let open = house.open_payment(CARL).await;
        let tables = tables_with(&house.store, CARL).await;
        let expected = [
            "subscriptions",
            "payments",
            "journal",
            "subscriptions_by_account",
            "payments_by_account",
            "journal_by_member",
            "balances",
            "accounts",
        ];
        assert_eq!(tables, expected, "the search finds what is there");
        let before = house.journal().await.len();

        remove(&house, CARL).await;
        assert_eq!(tables_with(&house.store, CARL).await, Vec::<String>::new());
        let (journal, balances) = house.checked_books().await;
        assert_eq!(journal.len(), before + 1);
        let last = journal.last().unwrap();
        assert_eq!((last.kind, last.payment), (EntryKind::Void, open.id));
        assert!(journal.iter().any(|entry| entry.payment == paid.id), "anonymous, but there");
        let former = balances.iter().find(|one| one.account == LedgerAccount::FormerMembers);
        assert_eq!(former.unwrap().money.amount, 0);

        // Who asks with a credential that is still good for a moment leaves nothing behind.
        assert_eq!(house.subscription(CARL).await, None);
        assert_eq!(house.entitled_by(CARL).await.as_deref(), Some("Free"));
        let late = house.subscribe(CARL, plan.id, Provider::Manual).await;
        assert_eq!(refused(late), not_found("account"));
        let late = GrantSubscription { account: CARL, plan: plan.id };
        assert_eq!(refused(house.ask(&system(), late).await), not_found("account"));
        let late = house.ask(&system(), RefundPayment { payment: paid.id }).await;
        assert_eq!(refused(late), not_found("payment"));
        assert_eq!(refused(house.settle(open.id, true).await), not_found("payment"));
        assert_eq!(tables_with(&house.store, CARL).await, Vec::<String>::new());
        assert_eq!(house.entitled_by(ANNA).await.as_deref(), Some("Loud"), "others keep theirs");
    })
    .await;
}

#[tokio::test]
async fn who_did_much_is_removed_in_parts() {
    both_ways(settings(), async |house| {
        with_carl(&house).await;
        let plan = house.plan("Loud", 999).await;
        for _ in 0..600 {
            house.subscribe(CARL, plan.id, Provider::Manual).await.unwrap();
            house.ask(&listener(CARL), CancelSubscription {}).await.unwrap();
        }
        house.subscribed(CARL, plan.id).await;
        remove(&house, CARL).await;
        assert_eq!(tables_with(&house.store, CARL).await, Vec::<String>::new());
        assert!(house.payments().await.is_empty());
        let (journal, _) = house.checked_books().await;
        assert_eq!(journal.len(), 1_202);
    })
    .await;
}

#[tokio::test]
async fn who_is_missing_from_a_snapshot_is_gone() {
    both_ways(settings(), async |house| {
        with_carl(&house).await;
        let plan = house.plan("Loud", 999).await;
        for account in [ANNA, BERT, CARL] {
            house.subscribed(account, plan.id).await;
        }
        let dora = AccountId(77);
        house.accounts.restore(&[ANNA, BERT, dora]);
        house.accounts.caught_up().await;
        assert_eq!(tables_with(&house.store, CARL).await, Vec::<String>::new());
        house.checked_books().await;
        for account in [ANNA, BERT] {
            assert_eq!(house.entitled_by(account).await.as_deref(), Some("Loud"));
        }
        house.subscribed(dora, plan.id).await;
        let paging = hexachord_contracts::page::Paging::default();
        let call = ListPayments { state: None, account: Some(CARL), paging };
        assert!(house.admin(call).await.items.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_new_account_may_subscribe_before_its_news_has_come() {
    both_ways(settings(), async |house| {
        let plan = house.plan("Loud", 999).await;
        let early = async { house.subscribe(CARL, plan.id, Provider::Manual).await };
        let told = async {
            tokio::task::yield_now().await;
            house.accounts.add(CARL);
        };
        let (taken, ()) = tokio::join!(early, told);
        assert_eq!(taken.unwrap().account, CARL);
    })
    .await;
}
