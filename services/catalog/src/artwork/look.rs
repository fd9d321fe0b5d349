//! How a picture looks from afar: its colour, and a blurred copy of some 25 bytes.

use hexachord_pictures::decode;
use image::GenericImageView as _;
use serde::{Deserialize, Serialize};

use super::colour::dominant;
use super::error::ArtworkError;

/// As many pixels a side as a `ThumbHash` can be made of.
const SIDE: u32 = 100;

/// What is shown of a picture before it is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Look {
    /// Red, green and blue of the colour that a person would name.
    pub(crate) colour: [u8; 3],
    /// A [ThumbHash](https://evanw.github.io/thumbhash/).
    pub(crate) thumbhash: Vec<u8>,
}

/// Decodes a picture, within limits, and looks at it.
pub(crate) fn look_at(bytes: &[u8]) -> Result<Look, ArtworkError> {
    let small = decode(bytes)?.fit(SIDE)?;
    let (width, height) = small.dimensions();
    let colour = dominant(&small.to_rgb8());
    let pixels = small.to_rgba8();
    let thumbhash = thumbhash::rgba_to_thumb_hash(width as usize, height as usize, pixels.as_raw());
    Ok(Look { colour, thumbhash })
}
