//! The postings of each kind of entry: two that add up to zero.

use hexachord_contracts::{
    ids::AccountId,
    payment::{EntryKind, LedgerAccount, Money, PaymentError, Posting, Provider},
};

/// What `kind` moves for a payment of `price` by `account` over `provider`.
///
/// | | debit | credit |
/// | --- | --- | --- |
/// | charge | member | revenue |
/// | payment | cash | member |
/// | void | revenue | member |
/// | refund | revenue | cash |
pub(crate) fn postings(
    kind: EntryKind,
    account: AccountId,
    provider: Provider,
    price: Money,
) -> Result<[Posting; 2], PaymentError> {
    let (member, cash) = (LedgerAccount::Member(account), LedgerAccount::Cash(provider));
    let (debit, credit) = match kind {
        EntryKind::Charge => (member, LedgerAccount::Revenue),
        EntryKind::Payment => (cash, member),
        EntryKind::Void => (LedgerAccount::Revenue, member),
        EntryKind::Refund => (LedgerAccount::Revenue, cash),
    };
    let taken = price.amount.checked_neg().ok_or(PaymentError::Overflow)?;
    let given = Money { amount: taken, ..price };
    Ok([Posting { account: debit, money: price }, Posting { account: credit, money: given }])
}

/// A balance after a posting.
pub(crate) fn plus(balance: i64, amount: i64) -> Result<i64, PaymentError> {
    balance.checked_add(amount).ok_or(PaymentError::Overflow)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_refused() {
        let price = |amount| Money { amount, currency: "EUR".parse().unwrap() };
        let charge =
            |amount| postings(EntryKind::Charge, AccountId(1), Provider::Manual, price(amount));
        let [debit, credit] = charge(i64::MAX).unwrap();
        assert_eq!(debit.money.amount + credit.money.amount, 0);
        assert_eq!(charge(i64::MIN), Err(PaymentError::Overflow));
        assert_eq!(plus(i64::MAX, 1), Err(PaymentError::Overflow));
        assert_eq!(plus(i64::MIN, -1), Err(PaymentError::Overflow));
        assert_eq!(plus(i64::MAX, -1), Ok(i64::MAX - 1));
    }
}
