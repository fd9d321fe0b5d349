//! Streams for those who listen: which one suits a client, and those that are made of files.

pub mod abilities;
pub mod decision;
pub mod formats;
pub mod hls;
pub mod source;
