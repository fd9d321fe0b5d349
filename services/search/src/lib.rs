//! Search: artists, albums, tracks and playlists, found while somebody types.
//!
//! [`Resources`] live as long as the program; each incarnation of the service ([`Search`]) works
//! on them. The index is derived state: it follows the feeds of the catalog and of profile, keeps
//! their cursors in the commits of its documents, and is built anew whenever it is not usable.

mod answers;
mod committed;
mod documents;
mod error;
mod find;
mod followers;
mod indexer;
mod matching;
mod opening;
mod ranking;
mod resources;
mod schema;
mod service;
mod sought;
mod text;
mod view;
mod writing;

pub use resources::Resources;
pub use service::Search;
