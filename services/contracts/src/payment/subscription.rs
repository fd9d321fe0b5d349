//! Subscriptions and their payments.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{money::Money, plan::PlanRef};
use crate::{
    Timestamp,
    ids::{AccountId, PaymentId, SubscriptionId},
};

/// Where a subscription is. `pending` → `active` ⇄ `past_due` → `ended`; from each it may end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SubscriptionState {
    /// Its first payment is awaited; the plan is not there yet.
    Pending,
    /// Paid until `period_ends_at`.
    Active,
    /// The period has ended and its next payment is awaited; the plan goes on for a grace time.
    PastDue,
    /// Cancelled, refused, refunded or not paid in time.
    Ended,
}

impl SubscriptionState {
    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::PastDue => "past due",
            Self::Ended => "ended",
        }
    }
}

/// Who takes the money.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// Money changes hands outside; an administrator confirms it.
    Manual,
    /// Settles by rule on the server's clock, for trying plans out; only where it is configured.
    Test,
}

/// At most one subscription of an account has not ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Subscription {
    pub id: SubscriptionId,
    pub account: AccountId,
    pub plan: PlanRef,
    /// As it was when the subscription was taken.
    pub price: Money,
    pub provider: Provider,
    pub state: SubscriptionState,
    pub created_at: Timestamp,
    /// What is paid lasts until then; absent before the first payment.
    pub period_ends_at: Option<Timestamp>,
    /// It ends with the period instead of being renewed.
    pub cancelled: bool,
    /// The payment that is awaited, if one is.
    pub open_payment: Option<Payment>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentState {
    Open,
    Paid,
    /// The provider or an administrator said no, or the subscription ended before.
    Refused,
    Refunded,
}

impl PaymentState {
    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Paid => "paid",
            Self::Refused => "refused",
            Self::Refunded => "refunded",
        }
    }
}

/// Money for one period of a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Payment {
    pub id: PaymentId,
    pub subscription: SubscriptionId,
    pub account: AccountId,
    pub price: Money,
    pub provider: Provider,
    pub state: PaymentState,
    /// For the transfer: short, and read out easily.
    pub reference: String,
    pub created_at: Timestamp,
    pub settled_at: Option<Timestamp>,
}
