//! The life of a subscription: what each event makes of each state.
//!
//! | | pending | active | cancelled | past due | ended |
//! | --- | --- | --- | --- | --- | --- |
//! | paid | active | – | – | active | – |
//! | refused | ended | – | – | ended | – |
//! | period ends | – | past due | ended | – | – |
//! | plan ends | – | ended | ended | – | – |
//! | grace ends | – | – | – | ended | – |
//! | cancel | ended | cancelled | cancelled | ended | – |
//! | resume | – | active | active | – | – |
//! | end | ended | ended | ended | ended | – |
//! | refunded | – | ended | ended | – | – |

use hexachord_contracts::payment::SubscriptionState;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum State {
    /// Its first payment is awaited.
    Pending,
    /// Paid, and renewed when its period ends.
    Active,
    /// Paid, and ends with its period.
    Cancelled,
    /// Its period has ended and the payment of the next one is awaited.
    PastDue,
    Ended,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    /// The payment that is awaited came.
    Paid,
    /// The payment that is awaited will not come.
    Refused,
    PeriodEnds,
    /// The period ends, and its plan cannot be taken any more.
    PlanEnds,
    /// The payment was awaited for long enough.
    GraceEnds,
    Cancel,
    Resume,
    End,
    /// The payment of the running period was given back.
    Refunded,
}

impl State {
    /// The state after `event`; `None`: it cannot happen in this state.
    pub(crate) fn after(self, event: Event) -> Option<Self> {
        use Event::{
            Cancel, End, GraceEnds, Paid, PeriodEnds, PlanEnds, Refunded, Refused, Resume,
        };
        match (self, event) {
            (Self::Pending | Self::PastDue, Paid) | (Self::Active | Self::Cancelled, Resume) => {
                Some(Self::Active)
            }
            (Self::Active, PeriodEnds) => Some(Self::PastDue),
            (Self::Active | Self::Cancelled, Cancel) => Some(Self::Cancelled),
            (Self::Pending | Self::PastDue, Refused | Cancel | End)
            | (Self::Active, PlanEnds | End | Refunded)
            | (Self::Cancelled, PeriodEnds | PlanEnds | End | Refunded)
            | (Self::PastDue, GraceEnds) => Some(Self::Ended),
            (Self::Pending, PeriodEnds | PlanEnds | GraceEnds | Resume | Refunded)
            | (Self::Active | Self::Cancelled, Paid | Refused | GraceEnds)
            | (Self::PastDue, PeriodEnds | PlanEnds | Resume | Refunded)
            | (Self::Ended, _) => None,
        }
    }

    /// As others see it.
    pub(crate) fn shown(self) -> SubscriptionState {
        match self {
            Self::Pending => SubscriptionState::Pending,
            Self::Active | Self::Cancelled => SubscriptionState::Active,
            Self::PastDue => SubscriptionState::PastDue,
            Self::Ended => SubscriptionState::Ended,
        }
    }

    /// A period is paid and runs.
    pub(crate) fn runs(self) -> bool {
        matches!(self, Self::Active | Self::Cancelled)
    }

    /// The account has what its plan allows.
    pub(crate) fn has_plan(self) -> bool {
        self.runs() || self == Self::PastDue
    }
}

#[cfg(test)]
mod tests;
