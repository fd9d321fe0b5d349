//! The profile: what listeners do with music. Plays and counts, favourites, ratings, playlists, queues,
//! bookmarks, shares; and what the house has together: radio stations and messages.
//!
//! [`Resources`] live as long as the program; each incarnation of the service ([`Profile`]) works
//! on them. It follows the catalog and the accounts, so that its lists hold only what the caller
//! may see, and nothing of an account that is gone.

mod annotated;
mod annotations;
mod avatars;
mod bookmarks;
mod chat;
mod errors;
mod favourites;
mod feed;
mod follow;
mod import;
mod news;
mod page;
mod playing;
mod playlists;
mod plays;
mod queue;
mod radio;
mod resources;
mod service;
mod shares;
mod statistics;
mod store;
mod strangers;
mod texts;
mod viewer;

pub use resources::Resources;
pub use service::Profile;
pub use store::{open_memory_store, open_store};
