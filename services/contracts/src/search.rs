//! What the others may ask search: find artists, albums, tracks and playlists while someone types,
//! suggest how a query may go on, and mark what matches.
//!
//! It owns an index that follows the catalog and profile and can be thrown away at any time.

mod calls;
mod error;
mod types;

pub use calls::*;
pub use error::SearchError;
pub use types::*;

contract!("search", Search, SearchError {
    Find => Found,
    Suggest => Vec<Suggestion>,
    Mark => Vec<Vec<Span>>,
    GetIndex => IndexState,
});
