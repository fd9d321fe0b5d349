//! The ledger inside a transaction: an entry and the balances it moves, together.

use hexachord_contracts::{
    ids::{AccountId, PaymentId},
    payment::{EntryKind, LedgerAccount, PaymentError, Posting},
};
use hexachord_storage::{Record, StoreError};
use redb::ReadableTable;

use super::{
    change::{Change, Stop},
    rows::{EntryRow, PaymentRow, ledger_code},
    tables::{get_named, under},
};
use crate::postings::{plus, postings};

impl Change<'_> {
    /// Adds an entry about a payment.
    pub(super) fn post(
        &mut self,
        kind: EntryKind,
        payment: PaymentId,
        of: &PaymentRow,
    ) -> Result<(), Stop> {
        let postings = postings(kind, of.account, of.provider, of.price)?.to_vec();
        let number = self.tables.journal.last()?.map_or(0, |(number, _)| number.value()) + 1;
        for posting in &postings {
            self.move_balance(posting)?;
            if let LedgerAccount::Member(account) = posting.account {
                self.tables.journal_by_member.insert((account.0, number), ())?;
            }
        }
        let entry = EntryRow { at: self.now.wall, kind, payment, postings };
        self.tables.journal.insert(number, entry.to_bytes()?.as_slice())?;
        Ok(())
    }

    fn move_balance(&mut self, posting: &Posting) -> Result<(), Stop> {
        let (kind, number) = ledger_code(posting.account);
        let key = (kind, number, posting.money.currency.code());
        let before = self.tables.balances.get(key)?.map_or(0, |balance| balance.value());
        let after = plus(before, posting.money.amount)?;
        self.tables.balances.insert(key, after)?;
        Ok(())
    }

    /// Makes up to `most` entries about a member ones about a former member; how many there were.
    pub(super) fn forget_member(&mut self, account: AccountId, most: usize) -> Result<usize, Stop> {
        let numbers = under(&self.tables.journal_by_member, account.0, u64::MAX)?;
        let numbers = numbers.take(most).collect::<Result<Vec<_>, _>>()?;
        for &number in &numbers {
            let mut entry: EntryRow = get_named(&self.tables.journal, number)?;
            for posting in &mut entry.postings {
                if posting.account == LedgerAccount::Member(account) {
                    self.make_former(posting)?;
                }
            }
            self.tables.journal.insert(number, entry.to_bytes()?.as_slice())?;
            self.tables.journal_by_member.remove((account.0, number))?;
        }
        Ok(numbers.len())
    }

    fn make_former(&mut self, posting: &mut Posting) -> Result<(), Stop> {
        let mut back = *posting;
        back.money.amount = posting.money.amount.checked_neg().ok_or(PaymentError::Overflow)?;
        self.move_balance(&back)?;
        posting.account = LedgerAccount::FormerMembers;
        self.move_balance(posting)
    }

    /// Removes the balances of a member without entries.
    pub(super) fn forget_balances(&mut self, account: AccountId) -> Result<(), StoreError> {
        let (kind, number) = ledger_code(LedgerAccount::Member(account));
        let of_member = (kind, number, "")..(kind, number, "\u{7f}");
        self.tables.balances.retain_in(of_member, |_, _| false)?;
        Ok(())
    }
}
