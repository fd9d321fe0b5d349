//! The ledger: what each step posts, and that it always adds up.

use hexachord_contracts::payment::{
    Balance, EntryKind, GetBalances, LedgerAccount, PaymentError, Posting, Provider, RefundPayment,
};
use redb::TableDefinition;

use crate::house::{ANNA, BERT, both_ways, euros, money, new_plan, refused, settings};

fn posting(account: LedgerAccount, amount: i64) -> Posting {
    Posting { account, money: euros(amount) }
}

#[tokio::test]
async fn each_step_posts_its_two_sides() {
    both_ways(settings(), async |house| {
        let plan = house.plan("Loud", 999).await;
        let (_, paid) = house.subscribed(ANNA, plan.id).await;
        house.subscribe(BERT, plan.id, Provider::Manual).await.unwrap();
        let open = house.open_payment(BERT).await;
        house.settle(open.id, false).await.unwrap();
        house.admin(RefundPayment { payment: paid.id }).await;
        let (journal, balances) = house.checked_books().await;
        let [anna, bert] = [ANNA, BERT].map(LedgerAccount::Member);
        let cash = LedgerAccount::Cash(Provider::Manual);
        let revenue = LedgerAccount::Revenue;
        let expected = [
            (EntryKind::Charge, paid.id, posting(anna, 999), posting(revenue, -999)),
            (EntryKind::Payment, paid.id, posting(cash, 999), posting(anna, -999)),
            (EntryKind::Charge, open.id, posting(bert, 999), posting(revenue, -999)),
            (EntryKind::Void, open.id, posting(revenue, 999), posting(bert, -999)),
            (EntryKind::Refund, paid.id, posting(revenue, 999), posting(cash, -999)),
        ];
        assert_eq!(journal.len(), expected.len());
        for (entry, (kind, payment, debit, credit)) in journal.iter().zip(expected) {
            assert_eq!((entry.kind, entry.payment), (kind, payment));
            assert_eq!(entry.postings, [debit, credit]);
            assert_eq!(entry.at, house.clock.now());
        }
        let accounts: Vec<_> = balances.iter().map(|balance| balance.account).collect();
        assert_eq!(accounts, [anna, bert, cash, revenue], "by account");
    })
    .await;
}

#[tokio::test]
async fn currencies_do_not_mix() {
    both_ways(settings(), async |house| {
        let loud = house.plan("Loud", 999).await;
        let yen = house.admin(new_plan("Yen", money(1_000_000_000_000, "JPY"))).await;
        house.subscribed(ANNA, loud.id).await;
        house.subscribed(BERT, yen.id).await;
        house.checked_books().await;
        let balances = house.admin(GetBalances {}).await;
        let revenue: Vec<_> = balances
            .into_iter()
            .filter(|balance| balance.account == LedgerAccount::Revenue)
            .collect();
        let of = |money| Balance { account: LedgerAccount::Revenue, money };
        assert_eq!(revenue, [of(euros(-999)), of(money(-1_000_000_000_000, "JPY"))]);
    })
    .await;
}

#[tokio::test]
async fn what_does_not_fit_is_refused_as_a_whole() {
    both_ways(settings(), async |house| {
        let plan = house.plan("Loud", 999).await;
        // As after millions of the dearest plans.
        let full = house.store.write(|write| {
            let balances = TableDefinition::<(u8, u64, &str), i64>::new("balances");
            write.open_table(balances)?.insert((3, 0, "EUR"), i64::MIN + 998)?;
            Ok(())
        });
        full.await.unwrap();
        let before = house.admin(GetBalances {}).await;
        let answer = house.subscribe(ANNA, plan.id, Provider::Manual).await;
        assert_eq!(refused(answer), PaymentError::Overflow);
        assert_eq!(house.admin(GetBalances {}).await, before);
        assert_eq!(house.subscription(ANNA).await, None);
        assert!(house.payments().await.is_empty());
        assert!(house.journal().await.is_empty());
    })
    .await;
}
