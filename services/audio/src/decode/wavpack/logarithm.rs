//! The format's logarithms: of base 2, with eight bits behind the point, linear around zero.

/// 2 to the 256th part, and its root.
const STEP: f64 = 1.002_711_275_050_202_5;
const HALF_STEP: f64 = 1.001_354_719_892_108_2;

/// What 2 to so many 256th parts is above 1, in 256th parts.
const POWERS: [u8; 256] = powers();
/// The logarithm of 1 and so many 256th parts, in 256th parts.
const LOGARITHMS: [u8; 256] = logarithms();

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "they lie between 0 and 255"
)]
const fn powers() -> [u8; 256] {
    let mut powers = [0; 256];
    let mut power = 256.0;
    let mut at = 0;
    while at < 256 {
        powers[at] = (power - 255.5) as u8;
        power *= STEP;
        at += 1;
    }
    powers
}

const fn logarithms() -> [u8; 256] {
    let mut logarithms = [0; 256];
    // The nearest one changes halfway between two powers.
    let (mut middle, mut nearest) = (256.0 * HALF_STEP, 0_u8);
    let (mut at, mut number) = (0, 256.0);
    while at < 256 {
        while middle <= number && nearest < u8::MAX {
            middle *= STEP;
            nearest += 1;
        }
        logarithms[at] = nearest;
        number += 1.0;
        at += 1;
    }
    logarithms
}

/// The number whose logarithm this is.
pub(super) fn exponential(logarithm: i32) -> i32 {
    if logarithm < 0 {
        return exponential(logarithm.saturating_neg()).wrapping_neg();
    }
    let mantissa = u32::from(POWERS[(logarithm.cast_unsigned() & 0xFF) as usize]) | 0x100;
    let value = match logarithm >> 8 {
        power @ 0..=9 => mantissa >> (9 - power),
        power => mantissa << ((power - 9) & 31),
    };
    value.cast_signed()
}

/// The logarithm of a number.
pub(super) fn logarithm(number: u32) -> u32 {
    let number = number.wrapping_add(number >> 9);
    let bits = 32 - number.leading_zeros();
    let mantissa = if bits <= 9 { number << (9 - bits) } else { number >> (bits - 9) };
    (bits << 8) + u32::from(LOGARITHMS[(mantissa & 0xFF) as usize])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_rounded_to_the_nearest() {
        for part in 0..256_u32 {
            let exact = 256.0 * (f64::from(part) / 256.0).exp2() - 256.0;
            assert!((f64::from(POWERS[part as usize]) - exact).abs() <= 0.5, "{part}");
            let exact = 256.0 * (1.0 + f64::from(part) / 256.0).log2();
            assert!((f64::from(LOGARITHMS[part as usize]) - exact).abs() <= 0.5, "{part}");
        }
    }

    #[test]
    fn numbers_come_back_nearly() {
        for number in (0..2_000).chain([115, 195, 65_535, 1 << 20, 0x7FFF_0000, 0x8000_0000]) {
            let found = exponential(logarithm(number).cast_signed()).cast_unsigned();
            assert!(found.abs_diff(number) <= 1 + number / 225, "{number}: {found}");
        }
        assert_eq!((logarithm(0), exponential(0), logarithm(1), exponential(256)), (0, 0, 256, 1));
        assert_eq!((exponential(-256), exponential(2_560)), (-1, 512));
        // No stream has such a one.
        assert_eq!(exponential(0xFFFF), 0x1FF << 22);
    }
}
