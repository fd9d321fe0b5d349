//! Makes a small JPEG of a picture.

use hexachord_pictures::{decode, jpeg};

use super::error::ArtworkError;

/// Sides that are made, in pixels: others are rounded up, so that a cache stays small.
const SIZES: [u32; 8] = [64, 128, 256, 320, 512, 640, 1024, 2048];

/// Of JPEG, out of 100: where artefacts of covers cease to be seen.
const QUALITY: u8 = 82;

/// The side that is made for `size`, the largest there is for what is beyond.
pub(crate) fn size_for(size: u32) -> u32 {
    SIZES.into_iter().find(|made| *made >= size).unwrap_or(SIZES[SIZES.len() - 1])
}

/// A JPEG that fits into a square of `side` pixels and is no larger than the picture.
pub(crate) fn thumbnail(bytes: &[u8], side: u32) -> Result<Vec<u8>, ArtworkError> {
    Ok(jpeg(&decode(bytes)?.fit(side)?, QUALITY)?)
}
