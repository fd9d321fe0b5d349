//! The colour that a person would name when asked for that of a picture.
//!
//! Pixels are taken to `OKLab`, in which distances are about what eyes see (Björn Ottosson, "A
//! perceptual color space for image processing", 2020). Those with a colour vote for their hue, the
//! more colourful the more; the strongest sector of neighbouring hues wins, and the answer is the
//! weighted mean of its pixels. So a red sleeve with a white title is red, however the title is cut
//! out. A picture with next to no colour answers with its most frequent grey.

use image::RgbImage;

/// Below it people call a colour grey.
const LEAST_CHROMA: f32 = 0.035;
/// So much of a picture must be coloured for it to have a colour.
const LEAST_SHARE: f32 = 0.04;
/// Of the circle of hues.
const HUES: usize = 36;
/// Hues on both sides that are of one colour: 30 degrees.
const NEIGHBOURS: usize = 3;
const GREYS: usize = 16;

#[derive(Debug, Clone, Copy, Default)]
struct Lab {
    light: f32,
    a: f32,
    b: f32,
}

/// Pixels of about one hue, or one lightness, summed up.
#[derive(Debug, Clone, Copy, Default)]
struct Votes {
    weight: f32,
    sum: Lab,
}

impl Votes {
    fn add(&mut self, colour: Lab, weight: f32) {
        self.weight += weight;
        self.sum.light += colour.light * weight;
        self.sum.a += colour.a * weight;
        self.sum.b += colour.b * weight;
    }

    fn merged(self, other: Self) -> Self {
        let (one, other_sum) = (self.sum, other.sum);
        let sum = Lab {
            light: one.light + other_sum.light,
            a: one.a + other_sum.a,
            b: one.b + other_sum.b,
        };
        Self { weight: self.weight + other.weight, sum }
    }

    fn mean(self) -> Lab {
        let weight = self.weight.max(f32::EPSILON);
        Lab { light: self.sum.light / weight, a: self.sum.a / weight, b: self.sum.b / weight }
    }
}

/// Red, green and blue; black for a picture without pixels.
pub(super) fn dominant(picture: &RgbImage) -> [u8; 3] {
    let mut hues = [Votes::default(); HUES];
    let mut greys = [Votes::default(); GREYS];
    let (mut coloured, mut all) = (0.0_f32, 0.0_f32);
    for pixel in picture.pixels() {
        let colour = to_lab(pixel.0);
        let chroma = colour.a.hypot(colour.b);
        all += 1.0;
        if chroma < LEAST_CHROMA {
            greys[place(colour.light, GREYS)].add(colour, 1.0);
        } else {
            coloured += 1.0;
            let turn = colour.b.atan2(colour.a) / std::f32::consts::TAU + 0.5;
            hues[place(turn, HUES)].add(colour, chroma);
        }
    }
    let winner = if coloured > 0.0 && coloured >= all * LEAST_SHARE {
        strongest_hue(&hues)
    } else {
        strongest(greys.into_iter())
    };
    to_rgb(winner.mean())
}

/// The hue with the most votes, its neighbours' counted in.
fn strongest_hue(hues: &[Votes; HUES]) -> Votes {
    strongest((0..HUES).map(|hue| {
        let sector = (0..=2 * NEIGHBOURS).map(|step| (hue + HUES - NEIGHBOURS + step) % HUES);
        sector.map(|hue| hues[hue]).fold(Votes::default(), Votes::merged)
    }))
}

fn strongest(votes: impl Iterator<Item = Votes>) -> Votes {
    votes.max_by(|one, other| one.weight.total_cmp(&other.weight)).unwrap_or_default()
}

/// The place of a share (0 to 1) among `places`.
#[expect(clippy::cast_precision_loss, reason = "there are few places")]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is neither negative nor large"
)]
fn place(share: f32, places: usize) -> usize {
    ((share.clamp(0.0, 1.0) * places as f32) as usize).min(places - 1)
}

fn to_lab(pixel: [u8; 3]) -> Lab {
    let [red, green, blue] = pixel.map(linear);
    let long = (0.412_221_47 * red + 0.536_332_55 * green + 0.051_445_995 * blue).cbrt();
    let medium = (0.211_903_5 * red + 0.680_699_5 * green + 0.107_396_96 * blue).cbrt();
    let short = (0.088_302_46 * red + 0.281_718_85 * green + 0.629_978_7 * blue).cbrt();
    Lab {
        light: 0.210_454_26 * long + 0.793_617_8 * medium - 0.004_072_047 * short,
        a: 1.977_998_5 * long - 2.428_592_2 * medium + 0.450_593_7 * short,
        b: 0.025_904_037 * long + 0.782_771_77 * medium - 0.808_675_77 * short,
    }
}

fn to_rgb(colour: Lab) -> [u8; 3] {
    let Lab { light, a, b } = colour;
    let long = (light + 0.396_337_78 * a + 0.215_803_76 * b).powi(3);
    let medium = (light - 0.105_561_346 * a - 0.063_854_17 * b).powi(3);
    let short = (light - 0.089_484_18 * a - 1.291_485_5 * b).powi(3);
    [
        4.076_741_7 * long - 3.307_711_6 * medium + 0.230_969_94 * short,
        -1.268_438 * long + 2.609_757_4 * medium - 0.341_319_38 * short,
        -0.004_196_086_3 * long - 0.703_418_6 * medium + 1.707_614_7 * short,
    ]
    .map(encoded)
}

/// Of sRGB, 0 to 1.
fn linear(level: u8) -> f32 {
    let level = f32::from(level) / 255.0;
    if level <= 0.040_45 { level / 12.92 } else { ((level + 0.055) / 1.055).powf(2.4) }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is 0 to 255")]
fn encoded(level: f32) -> u8 {
    let level = level.clamp(0.0, 1.0);
    let level =
        if level <= 0.003_130_8 { level * 12.92 } else { 1.055 * level.powf(1.0 / 2.4) - 0.055 };
    (level * 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    const WHITE: [u8; 3] = [255, 255, 255];

    /// A square of `inner` that takes `share` of each side, on `outer`.
    fn framed(outer: [u8; 3], inner: [u8; 3], share: f64) -> RgbImage {
        let inside = |at: u32| (f64::from(at) - 49.5).abs() < 50.0 * share;
        RgbImage::from_fn(100, 100, |x, y| Rgb(if inside(x) && inside(y) { inner } else { outer }))
    }

    #[track_caller]
    fn assert_near(found: [u8; 3], wanted: [u8; 3]) {
        let far = found.iter().zip(wanted).any(|(one, other)| one.abs_diff(other) > 3);
        assert!(!far, "{found:?}, not {wanted:?}");
    }

    #[test]
    fn colours_come_back_from_oklab() {
        for colour in [[0, 0, 0], WHITE, [200, 30, 40], [1, 250, 99], [0, 0, 255], [90, 90, 90]] {
            assert_near(to_rgb(to_lab(colour)), colour);
        }
    }

    #[test]
    fn colour_goes_before_white_black_and_grey() {
        let red = [210, 25, 35];
        for ground in [WHITE, [0, 0, 0], [128, 128, 128]] {
            assert_near(dominant(&framed(ground, red, 0.4)), red);
        }
    }

    #[test]
    fn a_speck_of_colour_is_not_the_colour() {
        assert_near(dominant(&framed([20, 20, 20], [250, 0, 0], 0.1)), [20, 20, 20]);
    }

    #[test]
    fn grey_pictures_are_of_their_most_frequent_grey() {
        assert_near(dominant(&framed([60, 60, 60], [200, 200, 200], 0.5)), [60, 60, 60]);
        assert_near(dominant(&framed(WHITE, [0, 0, 0], 0.3)), WHITE);
    }

    #[test]
    fn the_larger_of_two_equally_strong_colours_wins() {
        let (red, blue) = ([200, 40, 40], [40, 40, 200]);
        assert_near(dominant(&framed(red, blue, 0.4)), red);
        assert_near(dominant(&framed(blue, red, 0.4)), blue);
    }

    #[test]
    fn shades_of_one_hue_are_one_colour() {
        let shades = RgbImage::from_fn(100, 100, |x, _| {
            if x % 3 == 0 { Rgb([20, 90, 200]) } else { Rgb([10, 50, 120]) }
        });
        let [red, green, blue] = dominant(&shades);
        assert!(blue > green && green > red, "{red} {green} {blue}");
    }

    #[test]
    fn the_smallest_pictures_have_a_colour() {
        assert_near(dominant(&RgbImage::from_pixel(1, 1, Rgb([1, 200, 1]))), [1, 200, 1]);
        assert_near(dominant(&RgbImage::new(0, 0)), [0, 0, 0]);
    }
}
