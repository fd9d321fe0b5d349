//! Squares, pictures of nobody, and what is refused. Covers are tried in the catalog.

use std::{collections::HashSet, io::Cursor};

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

use super::*;

/// Red, then green in the middle, then blue.
fn thirds(width: u32, height: u32) -> DynamicImage {
    let pixel = |x, _| match x * 3 / width {
        0 => Rgb([220, 20, 20]),
        1 => Rgb([20, 220, 20]),
        _ => Rgb([20, 20, 220]),
    };
    RgbImage::from_fn(width, height, pixel).into()
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

#[test]
fn a_square_is_the_middle_of_a_picture() {
    let formats = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif];
    for format in formats {
        let picture = decode(&encoded(&thirds(900, 300), format)).unwrap();
        let square = picture.square(256).unwrap().into_rgb8();
        assert_eq!(square.dimensions(), (256, 256), "{format:?}");
        for (x, y) in [(8, 8), (248, 8), (128, 128), (8, 248)] {
            let [red, green, blue] = square.get_pixel(x, y).0;
            assert!(green > 180 && red < 70 && blue < 70, "{format:?}: {red} {green} {blue}");
        }
    }
    for (width, height, side) in [(40, 30, 30), (1, 3_000, 1), (3_000, 1, 1), (256, 256, 256)] {
        let picture = encoded(&thirds(width, height), ImageFormat::Png);
        let square = decode(&picture).unwrap().square(256).unwrap();
        assert_eq!((square.width(), square.height()), (side, side), "it is not enlarged");
        let small = jpeg(&square, 85).unwrap();
        assert_eq!(PictureFormat::of(&small), Some(PictureFormat::Jpeg));
    }
}

#[test]
fn what_is_no_picture_is_refused() {
    for bytes in [b"<svg/>".as_slice(), b"", b"GIF", b"\x89PNG"] {
        assert_eq!(decode(bytes).err(), Some(PictureError::NotAPicture));
    }
    let png = encoded(&thirds(300, 300), ImageFormat::Png);
    for length in [16, 40, png.len() / 2, png.len() - 20] {
        let refused = decode(&png[..length]).err();
        assert!(matches!(refused, Some(PictureError::Damaged(_))), "{length}: {refused:?}");
    }
    let huge = RgbImage::new(12_001, 1);
    let refused = decode(&encoded(&huge.into(), ImageFormat::Png)).err();
    assert_eq!(refused, Some(PictureError::TooLarge { width: 12_001, height: 1 }));
}

#[test]
fn everybody_has_a_picture_of_its_own() {
    let mut all = HashSet::new();
    for number in (0..200).chain([u64::MAX, 1 << 63]) {
        let png = identicon(number).unwrap();
        assert_eq!(identicon(number).unwrap(), png, "it stays");
        assert!(png.len() < 1_500, "{} bytes", png.len());
        let picture = decode(&png).unwrap().square(240).unwrap().into_rgb8();
        assert_eq!(picture.dimensions(), (240, 240));
        let mirrored = image::imageops::flip_horizontal(&picture);
        assert!(picture == mirrored, "{number}: both sides are the same");
        assert_ne!(picture.get_pixel(120, 120), picture.get_pixel(0, 0), "{number} is not empty");
        all.insert(png);
    }
    assert!(all.len() > 195, "{} of 202 differ", all.len());
}
