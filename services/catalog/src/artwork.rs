//! Pictures of the library and their thumbnails, kept in a folder that may be deleted at any time.

mod cache;
mod error;
mod format;
mod thumbnail;

#[cfg(test)]
mod tests;

pub(crate) use cache::{ArtworkCache, PictureSource};
pub(crate) use error::ArtworkError;
pub(crate) use format::PictureFormat;
pub(crate) use thumbnail::size_for;
