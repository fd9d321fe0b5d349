//! An account that is gone, inside transactions: nothing of it is left but anonymous entries.

use hexachord_contracts::ids::AccountId;

use super::{
    change::{Change, Effect, Stop},
    rows::{PaymentRow, SubscriptionRow, payment_code, subscription_code},
    tables::{get_named, under},
};
use crate::machine::Event;

/// Rows that one transaction removes of each kind.
const BATCH: usize = 500;

impl Change<'_> {
    /// Removes a part of what there is of an account; `true` once nothing is left.
    pub(crate) fn remove_some(&mut self, account: AccountId) -> Result<bool, Stop> {
        if let Some((id, row)) = self.live(account)? {
            // Its payment is not asked for any more.
            self.step(id, row, Event::End)?;
        }
        let is_done = self.forget_member(account, BATCH)? < BATCH
            && self.remove_payments(account)? < BATCH
            && self.remove_subscriptions(account)? < BATCH;
        if is_done {
            self.forget_balances(account)?;
            self.tables.accounts.remove(account.0)?;
            self.effects.push(Effect::AccountRemoved(account));
        }
        Ok(is_done)
    }

    fn remove_payments(&mut self, account: AccountId) -> Result<usize, Stop> {
        let ids = under(&self.tables.payments_by_account, account.0, u64::MAX)?;
        let ids = ids.take(BATCH).collect::<Result<Vec<_>, _>>()?;
        for &id in &ids {
            let row: PaymentRow = get_named(&self.tables.payments, id)?;
            self.tables.payments_by_state.remove((payment_code(row.state), id))?;
            self.tables.payments_by_account.remove((account.0, id))?;
            self.tables.payments.remove(id)?;
        }
        Ok(ids.len())
    }

    fn remove_subscriptions(&mut self, account: AccountId) -> Result<usize, Stop> {
        let ids = under(&self.tables.subscriptions_by_account, account.0, u64::MAX)?;
        let ids = ids.take(BATCH).collect::<Result<Vec<_>, _>>()?;
        for &id in &ids {
            let row: SubscriptionRow = get_named(&self.tables.subscriptions, id)?;
            let code = subscription_code(row.state.shown());
            self.tables.subscriptions_by_state.remove((code, id))?;
            self.tables.subscriptions_by_account.remove((account.0, id))?;
            self.tables.subscriptions.remove(id)?;
        }
        Ok(ids.len())
    }
}
