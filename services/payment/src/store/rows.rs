//! What the tables hold.

use hexachord_contracts::{
    Timestamp,
    ids::{AccountId, PaymentId, PlanId, SubscriptionId},
    payment::{
        Entitlements, EntryKind, JournalEntry, LedgerAccount, Money, Payment, PaymentState, Period,
        Plan, PlanRef, Posting, Provider, Subscription, SubscriptionState,
    },
    steady::{Moment, Steady},
};
use hexachord_storage::Record;
use serde::{Deserialize, Serialize};

use crate::machine::State;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct PlanRow {
    pub(crate) name: String,
    /// What the name is compared by.
    pub(crate) folded: String,
    pub(crate) description: String,
    pub(crate) price: Money,
    pub(crate) period: Period,
    pub(crate) entitlements: Entitlements,
    pub(crate) archived: bool,
    pub(crate) created_at: Timestamp,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SubscriptionRow {
    pub(crate) account: AccountId,
    pub(crate) plan: PlanId,
    /// Price and period as they were when it was taken.
    pub(crate) price: Money,
    pub(crate) period: Period,
    pub(crate) provider: Provider,
    pub(crate) state: State,
    pub(crate) created_at: Timestamp,
    pub(crate) period_ends: Option<Steady>,
    /// The payment of the period that was paid last.
    pub(crate) paid_by: Option<PaymentId>,
    pub(crate) open: Option<Open>,
}

/// A payment that is awaited.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Open {
    pub(crate) payment: PaymentId,
    pub(crate) asked: Steady,
    /// When the period that it pays begins; the first one begins when it is paid.
    pub(crate) follows: Option<Steady>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct PaymentRow {
    pub(crate) subscription: SubscriptionId,
    pub(crate) account: AccountId,
    pub(crate) price: Money,
    pub(crate) provider: Provider,
    pub(crate) state: PaymentState,
    pub(crate) reference: String,
    pub(crate) created_at: Timestamp,
    pub(crate) settled_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct EntryRow {
    pub(crate) at: Timestamp,
    pub(crate) kind: EntryKind,
    pub(crate) payment: PaymentId,
    pub(crate) postings: Vec<Posting>,
}

impl Record for PlanRow {
    const VERSION: u8 = 1;
}
impl Record for SubscriptionRow {
    const VERSION: u8 = 1;
}
impl Record for PaymentRow {
    const VERSION: u8 = 1;
}
impl Record for EntryRow {
    const VERSION: u8 = 1;
}

impl PlanRow {
    pub(crate) fn is_free(&self) -> bool {
        self.price.amount == 0
    }

    pub(crate) fn plan(&self, id: PlanId) -> Plan {
        Plan {
            id,
            name: self.name.clone(),
            description: self.description.clone(),
            price: self.price,
            period: self.period,
            entitlements: self.entitlements,
            free: self.is_free(),
            archived: self.archived,
            created_at: self.created_at,
        }
    }

    pub(crate) fn reference(&self, id: PlanId) -> PlanRef {
        PlanRef { id, name: self.name.clone() }
    }
}

impl SubscriptionRow {
    pub(crate) fn subscription(
        &self,
        id: SubscriptionId,
        plan: PlanRef,
        open_payment: Option<Payment>,
        now: Moment,
    ) -> Subscription {
        Subscription {
            id,
            account: self.account,
            plan,
            price: self.price,
            provider: self.provider,
            state: self.state.shown(),
            created_at: self.created_at,
            period_ends_at: self.period_ends.map(|ends| on_the_wall(ends, now)),
            cancelled: self.state == State::Cancelled,
            open_payment,
        }
    }
}

/// When `at` is, or was, for people.
fn on_the_wall(at: Steady, now: Moment) -> Timestamp {
    let ahead = now.wall.plus(at.since(now.steady));
    let ago = i64::try_from(now.steady.since(at).as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(ahead.as_millis().saturating_sub(ago))
}

impl PaymentRow {
    pub(crate) fn payment(&self, id: PaymentId) -> Payment {
        Payment {
            id,
            subscription: self.subscription,
            account: self.account,
            price: self.price,
            provider: self.provider,
            state: self.state,
            reference: self.reference.clone(),
            created_at: self.created_at,
            settled_at: self.settled_at,
        }
    }
}

impl EntryRow {
    pub(crate) fn entry(self, number: u64) -> JournalEntry {
        let Self { at, kind, payment, postings } = self;
        JournalEntry { number, at, kind, payment, postings }
    }
}

/// Codes of states in keys; they never change.
pub(super) fn subscription_code(state: SubscriptionState) -> u8 {
    match state {
        SubscriptionState::Pending => 0,
        SubscriptionState::Active => 1,
        SubscriptionState::PastDue => 2,
        SubscriptionState::Ended => 3,
    }
}

pub(super) fn payment_code(state: PaymentState) -> u8 {
    match state {
        PaymentState::Open => 0,
        PaymentState::Paid => 1,
        PaymentState::Refused => 2,
        PaymentState::Refunded => 3,
    }
}

/// The key of a ledger account: kind and number.
pub(super) fn ledger_code(account: LedgerAccount) -> (u8, u64) {
    match account {
        LedgerAccount::Member(id) => (0, id.0),
        LedgerAccount::FormerMembers => (1, 0),
        LedgerAccount::Cash(Provider::Manual) => (2, 0),
        LedgerAccount::Cash(Provider::Test) => (2, 1),
        LedgerAccount::Revenue => (3, 0),
    }
}

pub(super) fn ledger_account(code: (u8, u64)) -> Option<LedgerAccount> {
    Some(match code {
        (0, id) => LedgerAccount::Member(AccountId(id)),
        (1, 0) => LedgerAccount::FormerMembers,
        (2, 0) => LedgerAccount::Cash(Provider::Manual),
        (2, 1) => LedgerAccount::Cash(Provider::Test),
        (3, 0) => LedgerAccount::Revenue,
        _ => return None,
    })
}
