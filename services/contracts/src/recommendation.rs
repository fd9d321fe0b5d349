//! What the others may ask recommendation: what to hear next, and why.
//!
//! It owns models and features, which follow profile and the catalog and can be thrown away at any
//! time. It learns from plays that counted, favourites and ratings.

mod calls;
mod error;
mod mixes;
mod types;

pub use calls::*;
pub use error::RecommendationError;
pub use mixes::*;
pub use types::*;

use crate::ids::{AlbumId, ArtistId};

contract!("recommendation", Recommendation, RecommendationError {
    Recommend => Vec<Recommended>,
    FindSimilar => Vec<Recommended>,
    FindSimilarAlbums => Vec<AlbumId>,
    FindSimilarArtists => Vec<ArtistId>,
    ContinueFrom => Vec<Recommended>,
    GetMixes => Vec<Mix>,
    GetMix => Mix,
    Rediscover => Vec<Rediscovered>,
    FindSonic => Vec<SonicMatch>,
    FindSonicPath => Vec<SonicMatch>,
    GetModel => ModelState,
});
