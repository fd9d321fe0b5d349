//! The catalog as others meet it: every case over the mailbox and over bytes.

#![expect(clippy::unwrap_used, reason = "what fails in a suite fails the test that asked for it")]

mod analysis;
mod being_written;
mod browsing;
mod covers;
mod covers_chosen;
mod covers_looks;
mod cue_sheets;
mod edits;
mod feed;
mod feed_server;
mod finding;
mod folders;
mod forgetting;
mod histories;
mod house;
mod identity;
mod libraries;
mod losses;
mod lyrics;
mod matching;
mod matching_tracks;
mod missing;
mod paging;
mod permissions;
mod podcasts;
mod polling;
mod restarting;
mod reunion;
mod scanning;
mod splitting;
mod tags;
mod watching;
mod windows;
mod without_files;
