//! The life of a subscription inside a transaction: what an event does to it, to its payments and
//! to the ledger.

use hexachord_contracts::{
    ids::{AccountId, PaymentId, PlanId, SubscriptionId},
    payment::{EntryKind, PaymentError, PaymentState, Provider},
    steady::Steady,
};
use hexachord_storage::StoreError;
use redb::ReadableTable;

use super::{
    change::{Change, Stop},
    rows::{Open, PaymentRow, PlanRow, SubscriptionRow},
    tables::get_named,
};
use crate::{
    due::{length, next_event},
    machine::{Event, State},
    reference::reference,
    settings::Settings,
};

impl Change<'_> {
    /// A new subscription, whose first payment is awaited.
    pub(crate) fn take(
        &mut self,
        account: AccountId,
        plan: (PlanId, &PlanRow),
        provider: Provider,
    ) -> Result<(SubscriptionId, SubscriptionRow), Stop> {
        let id = SubscriptionId(self.next_id("subscription")?);
        let (plan, PlanRow { price, period, .. }) = plan;
        let mut row = SubscriptionRow {
            account,
            plan,
            price: *price,
            period: *period,
            provider,
            state: State::Pending,
            created_at: self.now.wall,
            period_ends: None,
            paid_by: None,
            open: None,
        };
        self.ask(id, &mut row, None)?;
        self.put_subscription(id, row.clone())?;
        Ok((id, row))
    }

    /// Lets `event` happen to a subscription.
    pub(crate) fn step(
        &mut self,
        id: SubscriptionId,
        mut row: SubscriptionRow,
        event: Event,
    ) -> Result<SubscriptionRow, Stop> {
        let wrong = || PaymentError::WrongSubscriptionState { state: row.state.shown() };
        let next = row.state.after(event).ok_or_else(wrong)?;
        match next {
            State::Active if event == Event::Paid => self.pay(&mut row)?,
            State::PastDue => self.renew(id, &mut row)?,
            State::Ended => self.end(&mut row)?,
            State::Pending | State::Active | State::Cancelled => {}
        }
        row.state = next;
        self.put_subscription(id, row.clone())?;
        Ok(row)
    }

    /// Lets happen what was due by now, if anything was.
    pub(crate) fn look_at(&mut self, id: SubscriptionId, settings: &Settings) -> Result<(), Stop> {
        let Some(row) = self.subscription(id)? else { return Ok(()) };
        let next = next_event(&row, settings).filter(|(at, _)| *at <= self.now.steady);
        let Some((_, mut event)) = next else { return Ok(()) };
        let plan: PlanRow = get_named(&self.tables.plans, row.plan.0)?;
        if event == Event::PeriodEnds && plan.archived {
            event = Event::PlanEnds;
        }
        self.step(id, row, event)?;
        Ok(())
    }

    /// Asks for the payment of the next period. It follows on the one before; if it were over
    /// already (nothing ran for so long), it begins now.
    fn renew(&mut self, id: SubscriptionId, row: &mut SubscriptionRow) -> Result<(), Stop> {
        let now = self.now.steady;
        let follows = row.period_ends.unwrap_or(now);
        let is_over = follows.plus(length(row.period)) <= now;
        self.ask(id, row, Some(if is_over { now } else { follows }))
    }

    fn ask(
        &mut self,
        id: SubscriptionId,
        row: &mut SubscriptionRow,
        follows: Option<Steady>,
    ) -> Result<(), Stop> {
        let payment = PaymentId(self.next_id("payment")?);
        let asked = PaymentRow {
            subscription: id,
            account: row.account,
            price: row.price,
            provider: row.provider,
            state: PaymentState::Open,
            reference: self.fresh_reference(payment)?,
            created_at: self.now.wall,
            settled_at: None,
        };
        self.post(EntryKind::Charge, payment, &asked)?;
        self.put_payment(payment, &asked)?;
        row.open = Some(Open { payment, asked: self.now.steady, follows });
        Ok(())
    }

    /// Another one than those of payments that are open.
    fn fresh_reference(&mut self, payment: PaymentId) -> Result<String, StoreError> {
        loop {
            let text = reference(self.random());
            if self.tables.references.get(text.as_str())?.is_none() {
                self.tables.references.insert(text.as_str(), payment.0)?;
                return Ok(text);
            }
        }
    }

    fn pay(&mut self, row: &mut SubscriptionRow) -> Result<(), Stop> {
        let Some(open) = row.open.take() else {
            return Err(StoreError::Damaged("no payment is awaited".to_owned()).into());
        };
        self.settle(open.payment, PaymentState::Paid)?;
        let begins = open.follows.unwrap_or(self.now.steady);
        row.period_ends = Some(begins.plus(length(row.period)));
        row.paid_by = Some(open.payment);
        Ok(())
    }

    fn end(&mut self, row: &mut SubscriptionRow) -> Result<(), Stop> {
        if let Some(open) = row.open.take() {
            self.settle(open.payment, PaymentState::Refused)?;
        }
        row.period_ends = row.period_ends.map(|ends| ends.min(self.now.steady));
        Ok(())
    }

    /// An open payment was paid, or is not asked for any more.
    fn settle(&mut self, id: PaymentId, state: PaymentState) -> Result<(), Stop> {
        let mut row: PaymentRow = get_named(&self.tables.payments, id.0)?;
        let paid = state == PaymentState::Paid;
        self.post(if paid { EntryKind::Payment } else { EntryKind::Void }, id, &row)?;
        self.tables.references.remove(row.reference.as_str())?;
        row.state = state;
        row.settled_at = Some(self.now.wall);
        self.put_payment(id, &row)?;
        Ok(())
    }

    /// Gives a paid payment back.
    pub(crate) fn give_back(&mut self, id: PaymentId, mut row: PaymentRow) -> Result<(), Stop> {
        self.post(EntryKind::Refund, id, &row)?;
        row.state = PaymentState::Refunded;
        self.put_payment(id, &row)?;
        let subscription: SubscriptionRow =
            get_named(&self.tables.subscriptions, row.subscription.0)?;
        if subscription.state.runs() && subscription.paid_by == Some(id) {
            self.step(row.subscription, subscription, Event::Refunded)?;
        }
        Ok(())
    }
}
