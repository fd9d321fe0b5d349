//! Pictures of the library and their thumbnails, kept in a folder that may be deleted at any time.

mod cache;
mod colour;
mod error;
mod look;
mod patterns;
mod room;
mod thumbnail;

#[cfg(test)]
mod tests;

pub(crate) use cache::{ArtworkCache, PictureSource};
pub(crate) use error::ArtworkError;
pub(crate) use hexachord_pictures::{PictureFormat, check};
pub(crate) use look::{Look, look_at};
pub(crate) use patterns::{Pattern, Wish, picture_stem, stem_and_ending};
pub use patterns::{PatternError, PatternsOf, PicturePatterns, PictureRules};
pub(crate) use thumbnail::{size_for, thumbnail};
