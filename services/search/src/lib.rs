//! Search: artists, albums, tracks and playlists, found while somebody types.
//!
//! [`Resources`] live as long as the program; each incarnation of the service ([`Search`]) works
//! on them. The index is derived state: it follows the feeds of the catalog and of profile, keeps
//! their cursors in the commits of its documents, and is built anew whenever it is not usable.

mod answers;
mod best;
mod boosts;
mod committed;
mod cursor;
mod documents;
mod entry;
mod error;
mod facets;
mod find;
mod followers;
mod indexer;
mod mark;
mod marks;
mod matching;
mod merging;
mod names;
mod opening;
mod passing;
mod query;
mod rank;
mod ranking;
mod resources;
mod schema;
mod segment;
mod service;
mod sought;
mod suggest;
mod taste;
mod text;
mod texts;
mod understanding;
mod view;
mod vocabulary;
mod writing;

pub use resources::Resources;
pub use service::Search;
