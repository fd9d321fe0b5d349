//! The search service from outside, over its mailbox and over bytes.

mod feeds;
mod following;
mod hostile;
mod house;
mod matching;
mod music;
mod permissions;
mod rebuilding;
mod scripts;
