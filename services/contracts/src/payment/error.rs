//! Why payment refuses.

use serde::{Deserialize, Serialize};

use super::subscription::{PaymentState, SubscriptionState};

/// One error for the whole service; the edge maps it once to a status and a code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum PaymentError {
    /// `what` is "plan", "subscription", "payment" or "account".
    #[error("no such {what}")]
    NotFound { what: String },
    /// `field` is the name of the call's field.
    #[error("{field}: {reason}")]
    Invalid { field: String, reason: String },
    #[error("only an administrator may do this")]
    Forbidden,
    #[error("sign in as a listener to do this")]
    NoAccount,
    #[error("a plan is called `{0}` already")]
    NameTaken(String),
    #[error("this account has a subscription already: another one can be taken once it has ended")]
    AlreadySubscribed,
    #[error("this plan cannot be taken any more")]
    Archived,
    #[error("this plan costs nothing: everybody without a subscription has it")]
    NothingToPay,
    #[error("others depend on the free plan: archive them first")]
    FreePlanNeeded,
    #[error("this way to pay is not offered here")]
    ProviderUnavailable,
    #[error("the subscription is {}: this cannot be done with it", state.name())]
    WrongSubscriptionState { state: SubscriptionState },
    #[error("the payment is {}: only an open one can be settled, only a paid one given back", state.name())]
    WrongPaymentState { state: PaymentState },
    #[error("the amount is too large for the ledger")]
    Overflow,
    #[error("too much work is waiting: try again in a moment")]
    Busy,
    #[error("the disk that holds the data folder is full")]
    DiskFull,
    #[error("storage failed: {0}")]
    Storage(String),
}
