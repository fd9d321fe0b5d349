//! Decodes pictures within limits that are checked before memory is taken.

use std::io::Cursor;

use fast_image_resize::images::Image;
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits, Rgb, RgbImage};

use crate::{PictureError, PictureFormat};

const MOST_SIDE: u32 = 12_000;
/// Of eight bits a channel; `MOST_MEMORY` allows fewer of sixteen.
const MOST_PIXELS: u64 = 25_000_000;
/// Of a decoded picture.
const MOST_MEMORY: u64 = 128 * 1024 * 1024;

/// What shows through where a picture is transparent: light and dark logos are seen on it.
const BACKGROUND: u8 = 0x80;

/// A picture without transparency, as it was stored.
pub struct Decoded {
    pixels: RgbImage,
    orientation: Orientation,
}

/// Checks the size that the header of `picture` claims.
pub fn check(picture: &[u8]) -> Result<PictureFormat, PictureError> {
    let format = PictureFormat::of(picture).ok_or(PictureError::NotAPicture)?;
    let mut reader = ImageReader::with_format(Cursor::new(picture), format.into());
    reader.limits(limits());
    let (width, height) = reader.into_dimensions().map_err(damaged)?;
    let pixels = u64::from(width) * u64::from(height);
    if width > MOST_SIDE || height > MOST_SIDE || pixels > MOST_PIXELS {
        return Err(PictureError::TooLarge { width, height });
    }
    Ok(format)
}

/// Of an animation the first frame.
pub fn decode(bytes: &[u8]) -> Result<Decoded, PictureError> {
    let format = check(bytes)?;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format.into());
    reader.limits(limits());
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    if limits().reserve(decoder.total_bytes()).is_err() {
        let (width, height) = decoder.dimensions();
        return Err(PictureError::TooLarge { width, height });
    }
    let orientation = decoder.orientation().map_err(damaged)?;
    let picture = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    Ok(Decoded { pixels: without_transparency(picture), orientation })
}

impl Decoded {
    /// Shrinks it into a square of `side` pixels and turns it upright; one that fits keeps its size.
    pub fn fit(self, side: u32) -> Result<DynamicImage, PictureError> {
        let (width, height) = self.pixels.dimensions();
        let longest = width.max(height);
        if longest <= side {
            return Ok(self.upright());
        }
        let scaled = |length: u32| {
            let exact = u64::from(length) * u64::from(side) / u64::from(longest);
            u32::try_from(exact).unwrap_or(side).max(1)
        };
        self.resized(scaled(width), scaled(height), ResizeOptions::new())
    }

    /// Its middle as a square of at most `side` pixels, upright.
    pub fn square(self, side: u32) -> Result<DynamicImage, PictureError> {
        let (width, height) = self.pixels.dimensions();
        let side = side.min(width).min(height).max(1);
        // What is too long is cut off at both ends.
        self.resized(side, side, ResizeOptions::new().fit_into_destination(None))
    }

    fn resized(
        self,
        width: u32,
        height: u32,
        options: ResizeOptions,
    ) -> Result<DynamicImage, PictureError> {
        let (from_width, from_height) = self.pixels.dimensions();
        let pixels = self.pixels.into_raw();
        let source = Image::from_vec_u8(from_width, from_height, pixels, PixelType::U8x3)
            .map_err(|error| PictureError::Damaged(error.to_string()))?;
        let mut small = Image::new(width, height, PixelType::U8x3);
        let algorithm = ResizeAlg::Convolution(FilterType::Lanczos3);
        Resizer::new()
            .resize(&source, &mut small, &options.resize_alg(algorithm))
            .map_err(|error| PictureError::Damaged(error.to_string()))?;
        let pixels = RgbImage::from_raw(width, height, small.into_vec())
            .ok_or_else(|| PictureError::Damaged("it has too few pixels".to_owned()))?;
        Ok(Self { pixels, ..self }.upright())
    }

    fn upright(self) -> DynamicImage {
        let mut picture = DynamicImage::ImageRgb8(self.pixels);
        picture.apply_orientation(self.orientation);
        picture
    }
}

fn limits() -> Limits {
    // What a header claims is told by `check`; this bounds what decoding takes.
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MOST_MEMORY);
    limits
}

fn without_transparency(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let transparent = picture.into_rgba8();
    let (width, height) = transparent.dimensions();
    let mut opaque = RgbImage::new(width, height);
    for (from, to) in transparent.pixels().zip(opaque.pixels_mut()) {
        let [red, green, blue, alpha] = from.0.map(u16::from);
        let over =
            |colour: u16| (colour * alpha + u16::from(BACKGROUND) * (255 - alpha)).div_ceil(255);
        *to = Rgb([over(red), over(green), over(blue)].map(|level| level.min(255) as u8));
    }
    opaque
}

/// A JPEG of a picture; `quality` out of 100.
pub fn jpeg(picture: &DynamicImage, quality: u8) -> Result<Vec<u8>, PictureError> {
    let mut jpeg = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut jpeg, quality);
    picture.write_with_encoder(encoder).map_err(damaged)?;
    Ok(jpeg)
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn damaged(error: image::ImageError) -> PictureError {
    PictureError::Damaged(error.to_string())
}
