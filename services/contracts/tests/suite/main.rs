//! Calls, and what they are made of, as services and the edge meet them.

#![expect(clippy::unwrap_used, reason = "what fails in a suite fails the test that asked for it")]

mod authentication;
mod calls;
mod catalog;
mod failpoints;
mod failures;
mod follow;
mod house;
mod ids;
mod json;
mod payment;
mod profile;
mod recommendation;
mod search;
mod wire;
