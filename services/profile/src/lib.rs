//! The profile: what listeners do with music. Plays and counts, favourites, ratings, playlists.
//!
//! [`Resources`] live as long as the program; each incarnation of the service ([`Profile`]) works
//! on them. It follows the catalog and the accounts, so that its lists hold only what the caller
//! may see, and nothing of an account that is gone.

mod annotated;
mod annotations;
mod errors;
mod favourites;
mod feed;
mod follow;
mod import;
mod page;
mod playlists;
mod plays;
mod resources;
mod service;
mod store;
mod strangers;
mod viewer;

pub use resources::Resources;
pub use service::Profile;
pub use store::{open_memory_store, open_store};
