//! Pictures of people and records: known by their first bytes, decoded within limits whoever made them,
//! made small; and one for who has none.

mod decode;
mod error;
mod format;
mod identicon;

#[cfg(test)]
mod tests;

pub use decode::{Decoded, check, decode, jpeg};
pub use error::PictureError;
pub use format::PictureFormat;
pub use identicon::identicon;
