//! Thumbnails, originals and refusals.

use std::fs;
use std::io::Cursor;
use std::path::PathBuf;

use hexachord_contracts::Clock;
use hexachord_fixtures::{Format, Piece, Tags, tag};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use tempfile::TempDir;

use super::cache::CachedPicture;
use super::*;
use crate::read::PictureId;

/// Left half red, right half blue.
fn halves(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| {
        if x < width / 2 { Rgb([220, 20, 20]) } else { Rgb([20, 20, 220]) }
    })
}

fn encoded(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

struct Case {
    folder: TempDir,
    cache: ArtworkCache,
    source: PictureSource,
    id: PictureId,
}

fn cache(folder: PathBuf) -> ArtworkCache {
    ArtworkCache::new(folder, None, None, Clock::default())
}

/// A cache and `picture` in a file beside it.
fn case(picture: &[u8]) -> Case {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("cover.jpg");
    fs::write(&path, picture).unwrap();
    let cache = cache(folder.path().join("artwork"));
    let source = PictureSource::Folder { below: folder.path().to_owned(), path };
    Case { folder, cache, source, id: PictureId::of(picture) }
}

impl Case {
    fn get(&self, size: Option<u32>) -> Result<CachedPicture, ArtworkError> {
        self.cache.get(&self.source, self.id, size)
    }

    #[track_caller]
    fn thumbnail(&self, size: u32) -> RgbImage {
        let cached = self.get(Some(size)).unwrap();
        assert_eq!(cached.content_type, "image/jpeg");
        let bytes = fs::read(cached.path).unwrap();
        image::load_from_memory_with_format(&bytes, ImageFormat::Jpeg).unwrap().into_rgb8()
    }

    #[track_caller]
    fn refusal(&self) -> ArtworkError {
        let refusal = self.get(Some(64)).unwrap_err();
        let original = self.get(None).unwrap_err();
        assert_eq!(refusal.to_string(), original.to_string());
        refusal
    }
}

#[test]
fn a_thumbnail_fits_and_is_not_cropped() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Bmp] {
        let case = case(&encoded(halves(800, 400), format));
        assert_eq!(case.thumbnail(200).dimensions(), (256, 128), "{format:?}");
        assert_eq!(case.thumbnail(64).dimensions(), (64, 32), "{format:?}");
    }
    let small = case(&encoded(halves(100, 60), ImageFormat::Png)).thumbnail(512);
    assert_eq!(small.dimensions(), (100, 60), "it is not enlarged");
    let left = small.get_pixel(10, 30).0;
    assert!(left[0] > 180 && left[2] < 60, "{left:?}");
}

#[test]
fn sizes_are_rounded_up() {
    let rounded = [1, 64, 65, 300, 700, 2048, u32::MAX].map(size_for);
    assert_eq!(rounded, [64, 64, 128, 320, 1024, 2048, 2048]);
}

#[test]
fn transparency_becomes_a_neutral_background() {
    let clear = RgbaImage::from_pixel(100, 100, Rgba([255, 0, 0, 0]));
    let pixel = case(&encoded(clear, ImageFormat::Png)).thumbnail(64).get_pixel(32, 32).0;
    assert!(pixel.iter().all(|level| level.abs_diff(0x80) < 4), "{pixel:?}");
}

#[test]
fn orientation_of_exif_is_honoured() {
    // TIFF, little endian: one entry, 0x0112 orientation = 6 (turned by a quarter).
    let exif = [
        b"Exif\0\0II*\0\x08\0\0\0\x01\0".as_slice(),
        b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0",
    ]
    .concat();
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    let jpeg = encoded(halves(400, 200), ImageFormat::Jpeg);
    let turned = [&jpeg[..2], b"\xFF\xE1", &length, &exif, &jpeg[2..]].concat();
    let small = case(&turned).thumbnail(128);
    assert_eq!(small.dimensions(), (64, 128));
    let (top, bottom) = (small.get_pixel(32, 10).0, small.get_pixel(32, 118).0);
    assert!(top[0] > 150 && bottom[2] > 150, "{top:?} {bottom:?}");
}

#[test]
fn an_embedded_picture_is_extracted() {
    let folder = TempDir::new().unwrap();
    let picture = encoded(halves(300, 300), ImageFormat::Jpeg);
    for format in Format::ALL {
        let path = folder.path().join("piece");
        Piece::new(format, 1).write(&path).unwrap();
        let tags = Tags { picture: Some(picture.clone()), ..Tags::default() };
        tag(&path, &tags).unwrap();
        let cache = cache(folder.path().join(format!("{format:?}")));
        let source = PictureSource::Embedded(path);
        let original = cache.get(&source, PictureId::of(&picture), None).unwrap();
        assert_eq!(original.content_type, "image/jpeg");
        assert_eq!(fs::read(original.path).unwrap(), picture, "{format:?}");
    }
}

#[test]
fn deleted_files_come_back_and_kept_ones_are_used() {
    let case = case(&encoded(halves(300, 300), ImageFormat::Png));
    for size in [None, Some(64)] {
        let first = case.get(size).unwrap();
        let bytes = fs::read(&first.path).unwrap();
        fs::remove_dir_all(case.folder.path().join("artwork")).unwrap();
        assert_eq!(case.get(size).unwrap(), first);
        assert_eq!(fs::read(&first.path).unwrap(), bytes);
    }
    fs::remove_file(case.folder.path().join("cover.jpg")).unwrap();
    case.get(Some(64)).unwrap();
    assert!(matches!(case.get(Some(512)), Err(ArtworkError::Gone)));
}

#[test]
fn a_changed_picture_is_not_taken_for_the_old_one() {
    let case = case(&encoded(halves(30, 30), ImageFormat::Png));
    let other = encoded(halves(40, 40), ImageFormat::Png);
    fs::write(case.folder.path().join("cover.jpg"), other).unwrap();
    assert!(matches!(case.refusal(), ArtworkError::Changed));
}

/// A PNG whose header claims `width` × `height`.
fn claiming(width: u32, height: u32) -> Vec<u8> {
    let mut png = encoded(halves(8, 8), ImageFormat::Png);
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let checksum = crc32(&png[12..29]);
    png[29..33].copy_from_slice(&checksum.to_be_bytes());
    png
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 }
        })
    })
}

#[test]
fn too_many_pixels_are_refused_by_the_header_that_claims_them() {
    for (width, height) in [(50_000, 50_000), (12_001, 1), (8_000, 8_000)] {
        let case = case(&claiming(width, height));
        // There are no such pixels: who began to decode them would call the picture damaged.
        assert_eq!(
            case.refusal().to_string(),
            format!("it is too large: {width} × {height} pixels")
        );
    }
}

#[test]
fn deep_pictures_are_refused_before_they_take_memory() {
    let mut png = claiming(5_000, 4_900);
    let eight_bits = case(&png).get(Some(64)).unwrap_err();
    assert!(matches!(eight_bits, ArtworkError::Damaged(_)), "{eight_bits}");
    // Sixteen bits of red, green, blue and alpha.
    png[24..26].copy_from_slice(&[16, 6]);
    let checksum = crc32(&png[12..29]);
    png[29..33].copy_from_slice(&checksum.to_be_bytes());
    let refusal = case(&png).get(Some(64)).unwrap_err();
    assert_eq!(refusal.to_string(), "it is too large: 5000 × 4900 pixels");
}

#[test]
fn what_is_no_picture_is_refused() {
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>".as_slice();
    for bytes in [svg, b"<html>", b"", b"\xFF\xD8"] {
        assert!(matches!(case(bytes).refusal(), ArtworkError::NotAPicture));
        assert_eq!(id_of_file(&case(bytes)), None);
    }
}

fn id_of_file(case: &Case) -> Option<PictureId> {
    let folder = case.folder.path();
    PictureId::of_file(folder, &folder.join("cover.jpg")).unwrap()
}

/// The first bytes of pictures that claim to have 50,000 × 50,000 pixels, or as many as can be said.
#[test]
fn headers_that_claim_too_much_are_refused_in_every_format() {
    let jpeg = {
        let mut jpeg = encoded(halves(8, 8), ImageFormat::Jpeg);
        let frame = jpeg.windows(2).position(|marker| marker == [0xFF, 0xC0]).unwrap();
        jpeg[frame + 5..frame + 9].copy_from_slice(&[0xC3, 0x50, 0xC3, 0x50]);
        jpeg
    };
    let mut gif = encoded(halves(8, 8), ImageFormat::Gif);
    gif[6..10].copy_from_slice(&[0x50, 0xC3, 0x50, 0xC3]);
    let mut bmp = encoded(halves(8, 8), ImageFormat::Bmp);
    bmp[18..22].copy_from_slice(&50_000_u32.to_le_bytes());
    bmp[22..26].copy_from_slice(&50_000_u32.to_le_bytes());
    // The extended format: a canvas of up to 16,384 pixels a side.
    let mut webp = b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0".to_vec();
    webp.extend_from_slice(&[0xFF, 0x3F, 0, 0xFF, 0x3F, 0, 0, 0, 0, 0]);
    for (name, picture) in [("jpeg", jpeg), ("gif", gif), ("bmp", bmp), ("webp", webp)] {
        let refusal = case(&picture).refusal();
        let is_right = match name {
            "webp" => matches!(refusal, ArtworkError::TooLarge { .. } | ArtworkError::Damaged(_)),
            _ => matches!(refusal, ArtworkError::TooLarge { width: 50_000, height: 50_000 }),
        };
        assert!(is_right, "{name}: {refusal}");
        assert!(look_at(&picture).is_err(), "{name}");
    }
}

#[test]
fn of_thousands_of_frames_the_first_is_shown() {
    let mut animation = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut animation);
    for number in 0..3_000_u32 {
        let shade = if number == 0 { 250 } else { 0 };
        let frame = RgbaImage::from_pixel(8, 8, Rgba([shade, 0, 0, 255]));
        encoder.encode_frame(image::Frame::new(frame)).unwrap();
    }
    drop(encoder);
    let pixel = case(&animation).thumbnail(64).get_pixel(4, 4).0;
    assert!(pixel[0] > 230 && pixel[1] < 30, "{pixel:?}");
    assert!(look_at(&animation).unwrap().colour[0] > 230);
}

#[test]
fn unusual_pictures_are_shown_as_they_are() {
    let deep = image::ImageBuffer::from_pixel(40, 20, image::Rgba([60_000_u16, 0, 0, 65_535]));
    let grey = image::GrayImage::from_pixel(40, 20, image::Luma([77]));
    let clear = image::ImageBuffer::from_pixel(40, 20, image::LumaA([77_u8, 255]));
    for (picture, wanted) in [
        (DynamicImage::ImageRgba16(deep), [233, 0, 0]),
        (DynamicImage::ImageLuma8(grey), [77; 3]),
        (DynamicImage::ImageLumaA8(clear), [77; 3]),
    ] {
        let png = encoded(picture, ImageFormat::Png);
        let pixel = case(&png).thumbnail(64).get_pixel(20, 10).0;
        assert!(pixel.iter().zip(wanted).all(|(one, other)| one.abs_diff(other) < 6), "{pixel:?}");
        let colour = look_at(&png).unwrap().colour;
        assert!(
            colour.iter().zip(wanted).all(|(one, other)| one.abs_diff(other) < 6),
            "{colour:?}"
        );
    }
}

/// A PNG with a palette of three colours, and one whose pixels point behind its palette.
#[test]
fn palettes_are_understood() {
    let palette = |pixel: u8| {
        // One row of four pixels, stored without compression.
        let rows = [0, pixel, pixel, pixel, pixel];
        let mut data = vec![0x78, 0x01, 0x01, 5, 0, 0xFA, 0xFF];
        data.extend_from_slice(&rows);
        data.extend_from_slice(&adler32(&rows).to_be_bytes());
        let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
        for (kind, content) in [
            (b"IHDR", &[0, 0, 0, 4, 0, 0, 0, 1, 8, 3, 0, 0, 0][..]),
            (b"PLTE", &[0, 0, 0, 20, 200, 20, 250, 250, 250]),
            (b"IDAT", &data),
            (b"IEND", &[]),
        ] {
            let named = [&kind[..], content].concat();
            png.extend_from_slice(&u32::try_from(content.len()).unwrap().to_be_bytes());
            png.extend_from_slice(&named);
            png.extend_from_slice(&crc32(&named).to_be_bytes());
        }
        png
    };
    let pixel = case(&palette(1)).thumbnail(64).get_pixel(2, 0).0;
    assert!(pixel[1] > 180 && pixel[0] < 50, "{pixel:?}");
    // Black, or refused: in any case no more than that.
    drop(case(&palette(200)).get(Some(64)));
}

fn adler32(bytes: &[u8]) -> u32 {
    let step = |(low, high): (u32, u32), byte: &u8| {
        let low = (low + u32::from(*byte)) % 65_521;
        (low, (high + low) % 65_521)
    };
    let (low, high) = bytes.iter().fold((1, 0), step);
    high << 16 | low
}

#[test]
fn four_inks_become_three_lights() {
    // A JPEG of one block in cyan, magenta, yellow and black (as Adobe stores it: inverted).
    let picture = cmyk_jpeg();
    let small = case(&picture).thumbnail(64);
    assert_eq!(small.dimensions(), (8, 8));
    assert!(look_at(&picture).is_ok());
}

/// 8 × 8 pixels of four components that are all in the middle: no block says otherwise.
fn cmyk_jpeg() -> Vec<u8> {
    let mut jpeg = vec![0xFF, 0xD8];
    let mut segment = |marker: u8, content: &[u8]| {
        jpeg.extend_from_slice(&[0xFF, marker]);
        jpeg.extend_from_slice(&u16::try_from(content.len() + 2).unwrap().to_be_bytes());
        jpeg.extend_from_slice(content);
    };
    segment(0xEE, b"Adobe\0\x64\0\0\0\0\0");
    segment(0xDB, &[&[0][..], &[1; 64]].concat());
    segment(0xC0, &[8, 0, 8, 0, 8, 4, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0]);
    // One code each, `0`: no difference, and the end of a block.
    for table in [0x00, 0x10] {
        let counts = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        segment(0xC4, &[&[table][..], &counts, &[0]].concat());
    }
    segment(0xDA, &[4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0]);
    // Eight zero bits for four blocks.
    jpeg.extend_from_slice(&[0x00, 0xFF, 0xD9]);
    jpeg
}

#[test]
fn looks_are_small_and_keep_the_shape() {
    let look = look_at(&encoded(halves(800, 400), ImageFormat::Png)).unwrap();
    assert!((15..=30).contains(&look.thumbhash.len()), "{}", look.thumbhash.len());
    let (width, height, _) = thumbhash::thumb_hash_to_rgba(&look.thumbhash).unwrap();
    assert!(width > height, "{width} × {height}");
    for size in [(1, 1), (1, 3_000), (3_000, 1)] {
        assert!(look_at(&encoded(halves(size.0, size.1), ImageFormat::Png)).is_ok(), "{size:?}");
    }
}

#[test]
fn damage_is_told() {
    let png = encoded(halves(300, 300), ImageFormat::Png);
    let cut = case(&png[..png.len() / 2]);
    assert!(matches!(cut.get(Some(64)), Err(ArtworkError::Damaged(_))));
    assert!(matches!(case(&png[..20]).refusal(), ArtworkError::Damaged(_)));
}

#[test]
fn a_cache_that_cannot_be_written_says_so() {
    let folder = TempDir::new().unwrap();
    let in_the_way = folder.path().join("artwork");
    fs::write(&in_the_way, b"a file").unwrap();
    let case = case(&encoded(halves(30, 30), ImageFormat::Png));
    let cache = cache(in_the_way);
    let refusal = cache.get(&case.source, case.id, None).unwrap_err();
    assert!(matches!(refusal, ArtworkError::Cache(_)), "{refusal}");
}
