//! The ledger: double entry, in whole minor units.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{money::Money, subscription::Provider};
use crate::{
    Timestamp,
    ids::{AccountId, PaymentId},
};

/// Whose money it is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum LedgerAccount {
    /// What a member owes: above zero until it is paid.
    Member(AccountId),
    /// What members owed who are gone: their accounts are not told any more.
    FormerMembers,
    /// What a provider holds for the house.
    Cash(Provider),
    /// What was earned: below zero, since it is owed to nobody.
    Revenue,
}

/// Amounts above zero are debits, those below zero credits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Posting {
    pub account: LedgerAccount,
    pub money: Money,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// A payment was asked for.
    Charge,
    /// It was paid.
    Payment,
    /// It is not asked for any more.
    Void,
    /// It was given back.
    Refund,
}

/// One thing that happened. The postings of each currency add up to zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct JournalEntry {
    /// From 1, without a gap.
    pub number: u64,
    pub at: Timestamp,
    pub kind: EntryKind,
    pub payment: PaymentId,
    pub postings: Vec<Posting>,
}

/// What the postings of an account add up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Balance {
    pub account: LedgerAccount,
    pub money: Money,
}
