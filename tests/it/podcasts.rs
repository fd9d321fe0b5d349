//! Podcasts over the real app: from a feed to a player.

mod inside;
mod listening;
pub(crate) mod stage;
