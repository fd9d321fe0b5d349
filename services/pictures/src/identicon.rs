//! Pictures for people who have none: blocks in one colour that follow from a number, the same on both
//! sides, so that they are told apart at a glance.

use png::{BitDepth, ColorType, Encoder};

use crate::PictureError;

/// Blocks a side: those of the right half mirror those of the left one.
const BLOCKS: u32 = 5;
const BLOCK: u32 = 40;
const MARGIN: u32 = 20;
const SIDE: u32 = BLOCKS * BLOCK + 2 * MARGIN;
const BACKGROUND: [u8; 3] = [0xee, 0xee, 0xee];
/// Colours that can be seen on the background.
const COLOURS: [[u8; 3]; 12] = [
    [0xc6, 0x28, 0x28],
    [0xd8, 0x5a, 0x14],
    [0xb2, 0x82, 0x00],
    [0x6d, 0x8a, 0x17],
    [0x2e, 0x7d, 0x32],
    [0x00, 0x79, 0x6b],
    [0x00, 0x83, 0x9b],
    [0x15, 0x65, 0xc0],
    [0x3f, 0x45, 0xb5],
    [0x7b, 0x2f, 0xb0],
    [0xad, 0x1f, 0x72],
    [0x6d, 0x4c, 0x41],
];

/// A PNG of 240 × 240 pixels, always the same for a number.
pub fn identicon(number: u64) -> Result<Vec<u8>, PictureError> {
    let mixed = mix(number);
    let colour = COLOURS[(mixed >> 32) as usize % COLOURS.len()];
    let mut png = Vec::new();
    let mut encoder = Encoder::new(&mut png, SIDE, SIDE);
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(BitDepth::One);
    encoder.set_palette([BACKGROUND, colour].concat());
    let written = encoder.write_header().and_then(|mut writer| {
        writer.write_image_data(&pixels(mixed))?;
        writer.finish()
    });
    written.map_err(|error| PictureError::Damaged(error.to_string()))?;
    Ok(png)
}

/// Similar numbers have nothing in common afterwards (the finaliser of splitmix64).
fn mix(number: u64) -> u64 {
    let mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}

/// Row by row, a bit a pixel.
fn pixels(mixed: u64) -> Vec<u8> {
    let is_set = |x: u32, y: u32| {
        let (Some(column), Some(row)) = (block_at(x), block_at(y)) else { return false };
        let column = column.min(BLOCKS - 1 - column);
        // The block in the middle is always there, so that none is empty.
        let is_middle = column == BLOCKS / 2 && row == BLOCKS / 2;
        is_middle || mixed >> (row * (BLOCKS / 2 + 1) + column) & 1 == 1
    };
    let bytes = (0..SIDE).flat_map(|y| (0..SIDE / 8).map(move |byte| (byte * 8, y)));
    let byte = |(x, y)| (0..8).fold(0, |bits, bit| bits << 1 | u8::from(is_set(x + bit, y)));
    bytes.map(byte).collect()
}

fn block_at(place: u32) -> Option<u32> {
    let inside = place.checked_sub(MARGIN)? / BLOCK;
    (inside < BLOCKS).then_some(inside)
}
