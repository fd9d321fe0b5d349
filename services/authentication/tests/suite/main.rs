//! The suite of authentication: each test runs over the mailbox and over bytes.

#![expect(clippy::unwrap_used, reason = "a step that fails fails its test")]

mod accounts;
mod claim;
mod device_keys;
mod devices;
mod durability;
mod feed;
mod house;
mod incarnations;
mod registration;
mod secrets;
mod sessions;
mod sign_in;
mod throttle;
