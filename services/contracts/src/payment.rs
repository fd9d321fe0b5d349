//! What the others may ask payment: what an account may do, plans, subscriptions, payments and the
//! ledger.
//!
//! It owns everything about money. While no plan is configured everything is allowed and there is
//! nothing to see. Amounts are whole minor units (cents) of a currency of ISO 4217.

mod calls;
mod error;
mod ledger;
mod money;
mod plan;
mod subscription;

pub use calls::*;
pub use error::PaymentError;
pub use ledger::*;
pub use money::{Currency, Money, NotACurrency};
pub use plan::*;
pub use subscription::*;

use crate::page::Page;

contract!("payment", PaymentService, PaymentError {
    GetEntitlement => Entitlement,
    ListPlans => Vec<Plan>,
    CreatePlan => Plan,
    UpdatePlan => Plan,
    GetSubscription => Option<Subscription>,
    Subscribe => Subscription,
    CancelSubscription => Subscription,
    ListSubscriptions => Page<Subscription>,
    GrantSubscription => Subscription,
    UpdateSubscription => Subscription,
    ListPayments => Page<Payment>,
    SettlePayment => Payment,
    ReceivePayment => Payment,
    RefundPayment => Payment,
    GetLedger => Page<JournalEntry>,
    GetBalances => Vec<Balance>,
});
