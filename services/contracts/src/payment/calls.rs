//! The calls of payment: the first ones are about the account that asks, the rest says who may ask.

use serde::{Deserialize, Serialize};

use super::{
    money::Money,
    plan::{Entitlements, Period},
    subscription::{PaymentState, Provider, SubscriptionState},
};
use crate::{
    ids::{AccountId, PaymentId, PlanId, SubscriptionId},
    page::Paging,
};

/// The account that asks: what may it do? Answered from memory.
#[derive(Debug, Serialize, Deserialize)]
pub struct GetEntitlement {}

/// Any account: the plans that can be taken, the free one first, then by price. Administrators and
/// the program may see archived ones too.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListPlans {
    pub archived: bool,
}

/// Administrators and the program. With the first plan that costs something comes a free plan that
/// allows everything, unless there is one. A plan with a price of zero becomes the free plan, if
/// there is none.
#[derive(Debug, Serialize, Deserialize)]
pub struct CreatePlan {
    /// 1 to 100 characters, another one than those of plans that can be taken.
    pub name: String,
    /// At most 2,000 characters.
    pub description: String,
    /// Not negative, in a currency that ISO 4217 knows.
    pub price: Money,
    pub period: Period,
    pub entitlements: Entitlements,
}

/// Administrators and the program: what is absent stays. Prices of subscriptions that were taken
/// stay as they were; what a plan allows holds for all at once.
#[derive(Debug, Serialize, Deserialize)]
pub struct UpdatePlan {
    pub plan: PlanId,
    pub name: Option<String>,
    pub description: Option<String>,
    pub price: Option<Money>,
    pub entitlements: Option<Entitlements>,
    /// The free plan can be archived only when it is the last one: then there are no plans any more.
    pub archived: Option<bool>,
}

/// The account that asks: its subscription that has not ended.
#[derive(Debug, Serialize, Deserialize)]
pub struct GetSubscription {}

/// The account that asks: takes a plan that costs something. Refused while it has a subscription.
#[derive(Debug, Serialize, Deserialize)]
pub struct Subscribe {
    pub plan: PlanId,
    pub provider: Provider,
}

/// The account that asks: an active subscription ends with its period, one without a paid period
/// at once.
#[derive(Debug, Serialize, Deserialize)]
pub struct CancelSubscription {}

/// Administrators and the program: newest first.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListSubscriptions {
    pub state: Option<SubscriptionState>,
    pub paging: Paging,
}

/// Administrators and the program: a subscription for somebody, by the manual provider, awaiting
/// its payment like any other.
#[derive(Debug, Serialize, Deserialize)]
pub struct GrantSubscription {
    pub account: AccountId,
    pub plan: PlanId,
}

/// Administrators and the program: what becomes of a subscription.
#[derive(Debug, Serialize, Deserialize)]
pub struct UpdateSubscription {
    pub subscription: SubscriptionId,
    pub to: SubscriptionUpdate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SubscriptionUpdate {
    /// It ends with its period, as if its account had cancelled it.
    Cancel,
    /// A cancelled one that has not ended is renewed again.
    Resume,
    /// It ends at once.
    End,
}

/// Administrators and the program: newest first.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListPayments {
    pub state: Option<PaymentState>,
    pub account: Option<AccountId>,
    pub paging: Paging,
}

/// Administrators and the program: an open payment was paid, or will not be.
#[derive(Debug, Serialize, Deserialize)]
pub struct SettlePayment {
    pub payment: PaymentId,
    pub paid: bool,
}

/// Administrators and the program: money came in under the reference of an open payment, which is
/// paid by it. Refused when it is not what was asked for.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReceivePayment {
    pub reference: String,
    pub received: Money,
}

/// Administrators and the program: gives a payment back. The subscription ends at once, if it was
/// the payment of its running period.
#[derive(Debug, Serialize, Deserialize)]
pub struct RefundPayment {
    pub payment: PaymentId,
}

/// Administrators and the program: newest first.
#[derive(Debug, Serialize, Deserialize)]
pub struct GetLedger {
    pub paging: Paging,
}

/// Administrators and the program: of each account that has postings, by account and currency.
#[derive(Debug, Serialize, Deserialize)]
pub struct GetBalances {}
