//! Thumbnails, originals and refusals.

use std::fs;
use std::io::Cursor;
use std::path::PathBuf;

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

/// A cache and `picture` in a file beside it.
fn case(picture: &[u8]) -> Case {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("cover.jpg");
    fs::write(&path, picture).unwrap();
    let cache = ArtworkCache::new(folder.path().join("artwork"), None);
    Case { folder, cache, source: PictureSource::Folder(path), id: PictureId::of(picture) }
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
        let cache = ArtworkCache::new(folder.path().join(format!("{format:?}")), None);
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
        assert_eq!(PictureId::of_file(&path_of(&case(bytes))).unwrap(), None);
    }
}

fn path_of(case: &Case) -> PathBuf {
    case.folder.path().join("cover.jpg")
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
    let cache = ArtworkCache::new(in_the_way, None);
    let refusal = cache.get(&case.source, case.id, None).unwrap_err();
    assert!(matches!(refusal, ArtworkError::Cache(_)), "{refusal}");
}
