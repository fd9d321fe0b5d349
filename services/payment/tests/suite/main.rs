//! The suite of payment: each test runs over the mailbox and over bytes.

#![expect(clippy::unwrap_used, reason = "a step that fails fails its test")]

mod accounts;
mod durability;
mod entitlement;
mod feed;
mod house;
mod incarnations;
mod ledger;
mod lists;
mod payments;
mod permissions;
mod plans;
mod random;
mod raw;
mod subscriptions;
mod test_provider;
mod time;
