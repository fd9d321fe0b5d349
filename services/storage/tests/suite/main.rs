//! The store as services use it: group commit, schemas, outboxes.

#![expect(clippy::unwrap_used, reason = "what fails in a suite fails the test that asked for it")]

mod closing;
mod errors;
mod groups;
mod house;
mod opening;
mod outbox;
mod polling;
mod queues;
