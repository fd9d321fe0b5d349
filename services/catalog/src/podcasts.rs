//! Podcasts: subscriptions, refreshed now and then, and episodes, downloaded when they are asked for.
//!
//! What is wanted stands in the store; one task of each incarnation does it, a few things at a time.

mod answers;
mod change;
mod download;
mod feed;
mod files;
mod keeper;
mod list;
mod picture;
mod refresh;
mod settings;
mod shape;
mod text;

#[cfg(test)]
mod tests;

pub(crate) use answers::{episode, podcast};
pub(crate) use change::{add, refresh, remove, remove_download, want};
pub(crate) use files::Folders;
pub(crate) use keeper::{Keeper, KeeperSetup};
pub(crate) use list::{list_episodes, list_podcasts};
pub use settings::PodcastSettings;
