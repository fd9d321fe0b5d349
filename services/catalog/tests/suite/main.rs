//! The catalog as others meet it: every case over the mailbox and over bytes.

#![expect(clippy::unwrap_used, reason = "what fails in a suite fails the test that asked for it")]

mod browsing;
mod covers;
mod feed;
mod histories;
mod house;
mod identity;
mod matching;
mod missing;
mod paging;
mod permissions;
mod restarting;
mod reunion;
mod scanning;
mod without_files;
