//! What the others may ask the catalog: browse, locate, scan, and follow what changes.
//!
//! It owns libraries, files, tracks, albums, artists, genres and artwork. Everything a caller
//! browses is limited to the libraries that its context allows, inside the query.

mod calls;
mod error;
mod matching;
mod scan;
mod types;

pub use calls::*;
pub use error::CatalogError;
pub use matching::*;
pub use scan::*;
pub use types::*;

use crate::{feed, follow::feed_of, page::Page};

contract!("catalog", Catalog, CatalogError {
    ListTracks => Page<Track>,
    ListAlbums => Page<Album>,
    ListArtists => Page<Artist>,
    ListGenres => Page<Genre>,
    GetTrack => Track,
    GetAlbum => AlbumDetail,
    GetArtist => ArtistDetail,
    GetTracks => Vec<Option<Track>>,
    GetAlbums => Vec<Option<Album>>,
    GetArtists => Vec<Option<Artist>>,
    Locate => Location,
    LocateCover => CoverLocation,
    ListLibraries => Vec<Library>,
    StartScan => ScanState,
    CancelScan => ScanState,
    GetScan => ScanState,
    ListUnreadable => Page<UnreadableFile>,
    MatchTracks => Vec<Option<MatchedTrack>>,
    FollowCatalog => feed::Changes<CatalogChange>,
    CatalogSnapshot => feed::Snapshot<CatalogChange>,
});

feed_of!(Catalog, CatalogChange, FollowCatalog, CatalogSnapshot);
