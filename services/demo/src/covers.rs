//! Album covers, drawn by the program: 800 × 800 pixels, one motif and one palette an album.

mod arcade;
mod canvas;
mod cradle;
mod doors;
mod lanterns;
mod mountains;
mod tiles;

use canvas::{Canvas, SIZE};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder, ImageError};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Motif {
    Lanterns,
    Tiles,
    Arcade,
    Cradle,
    Mountains,
    Doors,
}

impl Motif {
    fn draw(self) -> Canvas {
        match self {
            Self::Lanterns => lanterns::draw(),
            Self::Tiles => tiles::draw(),
            Self::Arcade => arcade::draw(),
            Self::Cradle => cradle::draw(),
            Self::Mountains => mountains::draw(),
            Self::Doors => doors::draw(),
        }
    }
}

pub(super) fn jpeg(motif: Motif) -> Result<Vec<u8>, ImageError> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 88).write_image(
        &motif.draw().into_rgb(),
        SIZE,
        SIZE,
        ExtendedColorType::Rgb8,
    )?;
    Ok(bytes)
}

pub(super) fn png(motif: Motif) -> Result<Vec<u8>, ImageError> {
    let mut bytes = Vec::new();
    PngEncoder::new(&mut bytes).write_image(
        &motif.draw().into_rgb(),
        SIZE,
        SIZE,
        ExtendedColorType::Rgb8,
    )?;
    Ok(bytes)
}
