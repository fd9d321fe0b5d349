//! One change of the facts inside a transaction: it writes the tables, and keeps what the mirror
//! has to learn once the transaction is durable.

use hexachord_contracts::{
    feed::FeedCursor,
    ids::{AccountId, PaymentId, PlanId, SubscriptionId},
    payment::{Payment, PaymentError, Subscription},
    steady::Moment,
};
use hexachord_storage::{Record, StoreError};
use rand::{Rng, SeedableRng, rngs::StdRng};
use redb::{ReadableTable, WriteTransaction};

use super::{
    rows::{PaymentRow, PlanRow, SubscriptionRow, payment_code, subscription_code},
    tables::{Tables, get, get_named, under},
};
use crate::machine::State;

/// What a durable change means for the mirror.
pub(crate) enum Effect {
    Plan(PlanId, PlanRow),
    /// Of any state: the mirror keeps those that have not ended.
    Subscription(SubscriptionId, SubscriptionRow),
    Account(AccountId),
    AccountRemoved(AccountId),
}

/// Why a change is not made. Nothing of it is written then.
#[derive(Debug)]
pub(crate) enum Stop {
    Refused(PaymentError),
    Failed(StoreError),
}

pub(crate) struct Change<'w> {
    pub(super) tables: Tables<'w>,
    pub(super) effects: Vec<Effect>,
    pub(crate) now: Moment,
    rng: StdRng,
}

impl From<PaymentError> for Stop {
    fn from(error: PaymentError) -> Self {
        Self::Refused(error)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

impl From<redb::StorageError> for Stop {
    fn from(error: redb::StorageError) -> Self {
        Self::Failed(error.into())
    }
}

impl<'w> Change<'w> {
    /// `seed` makes ids and references: the same ones when the change has to be made again.
    pub(crate) fn begin(
        write: &'w WriteTransaction,
        now: Moment,
        seed: u64,
    ) -> Result<Self, StoreError> {
        let rng = StdRng::seed_from_u64(seed);
        Ok(Self { tables: Tables::open(write)?, effects: Vec::new(), now, rng })
    }

    /// Writes the time of the change; returns what the mirror has to learn.
    pub(crate) fn finish(mut self) -> Result<Vec<Effect>, StoreError> {
        self.tables.time.insert((), self.now.to_bytes()?.as_slice())?;
        Ok(self.effects)
    }

    pub(crate) fn random(&mut self) -> u64 {
        self.rng.next_u64()
    }

    /// A fresh id: ids of one kind ascend, and cannot be guessed from another one.
    pub(super) fn next_id(&mut self, kind: &'static str) -> Result<u64, StoreError> {
        const RANDOM_BITS: u32 = 24;
        let number = self.tables.numbers.get(kind)?.map_or(0, |number| number.value()) + 1;
        self.tables.numbers.insert(kind, number)?;
        Ok(number << RANDOM_BITS | self.random() >> (u64::BITS - RANDOM_BITS))
    }

    pub(crate) fn plan(&self, id: PlanId) -> Result<Option<PlanRow>, StoreError> {
        get(&self.tables.plans, &id.0)
    }

    pub(crate) fn plans(&self) -> Result<Vec<(PlanId, PlanRow)>, StoreError> {
        let rows = self.tables.plans.iter()?.map(|entry| {
            let (id, row) = entry?;
            Ok((PlanId(id.value()), PlanRow::from_bytes(row.value())?))
        });
        rows.collect()
    }

    pub(crate) fn put_plan(&mut self, id: PlanId, row: PlanRow) -> Result<(), StoreError> {
        self.tables.plans.insert(id.0, row.to_bytes()?.as_slice())?;
        self.effects.push(Effect::Plan(id, row));
        Ok(())
    }

    pub(crate) fn subscription(
        &self,
        id: SubscriptionId,
    ) -> Result<Option<SubscriptionRow>, StoreError> {
        get(&self.tables.subscriptions, &id.0)
    }

    /// The subscription of an account that has not ended: never another one than its newest.
    pub(crate) fn live(
        &self,
        account: AccountId,
    ) -> Result<Option<(SubscriptionId, SubscriptionRow)>, StoreError> {
        let mut newest = under(&self.tables.subscriptions_by_account, account.0, u64::MAX)?;
        let Some(id) = newest.next_back().transpose()? else { return Ok(None) };
        let row: SubscriptionRow = get_named(&self.tables.subscriptions, id)?;
        Ok((row.state != State::Ended).then_some((SubscriptionId(id), row)))
    }

    pub(super) fn put_subscription(
        &mut self,
        id: SubscriptionId,
        row: SubscriptionRow,
    ) -> Result<(), StoreError> {
        let code = subscription_code(row.state.shown());
        if let Some(before) = self.subscription(id)? {
            let code = subscription_code(before.state.shown());
            self.tables.subscriptions_by_state.remove((code, id.0))?;
        }
        self.tables.subscriptions_by_state.insert((code, id.0), ())?;
        self.tables.subscriptions_by_account.insert((row.account.0, id.0), ())?;
        self.tables.subscriptions.insert(id.0, row.to_bytes()?.as_slice())?;
        self.effects.push(Effect::Subscription(id, row));
        Ok(())
    }

    pub(crate) fn payment(&self, id: PaymentId) -> Result<Option<PaymentRow>, StoreError> {
        get(&self.tables.payments, &id.0)
    }

    /// The open payment with this reference.
    pub(crate) fn referred(&self, reference: &str) -> Result<Option<PaymentId>, StoreError> {
        Ok(self.tables.references.get(reference)?.map(|id| PaymentId(id.value())))
    }

    pub(super) fn put_payment(
        &mut self,
        id: PaymentId,
        row: &PaymentRow,
    ) -> Result<(), StoreError> {
        if let Some(before) = self.payment(id)? {
            self.tables.payments_by_state.remove((payment_code(before.state), id.0))?;
        }
        self.tables.payments_by_state.insert((payment_code(row.state), id.0), ())?;
        self.tables.payments_by_account.insert((row.account.0, id.0), ())?;
        self.tables.payments.insert(id.0, row.to_bytes()?.as_slice())?;
        Ok(())
    }

    pub(crate) fn knows(&self, account: AccountId) -> Result<bool, StoreError> {
        Ok(self.tables.accounts.get(account.0)?.is_some())
    }

    pub(crate) fn put_account(&mut self, account: AccountId) -> Result<(), StoreError> {
        self.tables.accounts.insert(account.0, ())?;
        self.effects.push(Effect::Account(account));
        Ok(())
    }

    /// How far the feed of accounts was followed.
    pub(crate) fn put_cursor(&mut self, cursor: FeedCursor) -> Result<(), StoreError> {
        self.tables.feed.insert((), (cursor.epoch, cursor.sequence))?;
        Ok(())
    }

    /// What others see of a subscription.
    pub(crate) fn shown(
        &self,
        id: SubscriptionId,
        row: &SubscriptionRow,
    ) -> Result<Subscription, StoreError> {
        super::read::shown(id, row, &self.tables.plans, &self.tables.payments, self.now)
    }

    /// What others see of a payment.
    pub(crate) fn shown_payment(&self, id: PaymentId) -> Result<Payment, StoreError> {
        let row: PaymentRow = get_named(&self.tables.payments, id.0)?;
        Ok(row.payment(id))
    }
}
