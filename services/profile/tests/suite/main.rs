//! The suite of profile: each test runs over the mailbox and over bytes.

#![expect(clippy::unwrap_used, reason = "a step that fails fails its test")]

mod accounts;
mod annotated;
mod annotations;
mod arrange;
mod avatars;
mod batches;
mod bookmarks;
mod catalog;
mod chat;
mod edits;
mod fake_feed;
mod feed;
mod house;
mod import;
mod import_playlists;
mod incarnations;
mod limited;
mod listing;
mod news;
mod playing;
mod playlists;
mod plays;
mod projection;
mod queue;
mod radio;
mod removal;
mod reunion;
mod shares;
mod songs;
mod statistics;
mod succession;
mod top;
