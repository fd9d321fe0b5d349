//! The polyphase filterbank (ISO 11172-3, C.1.3): samples into 32 bands of equal width, each with a
//! 32nd of the rate.

use std::f64::consts::PI;
use std::sync::LazyLock;

use super::format::GRANULE;

pub(super) const SUBBANDS: usize = 32;
/// Samples of each subband in a granule.
pub(super) const SLOTS: usize = GRANULE / SUBBANDS;
/// Samples that a sample of a subband is made of.
const TAPS: usize = 512;
/// Samples before a granule that it is made of, too.
pub(super) const BEFORE: usize = TAPS - SUBBANDS;

/// A granule in subbands: all of a moment lie together.
pub(super) type Subbands = [[f32; SUBBANDS]; SLOTS];

/// The first half of the lowpass that all filters are made of, and its middle: in units of 2^-21.
const HALF: [i32; 257] = [
    0, -1, -1, -1, -1, -1, -1, -2, -2, -2, -2, -3, -3, -4, -4, -5, -5, -6, -7, -7, -8, -9, -10,
    -11, -13, -14, -16, -17, -19, -21, -24, -26, -29, -31, -35, -38, -41, -45, -49, -53, -58, -63,
    -68, -73, -79, -85, -91, -97, -104, -111, -117, -125, -132, -139, -147, -154, -161, -169, -176,
    -183, -190, -196, -202, -208, -213, -218, -222, -225, -227, -228, -228, -227, -224, -221, -215,
    -208, -200, -189, -177, -163, -146, -127, -106, -83, -57, -29, 2, 36, 72, 111, 153, 197, 244,
    294, 347, 401, 459, 519, 581, 645, 711, 779, 848, 919, 991, 1064, 1137, 1210, 1283, 1356, 1428,
    1498, 1567, 1634, 1698, 1759, 1817, 1870, 1919, 1962, 2001, 2032, 2057, 2075, 2085, 2087, 2080,
    2063, 2037, 2000, 1952, 1893, 1822, 1739, 1644, 1535, 1414, 1280, 1131, 970, 794, 605, 402,
    185, -45, -288, -545, -814, -1095, -1388, -1692, -2006, -2330, -2663, -3004, -3351, -3705,
    -4063, -4425, -4788, -5153, -5517, -5879, -6237, -6589, -6935, -7271, -7597, -7910, -8209,
    -8491, -8755, -8998, -9219, -9416, -9585, -9727, -9838, -9916, -9959, -9966, -9935, -9863,
    -9750, -9592, -9389, -9139, -8840, -8492, -8092, -7640, -7134, -6574, -5959, -5288, -4561,
    -3776, -2935, -2037, -1082, -70, 998, 2122, 3300, 4533, 5818, 7154, 8540, 9975, 11455, 12980,
    14548, 16155, 17799, 19478, 21189, 22929, 24694, 26482, 28289, 30112, 31947, 33791, 35640,
    37489, 39336, 41176, 43006, 44821, 46617, 48390, 50137, 51853, 53534, 55178, 56778, 58333,
    59838, 61289, 62684, 64019, 65290, 66494, 67629, 68692, 69679, 70590, 71420, 72169, 72835,
    73415, 73908, 74313, 74630, 74856, 74992, 75038,
];

struct Tables {
    /// The lowpass with the signs of the modulation, latest sample last.
    window: [f32; TAPS],
    /// Half of the cosines for even and for odd terms: the other half is the same but for signs.
    even: [[f32; 16]; 16],
    odd: [[f32; 16]; 16],
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut window = [0.0; TAPS];
    for (at, value) in window.iter_mut().enumerate() {
        let tap = TAPS - 1 - at;
        let sign = if (tap / 64).is_multiple_of(2) { 1.0 } else { -1.0 };
        *value = sign * HALF[tap.min(TAPS - tap)] as f32 / 2_097_152.0;
    }
    let cosine =
        |band: usize, term: usize| (((2 * band + 1) * term % 128) as f64 * PI / 64.0).cos() as f32;
    let half = |odd: usize| {
        let row = |term: usize| std::array::from_fn(|band| cosine(band, 2 * term + odd));
        std::array::from_fn(row)
    };
    Tables { window, even: half(0), odd: half(1) }
});

/// The power of white noise in a subband, of noise of power one.
pub(super) fn noise_power() -> f32 {
    TABLES.window.iter().map(|tap| tap * tap).sum::<f32>() / 2.0
}

/// Cuts a granule into subbands. `samples` are those of the granule and the [`BEFORE`] before them.
pub(super) fn analyse(samples: &[f32], subbands: &mut Subbands) {
    let tables = &*TABLES;
    for (slot, out) in subbands.iter_mut().enumerate() {
        let taken = &samples[slot * SUBBANDS..][..TAPS];
        let mut sums = [0.0_f32; 64];
        for (samples, window) in taken.chunks_exact(64).zip(tables.window.chunks_exact(64)) {
            for ((sum, sample), tap) in sums.iter_mut().zip(samples).zip(window) {
                *sum += sample * tap;
            }
        }
        modulate(tables, &sums, out);
    }
}

/// A cosine transform of the 64 sums, latest last, which the symmetry of cosines makes 32 of.
fn modulate(tables: &Tables, sums: &[f32; 64], out: &mut [f32; SUBBANDS]) {
    let sum = |at: usize| sums[63 - at];
    let mut folded = [0.0; SUBBANDS];
    folded[0] = sum(16);
    for (term, value) in folded.iter_mut().enumerate().skip(1) {
        *value = match term {
            ..=16 => sum(16 + term) + sum(16 - term),
            _ => sum(16 + term) - sum(80 - term),
        };
    }
    let (mut even, mut odd) = ([0.0_f32; 16], [0.0_f32; 16]);
    for (pair, (evens, odds)) in folded.chunks_exact(2).zip(tables.even.iter().zip(&tables.odd)) {
        for band in 0..16 {
            even[band] += pair[0] * evens[band];
            odd[band] += pair[1] * odds[band];
        }
    }
    for band in 0..16 {
        out[band] = even[band] + odd[band];
        out[SUBBANDS - 1 - band] = even[band] - odd[band];
    }
}
