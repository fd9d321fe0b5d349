//! What is read from the store, each in one transaction.

use hexachord_contracts::{
    feed::FeedCursor,
    ids::{AccountId, PaymentId, PlanId, SubscriptionId},
    page::Page,
    payment::{
        Balance, JournalEntry, ListPayments, Money, Payment, Subscription, SubscriptionState,
    },
    steady::Moment,
};
use hexachord_storage::{Record, StoreError};
use redb::{ReadTransaction, ReadableTable};

use super::{
    change::Effect,
    rows::{
        EntryRow, PaymentRow, PlanRow, SubscriptionRow, ledger_account, payment_code,
        subscription_code,
    },
    tables::{View, get_named, under},
};
use crate::{machine::State, paging::Asked};

/// Everything that the mirror holds.
pub(crate) fn load(read: &ReadTransaction) -> Result<Vec<Effect>, StoreError> {
    let view = View::open(read)?;
    let mut all = Vec::new();
    for entry in view.plans.iter()? {
        let (id, row) = entry?;
        all.push(Effect::Plan(PlanId(id.value()), PlanRow::from_bytes(row.value())?));
    }
    let not_ended =
        [SubscriptionState::Pending, SubscriptionState::Active, SubscriptionState::PastDue];
    for state in not_ended {
        for id in under(&view.subscriptions_by_state, subscription_code(state), u64::MAX)? {
            let id = id?;
            let row = get_named(&view.subscriptions, id)?;
            all.push(Effect::Subscription(SubscriptionId(id), row));
        }
    }
    for entry in view.accounts.iter()? {
        all.push(Effect::Account(AccountId(entry?.0.value())));
    }
    Ok(all)
}

/// The last look at the clock.
pub(crate) fn last_look(read: &ReadTransaction) -> Result<Option<Moment>, StoreError> {
    let time = View::open(read)?.time;
    time.get(())?.map(|row| Moment::from_bytes(row.value())).transpose()
}

/// How far the feed of accounts was followed.
pub(crate) fn followed_to(read: &ReadTransaction) -> Result<Option<FeedCursor>, StoreError> {
    let cursor = View::open(read)?.feed.get(())?.map(|row| row.value());
    Ok(cursor.map(|(epoch, sequence)| FeedCursor { epoch, sequence }))
}

/// What others see of a subscription.
pub(super) fn shown(
    id: SubscriptionId,
    row: &SubscriptionRow,
    plans: &impl ReadableTable<u64, &'static [u8]>,
    payments: &impl ReadableTable<u64, &'static [u8]>,
    now: Moment,
) -> Result<Subscription, StoreError> {
    let plan: PlanRow = get_named(plans, row.plan.0)?;
    let open = row.open.map(|open| {
        let payment: PaymentRow = get_named(payments, open.payment.0)?;
        Ok::<_, StoreError>(payment.payment(open.payment))
    });
    Ok(row.subscription(id, plan.reference(row.plan), open.transpose()?, now))
}

/// The subscription of an account that has not ended.
pub(crate) fn live_subscription(
    read: &ReadTransaction,
    account: AccountId,
    now: Moment,
) -> Result<Option<Subscription>, StoreError> {
    let view = View::open(read)?;
    let newest = under(&view.subscriptions_by_account, account.0, u64::MAX)?.next_back();
    let Some(id) = newest.transpose()? else { return Ok(None) };
    let row: SubscriptionRow = get_named(&view.subscriptions, id)?;
    if row.state == State::Ended {
        return Ok(None);
    }
    shown(SubscriptionId(id), &row, &view.plans, &view.payments, now).map(Some)
}

pub(crate) fn subscriptions(
    read: &ReadTransaction,
    state: Option<SubscriptionState>,
    asked: &Asked,
    now: Moment,
) -> Result<Page<Subscription>, StoreError> {
    let view = View::open(read)?;
    let item = |id| {
        let row = get_named(&view.subscriptions, id)?;
        shown(SubscriptionId(id), &row, &view.plans, &view.payments, now).map(Some)
    };
    if let Some(state) = state {
        let ids = under(&view.subscriptions_by_state, subscription_code(state), asked.before)?;
        return asked.page(ids.rev(), item);
    }
    let ids = view.subscriptions.range(..asked.before)?.rev();
    asked.page(ids.map(|entry| Ok(entry?.0.value())), item)
}

pub(crate) fn payments(
    read: &ReadTransaction,
    call: &ListPayments,
    asked: &Asked,
) -> Result<Page<Payment>, StoreError> {
    let view = View::open(read)?;
    let item = |id| {
        let row: PaymentRow = get_named(&view.payments, id)?;
        let wanted = call.state.is_none_or(|state| state == row.state);
        Ok(wanted.then(|| row.payment(PaymentId(id))))
    };
    if let Some(account) = call.account {
        let ids = under(&view.payments_by_account, account.0, asked.before)?;
        return asked.page(ids.rev(), item);
    }
    if let Some(state) = call.state {
        let ids = under(&view.payments_by_state, payment_code(state), asked.before)?;
        return asked.page(ids.rev(), item);
    }
    let ids = view.payments.range(..asked.before)?.rev();
    asked.page(ids.map(|entry| Ok(entry?.0.value())), item)
}

pub(crate) fn ledger(
    read: &ReadTransaction,
    asked: &Asked,
) -> Result<Page<JournalEntry>, StoreError> {
    let view = View::open(read)?;
    let numbers = view.journal.range(..asked.before)?.rev();
    asked.page(numbers.map(|entry| Ok(entry?.0.value())), |number| {
        let row: EntryRow = get_named(&view.journal, number)?;
        Ok(Some(row.entry(number)))
    })
}

pub(crate) fn balances(read: &ReadTransaction) -> Result<Vec<Balance>, StoreError> {
    let damaged = || StoreError::Damaged("a balance".to_owned());
    let rows = View::open(read)?.balances.range::<(u8, u64, &str)>(..)?.map(|entry| {
        let (key, amount) = entry?;
        let (kind, number, currency) = key.value();
        let account = ledger_account((kind, number)).ok_or_else(damaged)?;
        let currency = currency.parse().map_err(|_other| damaged())?;
        Ok(Balance { account, money: Money { amount: amount.value(), currency } })
    });
    rows.collect()
}
