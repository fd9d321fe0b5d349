//! The search service from outside, over its mailbox and over bytes.

mod feeds;
mod fields;
mod following;
mod hostile;
mod house;
mod liking;
mod lyrics;
mod matching;
mod music;
mod paging;
mod permissions;
mod rebuilding;
mod scripts;
mod suggesting;
mod table;
